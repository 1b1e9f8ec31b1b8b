"""Blob and File (File API §3, §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.builtins.support import agent, receiver, sized
from refimpl.language.builtins.web.common import (
    array_buffer,
    bytes_of,
    dictionary,
    from_utf8,
    promised,
    require_new,
    uint8_array,
    usv_string,
    utf8,
)
from refimpl.language.builtins.web.streams import readable_stream
from refimpl.language.objects import JSObject
from refimpl.language.operations import (
    get_prototype_from_constructor,
    intrinsic,
    iterate_to_list,
    relative_index,
    throw_type_error,
    to_integer_or_infinity,
    to_string,
)
from refimpl.language.realm import Table
from refimpl.language.values import Value, undefined

if TYPE_CHECKING:
    from refimpl.language.functions import FunctionObject

blob_prototype = Table("%Blob.prototype%")
blob_prototype.to_string_tag("Blob")
blob_constructor = Table("%Blob%")
file_prototype = Table("%File.prototype%", prototype="%Blob.prototype%")
file_prototype.to_string_tag("File")
file_constructor = Table("%File%", prototype="%Blob%")


class BlobObject(JSObject):
    """A Blob: bytes that never change, and a type."""

    __slots__ = ("data", "type")

    def __init__(self, prototype: JSObject, data: bytes, type_: str) -> None:
        super().__init__(prototype)
        sized(len(data))
        self.data = data
        self.type = type_


class FileObject(BlobObject):
    """A File: a Blob with a name."""

    __slots__ = ("last_modified", "name")

    def __init__(
        self, prototype: JSObject, data: bytes, type_: str, name: str, last_modified: float
    ) -> None:
        super().__init__(prototype, data, type_)
        self.name = name
        self.last_modified = last_modified


def new_blob(data: bytes, type_: str) -> BlobObject:
    """A Blob of the current realm."""
    return BlobObject(intrinsic("%Blob.prototype%"), data, type_)


def new_file(data: bytes, type_: str, name: str, last_modified: float | None = None) -> FileObject:
    """A File of the current realm, modified now if not told otherwise."""
    moment = agent().now if last_modified is None else last_modified
    return FileObject(intrinsic("%File.prototype%"), data, type_, name, moment)


def process_parts(parts: Value, endings: str) -> bytes:
    """Process blob parts."""
    if not isinstance(parts, JSObject):
        throw_type_error("The parts of a Blob are a sequence")
    return b"".join([part_bytes(part, endings) for part in iterate_to_list(parts)])


def part_bytes(part: Value, endings: str) -> bytes:
    """The bytes of one part."""
    if isinstance(part, BlobObject):
        return part.data
    if hasattr(part, "viewed_buffer") or hasattr(part, "max_length"):
        return bytes_of(part)
    text = usv_string(part)
    if endings == "native":
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return utf8(text)


def normalized_type(value: Value) -> str:
    """A type in lower case; empty when it is not printable ASCII."""
    text = "" if value is undefined else to_string(value)
    return text.lower() if all(" " <= unit <= "~" for unit in text) else ""


def blob_content(parts: Value, options: Value) -> tuple[bytes, str]:
    """The bytes and the type that both constructors take."""
    member = dictionary(options)
    endings, type_ = member("endings"), member("type")
    ending = "transparent" if endings is undefined else to_string(endings)
    if ending not in {"transparent", "native"}:
        throw_type_error("endings is 'transparent' or 'native'")
    return process_parts(parts, ending), normalized_type(type_)


@blob_constructor.constructor(length=0)
def construct_blob(new_target: FunctionObject, *arguments: Value) -> Value:
    require_new(new_target, "Blob")
    parts, options = [*arguments, undefined, undefined][:2]
    data, type_ = (b"", "")
    if parts is not undefined or options is not undefined:
        content = intrinsic("%Array%").construct([], intrinsic("%Array%"))
        data, type_ = blob_content(content if parts is undefined else parts, options)
    return BlobObject(get_prototype_from_constructor(new_target, "%Blob.prototype%"), data, type_)


@file_constructor.constructor(length=2)
def construct_file(new_target: FunctionObject, *arguments: Value) -> Value:
    require_new(new_target, "File")
    if len(arguments) < 2:
        throw_type_error("A File needs its parts and a name")
    parts, name, options = [*arguments, undefined][:3]
    data, type_ = blob_content(parts, options)
    modified = dictionary(options)("lastModified")
    moment = agent().now if modified is undefined else float(to_integer_or_infinity(modified))
    prototype = get_prototype_from_constructor(new_target, "%File.prototype%")
    return FileObject(prototype, data, type_, usv_string(name), moment)


def this_blob(this: Value, method: str) -> BlobObject:
    """The receiver."""
    return receiver(this, BlobObject, f"Blob.prototype.{method}")


@blob_prototype.getter("size")
def size(this: Value) -> Value:
    return float(len(this_blob(this, "size").data))


@blob_prototype.getter("type")
def type_getter(this: Value) -> Value:
    return this_blob(this, "type").type


@blob_prototype.method("arrayBuffer", length=0)
def array_buffer_method(this: Value) -> Value:
    return promised(lambda: array_buffer(this_blob(this, "arrayBuffer").data))


@blob_prototype.method("bytes", length=0)
def bytes_method(this: Value) -> Value:
    return promised(lambda: uint8_array(this_blob(this, "bytes").data))


@blob_prototype.method("text", length=0)
def text(this: Value) -> Value:
    return promised(lambda: from_utf8(this_blob(this, "text").data))


@blob_prototype.method("stream", length=0)
def stream(this: Value) -> Value:
    blob = this_blob(this, "stream")
    made = readable_stream(is_bytes=True)
    if blob.data:
        made.controller.push(blob.data, float(len(blob.data)))
    made.controller.request_close()
    return made


@blob_prototype.method("slice", length=0)
def slice_(this: Value, start: Value, end: Value, type_: Value) -> Value:
    blob = this_blob(this, "slice")
    first = relative_index(start, len(blob.data))
    last = relative_index(end, len(blob.data), len(blob.data))
    return new_blob(blob.data[first:last], normalized_type(type_))


@file_prototype.getter("name")
def name_getter(this: Value) -> Value:
    return receiver(this, FileObject, "File.prototype.name").name


@file_prototype.getter("lastModified")
def last_modified(this: Value) -> Value:
    return receiver(this, FileObject, "File.prototype.lastModified").last_modified


TABLES = (blob_prototype, blob_constructor, file_prototype, file_constructor)
