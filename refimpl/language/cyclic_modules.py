"""Cyclic Module Records: loading, linking and evaluation, with top-level await (ECMA-262 §16.2.1.6).

Linking and evaluation are ECMAScript's depth-first algorithms, with their names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.agent import intrinsic
from refimpl.language.errors import Throw
from refimpl.language.module_records import Module
from refimpl.language.promises import (
    PromiseCapability,
    PromiseObject,
    new_promise_capability,
    perform_promise_then,
)
from refimpl.language.values import Value, undefined

if TYPE_CHECKING:
    from refimpl.language.realm import Realm
    from refimpl.language.requests import ModuleRequest


class CyclicModule(Module):
    """A Cyclic Module Record; a subclass says what it requests, binds and executes."""

    def __init__(
        self, realm: Realm, name: str, requests: list[ModuleRequest], *, has_tla: bool
    ) -> None:
        super().__init__(realm, name)
        self.requests = requests
        self.has_tla = has_tla
        self.loaded: dict[ModuleRequest, Module] = {}
        self.status = "unlinked"
        self.dfs_index = self.dfs_ancestor_index = 0
        self.error: Throw | None = None
        self.cycle_root: CyclicModule | None = None
        #: [[AsyncEvaluationOrder]]: None for unset, a number, or "done".
        self.async_evaluation_order: int | str | None = None
        self.capability: PromiseCapability | None = None
        self.async_parents: list[CyclicModule] = []
        self.pending_async_dependencies = 0

    def initialize_environment(self) -> None:
        """InitializeEnvironment."""
        raise NotImplementedError

    def execute(self) -> PromiseObject | None:
        """ExecuteModule; the promise of an asynchronous one."""
        raise NotImplementedError

    def imported_module(self, request: ModuleRequest) -> Module:
        """GetImportedModule."""
        return self.loaded[request]

    def load_requested_modules(self) -> None:
        """LoadRequestedModules: ask the host for everything that is reachable."""
        pending = [self]
        while pending:
            module = pending.pop()
            for request in module.requests:
                if request not in module.loaded:
                    loaded = self.realm.host.load_module(
                        request.specifier, module.name, dict(request.attributes)
                    )
                    module.loaded[request] = loaded
                    if isinstance(loaded, CyclicModule) and loaded.status == "unlinked":
                        pending.append(loaded)

    def link(self) -> None:
        """Link."""
        self.load_requested_modules()
        stack: list[CyclicModule] = []
        try:
            inner_module_linking(self, stack, 0)
        except BaseException:
            for module in stack:
                module.status = "unlinked"
            raise

    def evaluate(self) -> PromiseObject:
        """Evaluate."""
        module = self
        if self.status in {"evaluating-async", "evaluated"} and self.cycle_root is not None:
            module = self.cycle_root
        if module.capability is not None:
            return module.capability.promise  # type: ignore[no-any-return]
        capability = module.capability = new_promise_capability(intrinsic("%Promise%"))
        stack: list[CyclicModule] = []
        try:
            inner_module_evaluation(module, stack, 0)
        except Throw as thrown:
            for entered in stack:
                entered.status = "evaluated"
                entered.error = thrown
            capability.reject.call(undefined, [thrown.value])
        else:
            # One that awaited and is done may have been evaluated for another, who was told.
            if module.status == "evaluated":
                capability.resolve.call(undefined, [undefined])
        return capability.promise  # type: ignore[no-any-return]


def inner_module_linking(module: Module, stack: list[CyclicModule], index: int) -> int:
    """InnerModuleLinking."""
    if not isinstance(module, CyclicModule):
        module.link()
        return index
    if module.status != "unlinked":
        return index
    module.status = "linking"
    module.dfs_index = module.dfs_ancestor_index = index
    index += 1
    stack.append(module)
    for request in module.requests:
        required = module.imported_module(request)
        index = inner_module_linking(required, stack, index)
        if isinstance(required, CyclicModule) and required.status == "linking":
            module.dfs_ancestor_index = min(module.dfs_ancestor_index, required.dfs_ancestor_index)
    module.initialize_environment()
    if module.dfs_ancestor_index == module.dfs_index:
        while True:
            member = stack.pop()
            member.status = "linked"
            if member is module:
                break
    return index


def inner_module_evaluation(module: Module, stack: list[CyclicModule], index: int) -> int:
    """InnerModuleEvaluation."""
    if not isinstance(module, CyclicModule):
        promise = module.evaluate()
        if promise.state == "rejected":
            promise.is_handled = True
            raise Throw(promise.result)
        return index
    if module.status in {"evaluating-async", "evaluated"}:
        if module.error is not None:
            raise module.error
        return index
    if module.status == "evaluating":
        return index
    module.status = "evaluating"
    module.dfs_index = module.dfs_ancestor_index = index
    index += 1
    stack.append(module)
    for request in module.requests:
        index = evaluate_required(module, module.imported_module(request), stack, index)
    if module.pending_async_dependencies > 0 or module.has_tla:
        module.async_evaluation_order = next_order(module)
        if module.pending_async_dependencies == 0:
            execute_async_module(module)
    else:
        module.execute()
    if module.dfs_ancestor_index == module.dfs_index:
        finish_component(module, stack)
    return index


def evaluate_required(
    module: CyclicModule, required: Module, stack: list[CyclicModule], index: int
) -> int:
    """Evaluate one dependency and remember what the module has to wait for."""
    index = inner_module_evaluation(required, stack, index)
    if not isinstance(required, CyclicModule):
        return index
    if required.status == "evaluating":
        module.dfs_ancestor_index = min(module.dfs_ancestor_index, required.dfs_ancestor_index)
    else:
        assert required.cycle_root is not None  # set when its component finished
        required = required.cycle_root
        if required.error is not None:
            raise required.error
    if isinstance(required.async_evaluation_order, int):
        module.pending_async_dependencies += 1
        required.async_parents.append(module)
    return index


def finish_component(module: CyclicModule, stack: list[CyclicModule]) -> None:
    """Pop a finished strongly connected component off the stack."""
    while True:
        member = stack.pop()
        waits = member.async_evaluation_order is not None
        member.status = "evaluating-async" if waits else "evaluated"
        member.cycle_root = module
        if member is module:
            return


def next_order(module: CyclicModule) -> int:
    """IncrementModuleAsyncEvaluationCount."""
    agent = module.realm.agent
    agent.module_async_evaluation_count += 1
    return agent.module_async_evaluation_count


def execute_async_module(module: CyclicModule) -> None:
    """ExecuteAsyncModule."""

    def rejected(error: Value) -> None:
        async_module_execution_rejected(module, Throw(error))

    promise = module.execute()
    assert promise is not None  # it has a top-level await
    perform_promise_then(promise, lambda _: async_module_execution_fulfilled(module), rejected)


def gather_available_ancestors(
    module: CyclicModule, found: list[CyclicModule]
) -> list[CyclicModule]:
    """GatherAvailableAncestors."""
    for parent in module.async_parents:
        root = parent.cycle_root
        if parent not in found and (root is None or root.error is None):
            parent.pending_async_dependencies -= 1
            if parent.pending_async_dependencies == 0:
                found.append(parent)
                if not parent.has_tla:
                    gather_available_ancestors(parent, found)
    return found


def async_module_execution_fulfilled(module: CyclicModule) -> None:
    """AsyncModuleExecutionFulfilled."""
    if module.status == "evaluated":
        return
    settle_module(module, None)
    ancestors = gather_available_ancestors(module, [])
    for parent in sorted(ancestors, key=lambda parent: int(parent.async_evaluation_order or 0)):
        if parent.status == "evaluated":
            continue
        if parent.has_tla:
            execute_async_module(parent)
            continue
        try:
            parent.execute()
        except Throw as thrown:
            async_module_execution_rejected(parent, thrown)
        else:
            settle_module(parent, None)


def async_module_execution_rejected(module: CyclicModule, error: Throw) -> None:
    """AsyncModuleExecutionRejected."""
    if module.status == "evaluated":
        return
    module.error = error
    module.status = "evaluated"
    module.async_evaluation_order = "done"
    for parent in module.async_parents:
        async_module_execution_rejected(parent, error)
    settle_module(module, error)


def settle_module(module: CyclicModule, error: Throw | None) -> None:
    """The module's asynchronous evaluation is over: tell whoever asked for it."""
    module.async_evaluation_order = "done"
    module.status = "evaluated"
    if module.capability is not None:
        if error is None:
            module.capability.resolve.call(undefined, [undefined])
        else:
            module.capability.reject.call(undefined, [error.value])
