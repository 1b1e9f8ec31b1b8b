"""What every JavaScript adapter inherits: the loop that reads requests and writes replies."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.node

ADAPTER = """
import { Rejected, Unsupported } from 'SHARED/protocol.mjs'
export const operations = {
  hello: () => ({ name: 'fake' }),
  echo: ({ value }) => ({ value }),
  slow: async () => { await new Promise((resolve) => setTimeout(resolve, 50)); return 'slow' },
  print: () => { console.log('log'); console.info('info'); process.stdout.write('raw'); return 'printed' },
  reject: () => { throw new Rejected('compile', 'syntax', 'no', { file: 'a.js', line: 3 }) },
  unsupported: () => { throw new Unsupported('not here') },
  defect: () => undefined.property,
  leave_a_rejection: () => { Promise.reject(new Error('nobody waits')); return 'left' },
  exit: () => process.exit(3),
  loop: () => { for (;;); },
  grow: () => { globalThis.kept = Buffer.alloc(2 ** 28, 1); return 'grown' },
  count: () => globalThis.n = (globalThis.n ?? 0) + 1,
}
"""

#: A runner that is gone when it has been answered once.
RUNNER = """
import os, subprocess, sys
adapter = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
adapter.stdin.write(b'{"seq":1,"op":"hello"}\\n{"seq":2,"op":"loop"}\\n')
adapter.stdin.flush()
adapter.stdout.readline()
os._exit(0)
"""

Talk = Callable[..., tuple[list[Any], subprocess.CompletedProcess[str]]]


@pytest.fixture
def talk(node: str, shared: Path, tmp_path: Path) -> Talk:
    """Sends lines to the adapter, all at once, and gives its replies and how it ended."""

    def run(*lines: object) -> tuple[list[Any], subprocess.CompletedProcess[str]]:
        adapter = tmp_path / "adapter.mjs"
        adapter.write_text(ADAPTER.replace("SHARED/", shared.as_uri() + "/"))
        text = "".join(
            f"{line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)}\n"
            for line in lines
        )
        finished = subprocess.run(
            [node, shared / "main.mjs", adapter],
            input=text,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return [json.loads(line) for line in finished.stdout.split("\n")[:-1]], finished

    return run


def ask(seq: int, op: str, **fields: object) -> dict[str, object]:
    return {"seq": seq, "op": op, **fields}


def test_a_reply_repeats_the_number_of_its_request(talk: Talk):
    replies, _ = talk(ask(7, "hello"))

    assert replies == [{"seq": 7, "ok": {"name": "fake"}}]


def test_requests_sent_ahead_are_answered_in_order(talk: Talk):
    replies, _ = talk(ask(1, "slow"), ask(2, "hello"))

    assert [reply["seq"] for reply in replies] == [1, 2]


def test_a_refusal_carries_phase_code_and_place(talk: Talk):
    replies, _ = talk(ask(1, "reject"))

    assert replies[0]["rejected"] == {
        "phase": "compile",
        "code": "syntax",
        "message": "no",
        "file": "a.js",
        "line": 3,
    }


def test_what_cannot_be_asked_says_why(talk: Talk):
    replies, _ = talk(ask(1, "unsupported"))

    assert replies == [{"seq": 1, "unsupported": {"why": "not here"}}]


@pytest.mark.parametrize("op", ["frobnicate", "constructor", "__proto__"])
def test_an_unknown_operation_is_unsupported(op, talk: Talk):
    replies, _ = talk(ask(1, op))

    assert replies == [{"seq": 1, "unsupported": {"why": f'this adapter has no operation "{op}"'}}]


def test_what_programs_print_never_reaches_the_replies(talk: Talk):
    replies, finished = talk(ask(1, "print"))

    assert replies == [{"seq": 1, "ok": "printed"}]
    assert finished.stderr == "log\ninfo\nraw"


def test_text_beyond_ascii_survives(talk: Talk):
    replies, _ = talk(ask(1, "echo", value="é \U0001f600 \u2028"))

    assert replies[0]["ok"] == {"value": "é \U0001f600 \u2028"}


def test_an_unpaired_surrogate_survives(talk: Talk):
    replies, _ = talk('{"seq": 1, "op": "echo", "value": "\\ud800"}')

    assert replies[0]["ok"] == {"value": "\ud800"}


def test_a_promise_that_nobody_waits_for_does_not_end_the_adapter(talk: Talk):
    replies, finished = talk(ask(1, "leave_a_rejection"), ask(2, "hello"))

    assert [reply["seq"] for reply in replies] == [1, 2]
    assert "nobody waits" in finished.stderr


def test_a_defect_of_the_adapter_is_a_crash_and_not_a_reply(talk: Talk):
    replies, finished = talk(ask(1, "defect"), ask(2, "hello"))

    assert replies == []
    assert finished.returncode == 70
    assert "TypeError" in finished.stderr


def test_a_program_that_exits_takes_the_adapter_with_it(talk: Talk):
    replies, finished = talk(ask(1, "exit"), ask(2, "hello"))

    assert replies == []
    assert finished.returncode == 3


def test_a_line_that_is_no_json_is_a_crash(talk: Talk):
    replies, finished = talk("{half", ask(2, "hello"))

    assert replies == []
    assert finished.returncode == 70


def test_the_thread_that_answers_is_replaced_now_and_then_where_memory_has_grown(talk: Talk):
    replies, _ = talk(ask(1, "grow"), *(ask(seq, "count") for seq in range(2, 202)))

    assert [reply["ok"] for reply in replies] == ["grown", *range(1, 200), 1]


def test_a_thread_that_has_taken_no_memory_stays(talk: Talk):
    replies, _ = talk(*(ask(seq, "count") for seq in range(1, 202)))

    assert [reply["ok"] for reply in replies] == [*range(1, 202)]


def test_stop_ends_the_adapter_before_what_follows(talk: Talk):
    replies, finished = talk(ask(1, "stop"), ask(2, "hello"))

    assert [reply["seq"] for reply in replies] == [1]
    assert finished.returncode == 0


def test_the_end_of_the_requests_ends_the_adapter(talk: Talk):
    _, finished = talk()

    assert finished.returncode == 0


@pytest.mark.slow
def test_an_endless_loop_ends_with_the_runner(node: str, shared: Path, tmp_path: Path):
    adapter = tmp_path / "adapter.mjs"
    adapter.write_text(ADAPTER.replace("SHARED/", shared.as_uri() + "/"))
    command = [sys.executable, "-c", RUNNER, node, shared / "main.mjs", adapter]

    # Both hold the pipe, so its end is that of both.
    finished = subprocess.run(command, stderr=subprocess.PIPE, timeout=30, check=False)

    assert finished.returncode == 0
