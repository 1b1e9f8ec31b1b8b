"""Between the reference's model and the suite's value notation, which real React is asked in."""

from conformance.adapters.model_notation import from_notation, notation, to_json

__all__ = ["from_notation", "notation", "to_json"]
