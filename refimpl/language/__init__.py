"""The guest language: a definitional interpreter for strict ECMAScript (Annex B of SPEC.md).

Each module corresponds to a part of ECMA-262 and uses its names. Reading order: `values`, `objects`,
`functions`, `agent`, `realm`; then `conversions` and `operations`; then `environment` and `rules`,
with one function per production; then `suspension`, `promises`, `generators`, `modules`. `builtins`
holds the library, one module per kind of object.

The language knows nothing of `'use server'`. A layer above subclasses `host.Host`, makes an `Agent` and
a `Realm`, and works inside `with agent.enter(realm)`: it links and evaluates modules, runs jobs, calls
functions. `Host.claims` and `Host.function_created` let it make the value of a function node itself, with
`Environment.lookup` to read bindings, `Environment(module_scope, bindings)` to make a scope, and
`rules.functions.create_function` to make a function in it. `Agent.close` ends it all.
"""
