"""The conformance suite of `'use server'`: a corpus of cases and a runner that asks any implementation."""
