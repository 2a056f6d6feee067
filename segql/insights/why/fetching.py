"""The rows of one profile, read from a warehouse into the plain rows that the evaluator judges; only what a rule reads.

What the rule says of others is asked as SQL of its own: whether the profile is among those for whom it holds.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ... import conditions as c
from ... import planner
from ...catalog.model import Catalog, Property
from ...dialects import NotInDialect
from ...emitter import profile_rows as own
from ...emitter import sql_text
from ...errors import Problem, SegQLError
from ...evaluator import Key, Row, Shop
from ...evaluator.measures import cut
from ...evaluator.records import Profile
from ...plain import dataclass
from ...source import NOWHERE
from . import inputs as reads
from .populations import Ask, Relative, Standing

if TYPE_CHECKING:
    from ...warehouse import Warehouse

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads what there is of one profile before `now`."""

    warehouse: Warehouse
    catalog: Catalog
    key: Key
    now: datetime

    @property
    def target(self) -> own.Target:
        """For which dialect, catalog and instant its queries are written."""
        return own.target_of(self.catalog, self.warehouse.dialect, self.now)

    def rows(self, tree: Any) -> list[tuple[Any, ...]]:
        """The rows of a query. Raises SegQLError (`not-in-dialect`), WarehouseError."""
        dialect = self.warehouse.dialect
        try:
            sql = sql_text(tree, self.catalog, dialect)
        except NotInDialect as error:
            message = f"The SQL of {dialect} has no {error.what}."
            raise SegQLError([Problem("not-in-dialect", message, NOWHERE)]) from None
        return self.warehouse.rows(sql)

    def shop(self, rule: c.Tree[c.Condition]) -> Shop:
        """The profile's rows of all that the rule reads; no profile where there is none of that key."""
        fields, target = reads.read_fields(rule), self.target
        of_profile = _declared(fields, "profile", self.catalog.profiles.properties)
        found = self.rows(own.profile_row(of_profile, self.key, target))[:1]
        profiles = [{"key": self.key, **_properties(of_profile, row[1:])} for row in found]
        channels = {name: self._consents(name) for name in reads.channels(rule)}
        joins = {name: self._joins(name) for name in reads.lists(rule)}
        stores = (
            self.rows(own.store_rows(target, named=reads.named_store(rule)))
            if reads.any_store(rule) and self.catalog.stores
            else []
        )
        return Shop(
            profiles,
            {event: self._events(event, fields) for event in reads.events(rule)},
            channels,
            joins,
            [dict(zip(("latitude", "longitude", "name"), store, strict=False)) for store in stores],
        )

    def _events(self, event: str, fields: Sequence[c.Field]) -> list[Row]:
        source = self.catalog.events[event]
        properties = _declared(fields, "event", source.properties)
        inside = _declared(fields, "item", source.items.properties) if source.items is not None else []
        # Items that have no property to read may still be counted.
        with_items = source.items is not None
        answer = self.rows(own.event_rows(event, properties, self.key, self.target, with_items=with_items))
        rows: list[Row] = []
        ties: list[tuple[Any, ...]] = []
        for _, *row in answer:
            time, rest = (_instant(row[0]), row[1:]) if source.time is not None else (None, row)
            width = _width(properties)
            rows.append({"profile": self.key, "time": time, **_properties(properties, rest[:width])})
            ties.append(tuple(rest[width:]))
        if not with_items:
            return rows
        found = self._items(event, inside, Counter(ties)) if rows else {}
        return [{**row, "items": found.get(tie, [])} for row, tie in zip(rows, ties, strict=True)]

    def _items(self, event: str, fields: Sequence[c.Field], times: Mapping[Any, int]) -> dict[Any, list[Row]]:
        """The items by what ties them to their event; of events that nothing tells apart each item came so often."""
        answer = self.rows(own.item_rows(event, fields, self.key, self.target))
        width = _width(fields)
        found: dict[Any, list[Row]] = {}
        for tie, values, count in _counted(answer, width):
            found.setdefault(tie, []).extend(_properties(fields, values) for _ in range(count // times[tie]))
        return found

    def _consents(self, name: str) -> list[Row]:
        source = self.catalog.channels[name]
        found: list[Row] = []
        for receives, *rest in self.rows(own.consent_rows(name, self.key, self.target)):
            row: dict[str, object] = {"profile": self.key, "receives": _truth(receives)}
            if source.reason is not None:
                row["reason"] = rest.pop(0)
            if source.time is not None:
                row["time"] = _instant(rest.pop(0))
            found.append(row)
        return found

    def _joins(self, name: str) -> list[Row]:
        answer = self.rows(own.list_rows(name, self.key, self.target))
        times = [_instant(row[1]) if len(row) > 1 else None for row in answer]
        return [{"profile": self.key, "time": time} for time in times if time is None or time < self.now]

    # --- what is about others ------------------------------------------------------------------------------------

    def ask(self, profile: Profile) -> Ask:
        """The answers of the warehouse about a profile among the others."""

        def answer(condition: Relative) -> Standing:
            plan, target = planner.plan(condition, self.catalog, self.now), self.target
            holds = bool(self.rows(own.is_member(plan, self.key, target)))
            match condition:
                case c.MeasureComparison(right=c.Population()):
                    tree, units = own.statistic_of(plan, condition, self.key, target)
                    top, bottom = next(iter(self.rows(tree)), (None, None))
                    known = top is not None and bottom
                    return Standing(holds, Fraction(top) / Fraction(bottom) / units if known else None)
                case c.Rank(by=by):
                    mine = cut(by, profile)
                    if mine is None:
                        return Standing(holds)
                    exact = Decimal(mine.numerator) / Decimal(mine.denominator)
                    better, number, own_ = self.rows(own.better(plan, condition, self.key, exact, target))[0]
                    return Standing(holds, rank=better + 1 if own_ else None, of=number)
                case _:
                    return Standing(holds)

        return answer


def _declared(fields: Iterable[c.Field], scope: c.Scope, known: Mapping[str, Property]) -> list[c.Field]:
    """The properties of a source that are read, each once and whole."""
    names = dict.fromkeys(field.name for field in fields if field.scope == scope and field.name in known)
    return [c.Field(scope, name, c.Type(known[name].type)) for name in names]


def _width(fields: Iterable[c.Field]) -> int:
    """So many columns they have."""
    return sum(2 if field.type is c.Type.POSITION else 1 for field in fields)


def _properties(fields: Sequence[c.Field], values: Sequence[Any]) -> dict[str, object]:
    rest, found = iter(values), dict[str, object]()
    for field in fields:
        one = next(rest)
        match field.type:
            case c.Type.TIME:
                found[field.name] = _instant(one)
            case c.Type.BOOLEAN:
                found[field.name] = _truth(one)
            case c.Type.POSITION:
                found[field.name] = (one, next(rest))
            case c.Type.TEXTS | c.Type.NUMBERS:
                found[field.name] = None if one is None else json.loads(one) if isinstance(one, str) else list(one)
            case c.Type.DATE | c.Type.MONTH_DAY if isinstance(one, str):  # of an engine without a type for it
                found[field.name] = date.fromisoformat(one)
            case _:
                found[field.name] = one
    return found


def _truth(value: Any) -> bool | None:
    """A truth, also of an engine that has numbers for it."""
    return None if value is None else bool(value)


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else _EPOCH + timedelta(microseconds=int(micros))


def _counted(rows: Iterable[Sequence[Any]], width: int) -> Iterable[tuple[tuple[Any, ...], tuple[Any, ...], int]]:
    """What ties a row to its event, its values, and how often it came."""
    found: dict[str, tuple[tuple[Any, ...], tuple[Any, ...], int]] = {}
    for row in rows:
        values, tie = tuple(row[:width]), tuple(row[width:])
        _, _, count = found.get(repr(row), (tie, values, 0))  # lists in it have no hash
        found[repr(row)] = (tie, values, count + 1)
    return found.values()
