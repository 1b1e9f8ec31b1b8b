"""The rule that says which test262 files count, on a small checkout made here."""

import pytest

from tests.test262 import scope_rule


@pytest.fixture
def checkout(tmp_path):
    """Write files into a checkout and read them back."""

    def write(path, text):
        file = tmp_path / "test" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
        return scope_rule.read(tmp_path, file)

    write.root = tmp_path
    return write


def with_front_matter(matter, body=""):
    return f"// Copyright\n/*---\n{matter}\n---*/\n{body}"


def test_the_front_matter_is_read(checkout):
    test = checkout(
        "language/a.js",
        with_front_matter(
            "flags: [module]\nfeatures:\n  - x\nnegative: {phase: parse, type: SyntaxError}"
        ),
    )

    assert test.goal == "module"
    assert test.features == {"x"}
    assert (test.negative_phase, test.negative_type) == ("parse", "SyntaxError")


def test_a_file_without_flags_is_a_script_that_counts(checkout):
    test = checkout("language/a.js", with_front_matter("description: x"))

    assert test.goal == "script"
    assert scope_rule.parses(test) is None
    assert scope_rule.evaluates(test) is None


def test_carriage_returns_do_not_disturb_the_front_matter(checkout):
    test = checkout("language/a.js", "/*---\rflags: [module]\r---*/\r")

    assert test.goal == "module"


def test_fixtures_are_not_tests(checkout):
    checkout("language/a_FIXTURE.js", "")
    checkout("language/b.js", "")

    assert [path.name for path in scope_rule.files(checkout.root, "language")] == ["b.js"]


@pytest.mark.parametrize(
    ("matter", "reason"),
    [
        ("flags: [noStrict]", "sloppy code (noStrict)"),
        ("flags: [raw]", "raw"),
        ("features: [decorators]", "proposal: decorators"),
        ("features: [import-defer]", "proposal: import defer"),
    ],
)
def test_what_cannot_be_strict_es2025_counts_for_nothing(checkout, matter, reason):
    test = checkout("language/a.js", with_front_matter(matter))

    assert scope_rule.parses(test) == reason
    assert scope_rule.evaluates(test) == reason


@pytest.mark.parametrize(
    ("path", "matter", "body", "reason"),
    [
        ("built-ins/Proxy/a.js", "", "", "Proxy"),
        ("language/a.js", "features: [Temporal]", "", "Temporal"),
        ("language/a.js", "", "eval('1')", "eval() in the body"),
        ("language/a.js", "", "(0, eval)('1')", "eval() in the body"),
        ("language/a.js", "", "new Function('1')", "Function() in the body"),
        ("language/a.js", "", "import('x')", "import() in the body"),
        ("language/a.js", "", "$262.createRealm()", "host hooks"),
    ],
)
def test_what_the_guest_language_lacks_counts_for_parsing_only(
    checkout, path, matter, body, reason
):
    test = checkout(path, with_front_matter(matter, body))

    assert scope_rule.parses(test) is None
    assert scope_rule.evaluates(test) == reason


@pytest.mark.parametrize("body", ["// eval('1')", "/* new Function */", "a.eval()", "$eval('x')"])
def test_comments_and_other_names_are_no_use_of_eval(checkout, body):
    assert scope_rule.evaluates(checkout("language/a.js", with_front_matter("", body))) is None


def test_a_file_that_must_not_parse_counts_whatever_it_would_do(checkout):
    matter = "negative: {phase: parse, type: SyntaxError}"
    test = checkout("language/a.js", with_front_matter(matter, "eval = 1; eval('')"))

    assert scope_rule.evaluates(test) is None
