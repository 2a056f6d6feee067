"""What the URL of a server says: who, where, and with which options."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from ..plain import dataclass
from .faults import WarehouseError
from .urls import shown

_WAIT = 10
"""Seconds for a first sign of a server."""


@dataclass(frozen=True, slots=True)
class Address:
    """A URL in its parts, decoded; what it leaves out is None, or empty."""

    name: str
    """What messages call the warehouse."""
    host: str | None
    port: int | None
    user: str | None
    password: str | None
    path: tuple[str, ...]
    options: Mapping[str, str]

    @staticmethod
    def of(url: str, known: Sequence[str], form: str) -> Address:
        """The parts of a URL whose options are among those known; `form` is the help. Raises WarehouseError."""
        name = f"The warehouse {shown(url)}"
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            message = f"{name} cannot be opened: its URL has no port where one should be."
            raise WarehouseError(message, form) from None
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := [option for option in options if option not in known]:
            raise WarehouseError(
                f"{name} has an option `{unknown[0]}`, which is unknown.", f"known: {', '.join(known)}"
            )
        return Address(
            name,
            parts.hostname,
            port,
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password is not None else None,
            tuple(unquote(part) for part in parts.path.split("/") if part),
            options,
        )

    def secret(self, *variables: str) -> str | None:
        """The password of the URL, or the first of some environment variables that is set."""
        return self.password if self.password is not None else said_by(*variables)


def reach(host: str, port: int) -> None:
    """Looks whether anybody answers there; for drivers that go on for minutes where nobody does. Raises OSError."""
    if "https" not in getproxies() or proxy_bypass(host):
        socket.create_connection((host, port), _WAIT).close()


def said_by(*variables: str) -> str | None:
    """The first of some environment variables that is set."""
    return next(filter(None, map(os.environ.get, variables)), None)
