"""How the cost of parsing grows: every series doubles, and twice the text should cost twice.

Usage: python tests/benchmarks/parse_growth.py [largest]

Prints, per series, the time of each size and the exponent of growth between the smallest and the
largest that parses: 1.0 is linear, 2.0 quadratic. A text that a named limit refuses says which.
"""

from __future__ import annotations

import math
import sys
import time
from typing import TYPE_CHECKING

from refimpl.source.diagnostics import SyntaxDiagnostic
from refimpl.source.parser import parse
from refimpl.source.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable

SERIES: dict[str, tuple[str, Callable[[int], str]]] = {
    "parentheses": ("x.ts", lambda n: "(" * n + "a" + ")" * n),
    "arrays": ("x.ts", lambda n: "[" * n + "]" * n),
    "array patterns": ("x.ts", lambda n: "[" * n + "a" + "]" * n + " = b"),
    "objects": ("x.ts", lambda n: "({a:" * n + "1" + "})" * n),
    "blocks": ("x.ts", lambda n: "{" * n + "}" * n),
    "functions": ("x.ts", lambda n: "function f(){" * n + "}" * n),
    "calls": ("x.ts", lambda n: "f(" * n + ")" * n),
    "arrows": ("x.ts", lambda n: "(a=>" * n + "1" + ")" * n),
    "arrows in parentheses": ("x.ts", lambda n: "((a)=>" * n + "1" + ")" * n),
    "async arrows": ("x.ts", lambda n: "(async(a)=>" * n + "1" + ")" * n),
    "typed arrows": ("x.ts", lambda n: "((a:A):B=>" * n + "1" + ")" * n),
    "arrow defaults": ("x.ts", lambda n: "((a=" * n + "1" + ")=>1)" * n),
    "arrow object defaults": ("x.ts", lambda n: "({a=" * n + "1" + "})=>1" * n),
    "arrows in conditionals": ("x.ts", lambda n: "x?(a):b=>" * n + "1" + ":2" * n),
    "conditionals": ("x.ts", lambda n: "x?(a):" * n + "1"),
    "templates": ("x.ts", lambda n: "`${" * n + "1" + "}`" * n),
    "elements": ("x.tsx", lambda n: "<a>" * n + "</a>" * n),
    "attributes": ("x.tsx", lambda n: "<a b={" * n + "1" + "}/>" * n),
    "else if": ("x.ts", lambda n: "if(a){}else " * n + "{}"),
    "sums": ("x.ts", lambda n: "a" + "+a" * n),
    "members": ("x.ts", lambda n: "a" + ".b" * n),
    "call chains": ("x.ts", lambda n: "a" + ".b()" * n),
    "comparisons": ("x.ts", lambda n: "f(a" + "<a" * n + ")"),
    "comparisons in calls": ("x.ts", lambda n: "f(a<" * n + "1" + ")" * n),
    "generic calls": ("x.ts", lambda n: "f<" + "A<" * n + "B" + ">" * n + ">(x)"),
    "generic arguments of generic calls": ("x.ts", lambda n: "f<T>(" * n + ")" * n),
    "generic types": ("x.ts", lambda n: "type X = " + "A<" * n + "B" + ">" * n),
    "function types": ("x.ts", lambda n: "type X = " + "(a: " * n + "B" + ") => C" * n),
    "function types of patterns": ("x.ts", lambda n: "type X = " + "({a}: " * n + "B" + ")=>C" * n),
    "parenthesized types": ("x.ts", lambda n: "type X = " + "(" * n + "B" + ")" * n),
    "object types": ("x.ts", lambda n: "type X = " + "{a:" * n + "B" + "}" * n),
    "conditional types": ("x.ts", lambda n: "type X = " + "A extends B ? C : " * n + "D"),
    "statements": ("x.ts", lambda n: "const a = (b, c) => b + c;\n" * n),
    "comments": ("x.ts", lambda n: "/* a */ // b\n" * n),
}


def seconds(name: str, text: str) -> tuple[float, str]:
    """The least processor time of three, and the code of the error if there is one."""
    best, code = math.inf, ""
    for _ in range(3):
        start = time.process_time()
        try:
            parse(Source(name, text))
        except SyntaxDiagnostic as error:
            code = error.diagnostic.code
        best = min(best, time.process_time() - start)
    return best, code


def main(largest: int) -> None:
    """Print the table."""
    sizes = [largest >> shift for shift in (4, 3, 2, 1, 0)]
    print(f"{'series':36}" + "".join(f"{size:>11,}" for size in sizes) + "   exponent")
    for title, (name, text) in SERIES.items():
        times = [seconds(name, text(size)) for size in sizes]
        cells = "".join(
            f"{code.removeprefix('syntax.') or f'{t * 1000:.1f} ms':>11}" for t, code in times
        )
        parsed = [(size, t) for size, (t, code) in zip(sizes, times, strict=True) if not code]
        growth = ""
        if len(parsed) > 1:
            (small, first), (large, last) = parsed[0], parsed[-1]
            growth = f"{math.log(last / first) / math.log(large / small):.2f}"
        print(f"{title:36}{cells}   {growth}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3200)
