"""The folder of a campaign: cases ready to be committed, and what is needed to go on with it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from conformance.fuzz.campaign import Totals
from conformance.fuzz.finding import Finding
from conformance.fuzz.plan import Known

if TYPE_CHECKING:
    from pathlib import Path

    from conformance.fuzz.plan import Plan

STATE = "campaign.json"
NEWS, EXPLAINED = "disagreements.yaml", "known.yaml"
EXAMPLES = "examples"
COUNTED = ("verdicts", "clauses", "again")


def load(folder: Path, plan: Plan) -> Totals:
    """The campaign of this plan that the folder holds; another one begins at nothing."""
    path = folder / STATE
    if not path.exists():
        return Totals()
    data = json.loads(path.read_text(encoding="utf-8"))
    if data.pop("plan") != asdict(plan):
        return Totals()
    verdicts, clauses, again = (Counter[str](data[name]) for name in COUNTED)
    findings = [_finding(each) for each in data["findings"]]
    done = data["batches"], data["examples"], data["seconds"]
    others = [Known(**{**each, "features": frozenset(each["features"])}) for each in data["others"]]
    return Totals(*done, verdicts, clauses, again, findings, others)


def findings(folder: Path) -> list[Finding]:
    """What the campaign has found that a folder holds."""
    data = json.loads((folder / STATE).read_text(encoding="utf-8"))
    return [_finding(each) for each in data["findings"]]


def _finding(data: dict[str, Any]) -> Finding:
    features, drawn = frozenset(data["features"]), tuple(data["drawn"])
    return Finding(**{**data, "features": features, "drawn": drawn})


def save(folder: Path, plan: Plan, totals: Totals) -> None:
    """Write everything, so that it is there whenever the campaign ends."""
    folder.mkdir(parents=True, exist_ok=True)
    data = {field.name: getattr(totals, field.name) for field in fields(totals)}
    data |= {"plan": asdict(plan), "findings": [asdict(each) for each in totals.findings]}
    data["others"] = [asdict(each) for each in totals.others]
    (folder / STATE).write_text(json.dumps(data, default=sorted, indent=1), encoding="utf-8")
    _write(folder / NEWS, totals.news)
    _write(folder / EXPLAINED, [each for each in totals.findings if not each.is_news])


def _write(path: Path, findings: list[Finding]) -> None:
    texts = [finding.text for finding in findings if finding.text is not None]
    path.write_text("\n".join(texts), encoding="utf-8")
