"""Defects of chapter 6: which values cross, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.mutants.mutant import mutant
from refimpl.calls.client import Client
from refimpl.values import arriving, contract, following, model, snapshot
from refimpl.values.revive import Revival
from refimpl.values.snapshot import Snapshot
from refimpl.wire.result_encoder import ResultEncoder

if TYPE_CHECKING:
    from conformance.mutants.patching import Patch


# --- plain values --------------------------------------------------------------------------------


@mutant("value.primitives")
def sends_null_for_undefined_booleans(patch: Patch) -> None:
    """Booleans arrive as numbers."""
    patch.edit(
        Snapshot.take, "return value", "return float(value) if isinstance(value, bool) else value"
    )


@mutant("value.number")
def loses_minus_zero(patch: Patch) -> None:
    """Minus zero arrives as zero."""
    patch.edit(
        Snapshot.take, "return value", "return value + 0.0 if isinstance(value, float) else value"
    )


@mutant("value.number")
def sends_null_for_nan(patch: Patch) -> None:
    """NaN and the infinities arrive as null, as in JSON."""
    patch.edit(
        Snapshot.take,
        "return value",
        "return None if isinstance(value, float) and (value != value or value in (float('inf'), -float('inf'))) else value",
    )


@mutant("value.string")
def replaces_lone_surrogates(patch: Patch) -> None:
    """A lone surrogate arrives as the replacement character."""
    well_formed = "value.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')"
    patch.edit(
        Snapshot.take, "return value", f"return {well_formed} if isinstance(value, str) else value"
    )


@mutant("value.string")
def trims_strings(patch: Patch) -> None:
    """White space around a string is lost."""
    patch.edit(
        Snapshot.take, "return value", "return value.strip() if isinstance(value, str) else value"
    )


@mutant("value.bigint")
def sends_bigints_as_numbers(patch: Patch) -> None:
    """A BigInt arrives as a Number."""
    patch.edit(Snapshot.take, "return value.n", "return float(value.n)")


@mutant("value.undefined")
def sends_null_for_undefined(patch: Patch) -> None:
    """Undefined arrives as null."""
    patch.edit(Snapshot.take, "return model.UNDEFINED", "return None")


@mutant("value.symbol")
def sends_unregistered_symbols(patch: Patch) -> None:
    """An unregistered symbol arrives as the registered one of its description."""
    patch.edit(
        Snapshot.symbol,
        "isinstance(key, str) and surrounding.agent.symbol_registry.get(key) is value",
        "isinstance(key, str)",
    )


# --- objects -------------------------------------------------------------------------------------


@mutant("value.object.keys")
def loses_keys_that_are_numbers(patch: Patch) -> None:
    """A property whose name is an array index is lost."""
    named = "isinstance(key, str) and not key.isdigit()"
    patch.edit(Snapshot.plain_object, "isinstance(key, str)", named)


@mutant("value.object.keys")
def loses_keys_with_signs(patch: Patch) -> None:
    """A property whose name begins with `$` is lost."""
    named = "isinstance(key, str) and key[:1] != '$'"
    patch.edit(Snapshot.plain_object, "isinstance(key, str)", named)


@mutant("value.object.order")
def sorts_properties(patch: Patch) -> None:
    """Properties arrive sorted by name."""
    patch.edit(
        Snapshot.plain_object,
        "value.own_property_keys()",
        "sorted(value.own_property_keys(), key=str)",
    )


@mutant("value.object.order")
def takes_every_whole_number_for_an_index(patch: Patch) -> None:
    """Names that are numbers come first, however large."""
    patch.edit(
        Snapshot.plain_object,
        "value.own_property_keys()",
        "sorted(value.own_property_keys(), key=lambda k: int(k) if str(k).isdigit() else float('inf'))",
    )


@mutant("value.object.getter")
def skips_getters(patch: Patch) -> None:
    """A property with a getter is left out."""
    patch.edit(Snapshot.plain_object, "found.enumerable", "found.enumerable and found.is_data()")


@mutant("value.object.undefined")
def sends_null_members_for_undefined(patch: Patch) -> None:
    """A property whose value is undefined arrives as null."""
    taken = "made[allowed(key, path)] = self.take(get(value, key), path + step(key), depth)"
    null = f"{taken}\nif made[key] is model.UNDEFINED: made[key] = None"
    patch.edit(Snapshot.plain_object, taken, null)


@mutant("value.object.other-properties")
def sends_hidden_properties(patch: Patch) -> None:
    """Properties that are not enumerable are sent."""
    patch.edit(Snapshot.plain_object, "found.enumerable", "True")


@mutant("value.object.to-json")
def calls_to_json(patch: Patch) -> None:
    """A toJSON method is called, as JSON does."""
    honoured = """
    to_json = get(value, "toJSON")
    if isinstance(to_json, FunctionObject):
        return self.take(to_json.call(value, []), path, depth)
    prototype = value.get_prototype_of()
    """
    patch.edit(Snapshot.plain_object, "prototype = value.get_prototype_of()", honoured)


@mutant("value.object.proto")
def sends_proto(patch: Patch) -> None:
    """An own property named __proto__ is sent."""
    patch.edit(snapshot.allowed, "key == '__proto__'", "False")


@mutant("value.class-instance")
def flattens_class_instances(patch: Patch) -> None:
    """An instance of a class arrives as a plain object."""
    patch.edit(Snapshot.plain_object, "raise class_instance(value, path)", "pass")


@mutant("value.object")
def sends_null_prototypes(patch: Patch) -> None:
    """An object without a prototype arrives as a plain object."""
    patch.edit(
        Snapshot.plain_object,
        "raise UnsupportedValue('null-prototype', path, 'an object without a prototype')",
        "prototype = surrounding.agent.context.realm.intrinsics['%Object.prototype%']",
    )


@mutant("value.object")
def sends_what_objects_inherit(patch: Patch) -> None:
    """Enumerable properties are sent as `for`-`in` finds them, inherited ones too."""
    found = "value.get_own_property(key)"
    patch.edit(
        Snapshot.plain_object,
        "value.own_property_keys()",
        "[*value.own_property_keys(), *prototype.own_property_keys()]",
    )
    patch.edit(Snapshot.plain_object, found, f"{found} or prototype.get_own_property(key)")


@mutant("value.object")
def believes_what_objects_say_they_are(patch: Patch) -> None:
    """An object with a Symbol.toStringTag is no plain object."""
    honoured = """
    from refimpl.language.values import SYMBOL_TO_STRING_TAG
    if isinstance(get(value, SYMBOL_TO_STRING_TAG), str):
        raise class_instance(value, path)
    prototype = value.get_prototype_of()
    """
    patch.edit(Snapshot.plain_object, "prototype = value.get_prototype_of()", honoured)


@mutant("value.array")
def sends_arrays_as_objects(patch: Patch) -> None:
    """An array arrives as an object with indices."""
    patch.edit(
        Revival.array,
        "return array",
        "from refimpl.language.objects import JSObject, data_property\nmade = JSObject(intrinsic('%Object.prototype%'))\nfor index, item in enumerate(array.items): made.define_own_property(str(index), data_property(item))\nreturn self.remember(value, made)",
    )


@mutant("value.array.holes")
def closes_holes(patch: Patch) -> None:
    """The elements behind a hole move up."""
    patch.edit(Snapshot.array, "made.append(item)", "if present: made.append(item)")


@mutant("value.own-properties")
def refuses_decorated_arrays(patch: Patch) -> None:
    """An array with other properties than elements is refused."""
    patch.edit(
        Snapshot.array,
        "made: list[model.Value] = []",
        "made = []\nif any(isinstance(k, str) and k != 'length' and not k.isdigit() for k in value.own_property_keys()): raise class_instance(value, path)",
    )


@mutant("value.subclass")
def refuses_subclasses(patch: Patch) -> None:
    """An instance of a class that extends Map, Array or Date is refused."""
    patch.edit(
        Snapshot.object,
        "surrounding.agent.charge()",
        "surrounding.agent.charge()\nif value.builtin_tag in ('Map', 'Set', 'Array', 'Date') and value.prototype is not surrounding.agent.context.realm.intrinsics.get(f'%{value.builtin_tag}.prototype%'): raise class_instance(value, path)",
    )


@mutant("value.same-rule")
def looks_at_the_top_only(patch: Patch) -> None:
    """What is outside the contract is dropped when it is not at the top."""
    take = Snapshot.take

    def lenient(self: Snapshot, value: Any, path: str = "$", depth: int = 0) -> Any:
        try:
            return take(self, value, path, depth)
        except contract.UnsupportedValue:
            if depth <= 1:
                raise
            return None

    patch.replace(take, lenient)


# --- collections ---------------------------------------------------------------------------------


@mutant("value.map")
def sorts_maps(patch: Patch) -> None:
    """The entries of a Map arrive sorted by key."""
    patch.edit(Revival.map, "value.entries", "sorted(value.entries, key=str)")


@mutant("value.map")
def sends_maps_as_objects(patch: Patch) -> None:
    """The keys of a Map arrive as strings."""
    patch.edit(
        Revival.map,
        "self.make(key)",
        "str(key) if isinstance(key, (int, float)) else self.make(key)",
    )


@mutant("value.set")
def sorts_sets(patch: Patch) -> None:
    """The values of a Set arrive sorted."""
    patch.edit(Revival.set, "value.values", "sorted(value.values, key=str)")


@mutant("value.date")
def sends_dates_as_strings(patch: Patch) -> None:
    """A Date arrives as the text that JSON makes of it."""
    patch.edit(Snapshot.object, "self.remember(value, model.Date(time))", "str(time)")


@mutant("value.date")
def drops_milliseconds(patch: Patch) -> None:
    """A Date arrives without its milliseconds."""
    patch.edit(Snapshot.object, "model.Date(time)", "model.Date(time // 1000 * 1000)")


@mutant("value.class-instance")
def sends_regexps(patch: Patch) -> None:
    """A regular expression arrives as an empty object, as in JSON."""
    regexp = "if value.builtin_tag == 'RegExp': return {}\nsurrounding.agent.charge()"
    patch.edit(Snapshot.object, "surrounding.agent.charge()", regexp)


# --- bytes ---------------------------------------------------------------------------------------


@mutant("value.bytes")
def sends_every_view_as_uint8(patch: Patch) -> None:
    """Every typed array arrives as a Uint8Array."""
    patch.edit(
        snapshot.binary,
        "return model.Bytes(kind, bytes(value.viewed_buffer.bytes()[start:start + length * size]))",
        "return model.Bytes('Uint8Array', bytes(value.viewed_buffer.bytes()[start:start + length * size]))",
    )


@mutant("value.bytes.window")
def sends_whole_buffers(patch: Patch) -> None:
    """A view arrives with the whole of its buffer."""
    patch.edit(
        snapshot.binary,
        "bytes(value.viewed_buffer.bytes()[start:start + length * size])",
        "bytes(value.viewed_buffer.bytes()[: value.viewed_buffer.bytes().__len__() // size * size])",
    )


@mutant("value.bytes.detached")
def sends_detached_buffers(patch: Patch) -> None:
    """A detached buffer arrives empty."""
    patch.edit(
        snapshot.binary,
        "raise UnsupportedValue('detached', path, 'a detached ArrayBuffer')",
        "return model.Bytes('ArrayBuffer', b'')",
    )
    patch.edit(
        snapshot.binary,
        "raise UnsupportedValue('detached', path, f'a {kind} out of the bounds of its buffer')",
        "return model.Bytes(kind, b'')",
    )


@mutant("value.bytes.float16")
def sends_float16(patch: Patch) -> None:
    """A Float16Array arrives as a Uint16Array."""
    patch.edit(
        snapshot.binary,
        "raise UnsupportedValue('typed-array', path, f'a {kind}')",
        "kind = 'Uint16Array'",
    )


@mutant("value.blob")
def loses_types(patch: Patch) -> None:
    """A Blob arrives without its type."""
    patch.edit(snapshot.blob, "model.Blob(value.type, value.data)", "model.Blob('', value.data)")


@mutant("value.file")
def loses_file_names(patch: Patch) -> None:
    """A File arrives as a Blob."""
    patch.edit(snapshot.blob, "isinstance(value, FileObject)", "False")


@mutant("value.formdata")
def keeps_one_entry_per_name(patch: Patch) -> None:
    """Of the entries of a FormData with the same name only the last arrives."""
    patch.edit(Revival.form_data, "value.entries", "dict(value.entries).items()")


# --- identity ------------------------------------------------------------------------------------


@mutant("value.identity")
def copies_shared_objects_twice(patch: Patch) -> None:
    """An object that occurs twice arrives as two."""
    patch.edit(
        Revival.make,
        "known is not None",
        "known is not None and not isinstance(value, (dict, list)) ",
    )


@mutant("value.identity")
def identifies_equal_objects(patch: Patch) -> None:
    """Two dates of the same time arrive as one."""
    patch.edit(
        Snapshot.object,
        "self.remember(value, model.Date(time))",
        "self.met.setdefault(('date', time), model.Date(time))",
    )


@mutant("value.snapshot")
def copies_again_later(patch: Patch) -> None:
    """What a promise gives is copied anew, although it was met before."""
    patch.edit(
        following.promise,
        "copying.take(result, f'{path}.await')",
        "type(copying)(copying.reference_of, copying.direction, copying.failed).take(result, f'{path}.await')",
    )


@mutant("value.unsupported.path")
def names_no_argument(patch: Patch) -> None:
    """The error for a value outside the contract does not say in which argument it is."""
    patch.edit(Snapshot.take_arguments, "f'$[{index}]'", "'$'")


# --- what takes time -----------------------------------------------------------------------------


@mutant("value.promise")
def sends_promises_as_objects(patch: Patch) -> None:
    """A promise arrives as an empty object, as in JSON."""
    patch.edit(
        Snapshot.followed, "self.remember(value, following.promise(self, value, path))", "{}"
    )


@mutant("value.promise.rejected")
def fulfils_rejected_promises(patch: Patch) -> None:
    """A promise that is rejected arrives fulfilled."""
    patch.edit(arriving.promise, "settled.state == 'fulfilled'", "True")


@mutant("value.promise.thenable")
def ignores_thenables(patch: Patch) -> None:
    """A thenable is an object like any other."""
    patch.edit(Snapshot.with_protocol, "isinstance(then, FunctionObject)", "False")


@mutant("value.stream")
def repeats_chunks(patch: Patch) -> None:
    """Every chunk of a stream arrives twice."""
    push = model.Stream.push
    patch.replace(push, lambda self, chunk: (push(self, chunk), push(self, chunk)))


@mutant("value.stream.bytes")
def sends_byte_streams_as_streams(patch: Patch) -> None:
    """A readable byte stream arrives as a stream of arrays."""
    patch.edit(arriving.readable, "value.kind == 'bytes'", "False")


@mutant("value.stream.error")
def ends_broken_streams(patch: Patch) -> None:
    """A stream that fails ends as if it were complete."""
    patch.replace(model.Stream.fail, lambda self, _error: self.close())


@mutant("value.promise.rejected.argument")
def redacts_reasons_of_arguments(patch: Patch) -> None:
    """The client does not learn why a promise in its own arguments was rejected."""
    reason = "reject_promise(call.promise, failure.value)"
    patch.edit(Client.refuse, reason, "self.reject(call, model.Error())")


@mutant("value.iterator")
def sends_iterators_as_arrays(patch: Patch) -> None:
    """An iterator arrives as an array."""
    patch.edit(
        Snapshot.iterator, "return made", "self.met[value] = made.values\nreturn made.values"
    )


@mutant("value.iterable")
def sends_iterables_as_objects(patch: Patch) -> None:
    """An iterable outside the contract arrives as a plain object."""
    refuse = "raise UnsupportedValue('iterable', path, 'an iterable that is no array, Map or Set')"
    patch.edit(Snapshot.iterator, refuse, "return self.plain_object(value, path, depth)")


@mutant("value.async-iterator")
def loses_returned_values(patch: Patch) -> None:
    """What an asynchronous iterator returns at its end is lost."""
    close = model.Stream.close
    patch.replace(close, lambda self, _returned=model.UNDEFINED: close(self))


@mutant("value.async-iterable")
def iterates_once(patch: Patch) -> None:
    """An asynchronous iterable can be iterated once."""
    patch.edit(
        following.async_iterable, "'iterator' if iterator is value else 'iterable'", "'iterator'"
    )


@mutant("value.one-shot.captured")
def reads_captured_promises(patch: Patch) -> None:
    """Capturing a promise, stream or iterator reads it."""
    patch.edit(Snapshot.followed, "not self.direction.consumes", "False")
    patch.edit(Snapshot.consume, "not self.direction.consumes", "False")


@mutant("value.error")
def sends_errors_as_objects(patch: Patch) -> None:
    """An Error arrives as an empty object."""
    patch.edit(Snapshot.error, "return made", "self.met[value] = {}\nreturn {}")


@mutant("value.error.redacted")
def shows_errors_in_results(patch: Patch) -> None:
    """An Error inside a result arrives with its message, in production too."""
    patch.edit(Snapshot.error, "self.development", "True")
    patch.edit(ResultEncoder.write_error, "self.development", "True")


@mutant("value.error.development")
def hides_errors_in_development(patch: Patch) -> None:
    """An Error inside a result arrives without its message, in development too."""
    patch.edit(Snapshot.error, "self.development", "False")


@mutant("value.function")
def drops_functions(patch: Patch) -> None:
    """A function arrives as nothing."""
    patch.edit(
        Snapshot.function,
        "raise UnsupportedValue('function', path, 'a function that is no server function')",
        "return model.UNDEFINED",
    )


@mutant("value.element")
def loses_element_keys(patch: Patch) -> None:
    """A JSX element arrives without its key."""
    patch.edit(Revival.element, "value.key is None", "True")
