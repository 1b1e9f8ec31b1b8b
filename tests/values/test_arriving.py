"""Guest values that settle when the model does."""

from refimpl.values import model


def log(side, text, value):
    """Run a guest function on an arrived value; read the array it returned again later."""
    function = side.value(text)
    made = side.revive(value)
    result = []
    side.side.run(lambda: result.append(function.call(made, [made])))
    return lambda: side.snapshot(result[0])


def test_a_promise_settles_when_the_model_does(side):
    value = model.Promise()
    read = log(side, "p => { const log = []; p.then(v => log.push(v)); return log }", value)

    before = read()
    side.side.run(lambda: value.fulfill("late"))

    assert (before, read()) == ([], ["late"])


def test_a_promise_is_rejected_with_an_error_of_the_realm(side):
    value = model.Promise()
    value.reject(model.Error(message="m"))

    text = (
        "p => { const log = []; p.catch(e => log.push(e instanceof Error, e.message)); return log }"
    )
    assert log(side, text, value)() == [True, "m"]


def test_chunks_arrive_before_the_failure_of_their_stream(side):
    value = model.Stream("default")
    value.push("first")
    value.fail(model.Error())
    text = """s => { const log = [];
      (async () => { for await (const c of s) log.push(c) })().catch(() => log.push('failed'));
      return log }"""

    assert log(side, text, value)() == ["first", "failed"]


def test_a_chunk_that_comes_later_wakes_the_reader(side):
    value = model.Stream("default")
    text = "s => { const log = []; s.getReader().read().then(r => log.push(r.value)); return log }"
    read = log(side, text, value)

    side.side.run(lambda: value.push("late"))

    assert read() == ["late"]


def test_a_cancelled_stream_takes_no_more_chunks(side):
    value = model.Stream("default")
    read = log(side, "s => { s.cancel(); return [] }", value)

    side.side.run(lambda: value.push("late"))

    assert read() == []


def test_an_iterator_answers_questions_asked_too_early(side):
    value = model.Stream("iterator")
    text = """i => { const log = [];
      for (const p of [i.next(), i.next(), i.next()]) p.then(r => log.push(r.value, r.done));
      return log }"""
    read = log(side, text, value)

    side.side.run(lambda: (value.push(1.0), value.close("end")))

    assert read() == [1.0, False, "end", True, model.UNDEFINED, True]


def test_an_object_that_arrives_is_no_thenable(side):
    function = side.value("() => {}")
    value = {"then": model.Unsupported(function, "f", "")}

    assert side.tell("o => o.then", value) is None


def test_a_redacted_error_has_its_digest(side):
    value = model.Error(digest="d1", redacted=True)

    assert side.tell("e => e.digest", value) == "d1"
