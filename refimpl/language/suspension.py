"""Suspended activations: how code stops at `await` and `yield` and goes on later.

This is the only module that knows greenlet. Its rules:

* `Coroutine.resume` runs the body until it suspends or ends; `suspend` leaves it. A value goes out
  with each suspension and a completion comes in with each resumption, as in ECMA-262's "when evaluation is
  resumed with a Completion Record".
* The execution context moves with the body: its caller is whoever resumed it last.
* Every live coroutine is known to its agent, because a suspended greenlet in a reference cycle is
  never collected. `discard` unwinds one without running guest code: greenlet's exit is no Exception,
  so no rule that handles guest completions sees it.
* A greenlet stands on the machine's stack where it was started, for as long as it lives. So none is
  started inside another: the outermost code that resumed one (the root) does it on behalf of those
  inside. A chain of async functions, each started by the one before, would else need a deeper stack
  with every link, though no more than two of them ever run at a time.
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


class Activation(greenlet):
    """What runs a coroutine's body."""

    #: Whoever resumed the outermost of the coroutines that are running; no coroutine itself.
    root: greenlet


class Coroutine:
    """One activation that can suspend, in the execution context it was made in."""

    __slots__ = ("agent", "context", "finished", "greenlet")

    def __init__(self, body: Callable[[], Value]) -> None:
        self.agent = surrounding.agent
        self.context = self.agent.context
        self.context.coroutine = self
        self.finished = False
        self.greenlet = Activation(lambda: IN_SMALL_ROOM(body))

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
        try:
            result = self.switch(kind, value)
        finally:
            agent.context = resumer
            self.context.caller = None
            if self.greenlet.dead:
                self.finished = True
                agent.coroutines.discard(self)
        return result

    def switch(self, kind: str, value: Value) -> Value:
        """Let the body run until it comes back to the running greenlet."""
        current = self.greenlet.parent = getcurrent()
        root = self.greenlet.root = current.root if isinstance(current, Activation) else current
        if self.greenlet:
            result = self.greenlet.switch((kind, value))
        else:
            result = self.greenlet.switch() if root is current else root.switch(self)
        while type(result) is Coroutine:  # one inside asks the root to start another
            result = result.greenlet.switch()
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
