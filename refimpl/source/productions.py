"""What each production and each terminal of the grammar makes, by the names in `spec/*.lark`.

Rules of this module:

* A production's function is called with its place (s, e: start and end) and with the values of its
  named parts in order, None for an absent optional one.
* Where a production is already a node with the same parts in the same order, the node class is the
  function. What takes more than an expression is in `source.build`, or in `source.covers` if it
  resolves a cover grammar.
"""

from __future__ import annotations

from typing import Any

from refimpl.source import build, covers, literals
from refimpl.source import nodes as n


def nothing(*_: object) -> None:
    """What becomes of a part that is read and dropped."""


#: In the order of the grammar.
PRODUCTIONS: dict[str, Any] = {
    "(list)": lambda _s, _e, item: [item],
    "(append)": build.append,
    # --- the Directive Prologue
    "function_body": lambda s, e, directives, body: n.FunctionBody(
        s, e, directives or [], body or []
    ),
    "directive": lambda s, e, text: n.Directive(s, e, text.raw[1:-1], text.raw[0]),
    # --- 16 Scripts and modules
    "module": build.program("module"),
    "script": build.program("script"),
    "import_declaration": lambda s, e, specifiers, source, attributes: n.ImportDeclaration(
        s, e, specifiers, source, attributes or []
    ),
    "bare_import": lambda s, e, source, attributes: n.ImportDeclaration(
        s, e, [], source, attributes or []
    ),
    "type_import": build.ts_declaration("import type"),
    "import_equals": n.TSImportEquals,
    "import_clause": build.import_clause,
    "import_default": n.ImportDefaultSpecifier,
    "import_namespace": lambda s, e, _star, local: n.ImportNamespaceSpecifier(s, e, local),
    "named_imports": lambda _s, _e, items: build.present(items),
    "import_name": lambda s, e, local: n.ImportSpecifier(s, e, local, local),
    "import_renamed": n.ImportSpecifier,
    "type_specifier": nothing,
    "import_attributes": lambda _s, _e, attributes: attributes or [],
    "import_attribute": n.ImportAttribute,
    "export_all": lambda s, e, _star, exported, source, attributes: n.ExportAllDeclaration(
        s, e, exported, source, attributes or []
    ),
    "export_named": lambda s, e, specifiers, source, attributes: n.ExportNamedDeclaration(
        s, e, None, specifiers, source, attributes or []
    ),
    "export_of_declaration": build.export_of_declaration,
    "export_decorated_class": lambda s, e, decorators, declaration: build.export_of_declaration(
        s, e, build.decorated(decorators, declaration)
    ),
    "export_default": build.export_default,
    "export_default_decorated_class": lambda s, e, decorators, declaration: build.export_default(
        s, e, build.decorated(decorators, declaration)
    ),
    "type_export": build.ts_declaration("export type"),
    "export_assignment": lambda s, e, value: n.TSImportEquals(s, e, None, value),
    "export_clause": lambda _s, _e, items: build.present(items),
    "export_specifier": lambda s, e, local, exported: n.ExportSpecifier(
        s, e, local, exported or local
    ),
    "anonymous_function": lambda s, e, _word, star, params, body: n.FunctionDeclaration(
        s, e, None, params or [], body, False, star is not None
    ),
    "anonymous_async_function": lambda s, e, _word, star, params, body: n.FunctionDeclaration(
        s, e, None, params or [], body, True, star is not None
    ),
    "itself": lambda _s, _e, value: value,
    "nothing": nothing,
    "overload": build.ts_declaration("function"),
    "anonymous_class": lambda s, e, decorators, modifiers, word, heritage, body: (
        build.class_declaration(s, e, decorators, modifiers, word, None, heritage, body)
    ),
    # --- 14 Statements and declarations
    "empty_statement": n.EmptyStatement,
    "expression_statement": n.ExpressionStatement,
    "do_while_statement": n.DoWhileStatement,
    "while_statement": n.WhileStatement,
    "for_statement": n.ForStatement,
    "for_in_statement": lambda s, e, left, _in, right, body: n.ForInStatement(
        s, e, left, right, body
    ),
    "for_of_statement": build.for_of_statement,
    "for_await_statement": lambda s, e, _await, left, _of, right, body: n.ForOfStatement(
        s, e, left, right, body, True
    ),
    "continue_statement": n.ContinueStatement,
    "break_statement": n.BreakStatement,
    "return_statement": n.ReturnStatement,
    "with_statement": n.WithStatement,
    "switch_statement": build.switch_statement,
    "labeled_statement": n.LabeledStatement,
    "throw_statement": n.ThrowStatement,
    "try_statement": build.try_statement,
    "debugger_statement": n.DebuggerStatement,
    "misplaced_declaration": build.misplaced_declaration,
    "block_statement": lambda s, e, body: n.BlockStatement(s, e, body or []),
    "variable_declaration": n.VariableDeclaration,
    "declarator": n.VariableDeclarator,
    "if_statement": n.IfStatement,
    "for_target": lambda _s, _e, target: covers.assignment_target(target),
    "for_binding": build.for_binding,
    "switch_case": lambda s, e, test, consequent: n.SwitchCase(s, e, test, consequent or []),
    "default_case": lambda s, e, consequent: n.SwitchCase(s, e, None, consequent or []),
    "catch_clause": n.CatchClause,
    "object_pattern": lambda s, e, properties: n.ObjectPattern(s, e, properties or []),
    "object_pattern_with_rest": lambda s, e, properties, rest: n.ObjectPattern(
        s, e, [*(properties or []), rest]
    ),
    "array_pattern_of_holes": lambda s, e, holes: n.ArrayPattern(s, e, [None] * (holes or 0)),
    "array_pattern": lambda s, e, elements, holes: n.ArrayPattern(
        s, e, elements + [None] * (holes or 0)
    ),
    "array_pattern_of_rest": lambda s, e, holes, rest: n.ArrayPattern(
        s, e, [*[None] * (holes or 0), rest]
    ),
    "array_pattern_with_rest": lambda s, e, elements, holes, rest: n.ArrayPattern(
        s, e, [*elements, *[None] * (holes or 0), rest]
    ),
    "binding_shorthand": build.binding_shorthand,
    "property": build.property_,
    "first_element": lambda _s, _e, holes, element: [*[None] * (holes or 0), element],
    "next_element": build.next_element,
    "binding_element": covers.binding_element,
    "rest_element": n.RestElement,
    "first_hole": lambda _s, _e: 1,
    "next_hole": lambda _s, _e, holes: holes + 1,
    # --- 15 Functions and classes
    "function_declaration": lambda s, e, _word, star, name, params, body: n.FunctionDeclaration(
        s, e, name, params or [], body, False, star is not None
    ),
    "async_function_declaration": lambda s, e, _word, star, name, params, body: (
        n.FunctionDeclaration(s, e, name, params or [], body, True, star is not None)
    ),
    "function_expression": lambda s, e, star, name, params, body: n.FunctionExpression(
        s, e, name, params or [], body, False, star is not None
    ),
    "async_function_expression": lambda s, e, star, name, params, body: n.FunctionExpression(
        s, e, name, params or [], body, True, star is not None
    ),
    "parameters": lambda _s, _e, items: build.present(items),
    "parameters_with_rest": lambda _s, _e, items, rest: [*build.present(items), rest],
    "parameter": build.parameter,
    "rest_parameter": lambda s, e, _decorators, target: n.RestElement(s, e, target),
    "arrow_function": lambda s, e, cover, body: covers.arrow(s, e, cover.items, body),
    "arrow_of_name": lambda s, e, name, body: covers.arrow(s, e, [name], body),
    "async_arrow_of_name": lambda s, e, name, body: covers.arrow(s, e, [name], body, is_async=True),
    "async_arrow_function": lambda s, e, call, body: covers.arrow(
        s, e, call.items, body, is_async=True, trailing_comma=call.trailing_comma
    ),
    "async_generic_arrow_function": lambda s, e, cover, body: covers.arrow(
        s, e, cover.items, body, is_async=True
    ),
    "cover": lambda s, e, items: covers.Cover(s, e, items or [], items is not None),
    "cover_with_comma": lambda s, e, items: covers.Cover(s, e, items, False),
    "cover_with_rest": lambda s, e, items, rest: covers.Cover(s, e, [*(items or []), rest], False),
    "typed_item": covers.TypedItem,
    "typed_item_without_default": lambda s, e, target: covers.TypedItem(s, e, target, None),
    "async_call": lambda s, e, name, items: covers.AsyncCall(s, e, name, items or []),
    "async_call_with_comma": lambda s, e, name, items: covers.AsyncCall(s, e, name, items, True),
    "spread_element": n.SpreadElement,
    "typed_spread": lambda s, e, target: covers.TypedItem(s, e, target, None, True),
    "method": build.method,
    "accessor_method": build.accessor_method,
    "class_declaration": build.class_declaration,
    "class_expression": lambda s, e, decorators, name, heritage, body: n.ClassExpression(
        s, e, name, heritage, body, decorators or []
    ),
    "class_body": lambda s, e, members: n.ClassBody(s, e, build.present(members)),
    "class_method": build.class_method,
    "field": build.field,
    "static_block": lambda s, e, body: n.StaticBlock(s, e, body or []),
    "decorator": n.Decorator,
    "member": lambda s, e, owner, name: n.MemberExpression(s, e, owner, name, False),
    "call": n.CallExpression,
    # --- 13 Expressions
    "first_two": lambda s, e, first, second: n.SequenceExpression(s, e, [first, second]),
    "next_of_sequence": build.next_of_sequence,
    "assignment": lambda s, e, left, right: n.AssignmentExpression(
        s, e, "=", covers.assignment_target(left), right
    ),
    "operator_assignment": lambda s, e, left, operator, right: n.AssignmentExpression(
        s, e, operator, left, right
    ),
    "yield_expression": lambda s, e, argument: n.YieldExpression(s, e, argument, False),
    "yield_delegate": lambda s, e, _star, argument: n.YieldExpression(s, e, argument, True),
    "conditional": n.ConditionalExpression,
    "logical": lambda s, e, left, operator, right: n.LogicalExpression(s, e, operator, left, right),
    "binary": lambda s, e, left, operator, right: n.BinaryExpression(s, e, operator, left, right),
    "type_wrapper": lambda s, e, expression, *_: n.TSAs(s, e, expression),
    "unary": n.UnaryExpression,
    "await_expression": lambda s, e, _word, argument: n.AwaitExpression(s, e, argument),
    "postfix_update": lambda s, e, argument, operator: n.UpdateExpression(
        s, e, operator, argument, False
    ),
    "prefix_update": lambda s, e, operator, argument: n.UpdateExpression(
        s, e, operator, argument, True
    ),
    "chain_expression": n.ChainExpression,
    "new_without_arguments": lambda s, e, callee: n.NewExpression(s, e, callee, []),
    "computed_member": lambda s, e, owner, key: n.MemberExpression(s, e, owner, key, True),
    "tagged_template": n.TaggedTemplateExpression,
    "new_target": build.new_target,
    "import_meta": build.import_meta,
    "new_with_arguments": n.NewExpression,
    "super": n.Super,
    "import_call": n.ImportExpression,
    "call_of_async": covers.call_of_async,
    "optional_call": lambda s, e, callee, arguments: n.CallExpression(
        s, e, callee, arguments, True
    ),
    "optional_computed_member": lambda s, e, owner, key: n.MemberExpression(
        s, e, owner, key, True, True
    ),
    "optional_member": lambda s, e, owner, name: n.MemberExpression(s, e, owner, name, False, True),
    "template_in_chain": build.template_in_chain,
    "no_arguments": lambda _s, _e: [],
    "this_expression": n.ThisExpression,
    "null_literal": lambda s, e: n.Literal(s, e, None, "null"),
    "true_literal": lambda s, e: n.Literal(s, e, True, "true"),
    "false_literal": lambda s, e: n.Literal(s, e, False, "false"),
    "parenthesized": covers.parenthesized,
    "array": n.ArrayExpression,
    "array_of_holes": lambda s, e, holes: n.ArrayExpression(s, e, [None] * (holes or 0)),
    "array_with_comma": lambda s, e, elements, holes: n.ArrayExpression(
        s, e, elements + [None] * (holes or 0), True
    ),
    "object": lambda s, e, properties: n.ObjectExpression(s, e, properties or []),
    "object_with_comma": lambda s, e, properties: n.ObjectExpression(s, e, properties, True),
    "shorthand": lambda s, e, name: n.Property(s, e, name, name, "init", False, False, True),
    "cover_initialized_name": build.cover_initialized_name,
    "method_property": build.method_property,
    "computed_key": build.ComputedKey,
    "template": lambda s, e, quasi: n.TemplateLiteral(s, e, [quasi], []),
    "template_with_parts": lambda s, e, parts, tail: n.TemplateLiteral(
        s, e, [*parts.quasis, tail], parts.expressions
    ),
    "first_part": lambda s, e, head, expression: build.TemplateParts(s, e, [head], [expression]),
    "next_part": build.next_part,
    # --- JSX
    "jsx_element": build.jsx_element,
    "jsx_self_closing": lambda s, e, name, attributes: n.JSXElement(
        s, e, name, attributes or [], [], None
    ),
    "jsx_fragment": build.jsx_fragment,
    "jsx_namespaced_name": n.JSXNamespacedName,
    "jsx_member": n.JSXMemberExpression,
    "jsx_attribute": n.JSXAttribute,
    "jsx_spread_attribute": n.JSXSpreadAttribute,
    "jsx_container": n.JSXExpressionContainer,
    "jsx_spread_child": n.JSXSpreadChild,
    # --- TypeScript
    "instantiation_ahead": nothing,
    "function_type_pattern_ahead": nothing,
    "conditional_arrow_ahead": nothing,
    "type_alias": build.ts_declaration("type"),
    "enum_declaration": lambda s, e, name, members: n.TSEnumDeclaration(s, e, name, members or []),
    "ambient": build.ts_declaration("declare"),
    "interface_declaration": build.ts_declaration("interface"),
    "enum_member": n.TSEnumMember,
    "namespace_declaration": build.namespace_declaration,
}

#: What a terminal leaves in the tree; one that is not here leaves its text.
LEAVES: dict[str, Any] = {
    "IDENTIFIER": n.Identifier,
    "RESERVED_WORD": n.Identifier,
    "PRIVATE_NAME": literals.private_name,
    "STRING": literals.string,
    "NUMBER": literals.number,
    "REGEXP": literals.regular_expression,
    "TEMPLATE_FULL": literals.template_element,
    "TEMPLATE_HEAD": literals.template_element,
    "TEMPLATE_MIDDLE": literals.template_element,
    "TEMPLATE_TAIL": literals.template_element,
    "ASYNC_CALL": build.async_name,
    "JSX_NAME": n.JSXIdentifier,
    "JSX_STRING": literals.jsx_string,
    "JSX_TEXT": literals.jsx_text,
}
