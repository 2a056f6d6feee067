"""Where the parts of a project are, as options and settings say it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import click

from ..plain import dataclass
from ..settings import NoSecret, Settings
from ..settings import expanded as filled


@dataclass(frozen=True, slots=True)
class Setup:
    """Where a project's parts are, as given: files, folders, URLs."""

    segments: tuple[str, ...] = ()
    catalog: str | None = None
    now: str | None = None
    warehouse: str | None = None
    table: tuple[str, ...] = ()
    timeout: int | None = None
    max_bytes: int | None = None
    tenant: str | None = None

    @property
    def on_demo_shop(self) -> bool:
        """Whether nobody named a warehouse."""
        return self.warehouse is None and not self.table


P = TypeVar("P", bound=Setup)


# --- settings ----------------------------------------------------------------------------------------------------


def with_settings(given: P, settings: Settings) -> P:
    """The places, with what the files say where nothing was given.

    Who names a catalog or a warehouse means another place than the files do: none of their places is taken then.
    """
    if given.catalog is not None or not given.on_demo_shop:
        return given
    catalog, warehouse, segments = map(settings.text, ("catalog", "warehouse", "segments"))
    return replace(
        given, catalog=catalog, warehouse=warehouse, segments=given.segments or ((segments,) if segments else ())
    )


def expanded(place: str) -> str:
    """A place with its `${NAME}`s filled in. click.UsageError for what is nowhere."""
    try:
        return filled(place)
    except NoSecret as error:
        raise click.UsageError(str(error)) from None


def read(place: str) -> str:
    """The text of a file, or of standard input."""
    try:
        with click.open_file(place, "rb") as file:
            data: bytes = file.read()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise click.UsageError(f"{place} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{place} is not UTF-8 text (byte {error.start + 1}).") from None
