"""Suspended activations: how code stops at `await` and `yield` and goes on later.

This is the only module that knows greenlet. Its rules:

* `Coroutine.resume` runs the body until it suspends or ends; `suspend` leaves it. A value goes out
  with each suspension and a completion comes in with each resumption, as in ECMA-262's "when evaluation is
  resumed with a Completion Record".
* The execution context moves with the body: its caller is whoever resumed it last.
* Every live coroutine is known to its agent, because a suspended greenlet in a reference cycle is
  never collected. `discard` unwinds one without running guest code: greenlet's exit is no Exception,
  so no rule that handles guest completions sees it.
* A coroutine resumed inside a coroutine takes about 1.6 KB of the machine's stack. `Limits.depth` keeps
  that within the 8 MB every platform gives a main thread; a larger limit needs a thread with more.
  CPython 3.12.0 and 3.12.1 allow about 500 such levels; beyond them is the guest's RangeError, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from greenlet import GreenletExit, getcurrent, greenlet

from refimpl.language.agent import surrounding
from refimpl.language.errors import Throw, throw_range_error
from refimpl.language.frames import IN_SMALL_ROOM

if TYPE_CHECKING:
    from collections.abc import Callable

    from refimpl.language.values import Value


class ReturnCompletion(Exception):  # noqa: N818 - a return completion is not an error
    """A return completion that resumes a `yield`, on its way out through the statements around it."""

    def __init__(self, value: Value) -> None:
        super().__init__(value)
        self.value = value


class Coroutine:
    """One activation that can suspend, in the execution context it was made in."""

    __slots__ = ("agent", "context", "finished", "greenlet")

    def __init__(self, body: Callable[[], Value]) -> None:
        self.agent = surrounding.agent
        self.context = self.agent.context
        self.context.coroutine = self
        self.finished = False
        self.greenlet = greenlet(lambda: IN_SMALL_ROOM(body))

    def resume(self, kind: str = "next", value: Value = None) -> Value:
        """Continue with a completion ("next", "throw" or "return") until the next suspension or the end.

        The result is what the body suspended with, or its result once `finished`.
        """
        agent = self.agent
        resumer = agent.context
        if resumer is not self.context:
            self.context.caller = resumer
            self.context.depth = resumer.depth + 1
        if self.context.depth > agent.depth_limit:
            throw_range_error("Maximum call stack size exceeded")
        agent.context = self.context
        agent.coroutines.add(self)
        self.greenlet.parent = getcurrent()
        try:
            started = bool(self.greenlet)
            result = self.greenlet.switch((kind, value)) if started else self.greenlet.switch()
        finally:
            agent.context = resumer
            self.context.caller = None
            if self.greenlet.dead:
                self.finished = True
                agent.coroutines.discard(self)
        return result

    def discard(self) -> None:
        """Unwind the activation without running guest code."""
        self.agent.coroutines.discard(self)
        self.finished = True
        if self.greenlet:
            self.greenlet.parent = getcurrent()
            self.greenlet.throw(GreenletExit)


def suspend(value: Value = None) -> Value:
    """Leave the running body with `value`; the value it is resumed with, or its abrupt completion."""
    parent = getcurrent().parent
    assert parent is not None  # only a coroutine's body suspends
    kind, sent = parent.switch(value)
    if kind == "next":
        return sent
    if kind == "throw":
        raise Throw(sent)
    raise ReturnCompletion(sent)
