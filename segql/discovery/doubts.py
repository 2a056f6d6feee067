"""What the rows of an event leave open: which of them count, in which currency they are, whether several are one."""

from __future__ import annotations

import re
from typing import Any

from .draft import Path
from .properties import quoted
from .rows import Making
from .saying import spoken
from .seen import Table

_STATES = ("status", "state", "payment status")
_SHARED = re.compile(r"(order|invoice|receipt|transaction|basket|ticket|booking) (id|no|nr|number|code|key)")


def add_doubts(making: Making, table: Table, event: dict[str, Any], path: Path) -> None:
    """Ask in comments about an event with money in it."""
    if not event.get("amount"):
        return
    for column in table.columns:
        words = spoken(column.name)
        if column.name in str(event.get("where", "")):
            continue
        known = table.values_of(column) if words in _STATES or words.endswith(("currency", "currency code")) else []
        if words in _STATES and 1 < len(known) < 15:
            note = f"Question: which `{column.name}` count? Seen: {', '.join(known)}. All do as it stands."
            making.draft.note(path, note)
        elif len(known) > 1 and words not in _STATES:
            seen = f"`{column.name}` says {', '.join(known[:6])}, and sums add all of them as if they were one."
            one = f"`where: {quoted(column.name, making.seen.dialect)} = '{known[0]}'` keeps one."
            making.draft.note(path, f"Question: in which currency? {seen} {one}")
        elif (
            _SHARED.fullmatch(words)
            and column.name != event.get("id")
            and 1 < len(column.distinct) < len(column.values)
        ):
            many = f"Question: several rows have the same `{column.name}`: are they its lines?"
            making.draft.note(path, f"{many} `group by: {column.name}` makes one event of them.")
