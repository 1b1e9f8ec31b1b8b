"""The report: a static site made from results files, with the specification beside it.

`survey.py` joins results to the corpus · `mechanisms.py` finds failures with one cause · `prose.py`
turns Markdown into HTML · `document.py` renders SPEC.md · `pages.py` makes the pages from
`templates/` · `data.py` what the pages' script reads · `badges.py` · `assets/` styles and script.
"""
