"""What a layer above can ask of the language: claimed functions, scopes, isolation."""

import pytest

from refimpl.language.environment import UNINITIALIZED, Environment
from refimpl.language.errors import Throw
from refimpl.language.functions import create_builtin_function
from refimpl.language.operations import to_string
from refimpl.language.rules.functions import create_function
from tests.language.conftest import RecordingHost


class ClaimingHost(RecordingHost):
    """Makes a fixed function of every function that is called `claimed`."""

    def claims(self, node):
        return node.id is not None and node.id.name == "claimed"

    def function_created(self, node, environment, name):  # noqa: ARG002 - the hook's signature
        if name != "claimed":
            return None
        self.print(f"created, x is {to_string(environment.lookup('x'))}")
        return create_builtin_function(lambda _: "from the host", 0, name)


@pytest.fixture
def claiming(world):
    return lambda text: world(host=ClaimingHost()).script(text)


def test_a_claimed_declaration_is_made_when_control_reaches_it(claiming):
    printed = claiming(
        "{ let x = 'a'; print('before'); function claimed() {} x = 'b'; print(claimed()) }"
    )
    assert printed == ["before", "created, x is a", "from the host"]


def test_a_claimed_declaration_is_made_when_its_name_is_read_first(claiming):
    printed = claiming("{ let x = 'a'; claimed(); x = 'b'; function claimed() {} print('end') }")
    assert printed == ["created, x is a", "end"]


def test_a_claimed_declaration_is_made_once(claiming):
    printed = claiming("{ let x = 1; print(claimed === claimed); function claimed() {} }")
    assert printed == ["created, x is 1", "true"]


def test_a_claim_that_reads_an_uninitialized_binding_throws_where_it_is_read(claiming):
    printed = claiming(
        "{ try { claimed } catch (e) { print(e.name) } let x = 1; function claimed() {} }"
    )
    assert printed == ["ReferenceError", "created, x is 1"]


@pytest.mark.parametrize(
    "definition",
    [
        "const claimed = async () => {}",
        "const o = { claimed() {} }",
        "class A { static claimed() {} }",
    ],
)
def test_expressions_arrows_and_methods_are_offered_to_the_host(claiming, definition):
    assert claiming(f"const x = 1; {definition}") == ["created, x is 1"]


def test_a_function_can_be_made_in_a_scope_of_the_hosts_choice(world):
    made = world()
    made.script("function f() { return x + y } var y = 'global'; function g() { return f }")
    function = made.realm.global_object.props["f"].value
    with made.agent.enter(made.realm):
        scope = Environment(made.realm.global_environment, {"x": "own "})
        again = create_function(function.node, scope, "f")
        assert again.call(None, []) == "own global"


def test_a_scope_answers_for_an_uninitialized_name_with_the_guests_error(world):
    made = world()
    with made.agent.enter(made.realm), pytest.raises(Throw, match="ReferenceError"):
        Environment(None, {"x": UNINITIALIZED}).get_binding_value("x")


def test_two_realms_share_no_object(world):
    first, second = world(), world()
    shared = {id(v) for v in first.realm.intrinsics.values()} & {
        id(v) for v in second.realm.intrinsics.values()
    }
    assert shared == set()


def test_a_change_of_a_prototype_stays_in_its_realm(world):
    first, second = world(), world()
    first.script("Array.prototype.changed = true; Symbol.for('x').description")
    assert second.script("print([].changed)") == ["undefined"]


def test_two_agents_have_symbol_registries_of_their_own(world):
    first, second = world(), world()
    first.script("Symbol.for('x')")
    assert second.agent.symbol_registry == {}


def test_one_tree_can_run_in_two_realms(world):
    source = "const f = () => { const t = (s) => s; return t`x` }; print(f() === f(), f() instanceof Array)"
    assert [world().script(source) for _ in range(2)] == [["true true"], ["true true"]]
