"""The functions of the reference that may be changed, by the names they are reported under."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING, Any

from conformance.mutants.patching import function_of
from conformance.problems import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FunctionType


def functions(package: str) -> dict[str, FunctionType]:
    """The functions and methods that a package defines, by qualified name."""
    root = importlib.import_module(package)
    names = [m.name for m in pkgutil.walk_packages(root.__path__, f"{package}.")]
    found: dict[str, FunctionType] = {}
    for name in names:
        module = importlib.import_module(name)
        for function in _functions_of(module, name):
            found.setdefault(f"{name}:{function.__qualname__}", function)
    return found


def _functions_of(owner: Any, module: str) -> Iterator[FunctionType]:
    for member in [*vars(owner).values()]:
        if inspect.isclass(member):
            if member.__module__ == module and member is not owner:
                yield from _functions_of(member, module)
            continue
        try:
            function = function_of(member)
        except (Refused, ValueError):
            continue
        if function.__module__ == module and not function.__code__.co_name.startswith("<"):
            yield function
