"""How much an event was, and of what: its `amount` and its `things`."""

from __future__ import annotations

import re
from typing import Any

from .draft import Path
from .properties import quoted
from .rows import Making

_SUMS = ("total", "grand total", "amount", "value", "order value", "total price", "revenue", "price", "subtotal")
_QUANTITIES = ("quantity", "qty", "units")
_OF_ONE = re.compile(r"((unit|item|single) )?price( (each|per (unit|item|piece)))?|(cost|price) per (unit|item|piece)")
_THINGS = ("product", "title", "brand", "vendor", "collection", "category", "item", "sku", "genre")


def say_how_much(making: Making, event: dict[str, Any], path: Path) -> None:
    """Say of an event how much, and of what; a price beside a quantity is that of one."""
    properties = event.get("properties", {})
    money = [name for name, spec in properties.items() if spec.get("type") == "money"]
    best = [name for name in _SUMS if name in money] or [name for name in money if "total" in name] or money[:1]
    if best:
        event["amount"] = best[0]
        price, many = properties[best[0]], next((name for name in _QUANTITIES if name in properties), None)
        of_one = bool(_OF_ONE.fullmatch(best[0])) and "column" in price and "line total" not in making.draft.taken
        if many is not None and of_one and "column" in properties[many]:
            sql = " * ".join(quoted(one["column"], making.seen.dialect) for one in (properties[many], price))
            properties["line total"] = {"type": "money", "sql": sql, "scale": price["scale"]}
            event["amount"] = "line total"
            making.draft.note((*path, "properties", "line total"), f"Guess: `{best[0]}` is of one")
    texts = properties | event.get("items", {}).get("properties", {})
    things = [name for name in _THINGS if texts.get(name, {"type": "-"}).get("type", "text") == "text"]
    if things:
        event["things"] = things
