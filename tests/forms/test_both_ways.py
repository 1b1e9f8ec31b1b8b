"""Invariant: a form gives its function the same arguments with JavaScript and without."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.adapters.refimpl import conformance_adapter

FILES = {
    "log.js": "export const ran = []",
    "actions.js": """'use server'
        import { ran } from './log.js'
        const shown = value => value instanceof FormData ? [...value] : value
        export async function save(...args) { ran.push(['save', args.map(shown)]); return args.length }
        export async function remove(...args) { ran.push(['remove', args.map(shown)]) }
        """,
    "page.js": """
        import { save, remove } from './actions.js'
        export const page = captured => ({
          save,
          bound: save.bind(null, 'b', new Map([[1, captured]])),
          sealed: async (...args) => { 'use server'; return save(captured, ...args) },
          remove,
        })
        """,
}

texts = st.text(st.sampled_from('ab$ACTION_:0\n\r"%&=+ é\U0001f600'), max_size=8)
flags = st.fixed_dictionaries({}, optional={"disabled": st.booleans(), "checked": st.booleans()})
named = st.fixed_dictionaries({"name": texts, "value": texts})
files = st.lists(
    st.fixed_dictionaries(
        {
            "$": st.just("file"),
            "name": texts.filter(bool),
            "type": st.just("t/x"),
            "hex": st.binary(max_size=4).map(bytes.hex),
        }
    ),
    max_size=2,
)
inputs = st.builds(
    lambda common, state, kind, chosen: {**common, **state, "type": kind, "files": chosen},
    named,
    flags,
    st.sampled_from(["text", "hidden", "checkbox", "radio", "file"]),
    files,
)
selects = st.builds(
    lambda name, options, many: {
        "tag": "select",
        "name": name,
        "multiple": many,
        "options": [{"value": value, "selected": on} for value, on in options],
    },
    texts,
    st.lists(st.tuples(texts, st.booleans()), max_size=3),
    st.booleans(),
)
buttons = st.builds(
    lambda common, action: {
        **common,
        "tag": "button",
        "id": "go",
        **({"action": action} if action else {}),
    },
    named,
    st.sampled_from([None, "$.remove", "$.bound", "$.sealed"]),
)


@st.composite
def pages(draw):
    """A form with one button, and whether the button is pressed."""
    controls = draw(st.lists(st.one_of(inputs, selects), max_size=5))
    controls.insert(draw(st.integers(0, len(controls))), draw(buttons))
    split = draw(st.integers(0, len(controls)))
    form = {
        "action": draw(st.sampled_from(["$.save", "$.bound", "$.sealed"])),
        "before": controls[:split],
        "controls": controls[split:],
    }
    if draw(st.booleans()):
        form["state"] = {"initial": draw(texts)}
    return form, draw(st.sampled_from([{}, {"by": "go"}]))


def answers(form, submission, *, javascript):
    reply = conformance_adapter(
        {
            "op": "forms",
            "files": FILES,
            "entry": "page.js#page",
            "args": [{"secret": ["CANARY"]}],
            "watch": "log.js#ran",
            "page": [form],
            "submissions": [submission, submission],
            "javascript": javascript,
        }
    )
    return [
        (answer["outcome"], answer["states"], answer["watched"])
        for answer in reply["ok"]["answers"]
    ]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(pages())
def test_both_ways_are_the_same(page):
    form, submission = page

    without = answers(form, submission, javascript=False)
    assert answers(form, submission, javascript=True) == without
