"""The value notation: JavaScript values as authors write them, as messages carry them, and compared."""

from conformance.notation.authored import load, value_of
from conformance.notation.comparison import Difference, first_difference
from conformance.notation.model import HOLE, UNDEFINED, Special, Value, special
from conformance.notation.tagged import MalformedValue, decode, encode
from conformance.notation.writing import dump

__all__ = [
    "HOLE",
    "UNDEFINED",
    "Difference",
    "MalformedValue",
    "Special",
    "Value",
    "decode",
    "dump",
    "encode",
    "first_difference",
    "load",
    "special",
    "value_of",
]
