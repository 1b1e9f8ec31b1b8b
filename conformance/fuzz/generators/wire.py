"""Messages written by hand: rows and parts of every kind, from templates of what chapter 10 has.

Rules of this module:

* A template is a tag and the rows or parts that it needs; `@` in either is another tag or a JSON text,
  `%` the number of its own, in hexadecimal in tags and rows, `~` in decimal in the names of parts;
  `^` and `;` are the next number.
* What is written is a message that says something, as it stands; what is done to it afterwards is a
  mechanical mutation, a limit, or a cut.
* Whatever it holds was drawn here: nothing is taken from any report.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance.fuzz.example import Example, asking
from conformance.fuzz.generators.messages import CUTS, limited
from conformance.fuzz.generators.mutations import MUTATIONS, SPELLINGS
from conformance.fuzz.generators.values import (
    DIRECTIONS,
    decoding,
    encoding,
    features,
    wide_graphs,
)
from conformance.messages.units import Message, file_part, line, measured_row, multipart, text_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.messages.units import Unit
    from conformance.observations.observation import Observation

#: A row that is a line; head and content of one with a length; name and text of a part; or of a file.
Piece = str | tuple[str, str] | tuple[str, str, str, str]
Template = tuple[str, tuple[Piece, ...]]

#: What needs nothing else, in both directions.
WORDS: Mapping[str, tuple[str, ...]] = {
    "wire.json": ("1", "true", "null", '"a"', "[]", "{}", "-0.5", "1e3", '"\\ud800"', " [ 1 ] "),
    "wire.strings.escape": ('"$$"', '"$$a"', '"$$$"', '"a$"'),
    "wire.tags.words": (
        '"$undefined"',
        '"$NaN"',
        '"$Infinity"',
        '"$-Infinity"',
        '"$-0"',
        '"$nan"',
        '"$UNDEFINED"',
    ),
    "wire.tags.bigint": ('"$n0"', '"$n12"', '"$n-7"', '"$n+7"', '"$n007"', '"$n-0"', '"$n"'),
    "wire.tags.date": (
        '"$D2020-01-02T03:04:05.006Z"',
        '"$Dnull"',
        '"$D2020-02-30T00:00:00.000Z"',
        '"$D2020-01-02"',
        '"$D-271821-04-20T00:00:00.000Z"',
    ),
    "wire.tags": ('"$x"', '"$"', '"$?1"', '"$1"', '"$Z1"', '"$f"', '"$01"', '"$A"', '"$10"'),
    "wire.tags.temporary": ('"$T"', '"$Ta:b"'),
}
HOLDERS: Mapping[str, tuple[str, ...]] = {
    "value.array": ("[@,@]", "[@]"),
    "value.object": ('{"a":@,"b":@}', '{"a":@}'),
    "wire.json.duplicate-members": ('{"a":@,"a":@}', '{"a":1,"b":@,"a":2}'),
    "wire.members.undefined": ('{"a":"$undefined","b":@}', '["$undefined",@]'),
    "wire.members.proto": ('{"__proto__":@,"a":@}', '{"__proto__":{"a":@}}'),
    "wire.members.then": ('{"then":@}', '{"then":1,"a":@}'),
}
RESULT: Mapping[str, tuple[Template, ...]] = {
    "wire.tags.symbol": (('"$%"', ('%:"$Skey"',)), ('"$Skey"', ())),
    "wire.tags.map": (
        ('"$Q%"', ('%:[["a",@],[@,1]]',)),
        ('"$Q%"', ('%:[["a"],[1,2,3]]',)),
        ('"$Q%"', ('%:{"a":@}',)),
    ),
    "wire.tags.set": (('"$W%"', ("%:[@,1]",)), ('"$W%"', ('%:{"a":1}',))),
    "wire.tags.iterator": (('"$i%"', ("%:[@,@]",)),),
    "wire.tags.promise": (('"$@%"', ("%:@",)), ('["$@%","$@%"]', ("%:[@]",))),
    "wire.tags.promise.cycle": (('"$@%"', ('%:"$@%"',)),),
    "wire.tags.lazy": (('"$L%"', ("%:@",)), ('"$L%"', ('%:I["c",[],"f0"]',))),
    "wire.references": (
        ('["$%","$%"]', ("%:@",)),
        ('"$%:a:0"', ('%:{"a":[@]}',)),
        ('"$%:a:x"', ('%:{"a":[@]}',)),
    ),
    "wire.references.own": (('"$%:toString"', ("%:{}",)), ('"$%:length"', ("%:[1]",))),
    "wire.references.path": (
        ('["$Q%","$%:0:1"]', ("%:[[1,{}]]",)),
        ('["$Q%","$%:0:1:a"]', ('%:[["k",{"a":@}]]',)),
        ('["$Q%","$%:0"]', ("%:[[1,@]]",)),
        ('["$W%","$%"]', ("%:[[]]",)),
    ),
    "wire.references.cycle": (('"$%"', ('%:"$%"',)), ('"$%"', ('%:["$%"]',))),
    "wire.references.once": (('["$Q%","$W%"]', ("%:[[1,2]]",)), ('["$%","$Q%"]', ("%:[[1,2]]",))),
    "wire.tags.server-reference": (
        ('"$h%"', ('%:{"id":"m#f0","bound":null}',)),
        ('"$h%"', ('%:{"id":5,"bound":null}',)),
        ('["$h%","$h%"]', ('%:{"id":"m#f1","bound":null,"more":@}',)),
    ),
    "wire.tags.server-reference.bound": (('"$h%"', ('%:{"id":"m#f0","bound":[@,1]}',)),),
    "wire.rows.import": (
        ('"$%"', ('%:I["c",[],"f0"]',)),
        ('"$%"', ('%:I["c",[],"f0",1,{}]',)),
        ('"$%"', ('%:I["c",[]]',)),
    ),
    "wire.strings.long": (('"$%"', (("%:T", "sixteen bytes..."),)), ('"$%"', (("%:T", "$a é"),))),
    "wire.rows.binary": (
        *(('"$%"', ((f"%:{letter}", "eight by"),)) for letter in "AOoUSsLlGgMmV"),
        ('"$%"', (("%:S", "odd"),)),
    ),
    "wire.tags.error": (('"$Z"', ()), ('"$Z%"', ('%:{"digest":"d"}',))),
    "wire.rows.error.development.cause": (
        ('"$Z%"', ('%:{"name":"TypeError","message":"m","stack":[],"env":"Server","cause":@}',)),
        ('"$Z%"', ('%:{"name":"AggregateError","message":"$$m","errors":[@]}',)),
    ),
    "wire.rows.error": (
        ('"$@%"', ('%:E{"digest":"d"}',)),
        ('"$@%"', ('%:E{"message":"m"}',)),
        ('"$%"', ('%:E{"digest":"d"}',)),
    ),
    "wire.rows.error.spreads": (
        ('"$@%"', ('%:["$^"]', '^:E{"digest":"d"}')),
        ('["$@%",@]', ('^:E{"digest":"d"}', '%:["$^",@]')),
    ),
    "wire.rows.error.development": (
        ('"$@%"', ('%:E{"digest":"d","name":"TypeError","message":"m","cause":1}',)),
    ),
    "wire.tags.blob.result": (
        ('["$B%","$%"]', ('%:["text/plain"]',)),
        ('"$B%"', ('%:["text/plain","$o"]',)),
        ('"$B%"', ("%:[5]",)),
    ),
    "wire.rows.hints.file": (
        ('"$B%"', (':HF[~,"a.txt"]', '%:["text/plain"]')),
        ('"$B%"', (':HF["x"]', '%:["a/b"]')),
    ),
    "wire.tags.formdata.result": (
        ('"$K%"', ('%:[["a","x"],["a","y"]]',)),
        ('"$K%"', ('%:[["a",@]]',)),
    ),
    "wire.rows.streams": (
        *(('"$%"', (f"%:{letter}", "%:@", "%:[@]", "%:C")) for letter in "RXx"),
        ('"$%"', ("%:r", ("%:b", "bytes"), ("%:o", "more"), "%:C")),
        ('"$%"', ("%:R", '%:E{"digest":"d"}')),
    ),
    "wire.rows.streams.close": (('"$%"', ("%:x", "%:1", "%:C@")), ('"$%"', ("%:X", "%:C", "%:1"))),
    "wire.rows.streams.chunks": (
        ('"$%"', ("%:R", '%:I["c",[],"f0"]', "%:C")),
        ('"$%"', ("%:X", ("%:T", "text"), "%:C")),
        ('"$%"', ("%:R", "%:R", "%:C")),
    ),
    "wire.elements": (
        ('["$","p",null,{"children":@}]', ()),
        ('["$","p","k",{"a":@}]', ()),
        ('["$","$L%","k",{}]', ('%:I["c",[],"f0"]',)),
    ),
    "wire.rows.hints": (("@", (':HL["a.css","style"]',)), ("@", ('%:H{"a":1}',))),
    "wire.rows.development": (
        ("@", ('%:D{"name":"Page"}',)),
        ('"$%"', ('%:D{"name":"x"}', "%:@")),
        ("@", (":N1.5",)),
        ("@", (":W[]",)),
    ),
    "wire.rows.letters": (("@", ("%:Z1",)), ("@", ("%:Y1",))),
    "wire.members.then": (('{"then":"$h%","a":@}', ('%:{"id":"m#f0","bound":null}',)),),
    "wire.rows.unnumbered": (("@", (":[1]",)), ("@", (":E{}",))),
}
ARGUMENTS: Mapping[str, tuple[Template, ...]] = {
    "wire.tags.symbol.argument": (('"$Ykey"', ()),),
    "wire.tags.map": (
        ('"$Q%"', (("~", '[["a",@],[@,1]]'),)),
        ('"$Q%"', (("~", '[["a"],[1,2,3]]'),)),
    ),
    "wire.tags.set": (('"$W%"', (("~", "[@,1]"),)), ('"$W%"', (("~", '{"a":1}'),))),
    "wire.tags.iterator": (('"$i%"', (("~", "[@,@]"),)),),
    "wire.tags.promise": (('"$@%"', (("~", "@"),)), ('["$@%","$@%"]', (("~", "[@]"),))),
    "wire.tags.promise.cycle": (('"$@%"', (("~", '"$@%"'),)),),
    "wire.references": (
        ('["$%","$%"]', (("~", "@"),)),
        ('"$%:a:0"', (("~", '{"a":[@]}'),)),
        ('"$%:a:x"', (("~", '{"a":[@]}'),)),
    ),
    "wire.references.own": (('"$%:toString"', (("~", "{}"),)), ('"$%:length"', (("~", "[1]"),))),
    "wire.references.path": (
        ('["$Q%","$%:0:1"]', (("~", "[[1,{}]]"),)),
        ('["$W%","$%:0"]', (("~", "[{}]"),)),
    ),
    "wire.references.cycle": (('"$%"', (("~", '"$%"'),)), ('"$%"', (("~", '["$%"]'),))),
    "wire.references.once": (
        ('["$Q%","$W%"]', (("~", "[[1,2]]"),)),
        ('["$%","$Q%"]', (("~", "[[1,2]]"),)),
    ),
    "wire.tags.server-reference": (
        ('"$h%"', (("~", '{"id":"m#f0","bound":null}'),)),
        ('"$h%"', (("~", '{"id":5,"bound":null}'),)),
    ),
    "wire.tags.server-reference.bound": (
        ('"$h%"', ((";", "[@,1]"), ("~", '{"id":"m#f0","bound":"$@^"}'))),
        ('"$h%"', (("~", '{"id":"m#f0","bound":"$@^"}'), (";", "[@,1]"))),
        ('"$h%"', ((";", '{"a":1}'), ("~", '{"id":"m#f0","bound":"$@^"}'))),
    ),
    "wire.tags.binary": (
        *(
            (f'"${letter}%"', (("~", "blob", "application/octet-stream", "eight by"),))
            for letter in "AOoUSsLlGgMmV"
        ),
        ('"$S%"', (("~", "blob", "application/octet-stream", "odd"),)),
        ('"$o%"', (("~", "[1]"),)),
    ),
    "wire.parts.binary": (('"$%"', (("~", "blob", "application/json", "[1]"),)),),
    "wire.tags.blob": (
        ('"$B%"', (("~", "a.txt", "text/plain", "x"),)),
        ('"$B%"', (("~", 'q"uote', "", ""),)),
    ),
    "wire.tags.formdata": (
        ('"$K%"', (("_~_a", "x"), ("_~_a", "y"), ("_~_", "$1"))),
        ('"$K%"', (("_~_f", "a.txt", "text/plain", "x"),)),
        ('"$K%"', ()),
    ),
    "wire.tags.formdata.entries": (('"$K%"', (("_~_a", "x"), ("_~_b", "1"), ("_~_a", "y"))),),
    "wire.tags.stream": (
        *((f'"${letter}%"', (("S~", "@"), ("S~", "[@]"), ("S~", "C"))) for letter in "RXx"),
        ('"$R%"', (("S~", "C"),)),
    ),
    "wire.tags.stream.bytes": (
        ('"$r%"', (("S~", '"$o1"'), ("S~", "C"))),
        ('"$r%"', (("S~", "1"), ("S~", "C"))),
    ),
    "wire.tags.stream.close": (
        ('"$x%"', (("S~", "1"), ("S~", "C@"))),
        ('"$R%"', (("S~", "C"), ("S~", "1"))),
    ),
    "wire.members.then": (
        ('{"then":"$h%","a":@}', (("~", '{"id":"m#f0","bound":null}'),)),
        ('[{"then":"$%"},"$h%"]', (("~", '{"id":"m#f0","bound":null}'),)),
    ),
    "wire.tags.formdata.order": (('["$K%",@]', ()), ("[@,@]", (("_~_a", "x"),))),
    "wire.parts.unused": (("@", (("~", "{bad"),)), ("@", (("~", "@"),))),
    "wire.parts.names": (
        ("@", (("x", "1"),)),
        ("@", (("0~", "1"),)),
        ("@", (("~a", "1"),)),
        ("@", (("", "1"),)),
    ),
}
TEMPLATES = {"result": RESULT, "arguments": ARGUMENTS}
_words = st.sampled_from([(clause, text) for clause, texts in WORDS.items() for text in texts])
_holders = st.sampled_from([(clause, text) for clause, texts in HOLDERS.items() for text in texts])
_templates = {
    direction: st.sampled_from(
        [(clause, each) for clause, all_of_it in table.items() for each in all_of_it]
    )
    for direction, table in TEMPLATES.items()
}
#: Limits that a short message can be at, or over.
LIMITS = st.one_of(
    st.dictionaries(
        st.sampled_from(["parts", "slots", "depth", "path", "string", "bigint", "bound"]),
        st.integers(0, 4),
        min_size=1,
        max_size=2,
    ),
    st.integers(20, 500).map(lambda most: {"body": most}),
    st.integers(30, 90).map(lambda most: {"header": most}),
)
_CHOICES = st.integers(0, 5)
#: How many parts come after the root.
_LATE = st.sampled_from([0, 0, 0, 1, 2, 9])


def numbered(text: str, number: int) -> str:
    """A template with its own number and the next one in their places."""
    own = {"%": f"{number:x}", "~": str(number), "^": f"{number + 1:x}", ";": str(number + 1)}
    return "".join(own.get(character, character) for character in text)


class Writing:
    """One message while it is written."""

    def __init__(self, draw: st.DrawFn, direction: str, first: int) -> None:
        self.draw = draw
        self.direction = direction
        self.number = first
        self.units: list[Unit] = []
        self.clauses: set[str] = set()

    def text(self, depth: int) -> str:
        """A JSON text; what it refers to becomes rows or parts."""
        choice = self.draw(_CHOICES)
        if depth == 0 or choice == 0:
            clause, text = self.draw(_words)
        elif choice == 1:
            clause, text = self.draw(_holders)
        else:
            clause, (text, pieces) = self.draw(_templates[self.direction])
            number, self.number = self.number, self.number + 2
            text = numbered(text, number)
            for piece in pieces:
                self.units.append(self.unit(piece, number, depth))
        self.clauses.add(clause)
        return self.filled(text, depth)

    def filled(self, text: str, depth: int) -> str:
        """A text with something in each of its holes."""
        while "@" in text.replace("$@", ""):
            at = next(at for at, it in enumerate(text) if it == "@" and text[at - 1 : at] != "$")
            text = text[:at] + self.text(depth - 1).replace("$@", "$\0") + text[at + 1 :]
        return text.replace("$\0", "$@")

    def unit(self, piece: Piece, number: int, depth: int) -> Unit:
        """A row or a part of a template."""
        own = [piece] if isinstance(piece, str) else [*piece]
        own = [numbered(it, number) for it in own]
        if isinstance(piece, str):
            return line(self.filled(own[0], depth).encode())
        if self.direction == "result":
            return measured_row(own[0], own[1].encode())
        if len(own) == 2:
            return text_part(own[0], self.filled(own[1], depth).encode())
        return file_part(own[0], own[1], own[2], own[3].encode())


@st.composite
def written(draw: st.DrawFn, direction: str, found: set[str]) -> Message:
    """A message that says something."""
    writing = Writing(draw, direction, draw(st.sampled_from([1, 1, 9, 15])))
    texts = [writing.text(3) for _ in range(draw(st.integers(1, 3)))]
    found |= writing.clauses
    texts += ['"$undefined"'] * (draw(_CHOICES) == 0)
    root = f"[{','.join(texts)}]"
    if draw(st.integers(0, 15)) == 0:
        root = draw(st.sampled_from([texts[0], f'{{"0":{texts[0]},"length":1}}', '"$1"']))
        found.add("wire.arguments.root")
    units = [*writing.units]
    if draw(_CHOICES) == 0:
        units = draw(st.permutations(units))
        found.add("wire.references.forward")
    if direction == "result":
        row = line(b"0:" + root.encode())
        return Message((row, *units) if draw(st.booleans()) else (*units, row))
    # What comes after the root was not there yet when the root referred to it.
    late = min(draw(_LATE), len(units))
    units.insert(len(units) - late, text_part("0", root.encode()))
    found |= {"wire.tags.formdata.order", "wire.tags.stream.chunks"} if late else set()
    return multipart(tuple(units))


@st.composite
def said(draw: st.DrawFn, direction: str) -> Example:
    """A message written by hand, and perhaps one thing done to it."""
    found = {"wire.multipart" if direction == "arguments" else "wire.rows"}
    message = draw(written(direction, found))
    way = draw(st.sampled_from(["as it is", "mutated", "spelled", "limited", "split"]))
    if way in {"mutated", "spelled"}:
        mutation = draw(MUTATIONS if way == "mutated" else SPELLINGS)
        message = mutation.apply(message)
        found |= mutation.features
    size = len(message.written())
    cuts = draw(CUTS) if way == "split" else []
    point = decoding(direction, message, tuple(sorted({size * cut // 1000 for cut in cuts} - {0})))
    if way == "limited":
        limits = draw(LIMITS)
        point = replace(point, surroundings={**point.surroundings, "limits": limits})
        found |= {*map(limited, limits)}
    return Example(frozenset(found), asking(point))


def encoded(direction: str, value: Any, mode: str) -> Example:
    """A value that is written in production or in development, and read again."""
    point = encoding(direction, value)
    if mode == "development":
        point = replace(point, surroundings={**point.surroundings, "mode": mode})

    def points(message: Message | None) -> tuple[Observation, ...]:
        return (point,) if message is None else (point, decoding(direction, message))

    return Example(features(value) | {"wire.rows.root"}, points, written=point)


@st.composite
def wire(draw: st.DrawFn) -> Example:
    """A message written by hand, or a value of the whole contract and beside it."""
    direction = draw(st.sampled_from(DIRECTIONS))
    if draw(st.integers(0, 2)):
        return draw(said(direction))
    mode = draw(st.sampled_from(["production", "development"]))
    return encoded(direction, draw(wide_graphs(direction)), mode)
