"""Shops as YAML, for cases that people write and for failures that tests print: `read` and `write`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import yaml

from segql.evaluator import Shop

from .shops import EVENTS, ITEMS, PROFILE, ZONE, Row, from_wall, grouped, storable


def read(text: str) -> Shop:
    """A shop as YAML: `profiles`, `events`, `channels`, `lists`, `stores`, `identities`. A naive time is local."""
    data = (
        yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}
    )  # the one in C takes a tenth of the time
    profiles = [_typed(row, {"key": "text", **PROFILE}, "profile") for row in data.get("profiles") or []]
    events = {name: [_event(name, row) for row in rows or []] for name, rows in (data.get("events") or {}).items()}
    about = {"profile": "text", "receives": "boolean", "reason": "text", "time": "time"}
    channels = {n: [_typed(r, about, n) for r in rows or []] for n, rows in (data.get("channels") or {}).items()}
    lists = {n: [_typed(r, about, n) for r in rows or []] for n, rows in (data.get("lists") or {}).items()}
    about = {"anonymous": "text", "known": "text", "time": "time"}
    maps = {n: [_typed(r, about, n) for r in rows or []] for n, rows in (data.get("identities") or {}).items()}
    _consent_of_everyone(profiles, channels)
    about = {"name": "text", "latitude": "number", "longitude": "number"}
    stores = [_typed(row, about, "store") for row in data.get("stores") or []]
    return Shop(profiles=profiles, events=events, channels=channels, lists=lists, stores=stores, identities=maps)


def _consent_of_everyone(profiles: Sequence[Row], channels: dict[str, list[Row]]) -> None:
    """Channel `email` stands on the profiles' own columns: each has a record, of those not named it gives nothing."""
    rows = channels.setdefault("email", [])
    named = {row["profile"] for row in rows}
    rows.extend({"profile": p["key"], "receives": False, "reason": None} for p in profiles if p["key"] not in named)


def _event(name: str, row: Row) -> Row:
    items = row.get("items") or []
    mapped = _typed({k: v for k, v in row.items() if k != "items"},
                    {"profile": "text", "time": "time", **EVENTS[name]}, name)  # fmt: skip
    if mapped.get("time") is not None:
        assert storable(name, mapped["time"]) == mapped["time"], f"{name} cannot store {row['time']}"
    if name in ITEMS:
        mapped["items"] = [_typed(item, ITEMS[name], name) for item in items]
    return grouped(mapped) if name == "got invoice" else mapped


def _typed(row: Row, types: Mapping[str, str], what: str) -> Row:
    unknown = set(row) - set(types)
    assert not unknown, f"{what} has no {', '.join(sorted(unknown))}"
    return {name: _value(value, types[name]) for name, value in row.items()}


def _value(value: Any, type_: str) -> Any:
    if value is None:
        return None
    match type_:
        case "number" | "money":
            return Decimal(str(value))
        case "time":
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            return moment.astimezone(UTC) if moment.tzinfo else from_wall(moment, ZONE)
        case "date":
            return value if isinstance(value, date) else date.fromisoformat(value)
        case "list of text":
            return tuple(value)
        case "position":
            return tuple(None if v is None else Decimal(str(v)) for v in value)
        case "list of number":
            return tuple(Decimal(str(v)) for v in value)
        case _:
            return value


class _Dumper(yaml.SafeDumper):
    """Equal values are written out each time."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def write(shop: Shop) -> str:
    """The shop as YAML that `read` takes back: what a failing test prints."""

    def plain(value: Any) -> Any:
        match value:
            case Decimal():
                return int(value) if value == value.to_integral_value() else float(value)
            case datetime():
                return value.astimezone(UTC).isoformat()
            case tuple() | list():
                return [plain(v) for v in value]
            case dict():
                return {k: plain(v) for k, v in value.items() if k not in ("amount", "lines")}
            case _:
                return value

    def rows(source: Iterable[Mapping[str, Any]]) -> str:
        shown = yaml.dump(
            [plain({k: v for k, v in row.items() if v is not None}) for row in source],
            Dumper=_Dumper, default_flow_style=None, sort_keys=False, allow_unicode=True, width=10_000,
        )  # fmt: skip
        return "".join(f"    {line}\n" for line in shown.splitlines())

    parts = ["profiles:\n" + rows(shop.profiles)] if shop.profiles else []
    for section in ("events", "channels", "lists", "identities"):
        filled = {name: r for name, r in getattr(shop, section).items() if r}
        if filled:
            parts.append(f"{section}:\n" + "".join(f"  {name}:\n{rows(r)}" for name, r in filled.items()))
    if shop.stores:
        parts.append("stores:\n" + rows(shop.stores))
    return "".join(parts)
