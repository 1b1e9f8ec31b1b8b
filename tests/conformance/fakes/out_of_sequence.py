"""Answers with the number of a request that was never sent."""

from _loop import hello, honest, requests, send

for message in requests():
    if message["op"] == "hello":
        send(hello(), message["seq"])
    else:
        send(honest(message), message["seq"] + 1)
