"""The syntax of regular-expression literals."""

import pytest

from refimpl.source import regexp

ACCEPTED = [
    ("", ""),
    ("a|b|", "g"),
    ("a{2}b{2,}c{2,3}?d*?e+?f??", ""),
    ("a{2}", "u"),
    ("(a)(?:b)(?<c>d)(?=e)(?!f)(?<=g)(?<!h)", "u"),
    ("(?=a)*(?!b)+", ""),
    (r"\d\D\w\W\s\S\b\B\t\n\v\f\r\0\cA\x41\u0041", "u"),
    (r"\u{1F600}\u{10FFFF}\^\$\\\.\*\+\?\(\)\[\]\{\}\|\/", "u"),
    (r"\c", ""),
    (r"\_\-\a\x\u\u{1}\8\07\k", ""),
    ("]{}{,2}{a", ""),
    (r"\k<a>", ""),
    (r"(?<a>.)\k<a>", ""),
    (r"\k<a>(?<a>.)", "u"),
    (r"\1(a)", "u"),
    (r"\2(a)", ""),
    ("(?<a>b)|(?<a>c)", ""),
    ("(?:(?<a>b)|(?<a>c))|(?<a>d)", "u"),
    (r"(?<\u0061>b)\k<a>", ""),
    (r"(?<\u{61}>b)\k<a>", ""),
    (r"(?<\ud835\udc9c>b)", "u"),
    ("(?<𠮷$_1>b)", ""),
    ("[]", ""),
    ("[^]", "u"),
    ("[a-z-][-a][a-][--a]", "u"),
    (r"[\d-z]", ""),
    (r"[\b\-\]\\]", "u"),
    (r"[\c\c1\k\07]", ""),
    (r"[\0-\x20\cA-\cZ\t-\r]", "u"),
    ("[😀-😎]", "u"),
    (r"[\u{1F600}-\u{1F60E}]", "u"),
    (r"[\ud83d\ude00-\ud83d\ude0e]", "u"),
    (r"\p{L}\p{Lu}\P{Letter}\p{gc=Lu}\p{Script=Greek}\p{scx=Grek}\p{ASCII}\p{Any}", "u"),
    (r"\p{Lu}", ""),
    (r"[\p{L}\P{Lu}]", "u"),
    (r"\p{RGI_Emoji}", "v"),
    (r"[[a-z]--[aeiou]]", "v"),
    (r"[\w&&\d&&[1-5]]", "v"),
    (r"[\q{abc|d|}x]", "v"),
    (r"[^\q{a|b}]", "v"),
    (r"[^\p{L}a-z]", "v"),
    (r"[\&\-\!\(a&b]", "v"),
    (r"[[\q{ab}]--\q{ab}]", "v"),
    (r"[^[\q{ab}]&&[a-z]]", "v"),
    ("(?i:a)(?-i:b)(?ms-i:c)(?i-:d)", ""),
]

REFUSED = [
    ("flags", "a", "gg"),
    ("flags", "a", "x"),
    ("flags", "a", "uv"),
    ("nothing-to-repeat", "*", ""),
    ("nothing-to-repeat", "a|+", ""),
    ("nothing-to-repeat", "a**", ""),
    ("nothing-to-repeat", "{1}", ""),
    ("nothing-to-repeat", "a{1}{2}", ""),
    ("nothing-to-repeat", "(?<=a)*", ""),
    ("nothing-to-repeat", "(?=a)*", "u"),
    ("nothing-to-repeat", "^*", ""),
    ("bounds", "a{2,1}", ""),
    ("unterminated", "(", ""),
    ("unterminated", "(?:a", ""),
    ("unterminated", "[a", ""),
    ("unexpected", ")", ""),
    ("unexpected", "{", "u"),
    ("unexpected", "]", "u"),
    ("unexpected", "a}", "u"),
    ("nothing-to-repeat", "(?a)", ""),
    ("nothing-to-repeat", "(?<>a)", ""),
    ("group-name", "(?<1a>b)", ""),
    ("group-name", "(?<❤>b)", "u"),
    ("group-name", r"(?<a\u{110000}>b)", ""),
    ("duplicate-group", "(?<a>b)(?<a>c)", ""),
    ("duplicate-group", "(?<a>b(?<a>c))", ""),
    ("duplicate-group", "(?:(?<a>b)|c)(?<a>d)", ""),
    ("backreference", r"\1", "u"),
    ("backreference", r"\2(a)", "u"),
    ("backreference", r"\k<a>", "u"),
    ("backreference", r"(?<b>c)\k<a>", ""),
    ("escape", r"\k", "u"),
    ("escape", r"(?<a>b)\k", ""),
    ("escape", r"(?<a>b)\k<a", ""),
    ("escape", "a\\", ""),
    ("escape", r"\_", "u"),
    ("escape", r"\-", "u"),
    ("escape", r"\c", "u"),
    ("escape", r"\01", "u"),
    ("escape", r"\x4", "u"),
    ("escape", r"\u{110000}", "u"),
    ("escape", r"\u004", "u"),
    ("escape", r"[\_]", "u"),
    ("escape", r"[\B]", "u"),
    ("range", "[b-a]", ""),
    ("range", "[😀-😎]", ""),
    ("range", r"[\x62-\x61]", ""),
    ("range", r"[\d-z]", "u"),
    ("range", r"[a-\d]", "u"),
    ("range", r"[a-\p{L}]", "u"),
    ("property", r"\p{lu}", "u"),
    ("property", r"\p{IsGreek}", "u"),
    ("property", r"\p{Block=Greek}", "u"),
    ("property", r"\p{Script=greek}", "u"),
    ("property", r"\p{RGI_Emoji}", "u"),
    ("property", r"\P{RGI_Emoji}", "v"),
    ("escape", r"\p", "u"),
    ("escape", r"\p{}", "u"),
    ("negated-strings", r"[^\q{ab}]", "v"),
    ("negated-strings", r"[^\p{RGI_Emoji}]", "v"),
    ("negated-strings", r"[a[^\q{}]]", "v"),
    ("unexpected", "[a&&&b]", "v"),
    ("unexpected", "[a&&b--c]", "v"),
    ("unexpected", "[(]", "v"),
    ("unexpected", "[a--b&&c]", "v"),
    ("unexpected", "[!!]", "v"),
    ("unexpected", "[a-z&&b]", "v"),
    ("modifiers", "(?ii:a)", ""),
    ("modifiers", "(?i-i:a)", ""),
    ("modifiers", "(?-:a)", ""),
    ("modifiers", "(?g:a)", ""),
]


@pytest.mark.parametrize(("pattern", "flags"), ACCEPTED)
def test_a_valid_pattern_has_no_problem(pattern, flags):
    assert regexp.check(pattern, flags) is None


@pytest.mark.parametrize(("code", "pattern", "flags"), REFUSED)
def test_an_invalid_pattern_has_its_problem(code, pattern, flags):
    problem = regexp.check(pattern, flags)

    assert problem is not None
    assert problem.code == code


def test_the_offset_is_that_of_the_culprit():
    assert regexp.check("ab[d-c]", "").offset == 3


def test_the_offset_counts_the_characters_of_the_source():
    assert regexp.check("😀😀[d-c]", "").offset == 3


def test_a_problem_of_the_flags_is_placed_at_the_flag():
    assert regexp.check("ab", "gg").offset == 4


@pytest.mark.parametrize(
    "pattern", ["(" * 5000 + ")" * 5000, "[" * 5000, "(?:" * 5000, "a|" * 5000]
)
def test_depth_is_no_crash(pattern):
    regexp.check(pattern, "v")
