"""The element types of typed arrays and data views, and how numbers become bytes (ECMA-262 §25.1.3)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import copysign, inf
from typing import Final

from refimpl.language.conversions import to_big_int, to_integer_or_infinity, to_number
from refimpl.language.values import BigInt, Value


@dataclass(frozen=True, slots=True)
class ElementType:
    """One row of the table of TypedArray constructors."""

    name: str
    size: int
    kind: str  #: "signed", "unsigned", "clamped", "float" or "big"
    layout: str  #: for `struct`

    def convert(self, value: Value) -> float | BigInt:
        """ToNumber or ToBigInt, which may run guest code."""
        return to_big_int(value) if self.kind == "big" else to_number(value)

    def to_bytes(self, number: float | BigInt, order: str = "<") -> bytes:
        """NumericToRawBytes, of a converted value."""
        if self.kind == "float":
            try:
                return struct.pack(order + self.layout, number)
            except OverflowError:
                assert isinstance(number, float)
                return struct.pack(order + self.layout, copysign(inf, number))
        if isinstance(number, BigInt):
            integer = number.n
        elif self.kind == "clamped":
            integer = round(min(max(number, 0.0), 255.0)) if number == number else 0  # noqa: PLR0124 - NaN
        else:
            whole = to_integer_or_infinity(number)
            integer = whole if isinstance(whole, int) else 0
        raw = integer & ((1 << 8 * self.size) - 1)
        return raw.to_bytes(self.size, "little" if order == "<" else "big")

    def read(self, data: bytes | bytearray, offset: int, order: str = "<") -> float | BigInt:
        """RawBytesToNumeric, from a place in a buffer."""
        found = struct.unpack_from(order + self.layout, data, offset)[0]
        return BigInt(found) if self.kind == "big" else float(found)


ELEMENT_TYPES: Final = {
    element.name: element
    for element in (
        ElementType("Int8", 1, "signed", "b"),
        ElementType("Uint8", 1, "unsigned", "B"),
        ElementType("Uint8Clamped", 1, "clamped", "B"),
        ElementType("Int16", 2, "signed", "h"),
        ElementType("Uint16", 2, "unsigned", "H"),
        ElementType("Int32", 4, "signed", "i"),
        ElementType("Uint32", 4, "unsigned", "I"),
        ElementType("BigInt64", 8, "big", "q"),
        ElementType("BigUint64", 8, "big", "Q"),
        ElementType("Float16", 2, "float", "e"),
        ElementType("Float32", 4, "float", "f"),
        ElementType("Float64", 8, "float", "d"),
    )
}
