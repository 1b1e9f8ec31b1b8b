"""The order of parts that do not need each other never changes what is decoded.

In a response every row may come before what it refers to; in a request two neighbours may change
places if neither names the other.
"""

import re

from hypothesis import given
from hypothesis import strategies as st

from conformance import notation
from conformance.fuzz.generators.values import graphs
from conformance.fuzz.taken_apart import message_from
from conformance.observations.message import body_as_json
from tests.properties.reference import budget
from tests.properties.test_messages import received, sent

ROW = re.compile(rb"([0-9a-f]*):")
PART = re.compile(rb'name="S?_?([0-9]+)')
NAMED = re.compile(rb'\$[^"0-9a-f]?([0-9a-f]+)')


def merged(draw, queues):
    """All units, those of one number in their order."""
    units = []
    while queues := [queue for queue in queues if queue]:
        units.append(draw(st.sampled_from(queues)).pop(0))
    return units


def row_number(unit):
    return ROW.match(unit.before or unit.content)[1]


def part_number(unit):
    return int(PART.search(unit.before)[1])


def names(unit, number):
    """Whether a part refers to another."""
    return number in {int(found, 16) for found in NAMED.findall(unit.content)}


@budget(60)
@given(graphs("result"), st.data())
def test_rows_come_in_any_order(value, data):
    answer = sent("result", notation.encode(value))
    message = message_from("result", answer)
    queues = {}
    for unit in message.units:
        queues.setdefault(row_number(unit), []).append(unit)

    other = message.with_units(merged(data.draw, [*queues.values()]))

    body = body_as_json(other.written())
    assert received("result", {**answer, "body": body}) == received("result", answer)


@budget(60)
@given(graphs("arguments"), st.data())
def test_parts_that_do_not_name_each_other_change_places(value, data):
    answer = sent("arguments", notation.encode(value))
    message = message_from("arguments", answer)
    units = [*message.units]
    if answer["type"] is None:
        return
    for _ in range(data.draw(st.integers(0, 6)) if len(units) > 1 else 0):
        place = data.draw(st.integers(0, len(units) - 2))
        one, other = units[place : place + 2]
        numbers = part_number(one), part_number(other)
        if numbers[0] != numbers[1] and not (names(one, numbers[1]) or names(other, numbers[0])):
            units[place : place + 2] = other, one

    body = body_as_json(message.with_units(units).written())
    assert received("arguments", {**answer, "body": body}) == received("arguments", answer)
