"""Introduces itself and then reads nothing, so that a large request fills the pipe."""

import json
import sys
import time

from _loop import hello, send

send(hello(), json.loads(sys.stdin.readline())["seq"])
time.sleep(600)
