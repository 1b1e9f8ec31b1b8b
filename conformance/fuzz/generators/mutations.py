"""Mechanical changes of a message: each is a place, counted round, and what is put there.

Rules of this module:

* Every change is one that whoever reads the specification would try: a prefix, another tag, a part
  twice, an inherited name. None is taken from any report, and none is combined on purpose.
* Where there is nothing to change, the message stays as it is.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.messages.units import Message, Unit
from conformance.observations.family import INHERITED_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

#: A tag in a JSON text, with its number if it has one.
TAG = re.compile(rb'"\$(?P<letter>[A-Za-z@-]?)(?P<number>[0-9a-f]*)')
#: The name of a member, and a step of a path.
NAME = re.compile(rb'"(?P<name>[^"\\$]*)":|:(?P<step>[^":]+)(?=[":])')
ROW = re.compile(rb"^[0-9a-f]*:(?P<letter>[A-Z]?)")
#: Tags of both directions, letters that are none, and no letter.
TAGS = ["", "@", "-", *string.ascii_letters]
ROWS = ["", *string.ascii_letters]


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change, and the clauses that say what becomes of the message."""

    clause: str
    apply: Callable[[Message], Message]
    #: What else may say it: a part that another tag names may not be of its kind.
    also: tuple[str, ...] = ()

    @property
    def features(self) -> frozenset[str]:
        """The clauses that a changed message exercises."""
        return frozenset((self.clause, *self.also))


def cut(thousandth: int) -> Mutation:
    """The message ends early."""

    def apply(message: Message) -> Message:
        body = message.written()
        return whole(message, body[: len(body) * thousandth // 1000])

    return Mutation("wire.truncated", apply)


def dropped(place: int) -> Mutation:
    """A part or row is missing."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        del units[place % len(units)]
        return message.with_units(units)

    return Mutation("wire.references", where_units(apply))


def repeated(place: int, to: int) -> Mutation:
    """A part or row comes twice."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        units.insert(to % (len(units) + 1), units[place % len(units)])
        return message.with_units(units)

    return Mutation("wire.duplicates", where_units(apply))


def moved(place: int, to: int) -> Mutation:
    """A part or row comes at another place."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        unit = units.pop(place % len(units))
        units.insert(to % (len(units) + 1), unit)
        return message.with_units(units)

    return Mutation("wire.references.forward", where_units(apply))


def tagged(place: int, letter: str) -> Mutation:
    """A tag is another one: every tag at every kind of part."""

    def new(found: re.Match[bytes]) -> bytes:
        return b'"$' + letter.encode() + found["number"]

    return Mutation(f"wire.tags:{letter}", in_text(TAG, place, new), ("wire.references.kinds",))


def renumbered(place: int, by: int) -> Mutation:
    """A reference names the part before or after."""

    def new(found: re.Match[bytes]) -> bytes:
        number = max(int(found["number"] or b"0", 16) + by, 0)
        return b'"$' + found["letter"] + b"%x" % number

    return Mutation("wire.references.number", in_text(TAG, place, new), ("wire.references.kinds",))


def named(place: int, name: str) -> Mutation:
    """A member or a step of a path has the name of something inherited."""

    def new(found: re.Match[bytes]) -> bytes:
        if found["step"] is not None:
            return b":" + name.encode()
        return b'"' + name.encode() + b'":'

    return Mutation("security.data.names", in_text(NAME, place, new))


def lettered(place: int, letter: str) -> Mutation:
    """A row is of another kind."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        at = place % len(units)
        unit = units[at]
        head, content = (unit.before, unit.content) if unit.measured else (unit.content, b"")
        changed = ROW.sub(
            lambda found: found[0][: found.start("letter")] + letter.encode(), head, 1
        )
        units[at] = (
            replace(unit, before=changed, content=content)
            if unit.measured
            else replace(unit, content=changed)
        )
        return message.with_units(units)

    return Mutation(f"wire.rows.letters:{letter}", where_units(apply))


def measured(place: int, by: int) -> Mutation:
    """A row announces one byte more or less than it has."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        sized = [at for at, unit in enumerate(units) if unit.measured]
        if sized:
            at = sized[place % len(sized)]
            unit = units[at]
            length = b"%x," % max(len(unit.content) + by, 0)
            units[at] = Unit(unit.content, unit.before + length, unit.after)
        return message.with_units(units)

    return Mutation("wire.rows.length", apply)


def whole(message: Message, body: bytes) -> Message:
    """A message of the same type that is just these bytes."""
    return Message((Unit(body),), message.type)


def where_units(apply: Callable[[Message], Message]) -> Callable[[Message], Message]:
    """Only where there is any part or row."""
    return lambda message: apply(message) if message.units else message


def in_text(
    pattern: re.Pattern[bytes], place: int, new: Callable[[re.Match[bytes]], bytes]
) -> Callable[[Message], Message]:
    """Exchange one of the matches in all units."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        found = [(at, each) for at, u in enumerate(units) for each in pattern.finditer(u.content)]
        if found:
            at, match = found[place % len(found)]
            content = units[at].content
            content = content[: match.start()] + new(match) + content[match.end() :]
            units[at] = replace(units[at], content=content)
        return message.with_units(units)

    return apply


# --- other spellings ----------------------------------------------------------------------------

#: What is put somewhere into a text: white space, what JSON has, what it has not, and bad bytes.
TOKENS = (
    b" ",
    b"\n",
    b",",
    b"]",
    b"0",
    b"NaN",
    b'"a":0,',
    b"null",
    b"\\u0024",
    b"$",
    b"\xff",
    b"\x00",
)
#: A word or a number where JSON has one, and others.
WORD = re.compile(rb"(?<=[\[,:])(?:null|true|false|-?[0-9.]+)(?=[\],}])")
OTHERS = (
    b"NaN",
    b"Infinity",
    b"undefined",
    b"01",
    b"+1",
    b".5",
    b"1e999",
    b"-0",
    b"'a'",
    b'"\\x"',
    b'"\t"',
)
#: What is put before a row or the name of a part.
HEADS = (b"0", b"00", b" ", b"a", b"A", b":", b"S", b"-", b"1", b"_1_", b"%22")
#: What is put into the headers of a part.
HEADERS = (
    b"X-Other: 1\r\n",
    b"Content-Type: text/plain\r\n",
    b"Content-Transfer-Encoding: binary\r\n",
)


def inserted(thousandth: int, token: bytes) -> Mutation:
    """Something stands in a text that was not there."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        size = sum(len(unit.content) for unit in units)
        at = size * thousandth // 1000
        for number, unit in enumerate(units):
            if at <= len(unit.content):
                content = unit.content[:at] + token + unit.content[at:]
                units[number] = replace(unit, content=content)
                break
            at -= len(unit.content)
        return message.with_units(units)

    return Mutation("wire.json", apply)


def appended(place: int, token: bytes) -> Mutation:
    """Something stands behind the text of a part or row."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        at = place % len(units)
        units[at] = replace(units[at], content=units[at].content + token)
        return message.with_units(units)

    return Mutation("wire.json", where_units(apply))


def exchanged(place: int, word: bytes) -> Mutation:
    """Another word stands for a word or a number, one that JSON has or has not."""
    return Mutation("wire.json", in_text(WORD, place, lambda _: word))


def headed(place: int, head: bytes) -> Mutation:
    """A row or the name of a part begins with something else."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        at = place % len(units)
        unit = units[at]
        if b'name="' in unit.before:
            units[at] = replace(unit, before=unit.before.replace(b'name="', b'name="' + head, 1))
        elif unit.before:
            units[at] = replace(unit, before=head + unit.before)
        else:
            units[at] = replace(unit, content=head + unit.content)
        return message.with_units(units)

    return Mutation("wire.parts.names", where_units(apply))


def cased(place: int) -> Mutation:
    """What is written in lower case is written in upper case."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        at = place % len(units)
        unit = units[at]
        name = "before" if unit.before else "content"
        units[at] = replace(unit, **{name: getattr(unit, name).upper()})
        return message.with_units(units)

    return Mutation("wire.rows", where_units(apply))


def described(place: int, header: bytes) -> Mutation:
    """A part has another header."""

    def apply(message: Message) -> Message:
        units = [*message.units]
        at = place % len(units)
        before = units[at].before.replace(b"\r\n\r\n", b"\r\n" + header + b"\r\n")
        units[at] = replace(units[at], before=before)
        return message.with_units(units)

    return Mutation("wire.multipart.headers", where_units(apply))


def enclosed(before: bytes, after: bytes) -> Mutation:
    """Something stands before the message or after it."""

    def apply(message: Message) -> Message:
        units = (Unit(before), *message.units)
        return replace(message, units=units, closing=message.closing + after)

    return Mutation("wire.multipart.strict", apply)


def announced(kind: str | None) -> Mutation:
    """The message is said to be of another type; `{own}` is the boundary it has."""

    def apply(message: Message) -> Message:
        own = (message.type or "").rpartition("=")[2]
        return replace(message, type=kind and kind.replace("{own}", own))

    return Mutation("wire.multipart.boundary", apply)


TYPES: tuple[str | None, ...] = (
    'multipart/form-data; boundary="{own}"',
    "multipart/form-data;boundary={own}",
    "text/plain",
    None,
)
TYPES += (
    "Multipart/Form-Data; boundary={own}",
    "multipart/form-data",
    "multipart/mixed; boundary={own}",
)
_places = st.integers(0, 15)
_by = st.sampled_from([1, -1])
MUTATIONS: st.SearchStrategy[Mutation] = st.one_of(
    st.builds(repeated, _places, _places),
    st.builds(moved, _places, _places),
    st.builds(dropped, _places),
    st.builds(tagged, _places, st.sampled_from(TAGS)),
    st.builds(renumbered, _places, _by),
    st.builds(named, _places, st.sampled_from([*INHERITED_NAMES])),
    st.builds(lettered, _places, st.sampled_from(ROWS)),
    st.builds(measured, _places, _by),
    st.builds(cut, st.integers(0, 999)),
)
#: Messages spelled otherwise: some say the same, most say nothing any more.
SPELLINGS: st.SearchStrategy[Mutation] = st.one_of(
    st.builds(inserted, st.integers(0, 999), st.sampled_from(TOKENS)),
    st.builds(inserted, st.integers(0, 999), st.sampled_from(TOKENS)),
    st.builds(appended, _places, st.sampled_from(TOKENS)),
    st.builds(exchanged, _places, st.sampled_from(OTHERS)),
    st.builds(headed, _places, st.sampled_from(HEADS)),
    st.builds(cased, _places),
    st.builds(described, _places, st.sampled_from(HEADERS)),
    st.builds(
        enclosed,
        st.sampled_from([b"", b"\r\n", b"text\r\n"]),
        st.sampled_from([b"", b"\r\n", b"text"]),
    ),
    st.builds(announced, st.sampled_from(TYPES)),
)
