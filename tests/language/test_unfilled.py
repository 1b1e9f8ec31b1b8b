"""Nobody can tell that a built-in object is filled when somebody first looks at it."""

import pytest

from refimpl.language.agent import Agent
from refimpl.language.builtins import TABLES
from refimpl.language.objects import JSObject, Property, data_property
from refimpl.language.realm import Realm
from refimpl.language.unfilled import kind_of, postpone


def keys_filled_at_once(agent, realm):
    """The keys every built-in object gets when all tables are gone through from first to last."""
    with agent.enter(realm):
        keys = {table.name: dict(table.make(None).props) | table.own for table in TABLES}
    for table in TABLES:
        if table.constructs is not None:
            keys[table.name]["prototype"] = None
            keys[table.constructs]["constructor"] = None
        if table.is_global:
            keys["%globalThis%"][table.name.strip("%")] = None
        keys[table.name] |= {entry.key: None for entry in table.entries}
    keys["%Function.prototype%"] |= {"caller": None, "arguments": None}
    return {name: [*props] for name, props in keys.items()}


@pytest.mark.parametrize("order", [list, reversed], ids=["first to last", "last to first"])
def test_properties_are_in_the_order_of_the_tables_in_whichever_order_objects_are_filled(order):
    agent = Agent()
    realm = Realm(agent)
    found = {table.name: [*realm.intrinsics[table.name].props] for table in order(TABLES)}
    assert found == keys_filled_at_once(agent, realm)


def reachable(realm):
    """Every object that can be reached from the intrinsics of a realm."""
    found, waiting = {}, [*realm.intrinsics.values()]
    while waiting:
        obj = waiting.pop()
        if isinstance(obj, JSObject) and id(obj) not in found:
            found[id(obj)] = obj
            waiting.append(obj.prototype)
            for stored in obj.props.values():
                fields = stored.fields().values() if type(stored) is Property else [stored]
                waiting += fields
    return found


def test_two_realms_share_no_object_that_can_be_reached():
    first, second = Realm(Agent()), Realm(Agent())
    assert reachable(first).keys() & reachable(second).keys() == set()


def test_two_realms_share_no_properties():
    first, second = (reachable(Realm(Agent())) for _ in range(2))
    shared = {id(obj.props) for obj in first.values()} & {id(obj.props) for obj in second.values()}
    assert shared == set()


def test_a_function_that_is_an_intrinsic_is_the_one_its_holder_has():
    realm = Realm(Agent())
    known = realm.intrinsics["%Promise.prototype.then%"]
    assert realm.intrinsics["%Promise.prototype%"].props["then"].value is known


def test_a_realm_pays_for_all_its_functions_when_it_is_made():
    agent = Agent()
    realm = Realm(agent)
    before = agent.allocations
    objects = reachable(realm)
    assert (agent.limits.allocations - before, agent.allocations) == (len(objects), before)


LOOKS = {
    "get": lambda obj: obj.get("abs", obj),
    "set": lambda obj: obj.set("abs", 1.0, obj),
    "set by an heir": lambda obj: obj.set("abs", 1.0, JSObject(obj)),
    "set as a receiver": lambda obj: JSObject(None).set("abs", 1.0, obj),
    "delete nothing": lambda obj: obj.delete("nothing"),
    "has_property": lambda obj: obj.has_property("abs"),
    "get_own_property": lambda obj: obj.get_own_property("abs"),
    "define_own_property": lambda obj: obj.define_own_property("abs", data_property(1.0)),
    "own_property_keys": lambda obj: obj.own_property_keys(),
    "own_property_keys of an object that cannot be extended": lambda obj: (
        obj.prevent_extensions() and obj.own_property_keys()
    ),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_an_object_is_complete_however_it_is_looked_at_first(look):
    agent = Agent()
    realm = Realm(agent)
    math = realm.intrinsics["%Math%"]
    with agent.enter(realm):
        look(math)
    assert (type(math), [*math.props]) == (JSObject, keys_filled_at_once(agent, realm)["%Math%"])


def test_an_object_is_of_its_kind_before_anybody_looks_at_it(world):
    assert world().script("print(Object.keys(structuredClone(Math)).length)") == ["0"]


def test_the_kind_of_an_object_is_the_same_before_and_after():
    array_prototype = Realm(Agent()).intrinsics["%Array.prototype%"]
    before = kind_of(array_prototype)
    assert array_prototype.props
    assert kind_of(array_prototype) is before is type(array_prototype)


def test_an_object_that_could_not_be_filled_is_filled_the_next_time():
    agent = Agent()
    answers = iter([RecursionError(), {"x": 1.0}])

    def fill():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with agent.enter(Realm(agent)):
        obj = JSObject(None)
        postpone(obj, fill)
        with pytest.raises(RecursionError):
            obj.get("x", obj)
        assert obj.get("x", obj) == 1.0
