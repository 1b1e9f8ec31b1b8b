"""Events, abort signals and DOMException; what is expected was compared with Node 20."""

TARGET = "const n = [], t = new EventTarget(), f = e => n.push(e.type); t.addEventListener('x', f);"


def test_a_listener_is_added_once(result):
    assert result(
        f"{TARGET} t.addEventListener('x', f); t.dispatchEvent(new Event('x')); return n"
    ) == ["x"]


def test_a_listener_may_be_called_once_only(result):
    program = """const n = [], t = new EventTarget();
      t.addEventListener('x', { handleEvent() { n.push('h') } }, { once: true });
      t.dispatchEvent(new Event('x')); t.dispatchEvent(new Event('x')); return n"""

    assert result(program) == ["h"]


def test_a_removed_listener_is_not_called(result):
    program = f"{TARGET} t.removeEventListener('x', f); t.dispatchEvent(new Event('x')); return n"

    assert result(program) == []


def test_dispatch_tells_whether_the_default_was_prevented(result):
    program = """const t = new EventTarget(); t.addEventListener('y', e => e.preventDefault());
      return [t.dispatchEvent(new Event('y', { cancelable: true })), t.dispatchEvent(new Event('y'))]"""

    assert result(program) == [False, True]


def test_aborting_calls_the_listeners_once_and_in_order(result):
    program = """const c = new AbortController(), log = [];
      c.signal.addEventListener('abort', e => log.push(e.type)); c.signal.onabort = () => log.push('on');
      c.abort(); c.abort(); return log"""

    assert result(program) == ["abort", "on"]


def test_the_reason_of_an_abort_is_a_dom_exception(result):
    program = "const c = new AbortController(); c.abort(); const r = c.signal.reason;"

    expected = ["AbortError", 20, True, True]
    assert expected == result(
        f"{program} return [r.name, r.code, r instanceof Error, r instanceof DOMException]"
    )


def test_a_signal_throws_its_reason(result):
    assert result("AbortSignal.abort(new RangeError()).throwIfAborted()") == "threw RangeError"


def test_a_dependent_signal_is_aborted_with_its_source(result):
    program = "const c = new AbortController(), s = AbortSignal.any([c.signal]); c.abort(7); return s.reason"

    assert result(program) == 7


def test_signals_are_made_by_controllers_only(result):
    assert result("return new AbortSignal()") == "threw TypeError"
