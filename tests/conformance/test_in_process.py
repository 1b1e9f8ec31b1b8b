"""An adapter in this process is held to the same rules as one at the other end of a pipe."""

import contextlib
import signal
import sys
import threading
import time
from typing import ClassVar

import pytest

from conformance import adapters
from conformance.adapters import Inability, Refusal
from conformance.transports import AdapterFailure, InProcess

REQUEST = {"op": "compile", "files": {"a.js": "😀\ud800"}}


def ask(adapter, timeout=5):
    transport = InProcess(lambda: adapter)
    transport.start()
    return transport.ask(REQUEST, timeout)


def failure(adapter, timeout=5):
    with pytest.raises(AdapterFailure) as raised:
        ask(adapter, timeout)
    return raised.value


def test_the_reply_is_what_the_function_returns():
    assert ask(lambda _: {"ok": {"a": (1, 2)}}) == {"ok": {"a": [1, 2]}}


def test_the_message_arrives_whole():
    assert ask(lambda message: {"ok": message}) == {"ok": REQUEST}


def test_an_adapter_cannot_change_the_request():
    def adapter(message):
        message["files"].clear()
        return {"ok": 1}

    ask(adapter)

    assert REQUEST["files"]


def test_an_exception_is_a_crash_with_its_traceback():
    def adapter(_):
        raise KeyError("missing")

    crash = failure(adapter)

    assert crash.code == "adapter.raised"
    assert 'raise KeyError("missing")' in crash.output


def test_the_traceback_begins_in_the_adapter():
    def adapter(_):
        raise KeyError

    assert "transports/in_process.py" not in failure(adapter).output


def test_leaving_is_a_crash():
    assert failure(lambda _: sys.exit(3)).code == "adapter.raised"


def test_endless_recursion_is_a_crash():
    def adapter(message):
        return adapter(message)

    assert failure(adapter).code == "adapter.raised"


@pytest.mark.parametrize("reply", [{1, 2}, float("nan"), object(), {"ok": b"bytes"}])
def test_what_is_no_json_is_a_crash(reply):
    assert failure(lambda _: reply).code == "adapter.not-json"


def test_a_loop_without_end_is_a_timeout():
    def adapter(_):
        while True:
            with contextlib.suppress(Exception):
                time.sleep(0.01)

    late = failure(adapter, timeout=0.2)

    assert late.is_timeout


def test_the_timer_is_left_as_it_was_found():
    signal.setitimer(signal.ITIMER_REAL, 1000)
    try:
        ask(lambda _: {"ok": 1})
        left, _ = signal.getitimer(signal.ITIMER_REAL)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)

    assert 900 < left <= 1000


def test_another_thread_is_served_without_a_limit():
    replies = []
    thread = threading.Thread(target=lambda: replies.append(ask(lambda _: {"ok": 1})))
    thread.start()
    thread.join()

    assert replies == [{"ok": 1}]


class Example:
    name = "example"
    version = "2"
    choices: ClassVar = {"re-export": "error"}

    def compile(self, files):
        if "bad.js" in files:
            raise Refusal("compile", "syntax", "bad", file="bad.js", line=1)
        return {path: {} for path in files}

    def run(self, **_request):
        raise Inability("no interpreter")


example = adapters.from_class(Example)


def test_a_class_introduces_itself_with_what_it_has():
    assert example({"op": "hello", "protocol": 1}) == {
        "ok": {
            "name": "example",
            "version": "2",
            "capabilities": ["compile", "run"],
            "choices": {"re-export": "error"},
        }
    }


def test_a_method_answers_its_operation():
    assert example({"op": "compile", "files": {"a.js": ""}}) == {"ok": {"a.js": {}}}


def test_a_method_refuses_by_raising():
    assert example({"op": "compile", "files": {"bad.js": ""}}) == {
        "rejected": {
            "phase": "compile",
            "code": "syntax",
            "message": "bad",
            "file": "bad.js",
            "line": 1,
        }
    }


def test_a_method_says_that_it_cannot_by_raising():
    assert example({"op": "run", "files": {}}) == {"unsupported": {"why": "no interpreter"}}


def test_an_operation_without_a_method_is_unsupported():
    assert example({"op": "exposes", "files": {}}) == {
        "unsupported": {"why": "Example has no method exposes"}
    }
