"""What the rows of an event leave open: which of them count, in which currency they are, whether several are one."""

from __future__ import annotations

import re
from typing import Any

from .draft import Path
from .properties import quoted
from .rows import Making
from .saying import spoken
from .seen import Column, Table

_STATES = ("status", "state", "payment status")
_SHARED = re.compile(r"(order|invoice|receipt|transaction|basket|ticket|booking) (id|no|nr|number|code|key)")


def add_doubts(making: Making, table: Table, event: dict[str, Any], path: Path) -> None:
    """Ask in comments about an event with money in it."""
    if not event.get("amount"):
        return
    if (currency := _currency_of(table, event)) is not None:
        known = table.values_of(currency)
        seen = f"`{currency.name}` says {', '.join(known[:6])}, and sums add all of them as if they were one."
        one = f"`where: {quoted(currency.name, making.seen.dialect)} = '{known[0]}'` keeps one."
        making.draft.note(path, f"Question: in which currency? {seen} {one}")
    for column in table.columns:
        words = spoken(column.name)
        if words in _STATES and column.name not in str(event.get("where", "")):
            known = table.values_of(column)
            if 1 < len(known) < 15:
                note = f"Question: which `{column.name}` count? Seen: {', '.join(known)}. All do as it stands."
                making.draft.note(path, note)
        elif _SHARED.fullmatch(words) and column.name != event.get("id") and _is_shared(column):
            many = f"Question: several rows have the same `{column.name}`: are they its lines?"
            making.draft.note(path, f"{many} `group by: {column.name}` makes one event of them.")


def _is_shared(column: Column) -> bool:
    return 1 < len(column.distinct) < len(column.values)


def _currency_of(table: Table, event: dict[str, Any]) -> Column | None:
    """The column of several currencies that is nearest to the money of an event; None where there is one currency."""
    money = event["properties"].get(event["amount"], {})
    own = str(money.get("column", event["amount"]) if isinstance(money, dict) else event["amount"])
    told = str(event.get("where", ""))
    found = [
        column for column in table.columns
        if spoken(column.name).endswith(("currency", "currency code")) and column.name not in told
    ]  # fmt: skip
    found.sort(key=lambda column: (-_alike(column.name, own), len(column.name)))
    return found[0] if found and len(table.values_of(found[0])) > 1 else None


def _alike(one: str, other: str) -> int:
    """How many letters two names begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
