"""Defects of chapters 1 and 2: which characters of a file are a directive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import refimpl.source
from conformance.mutants.mutant import mutant
from refimpl.functions import compilation
from refimpl.functions.project import Project
from refimpl.modules import kinds
from refimpl.source import directives, nodes, parser, text
from refimpl.source.early_errors import functions
from refimpl.source.literals import unescape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from conformance.mutants.patching import Patch

    Body = nodes.Program | nodes.FunctionBody
    Directives = Iterable[nodes.Directive]


def rewritten(patch: Patch, rewrite: Callable[[nodes.Node, text.Source], None]) -> None:
    """Let `rewrite` change the nodes of every program that is parsed."""
    parse = parser.parse

    def parse_and_rewrite(source: text.Source, goal: str = "module") -> nodes.Program:
        program = parse(source, goal)
        for node in [*program.walk()]:
            rewrite(node, source)
        return program

    patch.replace(parse, parse_and_rewrite)


def prologues(patch: Patch, prologue: Callable[[Body, str], Directives]) -> None:
    """Let every Directive Prologue be what `prologue` makes of a body and the text of its file."""

    def rewrite(node: nodes.Node, source: text.Source) -> None:
        if isinstance(node, nodes.Program | nodes.FunctionBody):
            node.directives = [*prologue(node, source.text)]

    rewritten(patch, rewrite)


def also(patch: Patch, find: Callable[[Body], Iterable[nodes.Node | None]]) -> None:
    """Let the strings and templates that `find` gives be directives too, by their values."""

    def rewrite(body: Body, _: str) -> Iterator[nodes.Directive]:
        yield from body.directives
        for node in find(body):
            match node:
                case nodes.Literal(value=str() as value):
                    yield nodes.Directive(node.start, node.end, value, "'")
                case nodes.TemplateLiteral(quasis=[nodes.TemplateElement(cooked=str() as value)]):
                    yield nodes.Directive(node.start, node.end, value, "'")

    prologues(patch, rewrite)


def first_expression(body: Body) -> nodes.Node | None:
    """The expression that is the first statement after the prologue, if one is."""
    match body.body:
        case [nodes.ExpressionStatement(expression=expression), *_]:
            return expression
    return None


def strings_behind(*passed: type[nodes.Node]) -> Callable[[Body], Iterator[nodes.Node]]:
    """What finds the strings that stand behind statements of some types."""

    def find(body: Body) -> Iterator[nodes.Node]:
        for statement in body.body:
            if isinstance(statement, nodes.ExpressionStatement):
                yield statement.expression
            elif not isinstance(statement, passed):
                return

    return find


def strings_in(*containers: type[nodes.Node]) -> Callable[[Body], Iterator[nodes.Node]]:
    """What finds the strings that stand in statements of some types."""

    def find(body: Body) -> Iterator[nodes.Node]:
        nested = (node for statement in body.body for node in statement.walk())
        for container in nested:
            if isinstance(container, containers):
                for node in container.iterate():
                    if isinstance(node, nodes.ExpressionStatement):
                        yield node.expression

    return find


# --- the text ------------------------------------------------------------------------------------

IS_DIRECTIVE = "member.raw == text"


@mutant("directive.text")
def accepts_longer_texts(patch: Patch) -> None:
    """A directive is recognized when the text is a part of it."""
    patch.edit(kinds.directive, IS_DIRECTIVE, "text in member.raw")


@mutant("directive.text")
def compares_last_words(patch: Patch) -> None:
    """A directive is recognized by its last word."""
    patch.edit(kinds.directive, IS_DIRECTIVE, "member.raw.endswith(text[-7:])")


@mutant("directive.client-text")
def reads_client_as_server(patch: Patch) -> None:
    """Either text marks a server module."""
    patch.edit(kinds.directive, IS_DIRECTIVE, "member.raw in ('use server', 'use client')")


@mutant("directive.quotes")
def accepts_single_quotes_only(patch: Patch) -> None:
    """A directive in double quotes is overlooked."""
    prologues(patch, lambda body, _: [each for each in body.directives if each.quote == "'"])


@mutant("directive.quotes")
def accepts_double_quotes_only(patch: Patch) -> None:
    """A directive in single quotes is overlooked."""
    prologues(patch, lambda body, _: [each for each in body.directives if each.quote == '"'])


@mutant("directive.escapes")
def compares_cooked_string(patch: Patch) -> None:
    """What a string evaluates to is compared, not its raw text."""

    def cooked(body: Body, _: str) -> Directives:
        for each in body.directives:
            each.raw = unescape(each.raw)
        return body.directives

    prologues(patch, cooked)


@mutant("directive.exact")
def ignores_case(patch: Patch) -> None:
    """Upper and lower case are the same."""
    patch.edit(kinds.directive, IS_DIRECTIVE, "member.raw.lower() == text")


@mutant("directive.exact")
def trims_spaces(patch: Patch) -> None:
    """Spaces around the text do not count."""
    patch.edit(kinds.directive, IS_DIRECTIVE, "member.raw.strip() == text")


@mutant("directive.exact")
def merges_spaces(patch: Patch) -> None:
    """Several spaces between the words are one."""
    patch.edit(kinds.directive, IS_DIRECTIVE, "' '.join(member.raw.split()) == text.strip()")


@mutant("directive.unknown")
def refuses_unknown_directives(patch: Patch) -> None:
    """A directive of another tool is an error."""
    patch.edit(directives._nearest, "_distance(folded, text) <= 2", "value.startswith('use ')")
    patch.edit(compilation._without_effect, "'warning'", "'error'")


# --- the form ------------------------------------------------------------------------------------


@mutant("directive.form.template")
def accepts_backticks(patch: Patch) -> None:
    """A template literal is as good as a string."""
    also(patch, lambda body: [first_expression(body)])


@mutant("directive.form.parenthesized")
def accepts_parentheses(patch: Patch) -> None:
    """Parentheses around the string are overlooked."""

    def find(body: Body) -> Iterator[nodes.Node]:
        expression = first_expression(body)
        while isinstance(expression, nodes.ParenthesizedExpression):
            expression = expression.expression
            yield expression

    also(patch, find)


@mutant("directive.form.expression")
def accepts_first_operand(patch: Patch) -> None:
    """A string that begins a longer expression is enough."""

    def find(body: Body) -> Iterator[nodes.Node]:
        match first_expression(body):
            case nodes.BinaryExpression(left=first) | nodes.LogicalExpression(left=first):
                yield first
            case nodes.SequenceExpression(expressions=[first, *_]):
                yield first
            case nodes.ConditionalExpression(test=first):
                yield first

    also(patch, find)


@mutant("directive.form.assertion")
def accepts_assertions(patch: Patch) -> None:
    """A type assertion behind the string is erased first."""

    def find(body: Body) -> Iterator[nodes.Node]:
        expression = first_expression(body)
        while isinstance(expression, nodes.TSAs):
            expression = expression.expression
            yield expression

    also(patch, find)


@mutant("directive.termination")
def wants_semicolons(patch: Patch) -> None:
    """A directive without a semicolon is overlooked."""

    def rewrite(body: Body, source: str) -> Directives:
        return [each for each in body.directives if ";" in source[each.start : each.end + 1]]

    prologues(patch, rewrite)


@mutant("directive.continuation")
def ends_at_every_line_break(patch: Patch) -> None:
    """A line break behind the string ends it, whatever the next line begins with."""

    def rewrite(body: Body, source: str) -> Iterator[nodes.Directive]:
        yield from body.directives
        expression = first_expression(body)
        if expression is not None:
            line = source[expression.start : expression.end].splitlines()[0]
            if (
                line.strip() in {"'use server'", '"use server"'}
                and line != source[expression.start : expression.end]
            ):
                yield nodes.Directive(expression.start, expression.end, "use server", "'")

    prologues(patch, rewrite)


@mutant("directive.continuation")
def judges_the_next_line_by_its_first_characters(patch: Patch) -> None:
    """A line that begins with `.` or `in` continues the string, be it a number or a longer name."""

    def rewrite(body: Body, source: str) -> Directives:
        return [
            each
            for each in body.directives
            if not source[each.end :].lstrip().startswith((".", "in", "satisfies"))
        ]

    prologues(patch, rewrite)


# --- the place -----------------------------------------------------------------------------------


@mutant("directive.prologue.module")
def ignores_module_directives(patch: Patch) -> None:
    """A directive at the top of a file marks nothing."""
    patch.edit(kinds.module_kind, "directive(program.directives, USE_SERVER)", "None")


@mutant("directive.prologue.function")
def ignores_function_directives(patch: Patch) -> None:
    """A directive at the top of a function marks nothing."""
    patch.edit(compilation.compile_module, "_marker(place.function)", "False")


@mutant("directive.bodies")
def sees_declarations_only(patch: Patch) -> None:
    """The directive counts in function declarations and nowhere else."""
    only = "_marker(place.function) and isinstance(place.function, nodes.FunctionDeclaration)"
    patch.edit(compilation.compile_module, "_marker(place.function)", only)


@mutant("directive.own-function")
def marks_functions_inside(patch: Patch) -> None:
    """A directive marks the functions inside its function as well."""

    def rewrite(body: Body, _: str) -> Directives:
        if isinstance(body, nodes.FunctionBody) and body.directives:
            for node in body.walk():
                if isinstance(node, nodes.FunctionBody) and not node.directives:
                    node.directives = body.directives
        return body.directives

    prologues(patch, rewrite)


@mutant("directive.own-function")
def marks_the_module_from_inside(patch: Patch) -> None:
    """A directive in a function marks the whole module."""

    def rewrite(body: Body, _: str) -> Iterator[nodes.Directive]:
        yield from body.directives
        if isinstance(body, nodes.Program):
            for node in body.walk():
                if isinstance(node, nodes.FunctionBody):
                    yield from (each for each in node.directives if each.raw == "use server")

    prologues(patch, rewrite)


@mutant("directive.before.space")
def looks_at_the_first_line(patch: Patch) -> None:
    """A directive that does not stand on the first line of its body is overlooked."""

    def rewrite(body: Body, source: str) -> Directives:
        inside = source[body.start + 1 :] if isinstance(body, nodes.FunctionBody) else source
        begins = source.find(inside) + len(inside) - len(inside.lstrip(" \t{"))
        return [
            each for each in body.directives if not source[begins : each.start].startswith("\n")
        ]

    prologues(patch, rewrite)


@mutant("directive.before.comments")
def stumbles_over_comments(patch: Patch) -> None:
    """A directive behind a comment is overlooked."""

    def rewrite(body: Body, source: str) -> Directives:
        return [each for each in body.directives if "*/" not in source[body.start : each.start]]

    prologues(patch, rewrite)


@mutant("directive.before.comments")
def looks_at_512_characters(patch: Patch) -> None:
    """A directive behind a long comment is overlooked."""
    prologues(patch, lambda body, _: [d for d in body.directives if d.start - body.start < 512])


@mutant("directive.before.hashbang")
def stumbles_over_the_hashbang(patch: Patch) -> None:
    """A directive behind a hashbang is overlooked."""
    prologues(patch, lambda body, source: [] if source[:2] == "#!" else body.directives)


@mutant("directive.before.directives")
def looks_at_the_first_directive(patch: Patch) -> None:
    """A directive behind another one is overlooked."""
    prologues(patch, lambda body, _: body.directives[:1])


@mutant("directive.before.statement")
def looks_past_imports(patch: Patch) -> None:
    """A string behind imports is still a directive."""
    also(patch, strings_behind(nodes.ImportDeclaration))


@mutant("directive.before.statement")
def looks_past_declarations(patch: Patch) -> None:
    """A string behind variables and functions is still a directive."""
    also(patch, strings_behind(nodes.VariableDeclaration, nodes.FunctionDeclaration))


@mutant("directive.before.empty")
def looks_past_semicolons(patch: Patch) -> None:
    """A string behind empty statements is still a directive."""
    also(patch, strings_behind(nodes.EmptyStatement))


@mutant("directive.before.types")
def looks_past_types(patch: Patch) -> None:
    """Statements that TypeScript erases are erased before directives are looked for."""
    also(patch, strings_behind(nodes.TSDeclaration))


@mutant("directive.block")
def looks_into_blocks(patch: Patch) -> None:
    """A string at the top of a block marks the body around it."""
    also(patch, strings_in(nodes.BlockStatement))


@mutant("directive.namespace")
def looks_into_namespaces(patch: Patch) -> None:
    """A string at the top of a namespace marks the module."""
    also(patch, strings_in(nodes.TSModuleDeclaration))


@mutant("directive.static-block")
def looks_into_static_blocks(patch: Patch) -> None:
    """A string at the top of a class static block marks the module."""
    also(patch, strings_in(nodes.StaticBlock))


@mutant("directive.concise")
def reads_concise_bodies(patch: Patch) -> None:
    """The string that a concise arrow function returns marks it."""

    def rewrite(node: nodes.Node, _: text.Source) -> None:
        match node:
            case nodes.ArrowFunctionExpression(body=nodes.Literal(value="use server") as body):
                place = body.start, body.end
                directive = nodes.Directive(*place, "use server", "'")
                result = nodes.ReturnStatement(*place, body)
                node.body = nodes.FunctionBody(*place, [directive], [result])

    rewritten(patch, rewrite)


@mutant("directive.repeated")
def refuses_repetition(patch: Patch) -> None:
    """The same directive twice is a conflict."""
    twice = "[each for each in prologue if each.raw == USE_SERVER][1:2]"
    patch.edit(kinds.conflict, "directive(prologue, USE_CLIENT)", f"next(iter({twice}), None)")


@mutant("directive.dialects")
def reads_javascript_only(patch: Patch) -> None:
    """Directives of TypeScript files are overlooked."""

    def rewrite(node: nodes.Node, source: text.Source) -> None:
        if isinstance(node, nodes.Program | nodes.FunctionBody) and source.dialect.typescript:
            node.directives = []

    rewritten(patch, rewrite)


@mutant("directive.use-strict")
def takes_it_for_use_strict(patch: Patch) -> None:
    """Parameters that are not simple are an early error, as beside `'use strict'`."""
    rule = functions._parameters_and_body
    patch.edit(
        rule, "directive.raw == 'use strict'", "directive.raw in ('use strict', 'use server')"
    )


@mutant("directive.client-in-function")
def lets_functions_be_client(patch: Patch) -> None:
    """A client directive in a function marks the module."""

    def rewrite(body: Body, _: str) -> Iterator[nodes.Directive]:
        yield from body.directives
        if isinstance(body, nodes.Program):
            for node in body.walk():
                if isinstance(node, nodes.FunctionBody):
                    yield from (each for each in node.directives if each.raw == "use client")

    prologues(patch, rewrite)


# --- what has no effect --------------------------------------------------------------------------


@mutant("directive.inert")
def searches_the_text(patch: Patch) -> None:
    """A file that holds the text anywhere is a server module."""

    def rewrite(body: Body, source: str) -> Iterator[nodes.Directive]:
        yield from body.directives
        if isinstance(body, nodes.Program) and "use server" in source and not body.directives:
            yield nodes.Directive(0, 0, "use server", "'")

    prologues(patch, rewrite)


@mutant("directive.values")
def diagnoses_values(patch: Patch) -> None:
    """The text is diagnosed wherever a string may stand."""
    judges = directives._JUDGES
    misplaced = directives._MISPLACED["body"]

    def judge(node: nodes.Literal, _: nodes.Node) -> Iterator[directives.DirectiveString]:
        if node.value in directives.TEXTS:
            reason, explanation, clause, fix = misplaced
            reason = f"misplaced-directive.{reason}"
            value = str(node.value)
            yield directives.DirectiveString(node, value, None, reason, explanation, clause, fix)

    patch.attribute(directives, "_JUDGES", {**judges, nodes.Literal: judge})


@mutant("directive.misplaced")
def keeps_silent(patch: Patch) -> None:
    """A misplaced directive is not diagnosed."""
    patch.edit(directives._judge_statement, "text is not None", "False")


@mutant("directive.misplaced.place")
def blames_the_first_line(patch: Patch) -> None:
    """Every diagnostic of a directive names the first line."""
    patch.edit(compilation._without_effect, "found.node.start", "0")


@mutant("directive.misspelt")
def overlooks_misspellings(patch: Patch) -> None:
    """A misspelt directive is not diagnosed."""
    patch.edit(directives._misspelt, "meant is not None", "False")


@mutant("directive.misspelt")
def sees_no_missing_space(patch: Patch) -> None:
    """Only case and escapes are known misspellings."""
    patch.edit(directives._nearest, "_distance(folded, text) <= 2", "value.lower() == text")


@mutant("directive.misspelt.known")
def suspects_every_directive(patch: Patch) -> None:
    """Whatever begins like a directive is a misspelt one."""
    patch.edit(directives._nearest, "_distance(folded, text) <= 2", "folded[:4] == 'use '")


# --- the source and its errors -------------------------------------------------------------------


@mutant("source.goal")
def parses_scripts(patch: Patch) -> None:
    """A file is parsed with the goal Script."""
    load = refimpl.source.load
    patch.replace(load, lambda source, _goal="module": load(source, "script"))


@mutant("source.dialect")
def reads_every_file_as_tsx(patch: Patch) -> None:
    """The ending of a path says nothing: every file is TypeScript with JSX."""
    language_of = parser.language_of
    patch.replace(parser.language_of, lambda _, goal: language_of(text.TSX, goal))


@mutant("source.syntax")
def skips_early_errors(patch: Patch) -> None:
    """What only the grammar does not refuse is accepted."""
    patch.edit(refimpl.source.load, "check(program, source, goal)", "pass")


@mutant("conformance.errors.place")
def blames_the_first_line_of_errors(patch: Patch) -> None:
    """A compile error names no place but the file."""
    patch.edit(Project.errors, "[*self.unreadable, *found, *self._reached_by_client()]", "[]")


@mutant("conformance.errors.before-effects")
def runs_programs_with_errors(patch: Patch) -> None:
    """Compile errors are found and ignored."""
    patch.edit(Project.errors, "module.errors", "()")


@mutant("conformance.warnings")
def stops_at_warnings(patch: Patch) -> None:
    """A warning keeps the project from running."""
    patch.edit(compilation.CompiledModule.errors, 'found.severity == "error"', "True")
