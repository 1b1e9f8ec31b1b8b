"""Say of each directive-like string of a file whether it takes effect, and why, clause by clause."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import spec
from refimpl.cli.check import describe
from refimpl.cli.files import read
from refimpl.functions.compilation import CompiledModule, compile_module
from refimpl.source import load
from refimpl.source.diagnostics import Diagnostic, SyntaxDiagnostic, render
from refimpl.source.directives import directive_strings

if TYPE_CHECKING:
    import argparse

    from refimpl.source.directives import DirectiveString
    from refimpl.source.text import Source


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of this command."""
    parser.add_argument("file", metavar="FILE")


def carry_out(options: argparse.Namespace) -> int:
    """Explain one file."""
    source = read(Path(options.file))
    if isinstance(source, Diagnostic):
        print(source, file=sys.stderr)
        return 2
    try:
        module = compile_module(source, load(source))
    except SyntaxDiagnostic as error:
        print(render(error.diagnostic, source))
        return 1
    explain(source, module)
    return 1 if module.diagnostics else 0


def explain(source: Source, module: CompiledModule) -> None:
    """Print every string in question, then what the module is."""
    found = directive_strings(module.program)
    for string in found:
        print(render_string(source, string))
        print()
    if not found:
        print("There is no string in this file that is a directive of ours or looks like one.\n")
    for finding in module.errors:
        print(render(finding, source))
        print(indented(clause(finding.clause)))
        print()
    print(f"{source.name}: {describe(module)}")


def render_string(source: Source, string: DirectiveString) -> str:
    """One string: its place, whether it takes effect, the clause that says so."""
    line, column = source.position(string.node.start)
    effect = f"takes effect: it marks the {string.marks}" if string.effective else "has no effect"
    parts = [f"{source.name}:{line}:{column}: {effect}", f"    {source.line(line).strip()}"]
    if not string.effective:
        parts.append(indented(string.explanation))
    parts.append(indented(clause(string.clause)))
    if string.fix:
        parts.append(indented(f"fix: {string.fix}"))
    return "\n".join(part for part in parts if part)


def clause(slug: str) -> str:
    """A clause and its sentence."""
    return f"[{slug}] {spec.sentence(slug)}" if slug else ""


def indented(text: str) -> str:
    """The text as a paragraph two spaces in."""
    return textwrap.fill(text, 90, initial_indent="  ", subsequent_indent="  ")
