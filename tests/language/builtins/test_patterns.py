import pytest

from refimpl.language.algorithms import character_sets as sets
from refimpl.language.algorithms.patterns import PatternTooLargeError, translate
from refimpl.language.algorithms.utf16 import to_units

#: What V8 answers: pattern, flags, subject, and the spans of the match and its groups.
MATCHES = {
    "a repetition forgets the captures of the one before": ("(?:(a)|b)*", "", "ab", [(0, 2), None]),
    "every group inside is forgotten": (
        "(z)((a+)?(b+)?(c))*",
        "",
        "zaacbbbcac",
        [(0, 10), (0, 1), (8, 10), (8, 9), None, (9, 10)],
    ),
    "a repetition that matches nothing is dropped": ("(a*)*", "", "b", [(0, 0), None]),
    "a backreference sees the forgetting": ("(?:(a)|b\\1)+", "", "abab", [(0, 4), None]),
    "a backreference to a group that did not match matches nothing": (
        "(?:(\\d)x)?\\1y",
        "",
        "y",
        [(0, 1), None],
    ),
    "a forward reference matches nothing": ("\\1(a)", "", "aa", [(0, 1), (0, 1)]),
    "a negative lookahead leaves no captures": (
        "(.*?)a(?!(a+)b\\2c)\\2(.*)",
        "",
        "baaabaac",
        [(0, 8), (0, 2), None, (3, 8)],
    ),
    "a lookbehind matches backwards": ("(?<=(\\d+)(\\d+))$", "", "1053", [(4, 4), (0, 1), (1, 4)]),
    "alternatives are tried in order": ("((a)|(ab))", "", "abc", [(0, 1), (0, 1), (0, 1), None]),
    "a dot does not match line ends": (".+", "", "a\u2028b", [(0, 1)]),
    "with s it does": (".+", "s", "a\u2028b", [(0, 3)]),
    "^ and $ see lines with m": ("^b$", "m", "a\nb\nc", [(2, 3)]),
    "$ without m is only the very end": ("a$", "", "a\n", None),
    "\\w is ASCII": ("\\w", "", "é", None),
    "\\s has the no-break space": ("\\s", "", "\ufeff", [(0, 1)]),
    "case ignored without u does not cross into ASCII": ("\u017f", "i", "s", None),
    "case ignored with u does": ("\u017f", "iu", "s", [(0, 1)]),
    "\\b knows the letters \\w has with iu": ("\\b", "iu", "\u017f", [(0, 0)]),
    "a pair is two characters without u": ("^.$", "", "\U0001f600", None),
    "a pair is one character with u": ("^.$", "u", "\U0001f600", [(0, 2)]),
    "half a pair is not found with u": ("\\ud83d", "u", "\U0001f600", None),
    "offsets after a pair count code units": ("b", "u", "\U0001f600b", [(2, 3)]),
    "a negated property with i and u is closed over case": ("\\P{Lu}", "iu", "A", [(0, 1)]),
    "a negated property with i and v is not": ("\\P{Lu}", "iv", "A", None),
    "v subtracts sets": ("[\\p{L}--[a-z]]", "v", "aB", [(1, 2)]),
    "v intersects sets": ("[[a-z]&&[aeiou]]+", "v", "xyae", [(2, 4)]),
    "v matches strings longest first": ("[\\q{a|abc}]", "v", "abc", [(0, 3)]),
    "of groups with one name the matching one counts": (
        "(?<n>a)|(?<n>b)",
        "",
        "b",
        [(0, 1), None, (0, 1)],
    ),
    "modifiers end with their group": ("(?i:a)b", "", "Ab", [(0, 2)]),
    "a modifier can be taken away": ("(?-i:a)b", "i", "aB", [(0, 2)]),
    "a lone brace is itself": ("a{,5}", "", "a{,5}", [(0, 5)]),
    "an octal escape that is no reference": ("\\101", "", "A", [(0, 1)]),
    "\\c without a letter is a backslash": ("\\c", "", "\\c", [(0, 2)]),
    "a class between escapes is no range": ("[a-\\d]+", "", "a-5", [(0, 3)]),
    "the empty class matches nothing": ("[]", "", "a", None),
    "the negated empty class matches anything": ("[^]", "", "\n", [(0, 1)]),
    "a repetition longer than any string never matches": ("a{4294967295}", "", "aaa", None),
}


@pytest.mark.parametrize(("pattern", "flags", "subject", "spans"), MATCHES.values(), ids=MATCHES)
def test_match(pattern, flags, subject, spans):
    assert translate(to_units(pattern), flags).match(to_units(subject), 0, sticky=False) == spans


def test_sticky_matches_only_where_it_starts():
    pattern = translate("b", "y")
    assert [pattern.match("ab", start, sticky=True) for start in (0, 1)] == [None, [(1, 2)]]


def test_a_search_that_starts_within_a_pair_starts_at_the_pair():
    assert translate(".", "u").match(to_units("\U0001f600"), 1, sticky=False) == [(0, 2)]


def test_named_groups_are_listed_in_order():
    assert translate("(?<b>.)(.)(?<a>.)", "").names == (("b", 1), ("a", 3))


def test_a_pattern_multiplied_out_too_far_is_refused():
    with pytest.raises(PatternTooLargeError):
        translate("(?:(?:a{1000}){1000}){1000}", "")


def test_an_unknown_property_is_named():
    with pytest.raises(sets.UnknownPropertyError, match="RGI_Emoji"):
        translate("\\p{RGI_Emoji}", "v")


@pytest.mark.parametrize("unicode", [False, True])
def test_case_equivalence_is_an_equivalence(unicode):
    classes = sets.case_classes(unicode=unicode)
    for member, others in classes.items():
        assert sets.contains(others, member)
        for low, high in others:
            assert all(classes[other] == others for other in range(low, high + 1))


def test_complement_is_an_involution():
    assert sets.complement(sets.complement(sets.SPACES)) == sets.SPACES


def test_a_set_and_its_complement_are_everything():
    assert sets.union(sets.WORD, sets.complement(sets.WORD)) == sets.EVERYTHING
