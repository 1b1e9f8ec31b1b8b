"""The site in a real browser: what it shows, by keyboard and by eye, fast and without complaints."""

import json

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.node]

PAGES = {
    "matrix": "index.html",
    "chapter": "chapters/functions.html",
    "clause": "clauses/capture.scope.loop.html",
    "implementation": "implementations/able-2.0.0.html",
    "history": "history/able.html",
    "interop": "interop.html",
    "moving": "moving.html?from=able-2.0.0&to=baker-2.0.0",
}
VISIBLE_ROWS = "[...document.querySelectorAll('[data-subject]')].filter(r => !r.hidden).map(r => r.dataset.subject)"
FOCUSED = "document.activeElement"


# What stands there


def test_the_matrix_shows_the_newest_versions_first(browser):
    browser.open("index.html")

    shown = browser.read(VISIBLE_ROWS)
    assert len(shown) == 9
    assert all(name.endswith(("2.0.0", "silent-1.0.0")) for name in shown)


def test_the_numbers_of_the_script_are_those_of_the_page(browser):
    """The page is complete without its script, and the script adds up the same."""
    cells = "[...document.querySelectorAll('.matrix td')].map(td => td.innerText + td.className)"
    browser.open("index.html", script=True)
    with_script = browser.read(cells)
    browser.open("index.html", script=False)

    assert browser.read(cells) == with_script


def test_what_is_unsupported_is_told_by_a_sign_a_word_and_a_form(browser):
    browser.open("index.html")

    row = "[data-subject='silent-1.0.0'] td"
    assert browser.text(row).split() == ["?", "not", "asked"]
    border = f'getComputedStyle(document.querySelector("{row} .meter .unsupported")).borderTopStyle'
    assert browser.read(border) == "dashed"


def test_colour_is_never_the_only_sign(browser):
    browser.open("chapters/functions.html")

    signs = browser.read(
        "Object.fromEntries([...document.querySelectorAll('.grid td')]"
        ".map(td => [td.className, td.querySelector('.mark').innerText]))"
    )
    assert len(set(signs.values())) == len(signs) >= 3


def test_a_number_leads_to_the_programs_behind_it(browser):
    browser.open("index.html")
    browser.click(selector="[data-subject='able-2.0.0'] td.fail a")
    browser.wait(code="location.pathname.endsWith('implementations/able-2.0.0.html')")
    browser.click(selector=".mechanisms .facts a")
    browser.wait(code="location.pathname.includes('/clauses/')")

    assert browser.read("document.querySelectorAll('.case pre').length") > 0


def test_the_page_of_a_clause_has_its_text_its_cases_and_who_passes(browser, surveyed):
    browser.open(PAGES["clause"])

    clause = surveyed.specification.clauses["capture.scope.loop"]
    cases = surveyed.by_clause["capture.scope.loop"]
    assert browser.text("blockquote") == clause.sentence.replace("`", "")
    assert browser.read("document.querySelectorAll('.case').length") == len(cases)
    assert browser.read("document.querySelectorAll('thead .turned').length") == 25


def test_the_page_of_an_implementation_says_how_to_see_a_failure_again(browser):
    browser.open(PAGES["implementation"])

    command = browser.text(".mechanisms .rerun code")
    assert command.startswith("python -m conformance run --impl=able@2.0.0 --case ")


def test_failures_with_one_reason_stand_together(browser):
    browser.open(PAGES["implementation"])

    reasons = browser.read(
        "[...document.querySelectorAll('.reason')].map(p => p.textContent.trim())"
    )
    assert len(reasons) == len(set(reasons)) > 3


def test_history_tells_what_was_fixed(browser):
    browser.open(PAGES["history"])

    headings = browser.read("[...document.querySelectorAll('h2')].map(h => h.innerText)")
    assert headings == ["From 1.10.0 to 2.0.0", "From 1.9.0 to 1.10.0"]
    assert browser.read("document.querySelectorAll('h2 ~ .changes li').length") > 0


def test_the_specification_shows_support_at_each_clause(browser, surveyed):
    browser.open("spec.html#directive.quotes")

    assert browser.read("document.querySelectorAll('.clause').length") == len(
        surveyed.specification.clauses
    )
    assert "able" in browser.text("[id='directive.quotes'] .support")
    top = browser.read("document.getElementById('directive.quotes').getBoundingClientRect().top")
    assert 0 <= top < 200


def test_the_contents_show_where_the_reader_is(browser):
    browser.open("spec.html#capture.scope.loop")
    browser.wait(code="document.querySelector('.contents [aria-current]') !== null")

    assert browser.text(".contents [aria-current]") == "4.5 Captures: which names"
    visible = (
        "(([l, c]) => l.top >= c.top && l.bottom <= c.bottom)"
        "(['.contents [aria-current]', '.contents'].map(s => document.querySelector(s)"
        ".getBoundingClientRect()))"
    )
    assert browser.read(visible) is True


def test_a_slug_in_the_text_leads_to_its_clause(browser):
    browser.open("spec.html")

    missing = "[...document.querySelectorAll('.text .slug')].filter(a => !document.getElementById(a.hash.slice(1)))"
    assert browser.read("document.querySelectorAll('.text .slug').length") > 0
    assert browser.read(f"{missing}.length") == 0


def test_the_grid_tells_who_can_speak_with_whom(browser):
    browser.open("interop.html")

    cells = (
        "[...document.querySelectorAll('.grid td')].map(td => td.innerText.split(/\\s+/).join(' '))"
    )
    assert browser.read(cells) == [
        "✓ passes",
        "✗ fails 1/9",
        "? not asked",
        "? not asked",
        "✓ passes",
        "? not asked",
        "✗ fails 1/7",
        "? not asked",
    ]
    browser.click(selector=".grid td.fail a")
    browser.wait(code="document.getElementById('arguments-able-baker').open")
    assert "another value at $.a" in browser.text("[id='arguments-able-baker']")


# Filters


def test_a_filter_is_kept_in_the_address(browser):
    browser.open("index.html")
    browser.choose(selector="[name=class]", value="security")
    browser.choose(selector="[name=versions]", value="all")

    assert browser.read("location.search") == "?class=security&versions=all"
    assert len(browser.read(VISIBLE_ROWS)) == 25


def test_an_address_sets_the_filters(browser):
    browser.open("index.html?level=should&name=ba")

    assert browser.read(VISIBLE_ROWS) == ["baker-2.0.0"]
    assert browser.read("document.querySelector('[name=level]').value") == "should"
    assert browser.text(".filters output") == "1 implementation"


def test_an_address_that_asks_for_what_does_not_exist_changes_nothing(browser):
    browser.open("index.html?level=never&versions=none")

    assert len(browser.read(VISIBLE_ROWS)) == 9


def test_a_filter_counts_only_what_it_names(browser, surveyed):
    browser.open("index.html?class=security&level=must")

    clauses = surveyed.specification.clauses
    subject = next(s for s in surveyed.subjects if s.id == "able-2.0.0")
    tally = subject.tally(
        case
        for case in surveyed.cases.values()
        if (c := clauses.get(case.clause)) and (c.class_, c.level) == ("security", "must")
    )
    title = browser.read(
        "document.querySelector(\"[data-subject='able-2.0.0'] td:last-child a\").title"
    )
    assert title.startswith(f"{tally.passed} pass, {tally.failed} fail, {tally.unasked} not asked")


def test_a_chapter_can_show_only_where_they_differ(browser):
    browser.open("chapters/functions.html")
    all_rows = browser.read("document.querySelectorAll('[data-name]:not([hidden])').length")
    browser.choose(selector="[name=show]", value="differ")

    shown = browser.read("document.querySelectorAll('[data-name]:not([hidden])').length")
    assert 0 < shown < all_rows
    assert browser.read("location.search") == "?show=differ"


# Moving


def changes(browser):
    browser.wait(code="document.querySelector('[data-moving] output').textContent !== ''")
    return browser.text("[data-moving] output")


def test_moving_tells_what_stops_and_what_starts_working(browser, surveyed):
    browser.open(PAGES["moving"])

    before, after = (
        next(s for s in surveyed.subjects if s.id == name) for name in ("able-2.0.0", "baker-2.0.0")
    )
    stops = {
        case.id
        for case in surveyed.cases.values()
        for point in case.observations
        if before.outcome(case, point).state == "pass" and after.outcome(case, point).failed
    }
    assert changes(browser).startswith(f"{len(stops)} stop working")


def test_moving_to_itself_changes_nothing(browser):
    browser.open("moving.html?from=able-2.0.0&to=able-2.0.0")

    assert changes(browser) == "0 stop working, 0 start working"


def test_moving_tells_what_is_decided_otherwise(browser):
    browser.open("moving.html?from=able-2.0.0&to=able-1.10.0")
    changes(browser)

    assert "What does a re-export from a server module do?" in browser.text("#changes")


def test_swapping_goes_the_other_way(browser):
    browser.open(PAGES["moving"])
    stops, starts = [part.split()[0] for part in changes(browser).split(", ")]
    browser.click(selector=".swap")
    browser.wait(
        code=f"document.querySelector('[data-moving] output').textContent.startsWith('{starts} ')"
    )

    assert changes(browser) == f"{starts} stop working, {stops} start working"
    assert browser.read("location.search") == "?from=baker-2.0.0"


# By keyboard


def test_the_first_tab_skips_to_the_content(browser):
    browser.open("index.html")
    browser.press("Tab")
    assert browser.read(f"{FOCUSED}.className") == "skip"

    browser.press("Enter", "Tab")
    assert browser.read(f"!!{FOCUSED}.closest('main')") is True


def test_everything_that_can_be_clicked_can_be_reached_by_tab(browser):
    browser.open(PAGES["implementation"])

    unreachable = (
        "[...document.querySelectorAll('a, button, input, select, summary')]"
        ".filter(e => e.tabIndex < 0 || (e.tagName === 'A' && !e.hasAttribute('href'))).length"
    )
    assert browser.read(unreachable) == 0


def test_search_is_done_without_a_mouse(browser):
    browser.open("index.html")
    browser.press("/")
    browser.wait(code="document.activeElement.id === 'search'")
    browser.type(text="capture.scope.loop")
    browser.wait(code="document.querySelectorAll('#found [aria-selected]').length > 0")
    assert (
        browser.read("document.getElementById('search').getAttribute('aria-activedescendant')")
        == "found-0"
    )

    browser.press("Enter")
    browser.wait(code="location.pathname.endsWith('clauses/capture.scope.loop.html')")


def test_arrows_move_through_what_was_found_and_escape_leaves(browser):
    browser.open("clauses/capture.scope.loop.html")
    browser.press("/")
    browser.type(text="loop")
    browser.wait(code="document.querySelectorAll('#found li').length > 2")
    browser.press("ArrowDown", "ArrowDown", "ArrowUp")
    assert browser.read("document.querySelector('[aria-selected=true]').id") == "found-1"

    browser.press("Escape")
    assert browser.read("document.getElementById('found').hidden") is True
    assert (
        browser.read("document.getElementById('search').getAttribute('aria-expanded')") == "false"
    )


def test_what_is_not_found_is_said(browser):
    browser.open("index.html")
    browser.press("/")
    browser.type(text="zzzzzz")
    browser.wait(code="!document.getElementById('found').hidden")

    assert browser.text("#found") == "Nothing found"


def test_a_failure_is_unfolded_by_keyboard(browser):
    browser.open(PAGES["implementation"])
    last = "[...document.querySelectorAll('.mechanisms > li > details')].at(-1)"
    browser.read(f"{last}.querySelector('summary').focus()")
    browser.press("Enter")

    assert browser.read(f"{last}.open") is True


# By eye


def test_colours_follow_the_system_until_somebody_chooses(browser):
    background = "getComputedStyle(document.body).backgroundColor"
    browser.open("index.html")
    light = browser.read(background)
    browser.open("index.html", dark=True)
    dark = browser.read(background)
    browser.click(selector=".theme")

    assert light != dark
    assert browser.read(background) == light
    assert (
        browser.read("document.querySelector('.theme').getAttribute('aria-label')")
        == "Colours: light"
    )


def test_the_chosen_colours_are_remembered(browser):
    browser.open("index.html")
    browser.press("Tab", "Tab")
    browser.click(selector=".theme")
    browser.click(selector=".theme")
    browser.click(selector="a[href='spec.html']")
    browser.wait(code="location.pathname.endsWith('spec.html')")

    assert browser.read("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("page", [*PAGES, "spec"])
def test_a_narrow_page_scrolls_in_one_direction(browser, page):
    browser.open(PAGES.get(page, "spec.html"), width=360)

    assert browser.read("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_accessible(browser, page, dark):
    browser.open(PAGES[page], dark=dark)
    if page == "moving":
        changes(browser)

    assert browser.axe() == []


def test_the_specification_is_accessible(browser):
    """Its colours are those of the pages above; looking at every word of it takes half a minute."""
    browser.open("spec.html")

    assert browser.axe(without=["color-contrast"]) == []


# Fast


def test_the_matrix_is_painted_within_a_second(browser):
    """2,000 cases and 25 implementations, from the disk."""
    times = []
    for _ in range(3):
        browser.open("index.html")
        browser.wait(code="performance.getEntriesByName('first-contentful-paint').length > 0")
        times.append(
            browser.read("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        )

    assert min(times) <= 1000, json.dumps(times)
