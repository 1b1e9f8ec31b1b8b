"""The reference implementation of `'use server'`: SPEC.md in executable form."""

__version__ = "0.1.0"
