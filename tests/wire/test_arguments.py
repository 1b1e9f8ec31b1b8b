"""Arguments: what each tag means, what is refused, and that no order or chunking changes a meaning."""

import itertools
import math

import pytest

from refimpl.values import model
from refimpl.values.outcome import DecodeError
from refimpl.wire.arguments_decoder import ArgumentsDecoder, decode_arguments
from refimpl.wire.arguments_encoder import Unsettled, encode_arguments
from refimpl.wire.errors import EncodeError
from refimpl.wire.limits import Limits
from refimpl.wire.profiles import REACT_19_OLD

FILE = model.Blob("text/plain", b"ab", "f.txt")


def code_of(body, limits=None):
    with pytest.raises(DecodeError) as caught:
        decode_arguments(body, limits or Limits())
    return caught.value.code


def only(*fields):
    (value,) = decode_arguments(list(fields))
    return value


def body_of(*arguments):
    return encode_arguments(list(arguments))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$undefined", model.UNDEFINED),
        ("$Infinity", math.inf),
        ("$-Infinity", -math.inf),
        ("$$x", "$x"),
        ("$n-12", -12),
        ("plain", "plain"),
    ],
)
def test_a_tag_stands_for_its_value(text, value):
    assert only(("0", f'["{text}"]')) == value


def test_negative_zero_keeps_its_sign():
    assert math.copysign(1, only(("0", '["$-0"]'))) == -1


def test_nan_is_a_word():
    assert math.isnan(only(("0", '["$NaN"]')))


def test_a_date_is_what_to_iso_string_gives():
    assert only(("0", '["$D-000001-01-01T00:00:00.000Z"]')).time == -62198755200000.0


def test_an_invalid_date_arrives_as_one():
    assert math.isnan(decode_arguments(body_of(model.Date(math.nan)))[0].time)


@pytest.mark.parametrize(
    "tag",
    [
        "$",
        "$~1",
        "$Nonsense",
        "$umbrella",
        "$-x",
        "$n",
        "$n0x10",
        "$n 5",
        "$n-0",
        "$n007",
        "$D2020",
        "$D2020-02-30T00:00:00.000Z",
        "$Z1",
        "$01",
        "$Q01",
        "$QA",
        "$@",
        "$Tx",
        "$E1",
    ],
)
def test_what_is_no_tag_is_refused(tag):
    assert code_of(f'["{tag}"]') == "malformed.tag"


@pytest.mark.parametrize("root", ["{}", "1", "null", '"x"', '"$1"', '"$undefined"'])
def test_the_root_is_an_array(root):
    fields = [("1", "[]"), ("0", root)]
    assert code_of(fields) == "malformed.root"


@pytest.mark.parametrize(
    "text", ["", "[", "[1]]", "[NaN]", "[01]", "[1,]", "[// \n1]", "\ufeff[]", "['a']"]
)
def test_what_is_not_json_is_refused(text):
    assert code_of(text) == "malformed.json"


def test_a_cycle_through_an_array_is_one():
    value = only(("0", '[["$0:0"]]'))
    assert value[0] is value


def test_a_map_may_contain_itself():
    value = only(("1", '[["self","$0:0"]]'), ("0", '["$Q1"]'))
    assert value.entries[0][1] is value


def test_a_set_may_contain_itself():
    value = only(("1", '["$0:0"]'), ("0", '["$W1"]'))
    assert value.values[0] is value


def test_bytes_met_again_are_the_same_bytes():
    first, second = only(("1", FILE), ("0", '[["$o1","$0:0:0"]]'))
    assert first is second


def test_a_form_whose_number_has_two_digits_has_its_entries():
    assert only(("_10_a", "x"), ("0", '["$Ka"]')).entries == [("a", "x")]


def test_entries_of_a_form_keep_their_order():
    entries = [("_1_b", "2"), ("_1_a", "1"), ("_1_b", "3")]
    assert only(*entries, ("0", '["$K1"]')).entries == [("b", "2"), ("a", "1"), ("b", "3")]


def test_a_registered_symbol_can_be_an_argument():
    assert decode_arguments(body_of(model.Symbol("k")))[0].key == "k"


def test_a_long_string_keeps_its_lone_surrogate():
    assert decode_arguments(body_of("\ud800" + "a" * 1100)) == ["\ud800" + "a" * 1100]


def test_an_undefined_member_is_absent():
    assert only(("0", '[{"a":"$undefined","b":1}]')) == {"b": 1.0}


def test_a_member_called_proto_is_absent():
    assert only(("0", '[{"__proto__":{"x":1},"b":1}]')) == {"b": 1.0}


def test_of_two_members_with_one_name_the_last_counts():
    assert only(("0", '[{"a":1,"a":2}]')) == {"a": 2.0}


@pytest.mark.parametrize("name", ["constructor", "toString", "hasOwnProperty", "length"])
def test_a_path_does_not_see_what_is_inherited(name):
    assert code_of(f'[{{}},"$0:0:{name}"]') == "malformed.path"


def test_a_path_sees_an_own_member_with_an_inherited_name():
    assert decode_arguments('[{"constructor":{}},"$0:0:constructor"]')[1] == {}


@pytest.mark.parametrize("step", ["length", "-1", "1.0", "01", "1", "push"])
def test_a_path_into_an_array_takes_an_index(step):
    assert code_of(f'[[0],"$0:0:{step}"]') == "malformed.path"


def test_a_then_is_never_a_function():
    fields = [("1", '{"id":"m#f","bound":null}'), ("0", '[{"then":"$h1"}]')]
    assert decode_arguments(fields) == [{"then": None}]


def test_a_reference_that_leads_to_itself_is_refused():
    assert code_of('["$0:0"]') == "malformed.cycle"


def test_two_references_that_lead_to_each_other_are_refused():
    assert code_of('["$0:1","$0:0"]') == "malformed.cycle"


@pytest.mark.parametrize("length", [1, 2, 5])
def test_promises_that_wait_for_each_other_are_refused(length):
    promises = [(str(n), f'"$@{n % length + 1:x}"') for n in range(1, length + 1)]
    assert code_of([("0", '["$@1"]'), *promises]) == "malformed.cycle"


@pytest.mark.parametrize("tag", ["Q1", "W1", "i1", "h1", "o1", "B1", "1"])
def test_a_reference_to_what_has_not_come_is_refused(tag):
    assert code_of([("0", f'["${tag}"]'), ("1", "[]")]) == "malformed.forward-reference"


def test_entries_after_the_reference_to_their_form_are_refused():
    assert code_of([("0", '["$K1"]'), ("_1_a", "x")]) == "malformed.order"


def test_a_promise_may_come_later():
    promise = only(("0", '[{"p":"$@1"}]'), ("1", '{"v":1}'))["p"]
    assert (promise.state, promise.value) == ("fulfilled", {"v": 1.0})


def test_bound_arguments_may_come_later():
    fields = [("1", '{"id":"m#f","bound":"$@2"}'), ("0", '["$h1"]'), ("2", "[1]")]
    assert only(*fields).bound == [1.0]


def test_what_is_bound_to_two_references_is_one():
    shared = []
    first, second = decode_arguments(
        body_of(model.ServerReference("f", [shared]), model.ServerReference("g", [1.0, shared]))
    )
    assert first.bound[0] is second.bound[1]


def test_the_array_of_what_is_bound_is_no_value():
    fields = [("2", "[]"), ("1", '{"id":"f","bound":"$@2"}'), ("0", '["$h1","$2"]')]
    assert code_of(fields) == "malformed.kind"


def test_a_call_whose_bound_arguments_never_come_is_refused():
    fields = [("1", '{"id":"m#f","bound":"$@2"}'), ("0", '["$h1"]')]
    assert code_of(fields) == "malformed.truncated"


KINDS = ["Q", "W", "i", "h", "K", "o", "B", "R", "r", "X", "x", "@"]


@pytest.mark.parametrize(("first", "second"), [*itertools.product(KINDS, KINDS)])
def test_a_part_is_of_one_kind(first, second):
    repeatable = first == second and first in {"h", "@"}
    for part in ("[]", '{"id":"m#f","bound":null}', FILE, None):
        fields = [] if part is None else [("1", part)]
        ends = [("S1", "C")] if {first, second} & set("RrXx") else []
        fields += [("0", f'["${first}1","${second}1"]'), *ends]
        if not repeatable:
            assert code_of(fields).startswith("malformed.")


@pytest.mark.parametrize("tag", ["Q", "W", "i", "o", "B", "h"])
@pytest.mark.parametrize("part", ["1", '"x"', "null", '{"a":1}', '"$0:0"'])
def test_a_part_of_another_kind_is_refused(tag, part):
    fields = [("1", part), ("0", f'[[],"${tag}1"]')]
    assert code_of(fields) in {"malformed.kind", "malformed.reused"}


@pytest.mark.parametrize("kind", [kind for kind, size in model.ELEMENT_SIZES.items() if size > 1])
def test_bytes_are_a_whole_number_of_elements(kind):
    body = body_of(model.Bytes(kind, b"12345678"))
    (name, blob), root = body
    assert code_of([(name, model.Blob("", blob.data[:-1])), root]) == "malformed.kind"


@pytest.mark.parametrize(
    "name", ["", "00", "01", "-1", "a", "1_", "_1", "S", "S01", "$ACTION_ID_x", "1 "]
)
def test_a_name_that_is_none_is_refused(name):
    assert code_of([(name, "1"), ("0", "[]")]) == "malformed.part-name"


@pytest.mark.parametrize("number", ["0", "1"])
def test_a_part_comes_once(number):
    assert code_of([("1", "1"), (number, "[]"), ("0", "[]")]) == "malformed.duplicate"


def test_what_nothing_refers_to_is_ignored():
    assert decode_arguments([("7", "not json"), ("_8_x", "y"), ("0", "[1]")]) == [1.0]


def test_chunks_of_a_stream_may_come_before_it():
    assert only(("S1", '"a"'), ("0", '["$R1"]'), ("S1", "C")).chunks == ["a"]


def test_a_stream_of_an_older_client_has_no_prefix():
    decoder = ArgumentsDecoder(profile=REACT_19_OLD)
    for field in [("0", '["$R1"]'), ("1", '"a"'), ("1", "C")]:
        decoder.feed(*field)
    assert decoder.root.value[0].chunks == ["a"]


def test_what_an_iterator_returned_arrives():
    assert only(("0", '["$x1"]'), ("S1", 'C"R"')).returned == "R"


def test_a_stream_that_does_not_end_is_refused():
    assert code_of([("0", '["$R1"]'), ("S1", '"a"')]) == "malformed.truncated"


def test_nothing_comes_after_the_end_of_a_stream():
    assert code_of([("0", '["$R1"]'), ("S1", "C"), ("S1", "1")]) == "malformed.order"


def test_a_byte_stream_has_bytes():
    assert code_of([("0", '["$r1"]'), ("S1", "1"), ("S1", "C")]) == "malformed.kind"


def test_the_root_is_there_before_what_it_promises():
    decoder = ArgumentsDecoder()
    decoder.feed("0", '["$@1"]')
    assert decoder.root.state == "fulfilled"


def test_a_promise_that_never_comes_is_rejected():
    decoder = ArgumentsDecoder()
    decoder.feed("0", '["$@1"]')
    decoder.end()
    assert decoder.root.value[0].state == "rejected"


def test_independent_parts_come_in_any_order():
    parts = [("1", '[["k",1]]'), ("2", "[2]"), ("_3_a", "x"), ("4", FILE)]
    shown = {
        repr(decode_arguments([*order, ("0", '["$Q1","$W2","$K3","$B4"]')]))
        for order in itertools.permutations(parts)
    }
    assert len(shown) == 1


@pytest.mark.parametrize(
    ("name", "within", "beyond"),
    [
        ("depth", "[" * 5 + "]" * 5, "[" * 6 + "]" * 6),
        ("bigint", '["$n12345"]', '["$n123456"]'),
        ("string", '["12345"]', '["123456"]'),
        ("slots", "[1,1,1,1,1]", "[1,1,1,1,1,1]"),
        ("body", "[111]", "[1111]"),
        ("path", '[[[[["$T"]]]]]', '[[[[[["$T"]]]]]]'),
    ],
)
def test_a_limit_has_its_own_code(name, within, beyond):
    limits = Limits(**{name: 5})
    decode_arguments(within, limits)
    assert code_of(beyond, limits) == f"limit.{name}"


def test_the_number_of_parts_is_limited():
    assert code_of([("1", ""), ("2", ""), ("0", "[]")], Limits(parts=2)) == "limit.parts"


def test_bound_arguments_are_limited():
    fields = [("2", "[1,2]"), ("1", '{"id":"m#f","bound":"$@2"}'), ("0", '["$h1"]')]
    assert code_of(fields, Limits(bound=1)) == "limit.bound"


def test_depth_beyond_the_stack_is_the_named_error():
    assert code_of("[" * 50_000 + "]" * 50_000) == "limit.depth"


def test_what_is_within_the_default_depth_is_read_and_written():
    deep = []
    for _ in range(9_000):
        deep = [deep]
    assert decode_arguments(body_of(deep)) is not None


def test_what_a_server_cannot_get_is_refused_before_anything_is_sent():
    with pytest.raises(EncodeError) as refused:
        encode_arguments([model.Error("Error", "m")])
    assert refused.value.code == "unsupported-value.error"


def test_a_rejection_inside_is_the_failure_of_the_whole():
    promise = model.Promise()
    promise.reject("no")
    with pytest.raises(Unsettled):
        encode_arguments([promise])


def test_nothing_is_written_before_a_promise_has_settled():
    with pytest.raises(Unsettled):
        encode_arguments([model.Promise()])


def test_what_no_path_can_name_is_a_part_of_its_own():
    shared = {"x": 1.0}
    first, second = decode_arguments(body_of({"a:b": shared, "c": shared}))[0].values()
    assert first is second


def chain(length):
    """Objects inside each other, each with a reference to the one before."""
    first = before = {}
    for _ in range(length):
        before["next"] = {"before": before}
        before = before["next"]
    return first


def test_a_message_grows_with_the_value_and_not_with_its_depth():
    sizes = [sum(len(text) for _, text in body_of(chain(n))) for n in (1000, 8000)]
    assert math.log2(sizes[1] / sizes[0]) / 3 <= 1.05


def test_a_deep_cycle_arrives():
    value = decode_arguments(body_of(chain(500)))[0]
    for _ in range(500):
        assert value["next"]["before"] is value
        value = value["next"]
