"""Ends before it reads anything."""

import sys

sys.stderr.write("cannot find my configuration\n")
sys.exit(3)
