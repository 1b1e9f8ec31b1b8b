"""Answers properly and cannot be asked to go."""

import signal
import sys
import time

from _loop import honest, serve

signal.signal(signal.SIGTERM, signal.SIG_IGN)
serve(lambda message, _: honest(message))
sys.stdin.read()
time.sleep(600)
