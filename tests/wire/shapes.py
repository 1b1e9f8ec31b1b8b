"""Bodies of a size, for whoever measures how the cost of reading them grows.

Each makes a body from a number; twice the number is about twice the bytes. A request is the text of
its root, or its fields.
"""

from refimpl.values import model

REQUESTS = {
    "one level more": lambda n: "[" * min(n, 9_000) + "]" * min(n, 9_000),
    "wide": lambda n: f"[{','.join(['1'] * n)}]",
    "one target": lambda n: '[[{"x":1}],' + ",".join(['"$0:0:0"'] * n) + "]",
    "chained references": lambda n: "[[]," + ",".join(f'"$0:{i}"' for i in range(n)) + "]",
    "backward chain": lambda n: "[" + ",".join(f'"$0:{i + 1}"' for i in range(n)) + ",[]]",
    "maps": lambda n: [
        *((str(i), "[[1,2]]") for i in range(1, n)),
        ("0", "[" + ",".join(f'"$Q{i:x}"' for i in range(1, n)) + "]"),
    ],
    "nested maps": lambda n: [
        *((str(i), f'[[1,"$Q{i + 1:x}"]]') for i in range(1, n)),
        (str(n), "[]"),
        ("0", '["$Q1"]'),
    ],
    "promises": lambda n: [
        ("0", "[" + ",".join(f'"$@{i:x}"' for i in range(1, n)) + "]"),
        *((str(i), '{"a":"$0"}') for i in range(1, n)),
    ],
    "promise chain": lambda n: [
        ("0", '["$@1"]'),
        *((str(i), f'"$@{i + 1:x}"') for i in range(1, n)),
        (str(n), "1"),
    ],
    "entries": lambda n: [*(("_1_a", "x") for _ in range(n)), ("0", '["$K1"]')],
    "chunks": lambda n: [("0", '["$R1"]'), *(("S1", "1") for _ in range(n)), ("S1", "C")],
    "references": lambda n: [
        *((str(i), '{"id":"m#f","bound":null}') for i in range(1, n)),
        ("0", "[" + ",".join(f'"$h{i:x}"' for i in range(1, n)) + "]"),
    ],
    "records": lambda n: "[" + ",".join(['{"a":1,"b":[]}'] * n) + "]",
    "text": lambda n: '["' + "x" * n + '"]',
    "escaped text": lambda n: '["' + "\\u20ac" * n + '"]',
    "dates and bigints": lambda n: (
        "[" + ",".join(['"$D2020-01-01T00:00:00.000Z","$n123456789"'] * n) + "]"
    ),
    "sets": lambda n: [
        *((str(i), "[1,2]") for i in range(1, n)),
        ("0", "[" + ",".join(f'"$W{i:x}"' for i in range(1, n)) + "]"),
    ],
    "bytes": lambda n: [("1", model.Blob("", bytes(n))), ("0", '["$o1"]')],
    "typed arrays": lambda n: [
        *((str(i), model.Blob("", bytes(8))) for i in range(1, n)),
        ("0", "[" + ",".join(f'"$g{i:x}"' for i in range(1, n)) + "]"),
    ],
    "temporary references": lambda n: "[" + ",".join(['"$T"'] * n) + "]",
}

RESPONSES = {
    "rows": lambda n: (
        b"0:["
        + b",".join(b'"$%x"' % i for i in range(1, n))
        + b"]\n"
        + b"".join(b"%x:{}\n" % i for i in range(1, n))
    ),
    "backward chain": lambda n: (
        b"".join(b'%x:["$%x"]\n' % (i, i + 1) for i in range(n)) + b"%x:1\n" % n
    ),
    "forward chain": lambda n: (
        b"%x:1\n" % n + b"".join(b'%x:["$%x"]\n' % (i, i + 1) for i in range(n - 1, -1, -1))
    ),
    "promises that need one row": lambda n: (
        b"0:["
        + b",".join(b'"$@%x"' % i for i in range(2, n))
        + b"]\n"
        + b"".join(b'%x:["$1"]\n' % i for i in range(2, n))
        + b"1:1\n"
    ),
    "promises in a chain of rows": lambda n: (
        b"0:["
        + b",".join(b'"$@%x"' % i for i in range(1, n))
        + b"]\n"
        + b"".join(b'%x:["$%x"]\n' % (i, i + 1) for i in range(1, n))
        + b"%x:1\n" % n
    ),
    "chunks": lambda n: b'1:R\n0:"$1"\n' + b"1:T1,a" * n + b"1:C\n",
    "text": lambda n: b"1:T%x,%s" % (n, b"x" * n) + b'0:"$1"\n',
    "rows of text": lambda n: (
        b"".join(b"%x:T1,a" % i for i in range(1, n))
        + b"0:["
        + b",".join(b'"$%x"' % i for i in range(1, n))
        + b"]\n"
    ),
    "bytes": lambda n: b"1:o%x,%s" % (n, bytes(n)) + b'0:"$1"\n',
    "elements": lambda n: b"0:[" + b",".join([b'["$","p",null,{"a":1}]'] * n) + b"]\n",
    "errors": lambda n: (
        b"0:["
        + b",".join(b'"$@%x"' % i for i in range(1, n))
        + b"]\n"
        + b"".join(b'%x:E{"digest":"d"}\n' % i for i in range(1, n))
    ),
    "failed rows that spread": lambda n: (
        b"0:["
        + b",".join(b'"$@%x"' % i for i in range(2, n))
        + b"]\n"
        + b"".join(b'%x:["$1"]\n' % i for i in range(2, n))
        + b'1:E{"digest":"d"}\n'
    ),
    "development rows": lambda n: b'2:D"$3"\n:N1\n' * n + b"0:1\n",
    "hints": lambda n: b':HL["/style.css"]\n' * n + b"0:1\n",
}
