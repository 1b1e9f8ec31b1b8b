"""How a request reaches an adapter and its reply comes back: in this process, or over a pipe."""

from conformance.transports.in_process import InProcess
from conformance.transports.stdio import Stdio
from conformance.transports.transport import AdapterFailure, Transport

__all__ = ["AdapterFailure", "InProcess", "Stdio", "Transport"]
