"""Which dialect a place speaks, and how its URL is shown: never with a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

SCHEMES = {"postgresql": "postgres", "postgres": "postgres", "bigquery": "bigquery", "sc": "spark"}
"""The dialect of a warehouse by the scheme of its URL; whatever is no URL is a file, and DuckDB reads it."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
# A password may hold anything where somebody forgot to encode it: up to the last @ nothing is shown.
_USER = re.compile(r"(?<=://)(?P<user>[^:@/?]*):(?P<secret>.*)@", re.DOTALL)
_OPTION = re.compile(r"(?P<name>[?&;][^=&;]*(?:password|token|secret|key)[^=&;]*=)(?P<secret>[^&;]*)", re.IGNORECASE)


def scheme(place: str) -> str | None:
    """The scheme of a URL; None for what is no URL."""
    found = _SCHEME.match(place)
    return found[1].lower() if found else None


def dialect_of(place: str | None) -> str:
    """The dialect of the warehouse at a place, which need not be there."""
    return SCHEMES.get(scheme(place or "") or "", "duckdb")


def shown(url: str) -> str:
    """The URL without its secrets: `postgresql://ann:***@host/shop`."""
    return _OPTION.sub(r"\g<name>***", _USER.sub(r"\g<user>:***@", url))


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a URL; takes them out of what a driver says."""

    texts: tuple[str, ...]

    @staticmethod
    def of(url: str) -> Secrets:
        found = [match["secret"] for pattern in (_USER, _OPTION) for match in pattern.finditer(url)]
        found += [unquote(text) for text in found]
        # A driver that cuts the URL elsewhere says a part of the secret.
        ends = [text[at.end() :] for text in found for at in re.finditer(r"[@/:?#]", text)]
        found += [part for text in (*found, *ends) for part in (text, *re.split(r"[@/:?#]", text)) if len(part) > 2]
        return Secrets(tuple(sorted({text for text in found if text}, key=len, reverse=True)))

    def __repr__(self) -> str:
        return "Secrets(***)"

    def taken_out(self, text: str) -> str:
        for secret in self.texts:
            text = text.replace(secret, "***")
        return text
