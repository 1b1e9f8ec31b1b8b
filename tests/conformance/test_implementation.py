"""What stands behind `--impl` is found, or a single line says what could be."""

import pytest

from conformance.implementation import UnknownImplementation, find, find_all
from conformance.transports import AdapterFailure, InProcess, Stdio


def test_a_command_is_a_process():
    transport = find('cmd:node "my adapter.mjs" --fast').connect()

    assert isinstance(transport, Stdio)
    assert transport.command == ["node", "my adapter.mjs", "--fast"]


def test_a_command_is_called_by_its_last_word():
    assert find("cmd:node lib/adapter.mjs").label == "adapter.mjs"


def test_two_of_one_name_are_told_apart():
    found = find_all(["cmd:node a/adapter.mjs", "cmd:node b/adapter.mjs"])

    assert [implementation.label for implementation in found] == ["adapter.mjs", "adapter.mjs-2"]


def test_one_that_is_named_twice_is_one():
    assert len(find_all(["refimpl", "refimpl"])) == 1


def test_the_reference_is_in_process():
    assert isinstance(find("refimpl").connect(), InProcess)


@pytest.mark.parametrize(
    "option", ["cmd:", 'cmd:node "half', "no-such-implementation", "a.b.c", ""]
)
def test_what_cannot_be_found_is_one_line(option):
    with pytest.raises(UnknownImplementation) as unknown:
        find(option)

    assert "\n" not in str(unknown.value)


def test_what_cannot_be_found_is_told_what_can():
    with pytest.raises(UnknownImplementation, match=r"Known are refimpl, .*vite-rsc"):
        find("no-such-implementation")


@pytest.fixture
def module(tmp_path, monkeypatch):
    def write(name, text):
        (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        return find(name).connect()

    return write


def test_a_module_with_a_function_is_an_adapter(module):
    transport = module("with_function", "def conformance_adapter(message): return {'ok': 1}")
    transport.start()

    assert transport.ask({"op": "hello"}, 1) == {"ok": 1}


def test_a_module_with_a_class_is_an_adapter(module):
    transport = module("with_class", "class ConformanceAdapter:\n    name = 'classy'")
    transport.start()

    assert transport.ask({"op": "hello"}, 1)["ok"]["name"] == "classy"


def test_a_module_with_neither_says_what_to_define(module):
    with pytest.raises(AdapterFailure) as failure:
        module("with_nothing", "").start()

    assert failure.value.code == "adapter.no-entry-point"


def test_a_module_that_cannot_be_imported_is_a_failure_with_its_traceback(module):
    with pytest.raises(AdapterFailure) as failure:
        module("with_error", "import no_such_module_anywhere").start()

    assert failure.value.code == "adapter.load"
    assert "import no_such_module_anywhere" in failure.value.output
