"""Parsing and writing of URLs and of application/x-www-form-urlencoded (URL Standard §4, §5).

Covered: special schemes (http, https, ws, wss, ftp, file) and other schemes with or without an
authority, opaque paths, relative references, IPv4 and IPv6 hosts, percent-encode sets, dot segments.
Not covered: Windows drive letters, encodings other than UTF-8, and IDNA beyond Python's codec.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from ipaddress import AddressValueError, IPv6Address
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21, "file": None}
REFERENCE: Final = re.compile(
    r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?(?P<rest>[^?#]*)"
    r"(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
AUTHORITY: Final = re.compile(
    r"(?:(?P<user>.*)@)?(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>\d*))?", re.DOTALL
)
FORBIDDEN_HOST: Final = re.compile(r"[\x00-\x20#/:<>?@\[\\\]^|%\x7f]")
FORBIDDEN_OPAQUE_HOST: Final = re.compile(r"[\x00\t\n\r #/:<>?@\[\\\]^|]")

#: What is left as it is, besides letters and digits (complements of the percent-encode sets).
FRAGMENT: Final = "!#$%&'()*+,-./:;=?@[\\]^_{|}~"
QUERY: Final = "!$%&'()*+,-./:;=?@[\\]^_`{|}~"
SPECIAL_QUERY: Final = QUERY.replace("'", "")
PATH: Final = "!$%&'()*+,-./:;=@[\\]_|~"
USERINFO: Final = "!$%&'()*+,-._~"
FORM: Final = "*-._ "


def encode(text: str, kept: str) -> str:
    """UTF-8 percent-encode."""
    return quote(text, safe=kept) if "~" in kept else quote(text, safe=kept).replace("~", "%7E")


@dataclass(slots=True)
class URL:
    """A URL record; `path` is a string when it is opaque."""

    scheme: str
    username: str = ""
    password: str = ""
    host: str | None = None
    port: int | None = None
    path: list[str] | str = ""
    query: str | None = None
    fragment: str | None = None

    @property
    def is_special(self) -> bool:
        """Whether the scheme is one of the web's own."""
        return self.scheme in DEFAULT_PORTS

    @property
    def authority(self) -> str:
        """Host and port."""
        return (self.host or "") + ("" if self.port is None else f":{self.port}")

    @property
    def pathname(self) -> str:
        """The path as text."""
        return self.path if isinstance(self.path, str) else "".join(f"/{s}" for s in self.path)

    @property
    def origin(self) -> str:
        """The origin as text."""
        if not self.is_special or self.scheme == "file":
            return "null"
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        """The URL serializer."""
        text = f"{self.scheme}:"
        if self.host is not None:
            user = self.username + (f":{self.password}" if self.password else "")
            text += f"//{user}@{self.authority}" if user else f"//{self.authority}"
        elif not isinstance(self.path, str) and len(self.path) > 1 and not self.path[0]:
            text += "/."
        text += self.pathname
        text += "" if self.query is None else f"?{self.query}"
        return text + ("" if self.fragment is None else f"#{self.fragment}")


#: The attributes of the class URL, but for `searchParams`.
PARTS: Final[dict[str, Callable[[URL], str]]] = {
    "href": str,
    "origin": lambda url: url.origin,
    "protocol": lambda url: f"{url.scheme}:",
    "username": lambda url: url.username,
    "password": lambda url: url.password,
    "host": lambda url: url.authority,
    "hostname": lambda url: url.host or "",
    "port": lambda url: "" if url.port is None else str(url.port),
    "pathname": lambda url: url.pathname,
    "search": lambda url: f"?{url.query}" if url.query else "",
    "hash": lambda url: f"#{url.fragment}" if url.fragment else "",
}


def parse(text: str, base: URL | None = None) -> URL | None:
    """The URL parser; None for a failure."""
    cleaned = re.sub(r"[\t\n\r]", "", text.strip("".join(map(chr, range(33)))))
    match = REFERENCE.fullmatch(cleaned)
    assert match is not None  # every text is a reference
    scheme, rest = match["scheme"], match["rest"]
    if scheme is None or (
        base is not None
        and base.is_special
        and scheme.lower() == base.scheme
        and not rest.replace("\\", "/").startswith("/")
    ):
        url = relative(rest, match["query"], base)
    else:
        url = absolute(scheme.lower(), rest)
    if url is None:
        return None
    if match["query"] is not None:
        url.query = encoded_query(match["query"], url)
    if match["fragment"] is not None:
        url.fragment = encode(match["fragment"], FRAGMENT)
    return url


def encoded_query(text: str, url: URL) -> str:
    """The query of `url`, percent-encoded."""
    return encode(text, SPECIAL_QUERY if url.is_special else QUERY)


def absolute(scheme: str, rest: str) -> URL | None:
    """What follows a scheme."""
    url = URL(scheme)
    if url.is_special:
        rest = rest.replace("\\", "/")
        if scheme != "file":
            return with_authority(url, "//" + rest.lstrip("/"))
        return with_authority(url, rest if rest.startswith("//") else "//" + rest)
    if rest.startswith("//"):
        return with_authority(url, rest)
    if rest.startswith("/"):
        url.path = parse_path(rest, special=False)
    else:
        url.path = quote(rest, safe="".join(map(chr, range(0x20, 0x7F))))
    return url


def relative(rest: str, query: str | None, base: URL | None) -> URL | None:
    """A reference without a scheme of its own."""
    if base is None:
        return None
    url = replace(base, fragment=None)
    if isinstance(base.path, str):
        return url if not rest and query is None else None
    rest = rest.replace("\\", "/") if base.is_special else rest
    if rest.startswith("//"):
        return with_authority(URL(base.scheme), rest)
    url.query = base.query if not rest and query is None else None
    if rest.startswith("/"):
        url.path = parse_path(rest, base.is_special)
    elif rest:
        url.path = parse_path("/".join(["", *base.path[:-1], rest]), base.is_special)
    return url


def with_authority(url: URL, rest: str) -> URL | None:
    """The authority and path after `//`."""
    authority, slash, path = rest[2:].partition("/")
    match = AUTHORITY.fullmatch(authority)
    if match is None:
        return None
    if match["user"] is not None:
        user, _, password = match["user"].partition(":")
        url.username, url.password = encode(user, USERINFO), encode(password, USERINFO)
    host = parse_host(match["host"], special=url.is_special)
    if host is None or (not host and url.is_special and url.scheme != "file"):
        return None
    url.host = "" if url.scheme == "file" and host == "localhost" else host
    if match["port"]:
        if int(match["port"]) > 0xFFFF or url.scheme == "file":
            return None
        port = int(match["port"])
        url.port = None if port == DEFAULT_PORTS.get(url.scheme) else port
    url.path = parse_path(slash + path, url.is_special) if slash or url.is_special else []
    return url


def parse_host(text: str, *, special: bool) -> str | None:
    """The host parser; None for a failure."""
    if text.startswith("["):
        try:
            return f"[{IPv6Address(text[1:-1]).compressed}]"
        except AddressValueError:
            return None
    if not special:
        return None if FORBIDDEN_OPAQUE_HOST.search(text) else encode(text, FRAGMENT)
    domain = unquote_to_bytes(text).decode(errors="replace")
    try:
        name = domain.lower() if domain.isascii() else domain.encode("idna").decode().lower()
    except UnicodeError:
        return None
    if FORBIDDEN_HOST.search(name):
        return None
    last = name.removesuffix(".").rpartition(".")[2]
    return parse_ipv4(name) if re.fullmatch(r"\d+|0x[0-9a-f]*", last) else name


def parse_ipv4(text: str) -> str | None:
    """The IPv4 parser; None for a failure."""
    numbers: list[int] = []
    for part in text.removesuffix(".").split("."):
        try:
            if part.startswith("0x"):
                numbers.append(int(part[2:] or "0", 16))
            else:
                numbers.append(int(part, 8 if part.startswith("0") and part != "0" else 10))
        except ValueError:
            return None
    *first, last = numbers
    if len(numbers) > 4 or any(n > 255 for n in first) or last >= 256 ** (5 - len(numbers)):
        return None
    address = last + sum(n << 8 * (3 - i) for i, n in enumerate(first))
    return ".".join(str(address >> shift & 255) for shift in (24, 16, 8, 0))


def parse_path(text: str, special: bool) -> list[str]:
    """The path state: dot segments taken away, the rest percent-encoded."""
    segments = (text.replace("\\", "/") if special else text).removeprefix("/").split("/")
    path: list[str] = []
    for index, segment in enumerate(segments):
        plain = re.sub("%2e", ".", segment, flags=re.IGNORECASE)
        if plain == "..":
            del path[-1:]
        elif plain != ".":
            path.append(encode(segment, PATH))
        if plain in {".", ".."} and index == len(segments) - 1:
            path.append("")
    return path


def parse_form(text: str) -> list[tuple[str, str]]:
    """The application/x-www-form-urlencoded parser."""
    pairs = []
    for part in text.split("&"):
        if part:
            name, _, value = part.replace("+", " ").partition("=")
            decoded = [unquote_to_bytes(t).decode(errors="replace") for t in (name, value)]
            pairs.append((decoded[0], decoded[1]))
    return pairs


def write_form(pairs: list[tuple[str, str]]) -> str:
    """The application/x-www-form-urlencoded serializer."""
    written = [f"{encode(name, FORM)}={encode(value, FORM)}" for name, value in pairs]
    return "&".join(written).replace(" ", "+")
