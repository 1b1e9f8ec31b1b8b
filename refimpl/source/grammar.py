"""The parse table: Lark turns `spec/*.lark` into LALR(1) rows once, a cache file keeps them.

Rules of this module:

* Everything about the language comes from the grammar files: productions, terminals, which
  dialect has them, and the `@` comments that ecmascript.lark explains. Here is only how to read.
* What is kept is plain JSON (data, never code), named by the digest of its inputs, written
  atomically. A cache that cannot be read or written costs time, never correctness.
* Lark is imported only when the table has to be built.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from collections import defaultdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import spec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lark import Lark
    from lark.grammar import Rule

#: In the order in which one continues the other; the first names what each switches on.
FILES = {"ecmascript": "ecmascript.lark", "jsx": "jsx.lark", "typescript": "typescript.lark"}


class Production(NamedTuple):
    """One alternative of a rule, as the driver needs it."""

    origin: str
    size: int  #: symbols on the right-hand side
    kept: int  #: how many of them left a value
    builder: str  #: which function of `source.build` makes the node
    holes: list[int]  #: where the values of absent optional parts (None) go


class Terminal(NamedTuple):
    """One terminal, as the lexer needs it."""

    pattern: str
    lexemes: list[str]  #: the texts it stands for, when they can be listed
    whole: bool  #: written "thus": the whole lexeme or nothing
    rank: int  #: preference among terminals that could be the same characters; lowest first
    kept: bool  #: leaves a value
    layer: str  #: the file that switches it on


class Grammar(NamedTuple):
    """The table and what the comments of the grammar say, all in JSON's types."""

    terminals: dict[str, Terminal]
    productions: list[Production]
    rows: list[dict[str, int]]  #: per state: a next state, or -1 - the production to reduce
    gotos: list[dict[str, int]]
    starts: dict[str, int]
    ends: dict[str, int]
    ignored: list[str]
    candidates: dict[str, list[tuple[str, bool]]]  #: per lexeme or kind of lexeme, best first
    notes: dict[str, list[str]]  #: the `@` comments
    first: dict[str, list[str]]  #: FIRST of the non-terminals that messages name


#: Builders that the driver knows without asking `source.build`.
SAME, NOTHING, ERASED, NEW_LIST, APPEND = "itself", "nothing", "(erased)", "(list)", "(append)"


@cache
def load() -> Grammar:
    """The grammar, from the cache if it holds one for exactly these inputs."""
    texts = [spec.read(name) for name in ("directive.lark", *FILES.values())]
    stamp = [version("lark"), Path(__file__).read_text(encoding="utf-8"), *texts]
    digest = hashlib.sha256("\0".join(stamp).encode()).hexdigest()[:32]
    path = cache_folder() / f"grammar-{digest}.json"
    grammar = _read(path)
    if grammar is None:
        grammar = build()
        _write(path, grammar)
    return grammar


def cache_folder() -> Path:
    """Where this user keeps caches, by the custom of the platform."""
    if chosen := os.environ.get("USE_SERVER_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "use-server-conformance"


def _read(path: Path) -> Grammar | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        rows = [_pairs(data["shared"][index]) for index in data.pop("rows")]
        gotos = [_pairs(data["shared"][index]) for index in data.pop("gotos")]
        data["terminals"] = {name: Terminal(*of) for name, of in data["terminals"].items()}
        data["productions"] = [Production(*of) for of in data["productions"]]
        del data["shared"]
        return Grammar(rows=rows, gotos=gotos, **data)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _pairs(flat: list[Any]) -> dict[str, int]:
    return dict(zip(map(sys.intern, flat[::2]), flat[1::2], strict=True))


def _write(path: Path, grammar: Grammar) -> None:
    """Write beside the final name and rename: a reader sees a whole file or none."""
    data: dict[str, Any] = grammar._asdict()
    shared: dict[tuple[Any, ...], int] = {}
    for name in ("rows", "gotos"):
        flat = [tuple(cell for pair in row.items() for cell in pair) for row in data[name]]
        data[name] = [shared.setdefault(row, len(shared)) for row in flat]
    data["shared"] = list(shared)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, delete=False, suffix=".part"
        ) as file:
            json.dump(data, file, separators=(",", ":"))
        Path(file.name).replace(path)
    except OSError:
        return


# --- building ------------------------------------------------------------------------------------


def build() -> Grammar:
    """Build the table with Lark."""
    texts = {layer: spec.read(name) for layer, name in FILES.items()}
    notes = _notes("".join(texts.values()))
    starts = notes["start"][0].split()
    lark = _lark(
        "".join(texts.values()), [*starts, *(note.split(": ")[1] for note in notes["predicate"])]
    )
    table = lark.parser.parser._parse_table  # noqa: SLF001 -- lark is pinned for this
    kept = _kept_terminals(lark.rules)
    terminals = _terminals(lark, texts, kept)
    spelling = {f'"{t.lexemes[0]}"': name for name, t in terminals.items() if len(t.lexemes) == 1}
    productions = _productions(lark.rules, kept)
    number = {rule: index for index, rule in enumerate(lark.rules)}
    rows: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in range(len(table.states)):
        row, goto = {}, {}
        for symbol, (action, value) in table.states[state].items():
            if symbol in terminals or symbol == "$END":
                row[str(symbol)] = value if action.name == "Shift" else -1 - number[value]
            else:
                goto[str(symbol)] = value
        rows.append(row)
        gotos.append(goto)
    for kind in ("same-line", "restricted", "continues", "pair"):
        notes[kind] = [spelling.get(word, word) for word in " ".join(notes[kind]).split()]
    notes["predicate"] = [
        " ".join(spelling.get(word, word) for word in re.split(r":? (?:or )?", note))
        for note in notes["predicate"]
    ]
    first = _first(lark.rules, [note.split(": ")[0] for note in notes["words"]])
    ignored = [terminals[name].pattern for name in lark.ignore_tokens]
    return Grammar(
        terminals,
        productions,
        rows,
        gotos,
        table.start_states,
        table.end_states,
        ignored,
        _candidates(terminals, notes, set(lark.ignore_tokens)),
        notes,
        first,
    )


def _lark(text: str, starts: list[str]) -> Lark:
    from lark import Lark  # noqa: PLC0415 -- a tenth of a second, wanted only here
    from lark.lexer import Lexer  # noqa: PLC0415 -- likewise

    class NoLexer(Lexer):
        """The tokens are made by `source.lexer`."""

        __future_interface__ = 2

        def __init__(self, _: object) -> None:
            pass

        def lex(self, *_: object) -> Any:
            raise NotImplementedError

    return Lark(
        text,
        parser="lalr",
        lexer=NoLexer,
        start=starts,
        maybe_placeholders=True,
        regex=True,
        source_path=str(spec.path(FILES["ecmascript"])),
    )


def _notes(text: str) -> dict[str, list[str]]:
    """The comments with @, by their first word."""
    notes = defaultdict(list)
    for name, rest in re.findall(r"^// @([\w-]+) +(.*)$", text, re.MULTILINE):
        notes[name].append(re.sub(r" {2,}.*", "", rest).strip())
    return notes


def _kept_terminals(rules: Iterable[Rule]) -> set[str]:
    """Terminals that leave a value; one that is used both ways would corrupt the value stack."""
    uses = {
        (symbol.name, bool(symbol.filter_out))  # type: ignore[attr-defined]  # terminals have it
        for rule in rules
        for symbol in rule.expansion
        if symbol.is_term and not symbol.name.startswith("_")
    }
    kept = {name for name, filtered in uses if not filtered}
    both = kept & {name for name, filtered in uses if filtered}
    if both:
        raise ValueError(f"terminals used both by name and as a literal: {sorted(both)}")
    return kept


def _terminals(lark: Lark, texts: dict[str, str], kept: set[str]) -> dict[str, Terminal]:
    layers = {
        name: layer
        for layer, text in texts.items()
        for name in re.findall(r"^(\w+)(?:\.\d+)?:", text, re.MULTILINE)
    }
    order = list(layers)
    patterns = {str(terminal.name): terminal.pattern for terminal in lark.terminals}
    priority = {str(terminal.name): terminal.priority for terminal in lark.terminals}
    position = {name: order.index(name) if name in layers else len(order) for name in patterns}
    ranked = sorted(patterns, key=lambda name: (-priority[name], position[name]))
    found = {}
    for rank, name in enumerate(ranked):
        pattern = patterns[name]
        plain = pattern.type == "str"
        lexemes = [pattern.value] if plain else _literals(pattern.value)
        whole = plain or (bool(lexemes) and pattern.value.startswith("(?:"))
        regexp = re.escape(pattern.value) if plain else pattern.value
        layer = layers.get(name, "ecmascript")
        found[name] = Terminal(regexp, lexemes, whole, rank, name in kept, layer)
    return found


def _literals(pattern: str) -> list[str]:
    """The texts of a pattern that is an alternation of plain texts, else none."""
    inside = pattern[3:-1] if pattern.startswith("(?:") and pattern.endswith(")") else pattern
    parts = re.split(r"(?<!\\)\|", inside)
    plain = [re.sub(r"\\(\W)", r"\1", part) for part in parts]
    exact = all(re.fullmatch(r"\w+|(?:\\?[^\w\s\\()\[\]?]|\\[()\[\]?])+", part) for part in parts)
    return plain if exact else []


def _productions(rules: list[Rule], kept: set[str]) -> list[Production]:
    alternatives = defaultdict(list)
    for rule in rules:
        alternatives[rule.origin.name].append(rule)
    lists = {name for name, of in alternatives.items() if _is_list(of, kept)}
    return [_production(rule, lists, kept) for rule in rules]


def _leaves_value(symbol: Any, kept: set[str]) -> bool:
    return symbol.name in kept if symbol.is_term else not symbol.name.startswith("_")


def _is_list(rules: list[Rule], kept: set[str]) -> bool:
    """`items: item | items separator item`."""
    if any(rule.alias or rule.options.expand1 for rule in rules):
        return False
    values = [sum(_leaves_value(symbol, kept) for symbol in rule.expansion) for rule in rules]
    repeats = [bool(rule.expansion) and rule.expansion[0] == rule.origin for rule in rules]
    shapes = set(zip(repeats, values, strict=True))
    return shapes == {(True, 2), (False, 1)}


def _production(rule: Rule, lists: set[str], kept: set[str]) -> Production:
    name = rule.origin.name
    values = sum(_leaves_value(symbol, kept) for symbol in rule.expansion)
    holes = _holes(rule, kept)
    if name.startswith("_"):
        builder = ERASED
    elif rule.alias:
        builder = rule.alias
    elif name in lists:
        builder = APPEND if rule.expansion[0] == rule.origin else NEW_LIST
    elif rule.options.expand1 and values + len(holes) == 1:
        builder = NOTHING if holes else SAME
    else:
        builder = name
    return Production(str(name), len(rule.expansion), values, str(builder), holes)


def _holes(rule: Rule, kept: set[str]) -> list[int]:
    """The positions, among the values of the whole alternative, of those that are absent."""
    holes = []
    position = 0
    symbols = iter(rule.expansion)
    for absent in rule.options.empty_indices or [False] * len(rule.expansion):
        if absent:
            holes.append(position)
        position += absent or _leaves_value(next(symbols), kept)
    return holes


def _first(rules: list[Rule], names: list[str]) -> dict[str, list[str]]:
    """FIRST of each named non-terminal; no production of this grammar is empty but the starts."""
    first: dict[str, set[str]] = defaultdict(set)
    changed = True
    while changed:
        changed = False
        for rule in rules:
            if rule.expansion:
                head = rule.expansion[0]
                new = {head.name} if head.is_term else first[head.name]
                changed |= not new <= first[rule.origin.name]
                first[rule.origin.name] |= new
    return {name: sorted(first[name]) for name in names if name in first}


#: Kinds of lexeme that cannot be listed, each with the terminals it is by itself and a sample
#: beginning that no word or punctuator of the language has.
KINDS = {
    "IDENTIFIER": "\N{GREEK CAPITAL LETTER OMEGA}",
    "STRING": '"',
    "NUMBER": "0",
    "TEMPLATE_FULL": "`",
    "TEMPLATE_HEAD": "`",
    "PRIVATE_NAME": "#",
}


def _candidates(
    terminals: dict[str, Terminal], notes: dict[str, list[str]], ignored: set[str]
) -> dict[str, list[tuple[str, bool]]]:
    """Which terminals a lexeme can be or begin, and whether that must be matched at the place."""
    excluded = dict(note.split() for note in notes["but-not"])
    unusual = {*notes["before-space"], *notes["asi-at-break"], *notes["asi-anywhere"], "_HASHBANG"}
    unusual |= ignored
    ranked = sorted(terminals.items(), key=lambda item: item[1].rank)
    usual = [(name, of) for name, of in ranked if name not in unusual]
    fixed = {lexeme for _, terminal in usual for lexeme in terminal.lexemes}
    fixed |= {word for _, terminal in usual if (word := _leading_word(terminal.pattern))}
    found = {}
    for key, text in {**{lexeme: lexeme for lexeme in fixed}, **KINDS}.items():
        roles = [(name, _role(name, of, key, text)) for name, of in usual]
        names = {name for name, role in roles if role is not None}
        found[key] = [
            (name, role)
            for name, role in roles
            if role is not None and excluded.get(name) not in names
        ]
    return found


def _leading_word(pattern: str) -> str | None:
    match = re.match(r"(?:\(\?:)?([a-z]{2,})(?=\(|$)", pattern)
    return match[1] if match else None


def _role(name: str, terminal: Terminal, key: str, text: str) -> bool | None:
    """None: never this terminal. False: always. True: it depends on what follows."""
    import regex  # noqa: PLC0415 -- wanted only while building

    if key in KINDS and name in KINDS:
        return False if name == key else None
    if terminal.lexemes:
        if text in terminal.lexemes:
            return False
        splits = not terminal.whole and not text[0].isalpha()
        return True if splits and text.startswith(terminal.lexemes[0]) else None
    if word := _leading_word(terminal.pattern):
        return True if word == key else None
    begins = regex.fullmatch(terminal.pattern, text, partial=True)
    if not begins and (text[0].isalpha() or not regex.match(terminal.pattern, text)):
        return None
    return not (name == "IDENTIFIER" and text.isalpha())
