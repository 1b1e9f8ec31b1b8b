"""ReadableStream; what is expected was compared with Node 20."""

import pytest

TWO = "new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); c.close() } })"
BYTES = (
    "new ReadableStream({ type: 'bytes', start(c) { c.enqueue(new Uint8Array([1, 2, 3])); %s } })"
)


def collected(stream):
    return f"const out = []; for await (const x of {stream}) out.push(x); return out"


def test_chunks_are_read_in_order(result):
    assert result(collected(TWO)) == [1, 2]


def test_a_source_is_pulled_until_it_closes(result):
    source = "{ n: 0, pull(c) { if (this.n === 3) c.close(); else c.enqueue(this.n++) } }"

    assert result(collected(f"new ReadableStream({source})")) == [0, 1, 2]


def test_the_strategy_says_how_much_is_pulled_ahead(result):
    program = """const log = [];
      new ReadableStream({ pull(c) { log.push('pull'); c.enqueue('xx') } },
                         { highWaterMark: 5, size: x => x.length });
      for (let i = 0; i < 30; i++) await 0; return log"""

    assert result(program) == ["pull", "pull", "pull"]


def test_leaving_a_loop_cancels_the_stream(result):
    program = """const log = [];
      const s = new ReadableStream({ start(c) { c.enqueue(1) }, cancel(r) { log.push('cancelled') } });
      for await (const x of s) break;
      return [log, s.locked]"""

    assert result(program) == [["cancelled"], False]


def test_an_error_is_what_read_rejects_with(result):
    stream = "new ReadableStream({ start(c) { c.enqueue(1); c.error(new RangeError()) } })"

    assert result(f"return {stream}.getReader().read()") == "threw RangeError"


def test_a_stream_has_one_reader_at_a_time(result):
    assert result(f"const s = {TWO}; s.getReader(); return s.getReader()") == "threw TypeError"


def test_releasing_a_reader_rejects_the_reads_that_wait(result):
    program = "const r = new ReadableStream().getReader(); const p = r.read(); r.releaseLock();"

    assert result(f"{program} return p") == "threw TypeError"


def test_closed_is_fulfilled_at_the_end(result):
    program = f"const r = {TWO}.getReader(); await r.read(); await r.read();"

    assert result(f"{program} return [(await r.closed) === undefined]") == [True]


def test_a_byte_stream_gives_new_bytes(result):
    program = f"const r = {BYTES % 'c.close()'}.getReader(); return [...(await r.read()).value]"

    assert result(program) == [1, 2, 3]


def test_enqueueing_bytes_takes_their_buffer(result):
    program = """const b = new Uint8Array([1]);
      new ReadableStream({ type: 'bytes', start(c) { c.enqueue(b) } }); return b.length"""

    assert result(program) == 0


def test_a_byob_reader_fills_what_it_is_given(result):
    program = f"""const r = {BYTES % "c.enqueue(new Uint8Array([4]))"}.getReader({{ mode: 'byob' }});
      const a = await r.read(new Uint8Array(2)); const b = await r.read(new Uint8Array(4));
      return [[...a.value], [...b.value]]"""

    assert result(program) == [[1, 2], [3, 4]]


def test_a_default_stream_has_no_byob_reader(result):
    assert result(f"return {TWO}.getReader({{ mode: 'byob' }})") == "threw TypeError"


def test_both_branches_of_tee_get_all_chunks(result):
    program = f"""const [a, b] = {TWO}.tee(); const out = [];
      for await (const x of a) out.push('a' + x);
      for await (const x of b) out.push('b' + x);
      return out"""

    assert result(program) == ["a1", "a2", "b1", "b2"]


def test_a_stream_is_made_from_an_iterable(result):
    assert result(collected("ReadableStream.from([1, Promise.resolve(2)])")) == [1, 2]


@pytest.mark.parametrize("source", ["{ type: 'x' }", "{ pull: 1 }", "1"])
def test_what_is_no_source_throws(result, source):
    assert result(f"return new ReadableStream({source})") == "threw TypeError"
