"""What differs between releases of React, as data. Clause: wire.profiles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from refimpl.values import model

#: A field of a request: its name, and text or a file.
Field: TypeAlias = tuple[str, str | model.Blob]


@dataclass(frozen=True)
class Profile:
    """One way to write messages. Every decoder of results reads both kinds of byte chunks."""

    name: str
    #: Stands before the number of a stream in the names of its chunks.
    stream_prefix: Literal["S", ""] = "S"
    #: The letter of the rows that are chunks of a byte stream.
    byte_chunk: Literal["b", "o"] = "b"


#: Since 19.3.1.
REACT_19_3 = Profile("react-19.3")
#: Since 19.0.9, 19.1.10 and 19.2.9, in their lines.
REACT_19_2 = Profile("react-19.2", "S", "o")
#: Every release before those.
REACT_19_OLD = Profile("react-19-old", "", "o")
