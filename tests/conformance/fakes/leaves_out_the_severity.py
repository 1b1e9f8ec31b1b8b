"""Answers almost as the schema says."""

from _loop import honest, serve


def answer(message, _):
    if message["op"] != "compile":
        return honest(message)
    vague = {"kind": "none", "functions": [], "diagnostics": [{"code": "vague", "line": 1}]}
    return {"ok": dict.fromkeys(message["files"], vague)}


serve(answer)
