"""Report the directives of files: what they make, what is wrong, and the likely fix.

A file that does not hold the words of a directive is not parsed.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from refimpl import __version__
from refimpl.cli.files import sources
from refimpl.functions.compilation import CompiledModule, compile_module
from refimpl.modules.kinds import ModuleKind
from refimpl.source import load
from refimpl.source.diagnostics import Diagnostic, SyntaxDiagnostic, as_json, render
from refimpl.source.directives import may_hold_directives

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from refimpl.source.text import Source

#: Codes of files that could not be looked at.
UNREADABLE = ("input", "syntax.encoding", "syntax.binary", "syntax.limit")


@dataclass
class Report:
    """What was found in all files."""

    checked: int = 0
    modules: list[CompiledModule] = field(default_factory=list)
    findings: list[tuple[Diagnostic, Source | None]] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """2 when a file could not be looked at, 1 when there is a finding, 0 otherwise."""
        if any(finding.code.startswith(UNREADABLE) for finding, _ in self.findings):
            return 2
        return 1 if self.findings else 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of this command."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, or folders to search")
    parser.add_argument("--format", choices=sorted(FORMATS), default="human", help="default: human")


def carry_out(options: argparse.Namespace) -> int:
    """Check every file, print the report, and say how it went."""
    report = check(sources(options.paths))
    FORMATS[options.format](report)
    return report.exit_code


def check(found: Iterable[Source | Diagnostic]) -> Report:
    """Look at each source; whatever is wrong with one, the rest goes on."""
    report = Report()
    for each in found:
        report.checked += 1
        if isinstance(each, Diagnostic):
            report.findings.append((each, None))
        elif may_hold_directives(each.text):
            check_source(each, report)
    return report


def check_source(source: Source, report: Report) -> None:
    """Compile one module and note what it is and what is wrong with it."""
    try:
        module = compile_module(source, load(source))
    except SyntaxDiagnostic as error:
        report.findings.append((error.diagnostic, source))
        return
    if module.kind is not ModuleKind.NONE or module.inline:
        report.modules.append(module)
    report.findings.extend((finding, source) for finding in module.diagnostics)


# --- formats -------------------------------------------------------------------------------------


def human(report: Report) -> None:
    """For a person at a terminal: findings with their place, then what the directives make."""
    for finding, source in report.findings:
        print(render(finding, source) if source else finding)
        print()
    for module in report.modules:
        print(f"{module.source.name}: {describe(module)}")
    errors = sum(finding.severity == "error" for finding, _ in report.findings)
    warnings = len(report.findings) - errors
    print(
        f"{count(report.checked, 'file')} checked: {count(errors, 'error')}, {count(warnings, 'warning')}"
    )


def describe(module: CompiledModule) -> str:
    """What the directives of a module make, in words."""
    words = {
        ModuleKind.SERVER: "server module",
        ModuleKind.CLIENT: "client module",
        ModuleKind.NONE: "no directive of its own",
    }[module.kind]
    functions = [*module.exported, *module.inline.values()]
    if not functions:
        return words
    names = ", ".join(function.name or "(anonymous)" for function in functions)
    return f"{words}, {count(len(functions), 'server function')}: {names}"


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def as_json_document(report: Report) -> None:
    """One JSON document: every module with a directive, every finding."""
    json.dump(
        {
            "version": __version__,
            "checked": report.checked,
            "modules": [_module(module) for module in report.modules],
            "diagnostics": [as_json(finding) for finding, _ in report.findings],
        },
        sys.stdout,
        indent=2,
    )
    print()


def _module(module: CompiledModule) -> dict[str, Any]:
    functions = [*module.exported, *module.inline.values()]
    return {
        "file": module.source.name,
        "kind": str(module.kind),
        "functions": [
            {
                "where": function.where,
                "name": function.name,
                "captures": [capture.name for capture in function.captures],
                "line": module.source.position(function.place.start)[0],
            }
            for function in functions
        ],
    }


def github(report: Report) -> None:
    """Workflow commands that GitHub shows beside the lines of a pull request."""
    for finding, _ in report.findings:
        place = f"file={finding.source_name},line={finding.line},col={finding.column}"
        text = finding.message + (f" ({finding.fix})" if finding.fix else "")
        escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        print(f"::{finding.severity} {place},title={finding.code}::{escaped}")


def sarif(report: Report) -> None:
    """A SARIF 2.1.0 log, which code hosts and editors read."""
    rules = sorted({finding.code for finding, _ in report.findings})
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "refimpl",
                        "version": __version__,
                        "rules": [{"id": code} for code in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, source) for finding, source in report.findings],
            }
        ],
    }
    json.dump(log, sys.stdout, indent=2)
    print()


def _result(finding: Diagnostic, source: Source | None) -> dict[str, Any]:
    end_line, end_column = source.position(finding.end) if source else (1, 1)
    return {
        "ruleId": finding.code,
        "level": finding.severity,
        "message": {"text": finding.message + (f". Fix: {finding.fix}" if finding.fix else "")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": finding.source_name},
                    "region": {
                        "startLine": finding.line,
                        "startColumn": finding.column,
                        "endLine": end_line,
                        "endColumn": end_column,
                    },
                }
            }
        ],
        "properties": {"clause": finding.clause},
    }


FORMATS: dict[str, Callable[[Report], None]] = {
    "human": human,
    "json": as_json_document,
    "sarif": sarif,
    "github": github,
}
