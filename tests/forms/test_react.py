"""Invariant: what the reference writes into a form React reads, and what React writes the reference reads."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.adapters.model_notation import from_notation, notation
from conformance.implementations import catalogue, installation
from conformance.notation import first_difference, tagged
from conformance.notation.model import special
from refimpl.forms.action_fields import KEY, read_action, split, write_action
from refimpl.forms.state import FormState, with_state
from refimpl.values import model
from refimpl.wire.form_codec import FlightForms

CODEC = FlightForms()
ID = "m#save"
VERSION = "19.3.1"

pytestmark = [pytest.mark.node, pytest.mark.slow]

texts = st.text(st.sampled_from("ab$:@\"'<&\n é\U0001f600"), max_size=6)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    texts,
    st.just(special("undefined")),
    st.integers(-5, 5).map(lambda number: special("bigint", value=str(number))),
)


def is_defined(value):
    return getattr(value, "kind", None) != "undefined"


values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        # A property that is undefined does not cross (value.object.undefined).
        st.dictionaries(texts, inner.filter(is_defined), max_size=3),
        st.lists(inner, max_size=3).map(lambda items: special("map", entries=[[1, items]])),
        st.lists(texts, max_size=3, unique=True).map(lambda items: special("set", values=items)),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def react():
    """A process of React, asked with one request at a time."""
    try:
        installation.check_node((20, 0))
        packages = installation.install(f"react@{VERSION}", catalogue.FOLDER / "react" / VERSION)
    except installation.InstallationError as error:
        if installation.required():
            raise
        pytest.skip(str(error))
    process = subprocess.Popen(
        [
            shutil.which("node"),
            "--no-warnings",
            "--conditions",
            "react-server",
            Path(__file__).parent / "peer.mjs",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={
            **os.environ,
            "USE_SERVER_PACKAGES": str(packages),
            "NODE_ENV": "production",
            "TZ": "UTC",
        },
    )

    def ask(request):
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield ask
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


def same(expected, seen):
    return first_difference(expected, seen) is None


@settings(max_examples=150, deadline=None)
@given(bound=st.lists(values, min_size=1, max_size=3))
def test_react_reads_what_the_reference_writes(react, bound):
    reference = model.ServerReference(ID, from_notation(bound))
    reply = react({"read": {"fields": [*write_action(reference, "1", CODEC), ("a", "x")]}})
    *seen, form = tagged.decode(reply["values"])

    assert same(bound, seen)
    assert same(special("formdata", entries=[["a", "x"]]), form)


@settings(max_examples=150, deadline=None)
@given(bound=st.lists(values, max_size=3), prefix=st.sampled_from(["0", "1", ":r1:", "a-2"]))
def test_the_reference_reads_what_react_writes(react, bound, prefix):
    fields = react({"write": {"bound": tagged.encode(bound), "prefix": prefix}})
    reference = read_action(split([(name, value) for name, value in fields]), CODEC)

    assert reference.id == ID
    assert same(bound, notation(reference.bound or []))


def test_react_reads_a_plain_function(react):
    reply = react({"read": {"fields": write_action(model.ServerReference(ID), "1", CODEC)}})

    assert reply == {"values": [{"$": "formdata", "entries": []}], "state": None}


@pytest.mark.parametrize("bound", [[], ["b"], ["b", 2.0]])
def test_react_and_the_reference_answer_the_same_state(react, bound):
    reference = model.ServerReference(ID, bound or None)
    fields = write_action(with_state(reference, "s"), "1", CODEC)
    reply = react({"read": {"fields": [*fields, (KEY, "k1")]}})
    value, key, function, count = reply["state"]

    assert FormState(value, key, function, count).belongs_to("k1", reference)
