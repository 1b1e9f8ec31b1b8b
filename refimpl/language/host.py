"""What the host of the language decides (ECMA-262's host-defined operations, in one protocol).

A layer above subclasses `Host` and overrides what it needs. The defaults are those of a host
without modules, output or server functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.errors import throw_type_error

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from refimpl.language.environment import Environment
    from refimpl.language.functions import FunctionObject
    from refimpl.language.modules import Module
    from refimpl.language.objects import JSObject
    from refimpl.language.promises import PromiseObject
    from refimpl.language.values import Value
    from refimpl.source.nodes import Function


class Host:
    """The host hooks of one realm."""

    def load_module(
        self, specifier: str, referrer: str | None, attributes: dict[str, str]
    ) -> Module:
        """HostLoadImportedModule: the same Module for the same request, or a guest throw."""
        del referrer, attributes
        throw_type_error(f"Cannot find module '{specifier}'")

    def import_failed(self, reason: Value, *, linking: bool) -> None:
        """Hear why `import()` has not loaded a module: it did not link, or what it threw."""

    def import_meta(self, module: Module, meta: JSObject) -> None:
        """HostGetImportMetaProperties: put properties on the fresh `import.meta` of `module`."""

    def promise_rejection(self, promise: PromiseObject, operation: str) -> None:
        """HostPromiseRejectionTracker; `operation` is "reject" or "handle"."""

    def print(self, text: str) -> None:
        """Receive one line a program prints."""

    def set_timer(self, delay: float, job: Callable[[], None]) -> Hashable:
        """Run `job` as a task of its own, `delay` virtual milliseconds from now; a handle to cancel it."""
        del delay, job
        throw_type_error("this host has no timers")

    def clear_timer(self, handle: Hashable) -> None:
        """Cancel a timer; one that has run, or never was, is no error."""

    def has_source_text(self, function: FunctionObject) -> bool:
        """HostHasSourceTextAvailable."""
        del function
        return True

    def bound_this(self, target: FunctionObject, this: Value) -> Value:
        """The `this` that `target.bind(this)` binds."""
        del target
        return this

    def claims(self, node: Function) -> bool:
        """Whether `function_created` makes the value of this function node.

        A claimed nested declaration is not hoisted: its value is made when control reaches it or
        when its name is first read, whichever comes first.
        """
        del node
        return False

    def function_created(
        self, node: Function, environment: Environment, name: str
    ) -> FunctionObject | None:
        """Make the function object of `node` in the place of InstantiateFunctionObject, or return None."""
        del node, environment, name
        return None

    def create_element(self, type_: Value, props: JSObject, key: Value) -> Value | None:
        """Make the value of a JSX element in the place of React's element object, or return None."""
        del type_, props, key
        return None
