"""The web's built-ins that the serialization contract names, as tables: one module for each standard.

Rules of this package:

* Only what a server function or its caller can observe is here. Members are not enumerable, as all
  built-ins of this interpreter are; Web IDL would make them so.
* Bytes are Python `bytes` inside; a guest's buffer is copied when it comes in.
"""

from __future__ import annotations

from refimpl.language.builtins.web import abort, blob, form_data, headers, streams, url

TABLES = (
    *streams.TABLES,
    *blob.TABLES,
    *form_data.TABLES,
    *headers.TABLES,
    *url.TABLES,
    *abort.TABLES,
)
