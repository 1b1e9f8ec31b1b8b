"""Defects of chapter 8: forms with JavaScript and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.mutants.mutant import mutant
from refimpl.calls.endpoint import ANSWER_HEADERS, Endpoint
from refimpl.forms import action_fields, controls, page, submissions, urlencoded
from refimpl.forms.action_fields import Submitted
from refimpl.forms.page import Form
from refimpl.forms.state import FormState
from refimpl.forms.submissions import Submissions
from refimpl.values import newlines
from refimpl.wire import multipart
from refimpl.wire.form_codec import FlightForms
from refimpl.wire.result_encoder import ResultEncoder
from refimpl.wire.reviver import Reviver

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.mutants.patching import Patch
    from refimpl.calls.messages import Request, Response


# What a submission does


@mutant("form.action")
def runs_a_form_twice(patch: Patch) -> None:
    """A submission without JavaScript is carried out twice."""
    once = Submissions.handle

    def twice(self: Submissions, request: Request, respond: Callable[[Response], None]) -> None:
        once(self, request, lambda _: None)
        once(self, request, respond)

    patch.replace(Submissions.handle, twice)


@mutant("form.data")
def leaves_out_empty_texts(patch: Patch) -> None:
    """Entries whose value is empty are not sent."""
    patch.edit(
        controls.construct_entry_list,
        "[(to_well_formed(name), scalar(content)) for name, content in entries]",
        "[(to_well_formed(name), scalar(content)) for name, content in entries if content]",
    )


@mutant("form.data")
def keeps_the_last_of_equal_names(patch: Patch) -> None:
    """Of several entries with one name the function gets the last."""
    patch.edit(Submissions.accept, "submitted.entries", "[*dict(submitted.entries).items()]")


@mutant("form.same")
def breaks_lines_in_one_of_two_ways(patch: Patch) -> None:
    """Without JavaScript line breaks arrive as LF."""
    patch.edit(
        Submissions.accept,
        "submitted.entries",
        r"[(n, c if not isinstance(c, str) else c.replace('\r\n', '\n')) for n, c in submitted.entries]",
    )


@mutant("form.arguments")
def passes_form_data_first(patch: Patch) -> None:
    """The FormData comes before what is bound."""
    patch.edit(
        Submissions.accept,
        "[*bound, model.FormData(submitted.entries)]",
        "[model.FormData(submitted.entries), *bound]",
    )


@mutant("form.arguments")
def passes_undefined_for_no_state(patch: Patch) -> None:
    """A form without state gives its function an undefined one."""
    patch.edit(Form.call, "[data]", "[model.UNDEFINED, data]")


@mutant("form.bound.fields")
def leaves_out_bound_bytes(patch: Patch) -> None:
    """What hidden fields cannot hold is left out without a word."""
    patch.edit(
        action_fields.write_action,
        "if any(isinstance(content, model.Blob) for _, content in parts):\n    raise Unwritable",
        "if any(isinstance(content, model.Blob) for _, content in parts):\n"
        "    return [(f'{ID}{reference.id}', '')]",
    )


# The entry list


@mutant("form.entries.order")
def sorts_entries_by_name(patch: Patch) -> None:
    """Entries are in the order of their names."""
    patch.edit(
        controls.construct_entry_list,
        "[(to_well_formed(name), scalar(content)) for name, content in entries]",
        "sorted([(to_well_formed(n), scalar(c)) for n, c in entries], key=lambda entry: entry[0])",
    )


@mutant("form.entries.name")
def sends_controls_without_names(patch: Patch) -> None:
    """A control without a name gives an entry with an empty one."""
    patch.edit(controls.entries_of, "control.name", "True")


@mutant("form.entries.disabled")
def sends_disabled_controls(patch: Patch) -> None:
    """A disabled control gives its entry."""
    patch.edit(controls.enabled, "not control.disabled", "True")


@mutant("form.entries.disabled")
def disables_legends(patch: Patch) -> None:
    """A disabled fieldset disables what is in its legend too."""
    patch.edit(
        controls.enabled,
        "yield from enabled(control.legend)",
        "yield from () if disabled else enabled(control.legend)",
    )


@mutant("form.entries.button")
def sends_every_button(patch: Patch) -> None:
    """Buttons that were not pressed give entries."""
    patch.edit(
        controls.entries_of,
        "submitter is not None and submitter.control is control",
        "submitter is not None",
    )


@mutant("form.entries.image")
def names_points_like_fields(patch: Patch) -> None:
    """An image button with a name gives its point without it."""
    patch.edit(controls.entries_of_submitter, "f'{control.name}.' if control.name else ''", "''")


@mutant("form.entries.checkable")
def sends_unchecked_boxes(patch: Patch) -> None:
    """A box that is not checked gives an empty text."""
    patch.edit(
        controls.contents_of,
        "if control.checked:\n    yield 'on' if control.value is None else control.value",
        "yield ('on' if control.value is None else control.value) if control.checked else ''",
    )


@mutant("form.entries.select")
def sends_disabled_options(patch: Patch) -> None:
    """A selected option that is disabled gives its value."""
    patch.edit(
        controls.chosen,
        "[option.value for option in options if not option.disabled]",
        "[option.value for option in options]",
    )


@mutant("form.entries.select")
def shows_no_option_by_default(patch: Patch) -> None:
    """A single select without a selected option gives nothing."""
    patch.edit(controls.chosen, "not options and not control.multiple", "False")


@mutant("form.entries.file")
def leaves_out_empty_file_controls(patch: Patch) -> None:
    """A file control in which nothing was chosen gives nothing."""
    patch.edit(controls.contents_of, "control.files or (NO_FILE,)", "control.files")


@mutant("form.entries.charset")
def sends_the_charset_as_written(patch: Patch) -> None:
    """A hidden _charset_ gives its value."""
    patch.edit(controls.contents_of, "control.name.lower() == '_charset_'", "False")


@mutant("form.entries.dirname")
def knows_no_direction(patch: Patch) -> None:
    """The direction of a text is not sent."""
    patch.edit(controls.entries_of, "control.dirname", "''")


@mutant("form.entries.newlines")
def keeps_line_breaks(patch: Patch) -> None:
    """Line breaks arrive as they were typed."""
    patch.edit(newlines.normalized, "NEWLINE.sub('\\r\\n', text)", "text")


@mutant("form.entries.text")
def composes_characters(patch: Patch) -> None:
    """Names and texts are normalised, so that other characters arrive than were typed."""
    patch.edit(
        controls.scalar,
        "to_well_formed(content)",
        "__import__('unicodedata').normalize('NFC', to_well_formed(content))",
    )


# Encodings


@mutant("form.encoding")
def loses_bytes_of_files(patch: Patch) -> None:
    """Files arrive without what is no text in them."""
    patch.edit(
        Submissions.accept,
        "submitted.entries",
        "[(n, c if isinstance(c, str) else model.Blob(c.type, c.data.replace(b'\\0', b''), c.name))"
        " for n, c in submitted.entries]",
    )


@mutant("form.encoding.urlencoded")
def reads_plus_signs_as_they_are(patch: Patch) -> None:
    """A space arrives as the plus sign by which it is written."""
    patch.edit(urlencoded.decoded, "text.replace(b'+', b' ')", "text")


@mutant("form.encoding.urlencoded.strict")
def reads_what_no_browser_writes(patch: Patch) -> None:
    """Stray percent signs and raw bytes are read as they stand."""
    patch.edit(urlencoded.read_urlencoded, "(stray := STRAY.search(body))", "(stray := None)")


@mutant("form.encoding.plain")
def reads_plain_text(patch: Patch) -> None:
    """A body in text/plain is taken for multipart."""
    types = submissions.TYPES | {"text/plain"}
    patch.constant(submissions, "TYPES", types)


@mutant("form.encoding.malformed")
def reads_what_came_of_a_body(patch: Patch) -> None:
    """A multipart body that breaks off is a shorter one."""
    patch.edit(FlightForms.read_multipart, "reader.end()", "pass")


@mutant("form.names")
def takes_file_names_for_paths(patch: Patch) -> None:
    """Of a file name the last segment arrives."""
    patch.edit(
        multipart.read_headers,
        "_unescape(file_name)",
        "_unescape(file_name).replace('\\\\', '/').rpartition('/')[2]",
    )


@mutant("form.names")
def keeps_escapes_in_names(patch: Patch) -> None:
    """A quotation mark in a name arrives as %22."""
    patch.edit(
        multipart._unescape,
        "re.sub('%(?:22|0D|0A)', lambda match: UNESCAPES[match[0]], name)",
        "name",
    )


# Which function


@mutant("form.one")
def gives_all_forms_one_function(patch: Patch) -> None:
    """The fields of every form name what the first function of the registry is."""
    patch.edit(
        Submissions.accept,
        "self.endpoint.references.registry.find(reference.id)",
        "self.endpoint.references.registry.find(reference.id) and "
        "next(iter(self.endpoint.references.registry.entries.values()))",
    )


@mutant("form.submitter")
def ignores_functions_of_buttons(patch: Patch) -> None:
    """A button with a function of its own submits to the form's."""
    patch.edit(page.own_function, "None if submitter is None else submitter.control.action", "None")


@mutant("form.submitter.anywhere")
def writes_fields_where_the_form_begins(patch: Patch) -> None:
    """The form's own fields come behind the controls before it."""
    patch.edit(
        Form.entries,
        "construct_entry_list((*own, *controls), submitter)",
        "construct_entry_list("
        "(*controls[:len(self.before)], *own, *controls[len(self.before):]), submitter)",
    )


@mutant("form.submitter.unnamed")
def sends_the_name_of_a_button_with_a_function(patch: Patch) -> None:
    """With JavaScript a button with a function of its own gives its entry."""
    patch.edit(
        controls.entries_of_submitter, "control.action is None and control.name", "control.name"
    )


@mutant("form.unknown")
def runs_a_function_when_none_is_named(patch: Patch) -> None:
    """A submission that names nobody runs the first function there is."""
    patch.edit(
        Submissions.accept,
        "if entry is None:\n    raise Refusal('unknown-function')",
        "entry = entry or next(iter(self.endpoint.references.registry.entries.values()))",
    )


@mutant("form.tampered")
def ignores_the_last_character_of_captures(patch: Patch) -> None:
    """Captures with another character at their end are opened."""
    patch.edit(
        Submissions.accept,
        "bound = reference.bound or []",
        "bound = [b[:-1] + '=' if isinstance(b, str) and len(b) % 4 == 0 and len(b) > 40 else b"
        " for b in reference.bound or []]",
    )


@mutant("form.captures")
def runs_functions_without_their_captures(patch: Patch) -> None:
    """A function that is named without its captures runs without them."""
    opened = "self.endpoint.references.open(entry, values)"
    patch.edit(Submissions.accept, opened, f"{opened} if bound else ([], values)")


@mutant("form.reserved")
def passes_reserved_names_with_javascript(patch: Patch) -> None:
    """With JavaScript names that are reserved reach the function."""
    patch.edit(Form.call, "split(entries).entries", "entries")


@mutant("form.reserved.only")
def reserves_too_much(patch: Patch) -> None:
    """Every name that begins like a reserved one is stripped."""
    patch.edit(action_fields.split, "name.startswith(RESERVED)", "name.startswith('$ACTION')")


# Form state


@mutant("form.state")
def passes_the_initial_state_again(patch: Patch) -> None:
    """A form passes its initial state each time."""
    patch.edit(Form.call, "self.state.value", "self.state.initial")
    patch.edit(Form.fields, "self.state.value", "self.state.initial")


@mutant("form.state.result")
def answers_no_state(patch: Patch) -> None:
    """What a function returned is not on the page that answers."""
    patch.edit(submissions.new_state, "target.key is None", "True")


@mutant("form.state.own")
def gives_state_to_every_form_of_a_function(patch: Patch) -> None:
    """All forms with the same function get the state of one."""
    patch.edit(
        FormState.belongs_to,
        "own == (self.key, self.function, self.bound)",
        "own[1] == self.function",
    )


@mutant("form.state.failed")
def forgets_state_with_a_failure(patch: Patch) -> None:
    """A function that throws gives its form an undefined state."""
    patch.edit(
        Endpoint.call,
        "respond(self.response(self.thrown(reason)))",
        "respond(answer(undefined))",
    )


@mutant("form.state.permalink")
def leads_to_the_page_itself(patch: Patch) -> None:
    """A permalink is not where the form leads."""
    patch.edit(Form.target, "'/' if permalink is None else permalink", "'/'")


# What is checked, and what is answered


@mutant("form.checks")
def checks_calls_only(patch: Patch) -> None:
    """Submissions without JavaScript are not checked at the door."""
    patch.edit(Submissions.accept, "self.endpoint.admission.check(request, TYPES)", "None")


@mutant("form.limits")
def counts_no_entries(patch: Patch) -> None:
    """Any number of entries is read."""
    patch.edit(Submissions.read, "self.codec.check_entries(len(entries))", "None")


@mutant("form.error")
def tells_what_was_thrown(patch: Patch) -> None:
    """The answer to a submission that failed says what was thrown."""
    patch.edit(Endpoint.failed, "self.development", "True")
    patch.edit(
        ResultEncoder.send_error, "self.development and not error.redacted", "not error.redacted"
    )


@mutant("form.answer")
def lets_documents_be_stored(patch: Patch) -> None:
    """An answer does not say that it is not to be kept."""
    patch.item(ANSWER_HEADERS, "cache-control", "public")


# The React profile


@mutant("form.react.prefix")
def folds_the_case_of_reserved_names(patch: Patch) -> None:
    """A reserved name is one in any case of its letters."""
    patch.edit(
        action_fields.split, "name.startswith(RESERVED)", "name.upper().startswith(RESERVED)"
    )


@mutant("form.react.id")
def takes_the_value_for_the_id(patch: Patch) -> None:
    """The id of a function is the value of its field."""
    patch.edit(
        action_fields.read_action,
        "for name, _ in reversed(submitted.reserved):\n"
        "    if name.startswith(ID):\n"
        "        return model.ServerReference(name.removeprefix(ID))\n"
        "    if name.startswith(REFERENCE):\n"
        "        return codec.read_reference(submitted.parts(name.removeprefix(REFERENCE)))",
        "for name, value in reversed(submitted.reserved):\n"
        "    if name.startswith(ID):\n"
        "        return model.ServerReference(str(value) or name.removeprefix(ID))\n"
        "    if name.startswith(REFERENCE):\n"
        "        return codec.read_reference(submitted.parts(name.removeprefix(REFERENCE)))",
    )


@mutant("form.react.reference")
def reads_parts_of_every_prefix(patch: Patch) -> None:
    """Parts of a reference are found under any prefix."""
    patch.edit(Submitted.parts, "f'{RESERVED}{prefix}:'", "f'{RESERVED}1:'")


@mutant("form.react.last")
def takes_the_first_function(patch: Patch) -> None:
    """Of several fields that name a function the first counts."""
    patch.edit(action_fields.read_action, "reversed(submitted.reserved)", "submitted.reserved")


@mutant("form.react.incomplete")
def takes_the_last_of_equal_parts(patch: Patch) -> None:
    """A part that is there twice is not refused."""
    patch.edit(
        FlightForms.read_reference,
        "for name, content in parts:\n    decoder.feed(name, content)",
        "for name, content in dict(parts).items():\n    decoder.feed(name, content)",
    )


@mutant("form.react.incomplete")
def binds_what_is_no_array(patch: Patch) -> None:
    """What is bound to a reference is anything."""
    patch.edit(
        Reviver.bind,
        "self.array_of(bound)",
        "[bound.cell[0]] if type(bound.cell[0]) is not list else bound.cell[0]",
    )


@mutant("form.react.key")
def takes_the_last_key(patch: Patch) -> None:
    """Of several keys the last counts."""
    patch.edit(
        Submitted.key,
        "next((content for name, content in self.reserved if name == KEY), None)",
        "next((content for name, content in self.reserved[::-1] if name == KEY), None)",
    )
