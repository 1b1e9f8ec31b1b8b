"""What the fakes have in common: an honest adapter, of which each changes one thing."""

import json
import sys

CAPABILITIES = ["compile", "run", "exposes", "withholds"]


def hello():
    return {"ok": {"name": "fake", "version": "1", "capabilities": CAPABILITIES, "choices": {}}}


def honest(message):
    """Finds nothing, ends every program with 1, exposes and gives away nothing."""
    match message["op"]:
        case "hello":
            return hello()
        case "compile":
            nothing = {"kind": "none", "functions": [], "diagnostics": []}
            return {"ok": dict.fromkeys(message["files"], nothing)}
        case "run":
            return {"ok": {"result": 1}}
        case "exposes":
            return {"ok": {"functions": []}}
        case "withholds":
            return {"ok": {"artifacts": {"client.js": "export default 1"}}}
    return {"unsupported": {"why": "not built"}}


def requests():
    for line in sys.stdin:
        message = json.loads(line)
        if message["op"] == "stop":
            return
        yield message


def send(reply, seq):
    sys.stdout.write(json.dumps({**reply, "seq": seq}) + "\n")
    sys.stdout.flush()


def serve(answer):
    """Answer every request after hello with `answer(message, number)`; numbers count from 1."""
    for number, message in enumerate(requests()):
        reply = hello() if message["op"] == "hello" else answer(message, number)
        if reply is not None:
            send(reply, message["seq"])
