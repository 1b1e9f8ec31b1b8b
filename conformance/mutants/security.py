"""Defects of chapter 9: what must never happen."""

from __future__ import annotations

import base64
from collections import Counter
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from conformance.mutants.mutant import mutant
from refimpl.application import Application
from refimpl.calls.endpoint import Endpoint
from refimpl.calls.messages import Refusal
from refimpl.calls.server_references import ServerReferences
from refimpl.references.registry import Registry
from refimpl.references.sealing import NONCE_BYTES, BrokenSeal, Sealer
from refimpl.values import plain
from refimpl.values.revive import Revival
from refimpl.values.snapshot import Snapshot
from refimpl.wire.result_decoder import ResultDecoder
from refimpl.wire.result_encoder import ResultEncoder
from refimpl.wire.reviver import Reviver

if TYPE_CHECKING:
    from conformance.mutants.patching import Patch


#: Bytes at the end of a sealed text that show whether it was changed.
TAG_BYTES = 16


def finds(patch: Patch, condition: str) -> None:
    """Let an id select an entry whose id `known` is not its own, under a condition."""
    found = f"next((e for known, e in self.entries.items() if {condition}), None)"
    patch.edit(Registry.find, "self.entries.get(identifier)", found)


@mutant("security.id.exact")
def cuts_long_ids(patch: Patch) -> None:
    """What follows an id is ignored."""
    finds(patch, "identifier.startswith(known)")


@mutant("security.id.exact")
def resolves_inherited_names(patch: Patch) -> None:
    """The name of an inherited property selects a function."""
    finds(patch, "identifier in (known, 'constructor', 'toString', '__proto__')")


@mutant("security.id.exact")
def resolves_export_names(patch: Patch) -> None:
    """The module and the name of an export select it."""
    finds(patch, "identifier in (known, e.name)")


@mutant("security.id.inert")
def loads_modules_by_id(patch: Patch) -> None:
    """An id that is the path of a module evaluates it."""
    loading = """
    path = request.headers.get(FUNCTION_HEADER, "").removeprefix("./").partition("#")[0]
    if path.endswith(".js"):
        try:
            self.load(path)
        except KeyError:
            pass
    raise Refusal("unknown-function")
    """
    patch.edit(Endpoint.accept, 'raise Refusal("unknown-function")', loading)


@mutant("security.id.contained")
def stops_after_refusals(patch: Patch) -> None:
    """After some refused requests every request is refused."""
    accept = Endpoint.accept
    refusals: Counter[int] = Counter()

    def counting(self: Endpoint, request: Any) -> Any:
        if refusals[id(self)] > 50:
            raise Refusal("unknown-function")
        try:
            return accept(self, request)
        except Refusal:
            refusals[id(self)] += 1
            raise

    patch.replace(accept, counting)


@mutant("security.development")
def trusts_everybody_in_development(patch: Patch) -> None:
    """In development requests are not checked."""
    check = "self.admission.check(request, self.codec.argument_types)"
    patch.edit(Endpoint.accept, check, f"if not self.development: {check}")


@mutant("security.data.names")
def drops_inherited_names(patch: Patch) -> None:
    """A property of an argument whose name objects inherit is dropped."""
    define = "made.define_own_property(key, data_property(guest_item))"
    kept = f"if key not in ('constructor', 'toString', 'hasOwnProperty'): {define}"
    patch.edit(Revival.plain_object, define, kept)


@mutant("security.data.prototypes")
def merges_arguments(patch: Patch) -> None:
    """A property of an argument is merged into what its name leads to already."""
    define = "made.define_own_property(key, data_property(guest_item))"
    merging = f"""
    known = made.get(key, made)
    if isinstance(known, JSObject) and isinstance(guest_item, JSObject):
        for name in [*guest_item.props]:
            there, here = known.get(name, known), guest_item.get(name, guest_item)
            if isinstance(there, JSObject) and isinstance(here, JSObject):
                there.props.update(here.props)
    {define}
    """
    patch.edit(Revival.plain_object, define, merging)


@mutant("security.data.functions")
def sends_functions_as_stubs(patch: Patch) -> None:
    """A function of the client arrives as one that does nothing."""
    refuse = "raise UnsupportedValue('function', path, 'a function that is no server function')"
    stub = "return self.remember(value, model.ServerReference('stub'))"
    patch.edit(Snapshot.function, refuse, f"if not self.direction.elements: {stub}\n{refuse}")
    unknown = "raise DecodeError('unknown-function', 'a reference names no server function')"
    nothing = """
    from refimpl.language.functions import create_builtin_function
    return create_builtin_function(lambda *_: None, 0, "stub")
    """
    patch.edit(ServerReferences.revive_reference, unknown, nothing)


@mutant("security.data.isolation")
def shares_arguments_between_calls(patch: Patch) -> None:
    """Calls with equal arguments get the same objects."""
    call_target = ServerReferences.call_target
    known: dict[tuple[int, str], Any] = {}

    def sharing(self: ServerReferences, entry: Any, captured: Any, arguments: Any) -> Any:
        function, made = call_target(self, entry, captured, arguments)
        return function, known.setdefault((id(self), repr(arguments)), made)

    patch.replace(call_target, sharing)


@mutant("security.data.limits")
def counts_no_slots(patch: Patch) -> None:
    """A message may hold any number of elements."""
    patch.edit(Reviver.enter_container, "self.slots > self.limits.slots", "False")


@mutant("security.data.every-way")
def limits_texts_only(patch: Patch) -> None:
    """A part that is not the root may be as deep as it likes."""
    whole = "self.enter_container(container, depth)"
    patch.edit(
        Reviver.walk,
        whole,
        "self.enter_container(container, min(depth, 1) if chunk.number else depth)",
    )


# --- captures ------------------------------------------------------------------------------------


@mutant("security.captures.confidential")
def seals_without_encrypting(patch: Patch) -> None:
    """Captures are signed, but can be read."""
    seal, unseal = Sealer.seal, Sealer.open

    def sign(self: Sealer, function: str, content: bytes) -> str:
        return seal(self, function, content) + "." + base64.urlsafe_b64encode(content).decode()

    patch.replace(seal, sign)
    patch.replace(
        unseal, lambda self, function, token: unseal(self, function, token.partition(".")[0])
    )


@mutant("security.captures.tamper")
def checks_no_tag(patch: Patch) -> None:
    """Captures are encrypted, and nobody checks whether they were changed."""
    make = Sealer.__init__
    keys: list[bytes] = []

    def keep_key(self: Sealer, given: Any, random_bytes: Any) -> None:
        keys.append(given[0])
        make(self, given, random_bytes)

    def decrypt(_self: Sealer, _function: str, token: str) -> bytes:
        try:
            sealed = base64.urlsafe_b64decode(token)
            counter = sealed[:NONCE_BYTES] + b"\0\0\0\2"
            content = sealed[NONCE_BYTES:-TAG_BYTES]
            opened = Cipher(AES(keys[-1]), CTR(counter)).decryptor().update(content)
            plain.read(opened)
        except (ValueError, LookupError, TypeError, AttributeError):
            raise BrokenSeal from None
        return opened

    patch.replace(make, keep_key)
    patch.replace(Sealer.open, decrypt)


@mutant("security.captures.function")
def seals_for_any_function(patch: Patch) -> None:
    """Captures that were made for one function open for another."""
    patch.edit(Sealer.seal, "function.encode()", "b''")
    patch.edit(Sealer.open, "function.encode()", "b''")


@mutant("security.captures.place")
def takes_arguments_for_captures(patch: Patch) -> None:
    """Where sealed captures are missing, arguments take their place."""
    missing = "raise DecodeError('malformed.captures', 'the captures are missing')"
    taken = """
    count = len(entry.function.captures)
    return [*values, *[None] * count][:count], values[count:]
    """
    patch.edit(ServerReferences.open, missing, taken)


@mutant("security.captures.minimal")
def carries_everything_around(patch: Patch) -> None:
    """The names of all variables around a function travel with its captures."""
    sealed = "token = self.sealer.seal(reference.id, plain.write(contents.models))"
    around = """
    names = [name for scope in [function.node.scope.parent] for name in scope.bindings]
    token = self.sealer.seal(reference.id, plain.write(contents.models)) + "." + " ".join(names)
    """
    patch.edit(ServerReferences.reference_of, sealed, around)


# --- errors and results --------------------------------------------------------------------------


@mutant("security.error.slots")
def leaks_errors_inside_results(patch: Patch) -> None:
    """What a promise inside a result is rejected with reaches the client in production."""
    patch.edit(
        Endpoint.failed_later,
        "return failure_of(self.failure(failure))",
        """
        made = failure_of(self.failure(failure))
        if isinstance(failure, Throw):
            made.name, made.message = error_texts(failure.value)
            made.redacted = False
        return made
        """,
    )
    redacted = "self.development and not error.redacted"
    patch.edit(ResultEncoder.send_error, redacted, "not error.redacted")


@mutant("security.error.digest")
def hashes_messages(patch: Patch) -> None:
    """A digest is a function of the error's text."""
    patch.edit(Endpoint.failed, "self.digest()", "str(sum(map(ord, message)))")


@mutant("security.bundles")
def ships_source_in_manifests(patch: Patch) -> None:
    """What the client is given of a server module holds its text."""
    given = "given[f'manifest {path}'] = json.dumps(ids).encode()"
    patch.edit(
        Application.given_to_client,
        given,
        "given[f'manifest {path}'] = json.dumps([ids, self.project.files[path]]).encode()",
    )


@mutant("security.result.whole")
def sends_what_is_beside(patch: Patch) -> None:
    """When a part of a result cannot be sent, the rest is."""
    copy = "outcome = Fulfilled(copying.take(value))"
    partly = """
    whole = copying.take
    def partly(value, path="$", depth=0):
        try:
            return whole(value, path, depth)
        except UnsupportedValue:
            return None
    copying.take = partly
    outcome = Fulfilled(copying.take(value))
    """
    patch.edit(Endpoint.fulfilled, copy, partly)


@mutant("security.client.unreadable")
def waits_for_what_it_cannot_read(patch: Patch) -> None:
    """What a client cannot read of a response leaves its call waiting."""
    patch.edit(ResultDecoder.feed, "self.fail(error)", "pass")
    patch.edit(ResultDecoder.end, "self.fail(error)", "pass")


@mutant("security.client.modules")
def takes_exports_of_any_module(patch: Patch) -> None:
    """A reference to client code leads into any module of the client's build."""
    no_client = "compiled is None or compiled.kind is not ModuleKind.CLIENT"
    patch.edit(Application.client_export, no_client, "compiled is None")


@mutant("security.client.prototypes")
def sets_prototypes_on_the_client(patch: Patch) -> None:
    """A result's property named constructor is set on its prototype."""
    define = "made.define_own_property(key, data_property(guest_item))"
    setting = f"if key == 'constructor': made.prototype.props[key] = guest_item\nelse: {define}"
    patch.edit(Revival.plain_object, define, setting)
