"""FormData and Headers; what is expected was compared with Node 20."""

import pytest

FORM = "const f = new FormData(); f.append('b', '2'); f.append('a', 1); f.append('b', 3);"


def test_a_form_keeps_entries_in_order_and_repeated_names(result):
    assert result(f"{FORM} return [...f]") == [["b", "2"], ["a", "1"], ["b", "3"]]


def test_set_replaces_the_first_entry_and_drops_the_others(result):
    assert result(f"{FORM} f.set('b', 9); return [...f]") == [["b", "9"], ["a", "1"]]


def test_a_blob_in_a_form_becomes_a_file_named_blob(result):
    program = "const f = new FormData(); f.append('f', new Blob(['x'], {type: 'T/X'}));"

    assert result(f"{program} const v = f.get('f'); return [v.name, v.type]") == ["blob", "t/x"]


def test_the_third_argument_names_the_file(result):
    program = "const f = new FormData(); f.append('f', new File(['x'], 'a'), 'b');"

    assert result(f"{program} return f.get('f').name") == "b"


def test_lone_surrogates_in_a_form_become_replacement_characters(result):
    assert (
        result("const f = new FormData(); f.append('k', '\\ud800'); return f.get('k')") == "\ufffd"
    )


def test_headers_are_sorted_and_combined(result):
    program = "const h = new Headers({'X-B': ' 2 ', a: '1'}); h.append('A', '3'); return [...h]"

    assert result(program) == [["a", "1, 3"], ["x-b", "2"]]


def test_cookies_are_not_combined(result):
    program = "const h = new Headers([['set-cookie', 'x=1'], ['Set-Cookie', 'y=2']]);"

    assert result(f"{program} return h.getSetCookie()") == ["x=1", "y=2"]


@pytest.mark.parametrize("init", ["{'a b': '1'}", "{a: 'x\\ny'}", "[['a']]", "5"])
def test_what_is_no_header_throws(result, init):
    assert result(f"return new Headers({init})") == "threw TypeError"


@pytest.mark.parametrize("kind", ["FormData", "Headers", "URLSearchParams"])
def test_a_method_refuses_another_receiver(result, kind):
    assert result(f"return {kind}.prototype.get.call({{}}, 'a')") == "threw TypeError"


@pytest.mark.parametrize(
    "kind", ["FormData", "Headers", "URLSearchParams", "Blob", "ReadableStream"]
)
def test_a_constructor_needs_new(result, kind):
    assert result(f"return {kind}()") == "threw TypeError"
