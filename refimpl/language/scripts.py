"""Scripts, strict ones only: what the test harness runs (ECMA-262 §16.1). The product runs modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.agent import ExecutionContext, surrounding
from refimpl.language.environment import UNINITIALIZED, GlobalEnvironment
from refimpl.language.errors import throw_syntax_error, throw_type_error
from refimpl.language.frames import IN_LARGE_ROOM
from refimpl.language.functions import faults_named
from refimpl.language.rules.base import evaluate_statements
from refimpl.language.rules.functions import instantiate_function_object

if TYPE_CHECKING:
    from refimpl.language.realm import Realm
    from refimpl.source.nodes import Program
    from refimpl.source.scope import ProgramScope
    from refimpl.source.text import Source


def script_evaluation(realm: Realm, program: Program, source: Source) -> None:
    """ScriptEvaluation; jobs are the caller's business."""
    agent = surrounding.agent
    outside = agent.context
    agent.context = ExecutionContext(realm, outside, None, source)
    try:
        with faults_named():
            global_declaration_instantiation(program.scope, realm.global_environment)
            IN_LARGE_ROOM(lambda: evaluate_statements(program.body, realm.global_environment))
    finally:
        agent.context = outside


def global_declaration_instantiation(scope: ProgramScope, env: GlobalEnvironment) -> None:
    """GlobalDeclarationInstantiation."""
    lexical = [b for b in scope.bindings.values() if b.kind in {"let", "const", "class"}]
    for binding in lexical:
        own = env.global_object.get_own_property(binding.name)
        if binding.name in env.bindings or (own is not None and not own.configurable):
            throw_syntax_error(f"Identifier '{binding.name}' has already been declared")
    for name in scope.var_names:
        if name in env.bindings:
            throw_syntax_error(f"Identifier '{name}' has already been declared")
    functions = {node.id.name: node for node in scope.functions_to_initialize if node.id}
    for name in functions:
        if not env.can_declare_global_function(name):
            throw_type_error(f"Cannot declare global function '{name}'")
    for name in scope.var_names:
        if name not in functions and not env.can_declare_global_var(name):
            throw_type_error(f"Cannot declare global variable '{name}'")
    for binding in lexical:
        env.bindings[binding.name] = UNINITIALIZED
    env.immutable = {*env.immutable, *(b.name for b in lexical if b.kind == "const")}
    for name, node in functions.items():
        env.create_global_function_binding(name, instantiate_function_object(node, env))
    for name in scope.var_names:
        if name not in functions:
            env.create_global_var_binding(name)
