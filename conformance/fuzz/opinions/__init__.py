"""Second opinions about what the reference does: the same asked in another way, or of less.

Rules of this package:

* Each module is an adapter like any other: `--impl=conformance.fuzz.opinions.NAME`.
* They differ from the reference in the question only, or know only a part of the answer.
"""
