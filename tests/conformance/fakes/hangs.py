"""Says nothing more when it is asked to run something; leaves a child behind that would hang too."""

import subprocess
import sys
import time

from _loop import honest, serve


def answer(message, _):
    if message["op"] == "run":
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        time.sleep(600)
    return honest(message)


serve(answer)
