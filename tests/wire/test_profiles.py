"""The cases of every profile pass with the reference in that profile, not only in its own."""

import pytest

from conformance import choices, corpus
from conformance.adapters import Refusal, wire
from conformance.protocol import Hello, Ok, Rejected
from refimpl.wire.profiles import REACT_19_2, REACT_19_3, REACT_19_OLD

PROFILES = {profile.name: profile for profile in (REACT_19_3, REACT_19_2, REACT_19_OLD)}
HELLO = Hello("refimpl", "any")


def questions():
    """What cases that only some profiles have to pass ask, with each of those."""
    known = choices.load()
    for file in corpus.read_all(corpus.ROOT / "wire", known):
        for case in file.cases:
            for name in case.requires.get("wire-profile", ()):
                for point in case.observations:
                    if point.name not in {"encode", "decode"}:
                        continue  # a running server speaks one profile
                    yield pytest.param(point, PROFILES[name], id=f"{case.id}[{point.name}] {name}")


def answer(point, profile):
    asked = point.request({})
    try:
        if asked["op"] == "encode":
            mode = asked.get("mode", "production")
            return Ok(wire.encode(asked["message"], asked["value"], mode, profile))
        kind, split, limits = (asked.get(name) for name in ("type", "split", "limits"))
        told = wire.decode(
            asked["message"], asked["body"], kind, split or [], limits or {}, profile=profile
        )
    except Refusal as refusal:
        return Rejected(**refusal.content)
    return Ok(told)


@pytest.mark.parametrize(("point", "profile"), [*questions()])
def test_a_case_passes_in_every_profile_it_is_for(point, profile):
    wrong = (member.judge(answer(member, profile), HELLO) for member in point.members())
    assert not any(wrong)
