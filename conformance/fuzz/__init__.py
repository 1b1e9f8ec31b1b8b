"""The fuzzing harness: generated questions, put to an implementation and to a second opinion."""
