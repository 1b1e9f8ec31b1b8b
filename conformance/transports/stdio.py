"""The adapter as a process: one JSON object per line, requests on stdin, replies on stdout.

Rules of this module:

* Nothing blocks. All three pipes are watched together, so an adapter that does not read, does not
  write, or floods its stderr cannot stop the runner.
* Every request has a sequence number and its reply repeats it. One reply too many, or in the wrong
  order, means that nobody knows which answer belongs to which question: the process is ended.
* Requests are sent ahead, and answered one at a time. So the process was working on the oldest
  request under way when it ended, and what it said since its last reply is about that request.
* The time for a reply begins when it is waited for, which is never before its request was its turn.
* The process leads a group of its own, and the whole group is killed: what it started dies too.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shlex
import signal
import subprocess
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from conformance.depth import room_to_recurse
from conformance.transports.transport import AdapterFailure, Transport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.protocol import Request

CHUNK = 65536
#: Points under way at once unless it is said otherwise: enough to keep an adapter busy that answers at once.
WINDOW = 32
#: pytest writes the item it is at, and so the id of the case, into its environment.
UNTOLD = "PYTEST_"
#: A reply longer than this is not waited for.
LONGEST_REPLY = 256 * 1024 * 1024
#: How much of the end of stderr is kept.
KEPT_STDERR = 16 * 1024
#: How long a process may take to go when it is asked to, and how long its last words may take.
FAREWELL = 2.0
LAST_WORDS = 0.3


class Stdio(Transport):
    """Talks to a process over its standard streams."""

    window = WINDOW

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        ahead: int | None = None,
    ) -> None:
        self.command = list(command)
        if ahead is not None:
            self.window = ahead
            self.families_ahead = True
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(UNTOLD)}
        self.environment = {**inherited, **(environment or {})}
        self.process: subprocess.Popen[bytes] | None = None
        self.selector = selectors.DefaultSelector()
        self._reset()

    def _reset(self) -> None:
        self.sequence = 0
        #: The numbers of the requests that have no reply yet.
        self.under_way: deque[int] = deque()
        self.unsent = b""
        #: Whole lines with what was said before them, and the beginning of the next line.
        self.lines: deque[tuple[bytes, bytes]] = deque()
        self.received = bytearray()
        #: What was said before the last reply, what of it may be about the next one, and what
        #: was said since.
        self.said = b""
        self.ambiguous = b""
        self.stderr: deque[bytes] = deque()
        self.stderr_size = 0
        self.stdout_open = False

    def start(self) -> None:
        """Start the process."""
        self._reset()
        try:
            self.process = subprocess.Popen(  # noqa: S603  (running the command is what was asked for)
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self.environment,
                start_new_session=True,
            )
        except OSError as error:
            raise self._not_started(error) from error
        self.stdout_open = True
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None, "all three are pipes"
            os.set_blocking(stream.fileno(), False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self._pipe("stdout"), selectors.EVENT_READ, "stdout")
        self.selector.register(self._pipe("stderr"), selectors.EVENT_READ, "stderr")

    def _not_started(self, error: OSError) -> AdapterFailure:
        shown = shlex.join(self.command)
        if isinstance(error, FileNotFoundError):
            message, fix = f"there is no command {self.command[0]}", "check the path after cmd:"
            return AdapterFailure("adapter.missing", f"{message} (from: {shown})", fix=fix)
        message = f"the command cannot be run: {error.strerror} (from: {shown})"
        fix = "name its interpreter, as in cmd:node adapter.mjs, or make it executable"
        return AdapterFailure("adapter.not-executable", message, fix=fix)

    def send(self, request: Request) -> None:
        """Send a request, as far as the pipe takes it now."""
        if not self.under_way:
            self._refuse_early_replies()
            self._say_nothing()
        self.sequence += 1
        self.under_way.append(self.sequence)
        line = json.dumps({**request, "seq": self.sequence}, separators=(",", ":"))
        self._queue(line.encode() + b"\n")

    def receive(self, timeout: float) -> Any:
        """Wait for the reply to the oldest request under way."""
        deadline = time.monotonic() + timeout
        while not self.lines:
            if not self.stdout_open:
                raise self._ended()
            if len(self.received) > LONGEST_REPLY:
                size = LONGEST_REPLY >> 20
                raise self._failed("adapter.too-long", f"a reply is longer than {size} MB")
            if not self._work(deadline) and not self.lines:
                raise self._failed("adapter.timeout", f"there was no reply within {timeout:g} s")
        line, self.said = self.lines.popleft()
        message = self._message(line)
        if message.get("seq") != self.under_way[0]:
            raise self._out_of_sequence(message.get("seq"))
        self.under_way.popleft()
        return message

    def stop(self) -> None:
        """Ask the process to go, and kill its group if it does not."""
        if self.process is None:
            return
        with contextlib.suppress(OSError):
            os.write(self._pipe("stdin"), b'{"op":"stop"}\n')
        with contextlib.suppress(OSError):
            assert self.process.stdin is not None
            self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(FAREWELL)
        self._kill()

    @property
    def output(self) -> str:
        """The end of what the process wrote to stderr before its last reply, or before it failed."""
        return self.said[-KEPT_STDERR:].decode("utf-8", "replace")

    def _say_nothing(self) -> None:
        self.stderr.clear()
        self.stderr_size = 0

    def _refuse_early_replies(self) -> None:
        """A reply that is there before its request was sent most likely answers the last one again."""
        self._work(time.monotonic())
        if self.lines:
            raise self._out_of_sequence(self._message(self.lines[0][0]).get("seq"))

    def _queue(self, data: bytes) -> None:
        if not self.unsent:
            self.selector.register(self._pipe("stdin"), selectors.EVENT_WRITE, "stdin")
        self.unsent += data
        self._write()

    def _work(self, deadline: float) -> bool:
        """Move what can be moved; False once the deadline has passed, however busy the pipes are."""
        left = deadline - time.monotonic()
        for key, _ in self.selector.select(max(left, 0)):
            if key.data == "stdin":
                self._write()
            else:
                self._read(key.data)
        return left > 0

    def _write(self) -> None:
        try:
            written = os.write(self._pipe("stdin"), self.unsent[:CHUNK])
        except BlockingIOError:
            return
        except OSError:
            written = len(self.unsent)  # nobody reads any more; stdout will tell why
        self.unsent = self.unsent[written:]
        if not self.unsent:
            self.selector.unregister(self._pipe("stdin"))

    def _read(self, name: str) -> None:
        if name == "stdout":
            self._read_stderr()  # what was said before a reply is there by now
        try:
            data = os.read(self._pipe(name), CHUNK)
        except BlockingIOError:
            return
        if not data:
            self.selector.unregister(self._pipe(name))
            self.stdout_open = self.stdout_open and name != "stdout"
        elif name == "stdout":
            self._cut(data)
        else:
            self._keep(data)

    def _read_stderr(self) -> None:
        with contextlib.suppress(BlockingIOError):
            if data := os.read(self._pipe("stderr"), CHUNK):
                self._keep(data)

    def _cut(self, data: bytes) -> None:
        """Cut what arrived into lines; those that come together were spoken of together."""
        *whole, rest = data.split(b"\n")
        if whole:
            said = b"".join(self.stderr)
            self._say_nothing()
            whole[0] = bytes(self.received) + whole[0]
            self.received.clear()
            self.lines.extend((line, said) for line in whole)
            self.ambiguous = said if len(self.under_way) > len(self.lines) else b""
        self.received += rest

    def _keep(self, data: bytes) -> None:
        self.stderr.append(data)
        self.stderr_size += len(data)
        while self.stderr_size - len(self.stderr[0]) > KEPT_STDERR:
            self.stderr_size -= len(self.stderr.popleft())

    def _pipe(self, name: str) -> int:
        assert self.process is not None, "start comes first"
        number: int = getattr(self.process, name).fileno()
        return number

    def _message(self, line: bytes) -> dict[str, Any]:
        try:
            with room_to_recurse():
                message = json.loads(line, parse_constant=_not_a_constant)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            raise self._failed(
                "adapter.not-json",
                f"this line on stdout is not a JSON object: {_shown(line)}",
                "stdout is for replies only: print everything else to stderr",
            )
        return message

    def _out_of_sequence(self, number: Any) -> AdapterFailure:
        asked = self.under_way[0] if self.under_way else self.sequence + 1
        if isinstance(number, int) and 0 < number < asked:
            message = f"request {number} was answered twice"
            return self._failed("adapter.answered-twice", message, "send one reply per request")
        message = f"a reply has the sequence number {number!r} where {asked} was asked"
        fix = "repeat the seq of the request in its reply"
        return self._failed("adapter.out-of-sequence", message, fix)

    def _ended(self) -> AdapterFailure:
        """What to say of a process that closed its stdout without answering."""
        assert self.process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(LAST_WORDS)
        status = self.process.returncode
        how = "closed its stdout" if status is None else f"ended {_ending(status)}"
        if self.received:
            half = _shown(bytes(self.received))
            message = f"the adapter {how} in the middle of a line: {half}"
            return self._failed("adapter.half-line", message, "end each reply with a line feed")
        return self._failed("adapter.exited", f"the adapter {how} before it answered")

    def _failed(self, code: str, message: str, fix: str | None = None) -> AdapterFailure:
        """The failure, with the last words of the process, which is dead when this returns."""
        self._kill()
        self.said = self.ambiguous + b"".join(self.stderr)
        return AdapterFailure(code, message, self.output, fix)

    def _kill(self) -> None:
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._read_last_words()
        self.selector.close()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        self.process = None

    def _read_last_words(self) -> None:
        if self.unsent:
            self.unsent = b""
            self.selector.unregister(self._pipe("stdin"))
        deadline = time.monotonic() + LAST_WORDS
        while self.selector.get_map() and self._work(deadline):
            continue


def _not_a_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _shown(line: bytes) -> str:
    text = repr(line.decode("utf-8", "replace"))
    return text if len(text) <= 120 else f"{text[:117]}…'"


def _ending(status: int) -> str:
    if status < 0:
        return f"by signal {signal.Signals(-status).name}"
    return f"with status {status}"
