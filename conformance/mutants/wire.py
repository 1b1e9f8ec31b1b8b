"""Defects of chapter 10: the bytes of React's Flight protocol."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from conformance.mutants.mutant import mutant
from refimpl.values import model
from refimpl.wire import (
    arguments_decoder,
    arguments_encoder,
    errors,
    limits,
    multipart,
    result_decoder,
    reviver,
    rows,
    tags,
    text,
    writer,
)
from refimpl.wire.arguments_decoder import ArgumentsDecoder
from refimpl.wire.arguments_encoder import ArgumentsEncoder
from refimpl.wire.graph import Graph
from refimpl.wire.limits import Limits
from refimpl.wire.multipart import MultipartReader
from refimpl.wire.result_decoder import ResultDecoder
from refimpl.wire.result_encoder import ResultEncoder
from refimpl.wire.reviver import Feed, Reviver
from refimpl.wire.rows import RowReader
from refimpl.wire.writer import Writer

if TYPE_CHECKING:
    from conformance.mutants.patching import Patch


# --- text and JSON -------------------------------------------------------------------------------


@mutant("wire.utf8")
def replaces_bad_bytes(patch: Patch) -> None:
    """Bytes that are not UTF-8 become replacement characters."""
    patch.edit(text.decode_utf8, "data.decode('utf-8')", "data.decode('utf-8', 'replace')")


@mutant("wire.json")
def reads_nan(patch: Patch) -> None:
    """NaN and Infinity are read as JSON."""
    patch.constant(text, "_DECODER", json.JSONDecoder(parse_int=float))


@mutant("wire.json")
def ignores_what_follows(patch: Patch) -> None:
    """What follows a JSON text is ignored."""
    patch.edit(text.parse_json, "_DECODER.decode(text)", "_DECODER.raw_decode(text.lstrip())[0]")


@mutant("wire.json.duplicate-members")
def keeps_the_first_member(patch: Patch) -> None:
    """Of members with the same name the first one counts."""

    def first(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, value in pairs:
            found.setdefault(name, value)
        return found

    decoder = json.JSONDecoder(parse_int=float, object_pairs_hook=first)
    patch.constant(text, "_DECODER", decoder)


@mutant("wire.json.strings")
def replaces_lone_surrogates_in_json(patch: Patch) -> None:
    """A lone surrogate is written as the replacement character."""
    patch.edit(text.quote, "json_text.quote(units)", "json_text.quote(to_well_formed(units))")


# --- requests ------------------------------------------------------------------------------------


@mutant("wire.arguments.root")
def takes_any_root(patch: Patch) -> None:
    """A root that is no array is one argument."""
    refuse = "raise malformed('root', 'the arguments are an array')"
    patch.edit(ArgumentsDecoder.root_array, refuse, "return [value]")


@mutant("wire.arguments.count")
def drops_undefined_at_the_end(patch: Patch) -> None:
    """Trailing undefined arguments are dropped."""
    dropped = """
    while value and value[-1] is model.UNDEFINED:
        value.pop()
    return value
    """
    patch.edit(ArgumentsDecoder.root_array, "return value", dropped)


@mutant("wire.arguments.rejected")
def sends_rejected_promises(patch: Patch) -> None:
    """A promise that is rejected is sent as one that is fulfilled."""
    patch.edit(ArgumentsEncoder.write_promise, "value.state != 'fulfilled'", "False")


@mutant("wire.parts.names")
def forgives_part_names(patch: Patch) -> None:
    """Leading zeros in the names of parts are ignored."""
    name = re.compile(r"(S?)([0-9]{1,9})|_([0-9]{1,9})_(.*)", re.DOTALL)
    patch.constant(arguments_decoder, "NAME", name)


@mutant("wire.parts.names")
def ignores_unknown_fields(patch: Patch) -> None:
    """A field whose name is none of ours is ignored."""
    patch.edit(
        ArgumentsDecoder.take_field, "raise malformed('part-name', repr(name[:40]))", "return"
    )


@mutant("wire.parts.binary")
def reads_files_as_text(patch: Patch) -> None:
    """A part that is a file is read as the text of a model."""
    decoded = "if not isinstance(chunk.payload, str): chunk.payload = chunk.payload.data.decode()"
    refuse = "if not isinstance(chunk.payload, str):\n    raise malformed('kind', f'part {chunk.number} is binary')"
    patch.edit(ArgumentsDecoder.read, refuse, decoded)


@mutant("wire.parts.unused")
def reads_every_part(patch: Patch) -> None:
    """A part that nothing refers to is read as well."""
    read = """
    from refimpl.wire.text import parse_json
    if isinstance(content, str):
        parse_json(content)
    self.arrive(chunk, content)
    """
    patch.edit(ArgumentsDecoder.take_part, "self.arrive(chunk, content)", read)


@mutant("wire.duplicates")
def ignores_duplicate_parts(patch: Patch) -> None:
    """A part or row that comes again is ignored."""
    patch.edit(Graph.arrive, "raise malformed('duplicate', f'number {chunk.number}')", "return")


# --- responses -----------------------------------------------------------------------------------


@mutant("wire.rows")
def reads_any_number(patch: Patch) -> None:
    """Upper case and leading zeros are read in the numbers of rows."""
    patch.constant(rows, "HEAD", re.compile(rb"([0-9a-fA-F]{1,8})?:([A-Za-eg-mo-su-z]?)"))


@mutant("wire.rows.length")
def reads_decimal_lengths(patch: Patch) -> None:
    """A length of decimal digits is decimal."""
    decimal = "int(length[1], 10 if length[1].isdigit() else 16)"
    patch.edit(RowReader.measured, "int(length[1], 16)", decimal)


@mutant("wire.rows.letters")
def skips_unknown_rows(patch: Patch) -> None:
    """A row with an unknown letter is skipped."""
    refuse = "raise malformed('framing', f'there are no rows with the letter {letter}')"
    patch.edit(RowReader.row, refuse, "return self.line(number, 'D', head.end())")


@mutant("wire.rows.unnumbered")
def accepts_rows_without_numbers(patch: Patch) -> None:
    """Any row may be without a number."""
    patch.edit(RowReader.row, "number is None and letter not in UNNUMBERED", "False")


@mutant("wire.rows.chunking")
def reads_whole_chunks(patch: Patch) -> None:
    """A row ends where a piece of the transport ends."""
    patch.edit(
        RowReader.line,
        "self.searched = len(self.buffer)\nreturn False",
        "return self.cut(number, letter, start, len(self.buffer), len(self.buffer))",
    )


@mutant("wire.rows.root")
def writes_the_root_itself(patch: Patch) -> None:
    """The result is row 0 itself, not a promise of it."""
    patch.edit(
        ResultEncoder.start,
        "self.write_last(0, root)",
        "self.write_last(0, getattr(root, 'value', root))",
    )


@mutant("wire.rows.binary")
def ignores_odd_bytes(patch: Patch) -> None:
    """Bytes that make no whole element are ignored."""
    refuse = "raise malformed('kind', f'{len(data)} bytes are no whole number of elements')"
    patch.edit(
        result_decoder.binary,
        refuse,
        "data = data[: len(data) // model.ELEMENT_SIZES[kind] * model.ELEMENT_SIZES[kind]]",
    )


@mutant("wire.rows.import")
def wants_three_elements(patch: Patch) -> None:
    """An import with further elements is refused."""
    patch.edit(
        result_decoder.client_reference,
        "parse_json(text)",
        "(lambda read: read if len(read) == 3 else None)(parse_json(text))",
    )


@mutant("wire.rows.hints")
def reads_hints_as_values(patch: Patch) -> None:
    """A hint is the value of its row."""
    patch.constant(result_decoder, "SKIPPED", result_decoder.SKIPPED - {"H"})


@mutant("wire.rows.hints.file")
def ignores_names_of_files(patch: Patch) -> None:
    """A File in a result arrives without its name."""
    patch.edit(ResultDecoder.make_blob, "self.names.get(part.number)", "None")


@mutant("wire.rows.development")
def reads_rows_of_development(patch: Patch) -> None:
    """A row of development is the value of its number."""
    patch.constant(result_decoder, "SKIPPED", result_decoder.SKIPPED - {"D"})


@mutant("wire.rows.error")
def ignores_error_rows(patch: Patch) -> None:
    """An error row tells no digest."""
    patch.edit(ResultEncoder.send_error, "quote(digest)", "quote('')")


@mutant("wire.rows.error.redacted")
def sends_messages_in_production(patch: Patch) -> None:
    """In production an error row has the message too."""
    patch.edit(ResultEncoder.send_error, "self.development and not error.redacted", "True")


@mutant("wire.rows.error.development")
def sends_digests_only(patch: Patch) -> None:
    """In development an error row has no more than in production."""
    patch.edit(ResultEncoder.send_error, "self.development and not error.redacted", "False")


@mutant("wire.rows.error.development.cause")
def loses_causes(patch: Patch) -> None:
    """The cause of an error that arrives is lost."""
    patch.edit(result_decoder.add_related, "related.get('cause', UNDEFINED)", "UNDEFINED")


@mutant("wire.rows.error.spreads")
def contains_no_failure(patch: Patch) -> None:
    """A row that refers to a failed row is as good as any."""
    patch.edit(Graph.finish_if_complete, "self.spread_failures(group)", "pass")


@mutant("wire.rows.error.contained")
def fails_the_whole_response(patch: Patch) -> None:
    """A value that cannot be sent fails the root."""
    failed = "self.send_error(number, model.Error('TypeError', str(error)))"
    patch.edit(
        ResultEncoder.attempt, failed, "self.send_error(0, model.Error('TypeError', str(error)))"
    )


@mutant("wire.rows.streams")
def takes_streams_for_iterables(patch: Patch) -> None:
    """Every stream is written as one of any values."""
    patch.edit(ResultEncoder.write_stream, "STREAM_LETTERS[value.kind]", "'R'")


@mutant("wire.rows.streams.close")
def loses_returns(patch: Patch) -> None:
    """What an iterator returned is not written."""
    patch.edit(ResultEncoder.end_stream, "returned is not model.UNDEFINED", "False")


@mutant("wire.strings.long")
def writes_long_strings_later(patch: Patch) -> None:
    """Only a string of more than 1024 code units is a row."""
    patch.edit(ResultEncoder.string, "len(text) < LONG", "len(text) <= LONG")


@mutant("wire.strings.long")
def writes_surrogates_as_utf8(patch: Patch) -> None:
    """A long string with a lone surrogate is a row in which it is replaced."""
    patch.edit(ResultEncoder.string, "not is_well_formed(text)", "False")


# --- tags ----------------------------------------------------------------------------------------


@mutant("wire.tags")
def takes_unknown_tags_for_texts(patch: Patch) -> None:
    """A string with an unknown tag is a string."""
    make = "self.reference(chunk, text[1:]) if make is None else make(self, chunk, text[2:])"
    lenient = "text if make is None and not tags.HEXADECIMAL.match(text[1:]) else " + make
    patch.edit(Reviver.string, make, lenient)


@mutant("wire.strings.escape")
def escapes_nothing(patch: Patch) -> None:
    """A string that begins with a dollar sign is written as it is."""
    patch.edit(Writer.string, "text.startswith('$')", "False")


@mutant("wire.tags.words")
def reads_words_in_any_case(patch: Patch) -> None:
    """The words are read in upper and lower case."""
    words = {**tags.WORDS, **{word.lower(): value for word, value in tags.WORDS.items()}}
    patch.constant(tags, "WORDS", words)


@mutant("wire.tags.words")
def loses_minus_zero_in_json(patch: Patch) -> None:
    """Minus zero is written as zero."""
    patch.edit(writer.finite, "not value and math.copysign(1, value) < 0", "False")


@mutant("wire.tags.bigint")
def reads_signs_and_zeros(patch: Patch) -> None:
    """A BigInt may have a plus sign and leading zeros."""
    patch.constant(tags, "BIGINT", re.compile("[+-]?[0-9]+"))


@mutant("wire.tags.date")
def writes_null_for_invalid_dates(patch: Patch) -> None:
    """An invalid Date is written as null, as React's own encoder does."""
    patch.edit(
        Writer.write_date,
        "f'\"{tags.write_date(value)}\"'",
        "'null' if value.time != value.time else f'\"{tags.write_date(value)}\"'",
    )


@mutant("wire.tags.date")
def reads_any_date(patch: Patch) -> None:
    """What names a day that does not exist is read as the day it overflows to."""
    patch.edit(tags.parse_date, "dates.iso_text(time) == text", "True")
    patch.constant(tags, "DATE", re.compile(r".*"))


@mutant("wire.tags.symbol")
def writes_symbols_in_place(patch: Patch) -> None:
    """A symbol is written where it stands."""
    in_place = {
        **ResultEncoder.writers,
        model.Symbol: lambda _, value, __: text.quote(f"$S{value.key}"),
    }
    patch.attribute(ResultEncoder, "writers", in_place)


@mutant("wire.tags.symbol.argument")
def has_no_symbols_in_requests(patch: Patch) -> None:
    """A symbol in a request is refused, as React's decoder does."""
    patch.attribute(
        ArgumentsDecoder, "makers", {k: v for k, v in ArgumentsDecoder.makers.items() if k != "Y"}
    )


@mutant("wire.tags.binary")
def swaps_letters(patch: Patch) -> None:
    """The letters of two kinds of arrays are exchanged."""
    letters = {**tags.BINARY_LETTERS, "Int8Array": "o", "Uint8Array": "O"}
    patch.constant(tags, "BINARY_LETTERS", letters)


@mutant("wire.tags.map")
def reads_uneven_entries(patch: Patch) -> None:
    """An entry of a Map may have more or fewer than two elements."""
    uneven = "[((*pair, None, None)[:2]) for pair in pairs if type(pair) is list]"
    pairs = "type(pair) is list and len(pair) == 2"
    patch.edit(Reviver.make_map, pairs, "True")
    patch.edit(Reviver.make_map, "[(pair[0], pair[1]) for pair in pairs]", uneven)


@mutant("wire.tags.set")
def reads_objects_as_sets(patch: Patch) -> None:
    """The part of a Set may be an object."""
    patch.edit(
        Reviver.array_of,
        "type(value) is list and chunk.payload == AN_ARRAY",
        "chunk.role == 'set' and type(value) is dict or type(value) is list and chunk.payload == AN_ARRAY",
    )


@mutant("wire.tags.iterator")
def reads_iterators_as_arrays(patch: Patch) -> None:
    """A synchronous iterator arrives as an array."""
    patch.edit(
        Writer.write_iterator,
        "self.outlined('i', value.values)",
        "self.outlined('W', value.values)",
    )


@mutant("wire.tags.promise")
def makes_a_promise_per_tag(patch: Patch) -> None:
    """Every tag of a promise is a promise of its own."""
    patch.edit(Reviver.make_promise, "part.promise is None", "True")


@mutant("wire.tags.promise.cycle")
def waits_for_itself(patch: Patch) -> None:
    """A promise that is its own value stays pending for ever."""
    patch.edit(
        Reviver.settle, "raise malformed('cycle', 'a promise that waits for itself')", "return"
    )


@mutant("wire.tags.server-reference")
def reads_ids_of_any_kind(patch: Patch) -> None:
    """The id of a server reference may be a number."""
    patch.edit(
        Reviver.read_reference,
        "parse_json(text)",
        "(lambda o: {**o, 'id': str(o.get('id'))} if isinstance(o, dict) else o)(parse_json(text))",
    )


@mutant("wire.tags.server-reference.bound")
def loses_bound_arguments(patch: Patch) -> None:
    """Bound arguments are not written."""
    patch.edit(Writer.write_server_reference, "value.bound is not None", "False")


@mutant("wire.tags.blob")
def reads_blobs_as_bytes(patch: Patch) -> None:
    """A File in a request arrives as bytes."""
    patch.edit(
        ArgumentsDecoder.make_blob,
        "self.binary_part(tags.parse_number(text), 'file')",
        "model.Bytes('Uint8Array', self.binary_part(tags.parse_number(text), 'file').data)",
    )


@mutant("wire.tags.blob.name")
def names_no_blob(patch: Patch) -> None:
    """A Blob in a request is a File without a name."""
    patch.edit(
        arguments_encoder.as_file, "'blob' if blob.name is None else blob.name", "blob.name or ''"
    )


@mutant("wire.tags.blob.type")
def leaves_types_empty(patch: Patch) -> None:
    """A Blob without a type arrives without one."""
    patch.constant(arguments_encoder, "UNTYPED", "text/plain")


@mutant("wire.tags.blob.result")
def loses_types_of_blobs(patch: Patch) -> None:
    """A Blob in a result arrives without its type."""
    patch.edit(ResultEncoder.write_blob, "quote(value.type)", "quote('')")


@mutant("wire.tags.formdata")
def reads_numbers_as_hexadecimal(patch: Patch) -> None:
    """The number in the names of entries is read as the tag has it, as React does."""
    patch.edit(
        ArgumentsDecoder.make_form,
        "self.entries.pop(part.number, [])",
        "self.entries.pop(int(text) if text.isdigit() else -1, [])",
    )


@mutant("wire.tags.formdata.entries")
def keeps_the_last_entry(patch: Patch) -> None:
    """Of entries with the same name the last one counts."""
    patch.edit(
        ArgumentsDecoder.make_form,
        "self.entries.pop(part.number, [])",
        "[*dict(self.entries.pop(part.number, [])).items()]",
    )


@mutant("wire.tags.formdata.order")
def ignores_late_entries(patch: Patch) -> None:
    """An entry that comes after the reference to its FormData is lost."""
    refuse = "raise malformed('order', f'an entry of FormData {number} after the reference to it')"
    patch.edit(ArgumentsDecoder.take_entry, refuse, "return")


@mutant("wire.tags.formdata.result")
def names_every_file(patch: Patch) -> None:
    """A Blob in a FormData of a result keeps having no name."""
    patch.edit(
        ResultDecoder.fill_form, "blob.name = 'blob' if blob.name is None else blob.name", "pass"
    )


@mutant("wire.tags.stream")
def writes_one_letter_for_streams(patch: Patch) -> None:
    """Every stream has the letter of one that holds any values."""
    patch.edit(ArgumentsEncoder.write_stream, "STREAM_LETTERS[value.kind]", "'R'")


@mutant("wire.tags.stream.chunks")
def loses_early_chunks(patch: Patch) -> None:
    """Chunks that come before the reference to their stream are lost."""
    patch.edit(ArgumentsDecoder.stream, "self.early.pop(part.number, ())", "()")


@mutant("wire.tags.stream.close")
def takes_chunks_after_the_end(patch: Patch) -> None:
    """A chunk after the end of its stream is ignored."""
    patch.edit(
        ArgumentsDecoder.feed_stream,
        "raise malformed('order', 'a chunk of a stream that was closed')",
        "return",
    )


@mutant("wire.tags.stream.order")
def passes_on_what_is_ready(patch: Patch) -> None:
    """A chunk that has to wait lets those behind it pass."""
    patch.edit(
        Feed.deliver,
        "self.waiting and self.waiting[0].done",
        "any(each.done for each in self.waiting)",
    )
    patch.edit(
        Feed.deliver,
        "chunk = self.waiting.popleft()",
        "chunk = next(each for each in self.waiting if each.done)\nself.waiting.remove(chunk)",
    )


@mutant("wire.tags.stream.bytes")
def takes_any_chunk_for_bytes(patch: Patch) -> None:
    """A chunk of a byte stream may be anything."""
    refuse = "raise malformed('kind', 'a chunk of a byte stream is not bytes')"
    patch.edit(Feed.pass_on, refuse, "self.stream.push(value)\nreturn")


@mutant("wire.tags.temporary")
def names_temporaries_by_number(patch: Patch) -> None:
    """A temporary reference is known by the number of its part alone."""
    patch.edit(
        ArgumentsDecoder.temporary,
        "model.TemporaryReference(place.path(key))",
        "model.TemporaryReference(f'{chunk.number:x}')",
    )


@mutant("wire.tags.temporary.result")
def sends_temporaries_as_texts(patch: Patch) -> None:
    """A temporary reference in a result is the text of its path."""
    patch.edit(ResultEncoder.write_temporary, "quote(f'$T{value.path}')", "quote(value.path)")


@mutant("wire.tags.error")
def writes_errors_as_objects(patch: Patch) -> None:
    """An Error inside a result is written as an empty object."""
    patch.edit(ResultEncoder.write_error, "'\"$Z\"'", "'{}'")


@mutant("wire.tags.lazy")
def reads_lazy_values_as_promises(patch: Patch) -> None:
    """What comes later is a promise where it stands."""
    patch.edit(
        ResultDecoder.make_lazy, "self.reference(chunk, text)", "self.make_promise(chunk, text)"
    )


@mutant("wire.elements")
def reads_elements_as_arrays(patch: Patch) -> None:
    """An array that begins with the tag of elements is an array."""
    patch.attribute(ResultDecoder, "elements", value=False)


@mutant("wire.members.undefined")
def keeps_undefined_members(patch: Patch) -> None:
    """A member whose value is undefined arrives as null."""
    patch.edit(reviver.settle_member, "del container[key]", "container[key] = None")


@mutant("wire.members.proto")
def keeps_proto_members(patch: Patch) -> None:
    """A member __proto__ arrives."""
    patch.edit(Reviver.walk, "container.pop('__proto__', None)", "pass")


@mutant("wire.members.then")
def keeps_then_functions(patch: Patch) -> None:
    """A member then may be a function."""
    patch.edit(reviver.settle_member, "key == 'then' and is_callable(value)", "False")
    patch.edit(Graph.put, "key == 'then' and is_callable(value)", "False")


# --- references ----------------------------------------------------------------------------------


@mutant("wire.references")
def ends_paths_early(patch: Patch) -> None:
    """The last key of a path is ignored."""
    patch.edit(Reviver.reference, "Reference(needed, steps)", "Reference(needed, steps[:-1])")


@mutant("wire.references.number")
def reads_decimal_references(patch: Patch) -> None:
    """The number in a reference is decimal when it can be."""
    decimal = "int(text, 10 if text.isdigit() else 16)"
    patch.edit(tags.parse_number, "int(text, 16)", decimal)


@mutant("wire.references.own")
def follows_inherited_names(patch: Patch) -> None:
    """A key that nothing has of its own leads to undefined."""
    refuse = "raise malformed('path', f'there is no own {key[:40]!r} there')"
    patch.edit(Graph.step, refuse, "return UNDEFINED")


@mutant("wire.references.path")
def steps_into_maps_by_key(patch: Patch) -> None:
    """A path into a Map or a Set ends before its first element."""
    patch.edit(Graph.start, "length < shortest", "False")


@mutant("wire.references.path")
def keeps_paths_out_of_what_is_bound(patch: Patch) -> None:
    """No path leads to what is bound to a reference."""
    without = "SHORTEST.get(chunk.role if chunk.role != 'bound' else '', TOO_LONG)"
    patch.edit(Graph.start, "SHORTEST.get(chunk.role, TOO_LONG)", without)


@mutant("wire.references.cycle")
def loses_cycles(patch: Patch) -> None:
    """A reference that leads only to itself is undefined."""
    refuse = "raise malformed('cycle', 'a reference that leads to itself')"
    patch.edit(Graph.follow, refuse, "return UNDEFINED")


@mutant("wire.references.forward")
def waits_for_later_parts(patch: Patch) -> None:
    """What a part refers to may arrive after it."""
    patch.edit(ArgumentsDecoder.need, "needed.payload is None and needed.role != 'bound'", "False")


@mutant("wire.references.once")
def reads_parts_in_two_ways(patch: Patch) -> None:
    """A part may be named by tags of different kinds."""
    patch.edit(
        Reviver.use,
        "if again:\n    raise malformed('reused', f'number {number} is {chunk.role}, then {role}')",
        "pass",
    )


# --- sharing -------------------------------------------------------------------------------------


@mutant("wire.sharing")
def writes_shared_objects_twice(patch: Patch) -> None:
    """An object that is met again is written again."""
    patch.edit(Writer.identified, "known is not None", "isinstance(known, str)")


@mutant("wire.sharing.own-tag")
def numbers_promises_anew(patch: Patch) -> None:
    """A promise or server reference that is met again has another number."""
    patch.edit(
        Writer.identified, "known is not None", "known is not None and not isinstance(known, str)"
    )


@mutant("wire.sharing.unnameable")
def names_keys_with_colons(patch: Patch) -> None:
    """A path is written through a key that holds a colon."""
    patch.edit(Writer.inside, "type(key) is str and ':' in key", "False")


# --- multipart -----------------------------------------------------------------------------------


@mutant("wire.multipart.strict")
def skips_preambles(patch: Patch) -> None:
    """What stands before the first delimiter is skipped."""
    other = "bytes(self.buffer[:size]) != self.delimiter[: len(self.buffer)]"
    skip = "del self.buffer[: max(0, self.buffer.find(self.delimiter))]"
    patch.edit(
        MultipartReader.preamble,
        "size = len(self.delimiter)",
        f"size = len(self.delimiter)\n{skip}",
    )
    patch.edit(MultipartReader.preamble, other, f"self.delimiter in self.buffer and {other}")


@mutant("wire.multipart.headers")
def ignores_other_headers(patch: Patch) -> None:
    """A part may have further headers."""
    patch.edit(multipart.read_headers, "len(lines) != len(types) + 1", "False")


@mutant("wire.multipart.names")
def escapes_more_in_names(patch: Patch) -> None:
    """In names every percent sign is undone."""
    patch.edit(multipart._unescape, "'%(?:22|0D|0A)'", "'%(?:22|0D|0A|25)'")
    patch.constant(multipart, "UNESCAPES", {**multipart.UNESCAPES, "%25": "%"})


@mutant("wire.multipart.newlines")
def sends_line_breaks_as_they_are(patch: Patch) -> None:
    """A line break in a text is sent as it is."""
    patch.edit(multipart._part, "normalized(content)", "content")


@mutant("wire.multipart.chunking")
def reads_delimiters_whole(patch: Patch) -> None:
    """A delimiter that is cut in transport is overlooked."""
    searched = "max(0, self.searched - len(self.delimiter))"
    patch.edit(MultipartReader.content, searched, "self.searched")


# --- ends and limits -----------------------------------------------------------------------------


@mutant("wire.truncated")
def accepts_truncated_body(patch: Patch) -> None:
    """A message that ends too early is as good as a whole one."""
    patch.edit(ArgumentsDecoder.end, "not self.complete()", "False")
    patch.edit(ResultDecoder.end, "not self.complete()", "False")


@mutant("wire.truncated")
def accepts_missing_delimiters(patch: Patch) -> None:
    """A multipart body without its last delimiter is accepted."""
    refuse = "raise malformed('truncated', 'the last delimiter is missing')"
    patch.edit(MultipartReader.end, refuse, "pass")


@mutant("wire.errors")
def gives_one_code(patch: Patch) -> None:
    """Every malformed message has the same code."""
    patch.edit(errors.malformed, "f'malformed.{what}'", "'malformed'")


@mutant("wire.errors.contained")
def reads_on_after_errors(patch: Patch) -> None:
    """After an error the rest of a message is read."""
    patch.edit(ArgumentsDecoder.feed, "self.fail(error)", "pass")
    patch.edit(ResultDecoder.feed, "self.fail(error)", "pass")


@mutant("wire.limits.codes")
def names_no_limit(patch: Patch) -> None:
    """The code of what is over a limit does not name the limit."""
    patch.edit(limits.Limit.code, "f'limit.{self.name}'", "'limit'")


@mutant("wire.limits")
def keeps_to_no_limit(patch: Patch) -> None:
    """No limit holds."""
    patch.edit(Limits.check, "amount > most", "False")


@mutant("wire.limits.floors")
def refuses_what_is_at_a_limit(patch: Patch) -> None:
    """A message that is at a limit is refused."""
    patch.edit(Limits.check, "amount > most", "amount >= most")


def without_limit(patch: Patch, name: str) -> None:
    """Let one limit not hold."""
    patch.edit(Limits.check, "amount > most", f"amount > most and name != {name!r}")


@mutant("wire.limits.body")
def reads_any_number_of_bytes(patch: Patch) -> None:
    """A message may have any number of bytes."""
    without_limit(patch, "body")


@mutant("wire.limits.parts")
def reads_any_number_of_parts(patch: Patch) -> None:
    """A message may have any number of parts."""
    without_limit(patch, "parts")


@mutant("wire.limits.slots")
def reads_any_number_of_slots(patch: Patch) -> None:
    """A message may have any number of elements and members."""
    without_limit(patch, "slots")


@mutant("wire.limits.depth")
def reads_any_depth(patch: Patch) -> None:
    """Arrays and objects may stand inside each other to any depth."""
    without_limit(patch, "depth")


@mutant("wire.limits.bigint")
def reads_bigints_of_any_length(patch: Patch) -> None:
    """A BigInt may have any number of digits."""
    without_limit(patch, "bigint")


@mutant("wire.limits.bound")
def binds_any_number_of_arguments(patch: Patch) -> None:
    """A reference may have any number of bound arguments."""
    without_limit(patch, "bound")


@mutant("wire.rows.streams.chunks")
def takes_imports_for_chunks(patch: Patch) -> None:
    """A row of another kind is a chunk of the stream that has its number."""
    refuse = "raise malformed('duplicate', 'the number of a stream')"
    patch.edit(ResultDecoder.take_chunk, refuse, "pass")


@mutant("wire.multipart.boundary")
def wants_quoted_boundaries(patch: Patch) -> None:
    """A boundary that is not quoted is overlooked."""
    quoted = re.compile(r"multipart/form-data; *boundary=(\")([^\"]+)\1", re.IGNORECASE)
    patch.constant(multipart, "BOUNDARY", quoted)
