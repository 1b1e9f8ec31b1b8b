"""What is generated, one module or folder per kind: programs, values, calls, messages."""
