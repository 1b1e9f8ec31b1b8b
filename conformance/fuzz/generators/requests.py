"""Raw requests to a running project: valid ones, and some in which one or two things are otherwise.

Rules of this module:

* What is otherwise is mechanical: another method, header, id, body or capture, each drawn from what
  SPEC.md says of it and its neighbours. No id is ever known here.
* A request that is refused may come many times, and valid ones come after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from conformance import notation
from conformance.fuzz.example import CANARY, Example, asking
from conformance.notation import UNDEFINED, special
from conformance.observations import Dispatch
from conformance.observations.answers import Expectation
from conformance.observations.dispatch import Step
from conformance.observations.family import INHERITED_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

Fields = dict[str, Any]

#: What its functions throw.
SECRET = f"{CANARY}-thrown"
FILES = {
    "log.js": "export const ran = []\n",
    "helper.js": "import { ran } from './log.js'\nran.push('helper.js was evaluated')\n",
    "actions.js": f"""'use server'
import {{ ran }} from './log.js'
let count = 0
export async function echo(...args) {{ ran.push(['echo', args.length]); return [++count, args] }}
export async function write(target) {{
  if (target !== null && typeof target === 'object') target.written = [...target.written ?? [], 1]
  ran.push(['write', target])
  return target
}}
export async function fail(...args) {{ ran.push(['fail']); throw new TypeError('{SECRET}') }}
export async function later() {{ ran.push(['later']); return {{ late: Promise.reject(new Error('{SECRET}')) }} }}
export async function refuse() {{ ran.push(['refuse']); return [() => 1] }}
""",
    "page.js": """import { ran } from './log.js'
import { echo } from './actions.js'
const make = (secret, list) => async (...args) => {
  'use server'
  ran.push(['inline', secret, list, args])
  list.push(1)
  return [secret, args]
}
const take = secret => async (...args) => { 'use server'; ran.push(['other', secret, args]); return secret }
export const page = () => ({
  first: make('first secret', [1]), second: make('second secret', [2]), other: take('other secret'),
  echo, bound: echo.bind(null, 'bound'), both: make('both secret', []).bind(null, { a: 1 }),
})
""",
}
FUNCTIONS = {
    "echo": "call.runs",
    "write": "security.data.isolation",
    "fail": "call.error.redacted",
    "later": "security.error.slots",
    "refuse": "call.result.unsupported",
}
REFERENCES = {
    "first": "security.captures.tamper",
    "second": "security.captures.tamper",
    "other": "security.captures.function",
    "echo": "call.runs",
    "bound": "reference.bind",
    "both": "security.captures.place",
}
#: Those that carry sealed captures.
CAPTURED = [f"$.{name}" for name in ("first", "second", "other", "both")]
_functions = st.sampled_from([*FUNCTIONS]).map(lambda name: {"function": f"actions.js#{name}"})
_references = st.sampled_from([*REFERENCES]).map(lambda name: {"reference": f"$.{name}"})

#: Few values, so that requests are alike; names that objects inherit among them.
_inherited = st.sampled_from(
    ["constructor", "prototype", "toString", "hasOwnProperty", "a", *INHERITED_NAMES]
).filter(lambda name: name not in {"__proto__", "then"})
_leaves: st.SearchStrategy[Any] = st.sampled_from(
    [
        1,
        "a",
        None,
        True,
        UNDEFINED,
        special("date", value="2020-01-01T00:00:00.000Z"),
        special("bigint", value="5"),
    ]
)
_inner = st.dictionaries(_inherited, _leaves, max_size=2)
_nested = st.dictionaries(
    _inherited,
    st.one_of(_leaves, _inner, st.dictionaries(_inherited, _inner, max_size=2)),
    max_size=3,
)
_arguments = st.lists(st.one_of(_leaves, _nested, st.lists(_leaves, max_size=3)), max_size=3).map(
    notation.encode
)

OWN = "https://app.example"
ORIGINS: list[Any] = [
    "https://elsewhere.example",
    "null",
    None,
    "",
    "http://app.example",
    f"{OWN}:443",
    f"{OWN}/",
]
ORIGINS += [
    f"{OWN}.elsewhere.example",
    "https://sub.app.example",
    f"{{own}}, {OWN}",
    f"{OWN}, https://allowed.example",
]
ORIGINS += [
    "https://allowed.example",
    "https://sub.allowed.example",
    "HTTPS://APP.EXAMPLE",
    [OWN, OWN],
]
TYPES = [
    "text/plain",
    "application/json",
    "text/html",
    "{own};charset=utf-16",
    "{own}; charset=UTF-8",
    "",
    None,
]
TYPES += [
    "text/plain;charset=iso-8859-1",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
]
#: Where another origin is allowed, and those that are only like it.
ALLOWED = "https://allowed.example"
LIKE_ALLOWED = [
    ALLOWED,
    "https://sub.allowed.example",
    "http://allowed.example",
    f"{ALLOWED}:444",
    f"{ALLOWED}.elsewhere.example",
    "https://notallowed.example",
    f"{ALLOWED}/",
    ALLOWED.upper(),
]
_origins = st.sampled_from(ORIGINS)
_like_allowed = st.sampled_from(LIKE_ALLOWED).map(lambda origin: {"origin": origin})
_hosts = st.fixed_dictionaries(
    {"origin": st.just("https://elsewhere.example")},
    optional={
        name: st.just("elsewhere.example") for name in ("host", "x-forwarded-host", "forwarded")
    },
)
_headers = st.one_of(
    _origins.map(lambda origin: {"origin": origin}),
    _hosts,
    st.sampled_from(TYPES).map(lambda kind: {"content-type": kind}),
    st.sampled_from(["referer", "sec-fetch-site", "x-unknown"]).map(
        lambda name: {name: "cross-site"}
    ),
)
IDS = [
    "",
    "{id}x",
    "x{id}",
    " {id}",
    "{id}{id}",
    "actions.js#echo",
    "actions.js",
    "./actions.js#echo",
    "#echo",
]
IDS += ["helper.js", "./helper.js", "helper.js#default", "page.js", "log.js#ran", "0", "null", "*"]
_ids = st.one_of(st.sampled_from(IDS), st.sampled_from(INHERITED_NAMES))
BODIES = [
    "",
    "[",
    "{}",
    "null",
    "[1",
    "[1]x",
    '"a"',
    "[NaN]",
    '["$Z"]',
    '["$1"]',
    '["$F1"]',
    "[[]]",
    '[{"a":1,"a":2}]',
]
_captures = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "of": st.sampled_from(CAPTURED),
            "change": st.integers(0, 400),
            "drop": st.integers(1, 40),
            "append": st.sampled_from(["A", "=", "."]),
        },
    ),
    st.fixed_dictionaries({"replace": st.sampled_from([None, "", "first secret", "AAAA" * 20])}),
)
#: What can be otherwise in a request, and the clause that says what comes of it.
OTHERWISE: Mapping[str, tuple[str, st.SearchStrategy[Any]]] = {
    "method": (
        "dispatch.method",
        st.sampled_from(["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "post", ""]),
    ),
    "headers": ("dispatch.origin", _headers),
    "id": ("security.id.exact", _ids),
    "body": ("dispatch.body", st.sampled_from(BODIES)),
    "fill": ("dispatch.body-limit", st.sampled_from([10, 61_000, 65_000, 1_048_570, 1_048_577])),
    "drop": ("wire.truncated", st.integers(1, 30)),
    "captures": ("security.captures.tamper", _captures),
}
_otherwise = st.lists(
    st.sampled_from([*OTHERWISE, "headers", "headers", "id", "captures"]), max_size=2, unique=True
)
#: How often one request comes: seldom so often that whoever counts refusals has to notice.
TIMES = [1] * 24 + [2, 60]


def asked(request: Fields, mode: str) -> Step:
    """A request of which nothing is expected yet but that production tells nothing."""
    hidden = (SECRET,) if mode == "production" else ()
    return Step((request,), ("",), Expectation(None, None, (), {}, {}, hidden, alike=False))


@st.composite
def sent(draw: st.DrawFn, before: int, found: set[str], *, allows: bool) -> Fields:
    """A request; `before`: how many there were, one of which may come again."""
    if before and draw(st.integers(0, 7)) == 7:
        found.add("call.replay")
        return {"again": draw(st.integers(1, before))}
    request: Fields = draw(st.one_of(_functions, _references))
    (named,) = request.values()
    name = named.rpartition("#")[2].removeprefix("$.")
    found.add((FUNCTIONS if "function" in request else REFERENCES)[name])
    if arguments := draw(_arguments):
        request["args"] = arguments
    for field in draw(_otherwise):
        clause, strategy = OTHERWISE[field]
        if field != "captures" or named in CAPTURED:
            request[field] = draw(strategy)
            found.add(clause)
    if allows and "headers" not in request and draw(st.booleans()):
        request["headers"] = draw(_like_allowed)
    return request


@st.composite
def requests(draw: st.DrawFn) -> Example:
    """Requests to one project, in production or in development."""
    mode = draw(st.sampled_from(["production", "production", "development"]))
    found = {"security.development" if mode == "development" else "dispatch.before-effect"}
    steps: list[Step] = []
    allows = draw(st.integers(0, 2)) == 0
    for _ in range(draw(st.integers(2, 6))):
        request = draw(sent(len(steps), found, allows=allows))
        times = 1 if "fill" in request else draw(st.sampled_from(TIMES))
        steps += [asked(request, mode)] * times
    program: Fields = {"entry": "page.js#page", "watch": "log.js#ran", "mode": mode}
    if allows:
        program["allow"] = [ALLOWED]
        found.add("dispatch.origin.allowed")
    return Example(frozenset(found), asking(Dispatch(program, tuple(steps))), FILES)
