"""FormData (XMLHttpRequest §5), without forms: a list of named strings and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.builtins.support import receiver
from refimpl.language.builtins.web.blob import BlobObject, FileObject, new_file
from refimpl.language.builtins.web.common import pair_iterable, require_new, usv_string
from refimpl.language.objects import JSObject
from refimpl.language.operations import (
    create_array_from_list,
    get_prototype_from_constructor,
    null,
    throw_type_error,
)
from refimpl.language.realm import Table
from refimpl.language.values import Value, undefined

if TYPE_CHECKING:
    from refimpl.language.functions import FunctionObject

form_data_prototype = Table("%FormData.prototype%")
form_data_prototype.to_string_tag("FormData")
form_data_constructor = Table("%FormData%")


class FormDataObject(JSObject):
    """A FormData; a value is a String or a File."""

    __slots__ = ("entries",)

    def __init__(self, prototype: JSObject) -> None:
        super().__init__(prototype)
        self.entries: list[tuple[str, str | FileObject]] = []


iterator_prototype = pair_iterable(form_data_prototype, FormDataObject, lambda form: form.entries)


@form_data_constructor.constructor(length=0)
def construct_form_data(new_target: FunctionObject, form: Value) -> Value:
    require_new(new_target, "FormData")
    if form is not undefined:
        throw_type_error("There are no forms here")
    return FormDataObject(get_prototype_from_constructor(new_target, "%FormData.prototype%"))


def create_entry(arguments: tuple[Value, ...], method: str) -> tuple[str, str | FileObject]:
    """Create an entry: a Blob becomes a File named "blob", or as the third argument says."""
    if len(arguments) < 2:
        throw_type_error(f"FormData.prototype.{method} needs a name and a value")
    name, value, file_name = [*arguments, undefined][:3]
    if not isinstance(value, BlobObject):
        if len(arguments) > 2:
            throw_type_error("Only a Blob has a file name")
        return usv_string(name), usv_string(value)
    if isinstance(value, FileObject) and file_name is undefined:
        return usv_string(name), value
    shown = "blob" if file_name is undefined else usv_string(file_name)
    return usv_string(name), new_file(value.data, value.type, shown)


def this_form(this: Value, method: str) -> FormDataObject:
    """The receiver."""
    return receiver(this, FormDataObject, f"FormData.prototype.{method}")


@form_data_prototype.method("append", length=2)
def append(this: Value, *arguments: Value) -> Value:
    this_form(this, "append").entries.append(create_entry(arguments, "append"))
    return undefined


@form_data_prototype.method("set", length=2)
def set_(this: Value, *arguments: Value) -> Value:
    form, entry = this_form(this, "set"), create_entry(arguments, "set")
    found = [index for index, (name, _) in enumerate(form.entries) if name == entry[0]]
    if not found:
        form.entries.append(entry)
        return undefined
    form.entries[found[0]] = entry
    for index in reversed(found[1:]):
        del form.entries[index]
    return undefined


@form_data_prototype.method("delete", length=1)
def delete(this: Value, name: Value) -> Value:
    form, key = this_form(this, "delete"), usv_string(name)
    form.entries[:] = [entry for entry in form.entries if entry[0] != key]
    return undefined


def values_of(this: Value, name: Value, method: str) -> list[Value]:
    """The values under a name, in order."""
    key = usv_string(name)
    return [value for found, value in this_form(this, method).entries if found == key]


@form_data_prototype.method("get", length=1)
def get(this: Value, name: Value) -> Value:
    found = values_of(this, name, "get")
    return found[0] if found else null


@form_data_prototype.method("getAll", length=1)
def get_all(this: Value, name: Value) -> Value:
    return create_array_from_list(values_of(this, name, "getAll"))


@form_data_prototype.method("has", length=1)
def has(this: Value, name: Value) -> Value:
    return bool(values_of(this, name, "has"))


TABLES = (form_data_prototype, form_data_constructor, iterator_prototype)
