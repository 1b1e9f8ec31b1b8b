"""The guest language: a definitional interpreter for strict ECMAScript (Annex B of SPEC.md).

Each module corresponds to a part of ECMA-262 and uses its names. Reading order: `values`, `objects`,
`functions`, `agent`, `realm`; then `conversions` and `operations`; then `environment` and `rules`,
with one function per production; then `suspension`, `promises`, `generators`, `modules`. `builtins`
holds the library, one module per kind of object. The language knows nothing of `'use server'`: the
`host` claims functions through a hook.
"""
