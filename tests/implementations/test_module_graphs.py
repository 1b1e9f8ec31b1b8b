"""What every JavaScript adapter inherits: how the files of a case become a module graph."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.node

RESOLVE = """
import { resolve } from 'SHARED/project.mjs'
tell(given.specifiers.map((specifier) => resolve(given.files, specifier, given.importer) ?? null))
"""

LOAD = """
import { createContext } from 'node:vm'
import { ModuleGraph } from 'SHARED/project.mjs'
const realm = { context: createContext({}) }
const graph = new ModuleGraph({ realm, files: given.files, compile: (_, text) => text, host: (name) => ({ host: { given: 1 } })[name] })
try {
  tell({ exports: { ...(await graph.import(given.entry)) } })
} catch (error) {
  tell({ rejected: error.toReply?.() ?? String(error) })
}
"""


def resolved(evaluate, specifier: str, *files: str, importer: str = "app/page.js") -> str | None:
    given = {"files": dict.fromkeys(files, ""), "specifiers": [specifier], "importer": importer}
    found = evaluate(RESOLVE, given)[0]
    assert found is None or isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("specifier", "file"),
    [
        ("./actions.js", "app/actions.js"),
        ("./actions", "app/actions.ts"),
        ("./actions", "app/actions/index.tsx"),
        ("./actions.js", "app/actions.ts"),
        ("./view.jsx", "app/view.tsx"),
        ("../lib/db", "lib/db.mjs"),
        (".", "app/index.js"),
        ("@/lib/db", "lib/db.ts"),
        ("/lib/db.js", "lib/db.js"),
        ("next/cache", "node_modules/next/cache.js"),
        ("zod", "node_modules/zod/index.js"),
        ("@scope/name", "node_modules/@scope/name/index.mjs"),
    ],
)
def test_a_specifier_means_a_file_of_the_case(specifier, file, evaluate):
    assert resolved(evaluate, specifier, file) == file


@pytest.mark.parametrize(
    "specifier", ["./other", "../../outside", "@/other", "toString", "./actions.ts/x"]
)
def test_a_specifier_of_nothing_means_no_file(specifier, evaluate):
    assert resolved(evaluate, specifier, "app/actions.ts") is None


def test_the_exact_file_comes_before_a_completed_one(evaluate):
    assert resolved(evaluate, "./a", "app/a.js", "app/a") == "app/a"


def load(evaluate, entry: str, **files: str):
    named = {path.replace("_", "."): text for path, text in files.items()}
    return evaluate(LOAD, {"files": named, "entry": entry})


def test_modules_of_a_cycle_see_each_other(evaluate):
    loaded = load(
        evaluate,
        "a.js",
        a_js="import { b } from './b.js'; export const a = 1; export const seen = b()",
        b_js="import { a } from './a.js'; export const b = () => a",
    )

    assert loaded == {"exports": {"a": 1, "seen": 1}}


def test_a_module_is_evaluated_once(evaluate):
    loaded = load(
        evaluate,
        "main.js",
        main_js="import { n } from './a.js'; import { m } from './b.js'; const { n: again } = await import('./a.js'); export const same = n === m && n === again",
        a_js="export const n = {}",
        b_js="import { n } from './a.js'; export { n as m }",
    )

    assert loaded == {"exports": {"same": True}}


def test_a_file_of_the_case_comes_before_a_module_of_the_host(evaluate):
    files = {
        "a.js": "export { given } from 'host'",
        "node_modules/host.js": "export const given = 2",
    }

    assert evaluate(LOAD, {"files": files, "entry": "a.js"}) == {"exports": {"given": 2}}


def test_a_module_of_the_host_can_be_imported(evaluate):
    assert load(evaluate, "a.js", a_js="export { given } from 'host'") == {"exports": {"given": 1}}


@pytest.mark.parametrize(
    ("text", "phase", "code"),
    [
        ("const a = ;", "compile", "syntax"),
        ("import './nothing.js'", "load", "module-not-found"),
        ("import 'nothing'", "load", "module-not-found"),
        ("import { nothing } from './b.js'", "load", "export-not-found"),
        (
            "import * as b from './b.js'; export { nothing } from './b.js'",
            "load",
            "export-not-found",
        ),
        ("throw new TypeError('no')", "load", "thrown"),
        ("throw undefined", "load", "thrown"),
        ("await Promise.reject(1)", "load", "thrown"),
    ],
)
def test_what_goes_wrong_is_refused_in_its_phase(text, phase, code, evaluate):
    rejected = load(evaluate, "a.js", a_js=text, b_js="export const b = 1")["rejected"]

    assert (rejected["phase"], rejected["code"], rejected["file"]) == (phase, code, "a.js")


def test_a_file_that_is_not_there_cannot_be_the_entry(evaluate):
    assert load(evaluate, "a.js", b_js="")["rejected"]["code"] == "module-not-found"
