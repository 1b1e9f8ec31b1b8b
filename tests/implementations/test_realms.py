"""What every JavaScript adapter inherits: realms that the platform's classes are lent to, and what counts as a refusal."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.node

IN_REALM = """
import { runInContext } from 'node:vm'
import { Realm } from 'SHARED/realm.mjs'
const { context } = new Realm('server', 'production', () => undefined)
tell(await runInContext(`(async () => ${given})()`, context))
"""

REFUSED = """
import { Script } from 'node:vm'
import { unsupportedValue } from 'SHARED/refusals.mjs'
const program = new Script(given.program, { filename: given.file })
try {
  program.runInThisContext()
} catch (error) {
  tell(unsupportedValue(error, undefined) ?? null)
}
"""

REACT = "/node_modules/react-server-dom-webpack/server.js"
GUEST = "/actions.js"


@pytest.fixture(autouse=True)
def no_packages(monkeypatch, tmp_path):
    """A realm finds React's packages when it is asked for them; these tests do not ask."""
    (tmp_path / "node_modules").mkdir()
    monkeypatch.setenv("USE_SERVER_PACKAGES", str(tmp_path))


@pytest.mark.parametrize(
    "expression",
    [
        "(await new Blob(['x']).stream().getReader().read()).value instanceof Uint8Array",
        "await new Blob(['x']).arrayBuffer() instanceof ArrayBuffer",
        "new Blob(['x']).text() instanceof Promise",
        "new DOMException('m') instanceof Error",
    ],
)
def test_what_the_platform_makes_is_an_instance_of_the_realms_classes(expression, evaluate):
    assert evaluate(IN_REALM, expression) is True


def test_a_class_of_the_program_has_only_its_own_instances(evaluate):
    assert evaluate(IN_REALM, "new DOMException('m') instanceof class extends Error {}") is False


def test_a_structured_clone_is_made_of_the_realms_intrinsics(evaluate):
    cloned = "Object.getPrototypeOf(structuredClone({ a: 1 })) === Object.prototype"
    assert evaluate(IN_REALM, cloned) is True


def test_a_structured_clone_detaches_what_it_transfers(evaluate):
    lengths = "(b => [structuredClone(b, { transfer: [b] }).byteLength, b.byteLength])(new ArrayBuffer(2))"
    assert evaluate(IN_REALM, lengths) == [2, 0]


@pytest.mark.parametrize(
    ("program", "file", "code"),
    [
        ("Map.prototype.entries.call({})", REACT, "unsupported-value"),
        ("Map.prototype.entries.call({})", GUEST, None),
        ("undefined.field", REACT, None),
        ("throw TypeError('own')", REACT, None),
        ("new Array(-1)", REACT, None),
    ],
)
def test_only_a_built_in_that_react_called_refuses_a_value(program, file, code, evaluate):
    assert evaluate(REFUSED, {"program": program, "file": file}) == code
