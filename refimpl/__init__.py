"""The reference implementation of `'use server'`: SPEC.md in executable form."""
