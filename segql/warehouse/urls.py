"""Which dialect a place speaks, and how it is shown: never with a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ..plain import dataclass

SCHEMES = {
    "postgresql": "postgres",
    "postgres": "postgres",
    "bigquery": "bigquery",
    "sc": "spark",
    "mysql": "mysql",
    "mariadb": "mariadb",
    "sqlite": "sqlite",
    "clickhouse": "clickhouse",
    "snowflake": "snowflake",
    "databricks": "databricks",
    "trino": "trino",
}
"""The dialect of a warehouse by the scheme of its URL; whatever is no URL is a file, and DuckDB reads it."""

TIMED = frozenset({"postgres", "mysql", "mariadb", "sqlite", "bigquery", "clickhouse", "snowflake", "databricks",
                   "trino"})  # fmt: skip
"""Dialects whose warehouses stop a statement after some time."""
LIMITED = frozenset({"bigquery", "trino"})
"""Dialects whose warehouses refuse a statement that reads too much."""

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*)://")
_LIKE_A_URL = re.compile(r"\s*\w[\w.+:-]*\w\s*([:;]\s*[/\\]+|//)")
"""Also one that is mistyped; no path of Windows."""
_LIKE_WORDS = re.compile(
    r"\s*(?:host|hostaddr|port|user|dbname|service)\s*=|\w*(?:pass|pwd|secret|token|key)\w*\s*=", re.I
)
"""As libpq takes them: `host=db password='a b'`."""

_HARMLESS = frozenset({
    "host", "hostaddr", "port", "user", "dbname", "database", "service", "location", "sslmode", "application_name",
    "connect_timeout", "use_ssl", "charset", "unix_socket", "mode", "target_session_attrs",
    "catalog", "schema", "http_path", "warehouse", "role", "ssl", "protocol",
})  # fmt: skip
_PLAIN = re.compile(r"[\w./%,+\[\]~-]*")
_OPTIONS = re.compile(r"[?;&]\s*[\w.]+\s*=")
_WORD = re.compile(r"(?P<name>[\w.]+)(?P<is>\s*=\s*)(?P<value>'(?:[^'\\]|\\.)*'?|(?:[^\s'\\]|\\.)*)", re.DOTALL)
_NO_PORT = re.compile(r":(?!\d{1,5}(?:[,/]|$))|[?#]")
_ADDRESS = re.compile(r"\[[0-9A-Fa-f:.]+\]")

# A password may hold anything where somebody forgot to encode it: up to the last @ nothing is shown.
_IN_A_TEXT = re.compile(
    r"(?P<token>databricks://)(?!token:)\S*(?=@)"
    r"|(?<=:/)(?P<before>/*[^:@/?\s]*:)(?:.*)(?=@)"
    r"|(?P<name>\w*(?:pass|pwd|secret|token|credential|key)\w*=)(?:'(?:[^'\\]|\\.)*'|[^\s\"'&;](?:\\.|[^\s\\&;])*)",
    re.DOTALL | re.IGNORECASE,
)


def scheme(place: str) -> str | None:
    """The scheme of a URL; None for what is no URL."""
    found = _SCHEME.match(place)
    return found[1].lower() if found else None


def dialect_of(place: str | None) -> str:
    """The dialect of the warehouse at a place, which need not be there."""
    return SCHEMES.get(scheme(place or "") or "", "duckdb")


def shown(place: str) -> str:
    """The place without its secrets, also where it is mistyped: `postgresql://ann:***@host/shop`."""
    return "".join("***" if secret else text for text, secret in _pieces(place) if text)


def masked(text: str) -> str:
    """A text that may speak of places (a message, a line that was typed) without their secrets; the rest as it is."""
    return _IN_A_TEXT.sub(lambda found: f"{found['token'] or found['before'] or found['name']}***", text)


def _pieces(place: str) -> Iterator[tuple[str, bool]]:
    """The place piece by piece, and whether a piece may be a secret: what is not known to be harmless may."""
    like_a_url = _LIKE_A_URL.match(place)
    if like_a_url is None and _LIKE_WORDS.search(place):
        yield from _words(place)
    elif like_a_url is None and not re.search(":.*@", place, re.DOTALL):
        yield place, False
    else:
        found = _OPTIONS.search(place)
        end = found.start() if found else len(place)
        yield from _address(place[:end], like_a_url.end() if like_a_url else 0)
        yield from _options(place[end:])


def _words(place: str) -> Iterator[tuple[str, bool]]:
    end = 0
    for found in _WORD.finditer(place):
        yield from _between(place[end : found.start()])
        yield found["name"] + found["is"], False
        yield found["value"], not _is_harmless(found["name"], found["value"])
        end = found.end()
    yield from _between(place[end:])


def _between(text: str) -> Iterator[tuple[str, bool]]:
    """What stands between words: the rest of a value that should have had quotes."""
    yield (" ", False) if text.isspace() else (text, True)


def _address(text: str, start: int) -> Iterator[tuple[str, bool]]:
    """User, password, host, port, database. `start` is where the scheme ends, or what somebody took for one."""
    before, at, after = text.rpartition("@")
    if at:
        exact = _SCHEME.match(before)
        colon = re.compile(":|%3a", re.IGNORECASE).search(before, exact.end() if exact else 0)
        user = colon.end() if colon else len(before)
        if exact and exact[1].lower() == "databricks" and before[exact.end() :].partition(":")[0] != "token":
            user = exact.end()  # nobody has a name there: who writes one wrote the token
        yield before[:user], False
        yield before[user:], True
        yield at, False
        start = 0
    # What stands behind a colon and is no port is a password whose @ is missing.
    blank = _ADDRESS.sub(lambda found: "x" * len(found[0]), after)
    odd = _NO_PORT.search(blank, start)
    yield after[: odd.end() if odd else None], False
    if odd:
        yield after[odd.end() :], True


def _options(text: str) -> Iterator[tuple[str, bool]]:
    for part in re.split(r"([?;&#])", text):
        name, equals, value = part.partition("=")
        if part in "?;&#":
            yield part, False
        elif equals:
            yield name + equals, False
            yield value, not _is_harmless(name.strip(), value)
        else:
            yield part, True


def _is_harmless(name: str, value: str) -> bool:
    return name.lower() in _HARMLESS and _PLAIN.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a place; takes them out of what a driver says."""

    texts: tuple[str, ...]

    @staticmethod
    def of(place: str) -> Secrets:
        """The secrets of a URL or DSN, also as a driver may say them: decoded, or in part."""
        return Secrets.among([text for text, secret in _pieces(place) if secret])

    @staticmethod
    def among(found: list[str]) -> Secrets:
        """Some secrets, as a driver may say them."""
        found += [unquote(text) for text in found]
        # A driver that cuts the place elsewhere says a part of the secret.
        ends = [text[at.end() :] for text in found for at in re.finditer(r"[@/:?#]", text)]
        found += [part for text in (*found, *ends) for part in (text, *re.split(r"[@/:?#]", text)) if len(part) > 2]
        return Secrets(tuple(sorted({text for text in found if text}, key=len, reverse=True)))

    def and_(self, *others: str | None) -> Secrets:
        """These and others, which stand in the environment."""
        return Secrets.among([*self.texts, *filter(None, others)])

    def __repr__(self) -> str:
        return "Secrets(***)"

    def taken_out(self, text: str) -> str:
        """The text with `***` for every secret."""
        for secret in self.texts:
            text = text.replace(secret, "***")
        return text
