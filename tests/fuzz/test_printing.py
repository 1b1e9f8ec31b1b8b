"""What is printed of a disagreement is read back as the very question that was judged."""

import pytest

from conformance import choices
from conformance.corpus import read_file
from conformance.fuzz import drawing, printing
from conformance.fuzz.differential import Disagreement, Stated
from conformance.fuzz.plan import Plan
from conformance.fuzz.targets import TARGETS
from conformance.fuzz.worker import Worker
from conformance.verdict import Verdict


@pytest.mark.slow
@pytest.mark.parametrize("target", ["calls", "forms", "programs", "requests", "values", "wire"])
def test_a_case_asks_what_was_asked_and_expects_what_was_answered(target, tmp_path):
    worker = Worker(Plan(target, "refimpl"))
    path = tmp_path / "fuzz.yaml"
    drawn = drawing.batch(TARGETS[target], 3, 8)
    hello = worker.sides.hello(worker.sides.subject)

    for example, found in worker.sides.answered(drawn):
        for made in found:
            assert isinstance(made, Stated)
            news = Disagreement(example, made.case, Verdict("fail"), "signature", made.answer)
            path.write_text(printing.case_text(news, "a/b", "A title.", worker.plan), "utf-8")
            (read,) = read_file(path, choices.load()).cases
            (point,), (again,) = made.case.observations, read.observations
            assert again.request(read.files) == point.request(example.files)
            assert again.judge(made.answer, hello) is None
    worker.close()
