"""URL and URLSearchParams; what is expected was compared with Node 20."""

import pytest


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("HTTP://User:pa%20ss@EXAMPLE.com:80/a/./b/../c d?y=a b#f g",
         "http://User:pa%20ss@example.com/a/c%20d?y=a%20b#f%20g"),
        ("http:///x", "http://x/"),
        ("file:/x", "file:///x"),
        ("file:///a/b", "file:///a/b"),
        ("mailto:a@b.c", "mailto:a@b.c"),
        ("data:text/plain,hi there", "data:text/plain,hi there"),
        ("foo://h/p/../q", "foo://h/q"),
        ("foo:/a/../b", "foo:/b"),
        ("http://1.2.3", "http://1.2.0.3/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://[::1]:90/", "http://[::1]:90/"),
        ("https://ex%41mple.org", "https://example.org/"),
        ("http://münchen.de/ä", "http://xn--mnchen-3ya.de/%C3%A4"),
        ("http://h/?a='b'", "http://h/?a=%27b%27"),
        ("foo:x?a='b'", "foo:x?a='b'"),
    ],
)  # fmt: skip
def test_a_url_is_written_in_its_one_form(result, written, href):
    assert href == result(f"return new URL({written!r}).href")


@pytest.mark.parametrize(
    "written", ["", "x", "//h/p", "http://a.b:99999/", "http://a b/", "http://"]
)
def test_what_is_no_url_throws(result, written):
    assert result(f"return new URL({written!r})") == "threw TypeError"


@pytest.mark.parametrize(
    ("reference", "href"),
    [
        ("//h/p", "http://h/p"),
        ("/p?q", "http://a.test:8080/p?q"),
        ("?q", "http://a.test:8080/b/c/d;p?q"),
        ("#f", "http://a.test:8080/b/c/d;p?q#f"),
        ("../x/../y", "http://a.test:8080/b/y"),
        ("", "http://a.test:8080/b/c/d;p?q"),
        ("http:g", "http://a.test:8080/b/c/g"),
    ],
)
def test_a_relative_reference_is_resolved_against_its_base(result, reference, href):
    base = "http://a.test:8080/b/c/d;p?q#z"

    assert href == result(f"return new URL({reference!r}, {base!r}).href")


def test_search_parameters_are_read_and_written_as_forms_are(result):
    pairs = [["a", "1"], ["c", "  x"], ["d", ""], ["", "e"]]

    assert result("return [...new URLSearchParams('?a=1&c=%20+x&d&=e')]") == pairs


def test_search_parameters_are_percent_encoded_for_forms(result):
    assert (
        result("return String(new URLSearchParams([['~', '*-._ é&=']]))") == "%7E=*-._+%C3%A9%26%3D"
    )


def test_set_keeps_the_first_place_and_drops_the_others(result):
    program = "const p = new URLSearchParams('a=1&b=2&a=3'); p.set('a', '9'); return String(p)"

    assert result(program) == "a=9&b=2"


def test_changing_the_parameters_changes_the_url(result):
    program = "const u = new URL('http://h/?q=1'); u.searchParams.append('r', '2 3'); return u.href"

    assert result(program) == "http://h/?q=1&r=2+3"


def test_a_new_search_changes_the_parameters(result):
    program = "const u = new URL('http://h/?q=1'); u.search = '?k=v'; return [...u.searchParams]"

    assert result(program) == [["k", "v"]]
