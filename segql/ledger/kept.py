"""What a ledger holds when a run begins."""

from __future__ import annotations

from collections.abc import Mapping

from ..plain import dataclass
from ..warehouse import Keeping
from . import log, tables
from .model import Last
from .words import words


@dataclass(frozen=True, slots=True)
class Kept:
    """What is in the ledger: the number of the last run, and the last run of each segment."""

    there: bool
    run: int
    last: Mapping[str, Last]

    @property
    def members(self) -> Mapping[str, int]:
        """How many are members of a segment, where some are."""
        return {name: one.members for name, one in self.last.items() if one.members}


def kept_in(keeping: Keeping) -> Kept:
    """What is there; nothing where no run was written. Runs within `keeping.shown()`. Raises WarehouseError."""
    if not keeping.there("runs"):
        return Kept(False, 0, {})
    rows, schema, dialect = keeping.warehouse.rows, keeping.schema, keeping.warehouse.dialect
    runs = f"{schema}.runs"
    if words(dialect).logs:
        keeping.hold(log.SHOWN, f"SELECT write FROM {schema}.{log.WRITES}")
        runs = f"(\n{log.runs(schema, log.SHOWN, dialect)}\n)"
    ((run,),) = rows(tables.newest(runs))
    last = {
        str(name): Last(int(of), tables.read(at), str(hash_), tables.read(seen), int(members))
        for name, of, at, hash_, seen, members in rows(tables.last(runs, dialect))
    }
    return Kept(True, int(run), last)
