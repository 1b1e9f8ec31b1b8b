"""Pages with forms, as users leave them, and their submissions: as browsers send them, and otherwise.

Rules of this module:

* A submission is pressed, with JavaScript or without, or it is a request without JavaScript in which
  one or two mechanical things are otherwise. What is forged is spelled of the reserved names and of
  the parts of a reference, each with what other fields hold.
* Names and texts are drawn from few, so that equal ones meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance import notation
from conformance.fuzz.example import CANARY, Example, asking
from conformance.fuzz.generators.values import files
from conformance.notation import UNDEFINED, special
from conformance.observations import Forms
from conformance.observations.answers import Expectation
from conformance.observations.forms import ENCODINGS, Submission

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Fields = dict[str, Any]

#: How many values are bound to a function, and what it does.
#: What its functions throw.
SECRET = f"{CANARY}-thrown"
FILES = {
    "log.js": "export const ran = []\n",
    "actions.js": f"""'use server'
import {{ ran }} from './log.js'
const shown = value => value instanceof FormData ? [...value] : value
export async function save(...args) {{ ran.push(['save', ...args.map(shown)]) }}
export async function other(...args) {{ ran.push(['other', ...args.map(shown)]) }}
export async function count(state, form) {{ ran.push([state, shown(form)]); return [state, [...form].length] }}
export async function keep(state) {{ ran.push(['keep']); return state }}
export async function fail(...args) {{ ran.push(['fail', args.length]); throw new TypeError('{SECRET}') }}
""",
    "page.js": """import { ran } from './log.js'
import { save, other, count, keep, fail } from './actions.js'
const captured = 'captured', list = [captured, 2]
const inline = n => async (...args) => {
  'use server'
  ran.push(['inline', n, list, args.length])
  return [n, args.length]
}
export function page() {
  return {
    save, other, count, keep, fail,
    bound: save.bind(null, 'b', 2), twice: count.bind(null, 'x').bind(null, { deep: [new Map([[1, new Date(0)]])] }),
    first: inline(1), second: inline(2), both: inline(3).bind(null, 'b'),
    bytes: save.bind(null, new Uint8Array([1, 2])),
  }
}
""",
}
ACTIONS = {
    "save": "form.action",
    "other": "form.one",
    "count": "form.state.result",
    "keep": "form.state",
    "fail": "form.error",
    "bound": "form.arguments",
    "twice": "form.arguments",
    "first": "form.captures",
    "second": "form.captures",
    "both": "form.captures",
    "bytes": "form.bound.fields",
}
#: Seldom: without JavaScript nothing of it is sent.
_actions = st.sampled_from(
    [*ACTIONS, *ACTIONS, *(name for name in ACTIONS if name != "bytes")]
).map(lambda name: f"$.{name}")

# --- controls -----------------------------------------------------------------------------------

TEXTS = [
    "",
    "Tea",
    "a",
    "on",
    " two  words ",
    "a b",
    "1\n2\n",
    "1\n2",
    "1\r2\r\n3",
    "e\u0301",
    "\U0001f600",
]
TEXTS += ["+&=%2B", '"q"', "%22", "$ACTION_ID_x", "--"]
NAMES = ["a", "b", "a", "b", "c", "", "e\u0301", 'q"uote', "%22", "line\nbreak"]
#: Names that are reserved, or only like those that are.
LIKE_RESERVED = [
    "$ACTION_x",
    "$ACTION_",
    "$ACTION",
    "$ACTIONS",
    "$action_x",
    "x$ACTION_x",
    "_charset_",
]
_texts = st.one_of(
    st.sampled_from(TEXTS), st.sampled_from(["1\n2", "\r", "a\r\nb\n"]), st.text(max_size=4)
)
_names = st.one_of(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(LIKE_RESERVED))
_flags = st.integers(0, 3).map(lambda number: number == 0)
_paths = st.sampled_from(["a.txt", "C:\\dir\\a.txt", "dir/b", 'q"uote.txt', "%22", "näme"])
_chosen: st.SearchStrategy[Any] = st.one_of(
    files,
    st.builds(
        lambda name, data: special("file", name=name, type="x/y", hex=data),
        _paths,
        st.sampled_from(["", "00ff00", "00", "0d0a2d2d", "0a", "0d"]),
    ),
)


def _control(optional: Mapping[str, Any] | None = None, **fields: Any) -> st.SearchStrategy[Fields]:
    """A control with some of the fields that it may have."""
    required = {
        name: it if isinstance(it, st.SearchStrategy) else st.just(it)
        for name, it in fields.items()
    }
    return st.fixed_dictionaries(required, optional={"disabled": _flags, **(optional or {})})


_options = st.lists(
    st.fixed_dictionaries({"value": _texts, "selected": st.booleans(), "disabled": st.booleans()}),
    max_size=4,
)
_value = {"value": _texts}
_directed = {
    **_value,
    "dirname": st.sampled_from(["a.dir", "", "$ACTION_d"]),
    "direction": st.just("rtl"),
}
KINDS: dict[str, st.SearchStrategy[Fields]] = {
    "form.data": _control(_value, name=_names),
    "form.entries.newlines": _control(_value, name=_names, tag="textarea"),
    "form.entries.dirname": _control(
        _directed,
        name=_names,
        type=st.sampled_from(["text", "hidden", "search", "number", "password"]),
    ),
    "form.entries.charset": _control(
        _value,
        name=st.sampled_from(["_charset_", "_CHARSET_"]),
        type=st.sampled_from(["hidden", "text"]),
    ),
    "form.entries.checkable": _control(
        {**_value, "checked": st.booleans()},
        name=_names,
        type=st.sampled_from(["checkbox", "radio"]),
    ),
    "form.entries.file": _control(
        name=_names, type="file", files=st.lists(_chosen, max_size=3).map(notation.encode)
    ),
    "form.entries.select": _control(
        {"multiple": st.booleans()}, name=_names, tag="select", options=_options
    ),
    "form.entries.button": _control(
        {**_value, "name": _names, "type": st.sampled_from(["submit", "reset", "button"])},
        tag="button",
    ),
    "form.entries.image": _control({**_value, "name": _names}, type="image"),
    "form.submitter": _control(
        {**_value, "name": _names},
        tag="button",
        type="submit",
        action=_actions,
    ),
    "form.reserved": _control(_value, name=st.sampled_from(LIKE_RESERVED), type="hidden"),
}
_plain: st.SearchStrategy[tuple[str, Fields]] = st.one_of(
    *(st.tuples(st.just(clause), kind) for clause, kind in KINDS.items())
)
_groups: st.SearchStrategy[tuple[str, Fields]] = st.fixed_dictionaries(
    {
        "tag": st.sampled_from(["fieldset", "fieldset", "datalist"]),
        "controls": st.lists(_plain, min_size=1, max_size=3),
        "legend": st.lists(_plain, max_size=3),
        "disabled": st.booleans(),
    }
).map(lambda group: ("form.entries.disabled", group))
_controls = st.lists(st.one_of(_plain, _plain, _plain, _groups), min_size=3, max_size=8)

#: What can be the state of a form: anything that a result and an argument can be.
STATES: list[Any] = [
    0,
    None,
    "s",
    UNDEFINED,
    {"a": [1, -0.0]},
    special("map", entries=[["k", special("date", value=None)]]),
]
STATES += [special("bigint", value="-7"), special("bytes", kind_="Uint8Array", hex="01")]
_states: st.SearchStrategy[Fields] = st.fixed_dictionaries(
    {"initial": st.sampled_from(STATES).map(notation.encode)},
    optional={"permalink": st.sampled_from(["/there", "/"])},
)
_forms: st.SearchStrategy[Fields] = st.fixed_dictionaries(
    {"action": _actions, "controls": _controls},
    optional={"state": _states, "before": st.lists(_plain, max_size=2)},
)

# --- submissions --------------------------------------------------------------------------------

ID, BOUND = '{"id":"{id}","bound":%s}', ["null", '"$@1"', '"$@2"', "[]", "5"]
#: The fields that can name a function, and what can stand in them.
FORGED_NAMES = [
    "$ACTION_ID_{id}",
    "$ACTION_ID_{id}x",
    "$ACTION_ID_",
    "$ACTION_REF_1",
    "$ACTION_REF_2",
]
FORGED_NAMES += [f"$ACTION_{prefix}:{part}" for prefix in (1, 2) for part in (0, 0, 1, 2)]
FORGED_NAMES += ["$ACTION_KEY", "$action_id_{id}", "a"]
FORGED_TEXTS = [
    *(ID % bound for bound in BOUND),
    "",
    "{id}",
    '["x"]',
    "[]",
    '"x"',
    "{}",
    "k0",
    "pX",
    "{",
]
_forged = st.lists(
    st.tuples(st.sampled_from(FORGED_NAMES), st.sampled_from(FORGED_TEXTS)).map(list),
    min_size=1,
    max_size=4,
)
#: A whole reference under a prefix, before or after what names it.
_references = st.builds(
    lambda prefix, bound, content, order: [
        [f"$ACTION_{name}", text]
        for name, text in (
            (f"REF_{prefix}", ""),
            (f"{prefix}:0", ID % bound),
            *([(f"{prefix}:1", content)] if "$" in bound else []),
        )
    ][::order],
    st.integers(1, 2),
    st.sampled_from(BOUND),
    st.sampled_from(['["x",1]', "[]", '"x"', "{}"]),
    st.sampled_from([1, -1]),
)
_keys = st.lists(
    st.tuples(st.just("$ACTION_KEY"), st.sampled_from(["k0", "k1", "pX", ""])).map(list),
    min_size=1,
    max_size=2,
)
#: The form's function, with nothing that was bound to it.
_plainly = st.just([["a", "1"], ["$ACTION_ID_{id}", ""]])
#: A reference of which one field comes twice.
_doubled = st.builds(
    lambda fields, place: [*fields, fields[place % len(fields)]], _references, st.integers(0, 2)
)
_fields = st.one_of(
    _plainly,
    _doubled,
    _forged,
    _references,
    _keys,
    st.tuples(_references, _forged).map(lambda both: [*both[0], *both[1]]),
)
ORIGINS = [
    "https://elsewhere.example",
    "null",
    None,
    "https://app.example.elsewhere.example",
    "http://app.example",
]
ORIGINS += [
    "https://sub.app.example",
    "{own}, https://elsewhere.example",
    "https://app.example:443",
]
TYPES = ["text/plain", "application/json", "{own}; charset=utf-16", "{own};charset=UTF-8", "", None]
_headers = st.one_of(
    st.sampled_from(ORIGINS).map(lambda origin: {"origin": origin}),
    st.sampled_from(TYPES).map(lambda kind: {"content-type": kind}),
)
BODIES = ["a=1", "a=%", "%ff=1", "a=\u00e9", "a b", "%24ACTION_ID_{id}=&a=1"]
#: What can be otherwise in a request, and the clause that says what comes of it.
OTHERWISE: Mapping[str, tuple[str, st.SearchStrategy[Any]]] = {
    "encoding": ("form.encoding", st.sampled_from(ENCODINGS[1:])),
    "method": ("form.checks", st.sampled_from(["GET", "PUT", "HEAD", "post", ""])),
    "headers": ("form.checks", _headers),
    "fields": ("form.react.reference", _fields),
    "ahead": ("form.react.last", _fields),
    "behind": ("form.react.last", _fields),
    "tamper": ("form.tampered", st.integers(0, 600)),
    "repeat": ("form.limits", st.sampled_from([2, 3, 50])),
    "fill": ("form.checks", st.sampled_from([0, 65_000, 1_048_577])),
    "body": ("form.encoding.malformed", st.sampled_from(BODIES)),
    "drop": ("form.encoding.malformed", st.integers(1, 60)),
}
_otherwise = st.lists(st.sampled_from([*OTHERWISE]), max_size=2, unique=True)

_points: st.SearchStrategy[Any] = st.lists(st.integers(0, 9), min_size=2, max_size=2)

UNSAID = Expectation(None, None, (), {}, {}, (SECRET,), alike=False)


def numbered(
    controls: list[tuple[str, Fields]], ids: Iterator[int], found: set[str]
) -> list[Fields]:
    """The controls themselves, with ids by which buttons are pressed; `found` gets their clauses."""
    made = []
    for clause, control in controls:
        found.add(clause)
        inside: Fields = {
            part: numbered(control[part], ids, found)
            for part in ("controls", "legend")
            if part in control
        }
        is_button = control.get("tag") == "button" or control.get("type") in {"submit", "image"}
        named: Fields = {"id": f"b{next(ids)}"} if is_button else {}
        made.append({**control, **inside, **named})
    return made


def pressable(controls: list[Fields], *, disabled: bool = False) -> Iterator[str]:
    """The ids of the buttons that a user can submit a form by."""
    for control in controls:
        if control.get("tag") == "fieldset":
            yield from pressable(control.get("legend", []), disabled=disabled)
            off = disabled or control.get("disabled", False)
            yield from pressable(control["controls"], disabled=off)
        elif not disabled and not control.get("disabled") and submits(control):
            yield control["id"]


def submits(control: Fields) -> bool:
    """Whether a control is a button that submits."""
    return "id" in control and control.get("type", "submit") in {"submit", "image"}


@st.composite
def forms(draw: st.DrawFn) -> Example:
    """A page and what is submitted on it: with JavaScript, without, or by something else."""
    found: set[str] = {"form.same", "form.entries.order"}
    ids = iter(range(1000))
    page = []
    for form in draw(st.lists(_forms, min_size=1, max_size=3)):
        parts = {part: numbered(form.get(part, []), ids, found) for part in ("before", "controls")}
        page.append({**form, **parts})
        found.add(ACTIONS[form["action"].removeprefix("$.")])
        found |= {"form.state"} if "state" in form else set()
        found |= {"form.submitter.anywhere"} if form.get("before") else set()
    is_raw = draw(st.booleans())
    sent = [draw(submissions(page, found, is_raw=is_raw)) for _ in range(draw(st.integers(2, 4)))]
    program: Fields = {"entry": "page.js#page", "watch": "log.js#ran", "page": page}
    if draw(_flags):
        program["allow"] = ["https://elsewhere.example"]
    point = Forms(program, tuple(sent), (not is_raw and draw(st.booleans()),))
    return Example(frozenset(found), asking(point), FILES)


@st.composite
def submissions(
    draw: st.DrawFn, page: list[Fields], found: set[str], *, is_raw: bool
) -> Submission:
    """One submission: by a button or not, and perhaps otherwise than a browser has it."""
    number = draw(st.integers(0, len(page) - 1))
    request: Fields = {"form": number}
    form = page[number]
    buttons = [*pressable(form["before"]), *pressable(form["controls"])]
    if buttons and not draw(_flags):
        request |= {"by": draw(st.sampled_from(buttons)), "at": draw(_points)}
    if is_raw:
        for name in draw(_otherwise):
            clause, strategy = OTHERWISE[name]
            request[name] = draw(strategy)
            found.add(clause)
        if request.keys().isdisjoint(OTHERWISE) or draw(st.booleans()):
            request["encoding"] = ENCODINGS[1]
            found.add("form.encoding.urlencoded")
    return Submission((request,), ("",), UNSAID, (), None)
