"""Sends every reply two times."""

from _loop import honest, requests, send

for message in requests():
    send(honest(message), message["seq"])
    if message["op"] != "hello":
        send(honest(message), message["seq"])
