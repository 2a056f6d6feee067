"""What a statement is written for, and what is noted while it is."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from ..catalog.model import Catalog
from ..dialects import Dialect
from ..plain import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """What the SQL is for."""

    catalog: Catalog
    dialect: Dialect
    now: datetime
    profile: str
    """The alias of the profiles."""
    columns: set[str] = field(default_factory=set)
    """Notes every column that was asked for."""
    aliases: set[str] = field(default_factory=set)
    """Notes every alias that was wished for."""
    avoided: frozenset[str] = frozenset()
    """What is no alias."""
    only: str | None = None
    """The table with the keys of those who are looked at alone, in its column `profile`; none: everybody is."""
    lasting: bool = False
    """Whether the text is the same at another instant."""

    @property
    def zone(self) -> str:
        """The catalog's time zone."""
        return self.catalog.timezone
