"""The adapter for production builds of Next.js: what failed builds and servers say, and one build for many questions.

The build itself takes most of a minute: it runs where `USE_SERVER_OPT_IN` is set, as the implementation is opt-in.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conformance.transports import Stdio

pytestmark = [pytest.mark.node, pytest.mark.slow]

HERE = "SHARED/../next-production"
LOG = """\
> Build error occurred
Error: Turbopack build failed with 4 errors:
./tmp/app/cases/c3/actions.js:2:1
Error: Only async functions are allowed to be exported in a "use server" file.
  1 | 'use server'
> 2 | export const limit = 10

Ecmascript file had an error

./tmp/app/cases/c3/other.js:1:1
Error: Module not found: Can't resolve './db.js'


./tmp/app/cases/c5/client.js:4:1
Error: Export save doesn't exist in target module
The export save was not found in module [project]/tmp/app/cases/c5/actions.js


./node_modules/left/index.js
Error: Something that nobody has heard of

Import trace:
  Server Component:
    ./node_modules/left/index.js
    ./tmp/app/cases/c7/page.js
"""
FILES = {"actions.js": "'use server'\nexport const limit = 10\n"}


@pytest.fixture
def refused(evaluate: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    """The refusals that are read in a log of a build with three cases."""
    monkeypatch.setenv("USE_SERVER_PACKAGES", str(tmp_path))
    return evaluate(
        f"""
        import {{ refusals }} from '{HERE}/diagnostics.mjs'
        const cases = new Map(['c3', 'c5', 'c7'].map((name) => [name, {{ files: given.files }}]))
        const found = [...refusals(given.log, cases)].map(([name, error]) => [name, error.toReply()])
        tell(Object.fromEntries(found))
        """,
        {"log": LOG, "files": FILES},
    )


def test_the_first_message_about_a_case_is_its_refusal(refused):
    found = refused["c3"]

    assert (found["phase"], found["code"]) == ("compile", "export-not-async")
    assert (found["file"], found["line"]) == ("actions.js", 2)


def test_a_mistake_in_the_links_has_the_phase_of_loading(refused):
    assert (refused["c5"]["phase"], refused["c5"]["code"]) == ("load", "export-not-found")


def test_a_message_about_a_foreign_file_belongs_to_the_case_that_imports_it(refused):
    assert (refused["c7"]["code"], refused["c7"]["file"]) == ("unrecognised", "page.js")


@pytest.mark.parametrize(
    ("stack", "phase"),
    [
        ("Error: x\n    at f (/n/next/dist/compiled/next-server/app.js:1:1)", "decode"),
        ("Error: x\n    at f (/p/.next/server/chunks/ssr/page.js:1:1)", "call"),
        ("Error: x\n    at g (/p/.next/server/chunks/ssr/1_next_dist_1.js:1:1)", "decode"),
        (
            "Error: x\n    at w (/n/next-server/a.js:1:1)\n    at AsyncLocalStorage.run (node:a:1:1)",
            "call",
        ),
        ("Error: x\n    at module evaluation (/p/.next/server/chunks/ssr/page.js:1:1)", "load"),
        ("", "call"),
    ],
    ids=["react", "application", "next", "no-error", "module", "no-stack"],
)
def test_the_stack_of_an_error_tells_the_phase(evaluate, monkeypatch, tmp_path, stack, phase):
    monkeypatch.setenv("USE_SERVER_PACKAGES", str(tmp_path))
    found = evaluate(
        f"""
        import {{ ofServer }} from '{HERE}/failures.mjs'
        tell(ofServer({{ message: 'x', stack: given }}).toReply())
        """,
        stack,
    )

    assert found["phase"] == phase


def test_headers_are_changed_as_a_case_says(evaluate):
    found = evaluate(
        f"""
        import {{ changedHeaders }} from '{HERE}/http.mjs'
        tell(changedHeaders({{ origin: 'https://a.example', accept: 'b' }}, given))
        """,
        {"origin": ["{own}", "null"], "accept": None, "x": "{own}y"},
    )

    assert found == {"origin": ["https://a.example", "null"], "x": "y"}


def test_an_answer_in_chunks_is_read(evaluate):
    found = evaluate(
        f"""
        import {{ createServer }} from 'node:http'
        import {{ exchange }} from '{HERE}/http.mjs'
        const server = createServer((request, response) => {{
          response.writeHead(202, {{ 'x-method': request.method }})
          response.write('one, ')
          response.end('two')
        }}).listen(0, '127.0.0.1', async () => {{
          const asked = {{ method: 'PUT', path: '/', headers: {{}}, body: Buffer.from('x') }}
          const {{ status, headers, body }} = await exchange(server.address().port, asked)
          tell([status, headers['x-method'], body.toString()])
          server.close()
        }})
        """
    )

    assert found == [202, "PUT", "one, two"]


# One build, asked everything

PROJECT = {
    "log.js": "export const ran = []\n",
    "actions.js": """\
        'use server'
        import { ran } from './log.js'
        export async function save(x) { ran.push(x instanceof FormData ? [...x] : x); return x }
    """,
    "page.js": """\
        import { save } from './actions.js'
        export const page = secret => ({ save, length: async () => { 'use server'; return secret.length } })
    """,
}
ENTRY = {"files": PROJECT, "entry": "page.js#page", "args": ["canary"]}
CLIENT = "export default async ({ save, length }) => [await save(new Set([1])), await length()]"
QUESTIONS: dict[str, dict[str, Any]] = {
    "run": {"op": "run", **ENTRY, "client": CLIENT},
    "refused": {
        "op": "run",
        "files": {"a.js": "'use server'\nexport function a() {}\n"},
        "entry": None,
        "client": "import { a } from './a.js'; export default a",
    },
    "exposes": {"op": "exposes", "files": PROJECT},
    "withholds": {"op": "withholds", **ENTRY, "client": CLIENT},
    "dispatch": {
        "op": "dispatch",
        **ENTRY,
        "watch": "log.js#ran",
        "requests": [
            {"function": "actions.js#save", "args": [1]},
            {"function": "actions.js#save", "headers": {"origin": "https://b.example"}},
            {"reference": "$.length", "captures": {"drop": 4}},
        ],
    },
    "forms": {
        "op": "forms",
        **ENTRY,
        "watch": "log.js#ran",
        "javascript": False,
        "page": [{"action": "$.save", "controls": [{"name": "n", "value": "1"}]}],
        "submissions": [{}],
    },
}


@pytest.fixture(scope="module")
def adapter(started: Callable[[str], Stdio]) -> Iterator[Stdio]:
    """The adapter, started once."""
    if not os.environ.get("USE_SERVER_OPT_IN"):
        pytest.skip("next-production is opt-in: set USE_SERVER_OPT_IN")
    adapter = started("next-production")
    yield adapter
    adapter.stop()


@pytest.fixture(scope="module")
def answers(adapter: Stdio) -> dict[str, Any]:
    """The answers to all questions, which were sent before any was answered."""
    for question in QUESTIONS.values():
        adapter.send(question)
    return {name: adapter.receive(600) for name in QUESTIONS}


def running(group: int) -> list[str]:
    """The processes of a group that have not ended."""
    stats = [
        path.read_text().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat")
    ]
    return [" ".join(stat) for stat in stats if int(stat[2]) == group and stat[0] not in "ZX"]


def test_a_client_program_calls_functions_of_a_real_server(answers):
    assert answers["run"]["ok"]["result"] == [{"$": "set", "values": [1]}, 6]


def test_a_case_that_is_refused_does_not_keep_others_from_being_built(answers):
    assert answers["refused"]["rejected"]["code"] == "export-not-async"


def test_what_can_be_called_is_exposed(answers):
    assert answers["exposes"]["ok"]["functions"] == ["actions.js#save", "page.js#(inline)"]


def test_everything_that_the_browser_was_given_is_handed_over(answers):
    names = answers["withholds"]["ok"]["artifacts"]

    assert any(name.endswith(".js") for name in names)


def test_a_request_is_changed_on_its_way_to_the_server(answers):
    accepted, foreign, tampered = answers["dispatch"]["ok"]["answers"]

    assert accepted["outcome"] == {"ok": 1}
    assert foreign["outcome"]["rejected"]["code"] == "origin-refused"
    assert tampered["outcome"]["rejected"]["phase"] == "decode"
    assert tampered["watched"] == [1]


def test_a_form_is_submitted_without_javascript(answers):
    (answer,) = answers["forms"]["ok"]["answers"]

    assert answer["outcome"] == {"ok": None}
    assert answer["watched"] == [[["n", "1"]]]


@pytest.mark.usefixtures("answers")
def test_the_server_ends_with_an_adapter_that_is_killed(adapter):
    process = adapter.process
    process.kill()
    process.wait()
    errors = process.stderr.fileno()
    os.set_blocking(errors, True)
    while os.read(errors, 65536):  # open as long as the server has it
        pass

    assert running(process.pid) == []
