"""Where batches are done: in this process, in several, or on a Dask cluster.

The rule of this module: all three are `concurrent.futures.Executor`s, and nothing else knows which.
"""

from __future__ import annotations

import multiprocessing
import warnings
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis.errors import HypothesisDeprecationWarning

from conformance.problems import Place, Problem, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Here(Executor):
    """Does what is submitted at once, in the calling thread."""

    def submit(self, function: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        """The future of what is already done."""
        future: Future[T] = Future()
        try:
            future.set_result(function(*arguments, **named))
        except Exception as error:  # noqa: BLE001  (a future carries whatever was raised)
            future.set_exception(error)
        return future


def on_a_shared_machine(function: Callable[..., T], *arguments: Any) -> T:
    """Do it where other threads live too: Dask's use the `random` module while Hypothesis draws."""
    message = "Do not use the `random` module inside strategies"
    warnings.filterwarnings("ignore", message, HypothesisDeprecationWarning)
    return function(*arguments)


class Cluster(Executor):
    """Does what is submitted on a Dask cluster."""

    def __init__(self, client: Any) -> None:
        # Every batch is another piece of work, even where its arguments have been seen before.
        self.executor: Executor = client.get_executor(pure=False)

    def submit(self, function: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        """The future of what some worker will do."""
        return self.executor.submit(on_a_shared_machine, function, *arguments, **named)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002  (Dask cancels what is left)
        """Leave the cluster."""
        self.executor.shutdown(wait)


def executor(jobs: int, dask: str | None) -> tuple[Executor, int]:
    """Where to submit, and how many batches should be under way."""
    if dask is not None:
        return _dask(dask)
    if jobs > 1:
        return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")), jobs
    return Here(), 1


def _dask(address: str) -> tuple[Executor, int]:
    try:
        from distributed import Client  # noqa: PLC0415  (an optional extra)
    except ImportError:
        fix = "pip install 'use-server-conformance[fleet]'"
        raise Refused(
            Problem("fuzz.no-dask", "a cluster needs Dask's client", Place(address), fix)
        ) from None
    client: Any = Client(address, set_as_default=False)  # type: ignore[no-untyped-call]  # Dask has no types
    threads = sum(client.nthreads().values())
    return Cluster(client), max(threads, 1)
