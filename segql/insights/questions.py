"""What may be asked of the worth of segments: a catalog's metrics and roles, its channels, the values of texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .. import conditions as c
from ..ast import AnyOf
from ..columns import columns_of
from ..errors import SegQLError
from ..meanings import Meaning
from ..plain import dataclass
from ..project import Project

NUMBERS = (c.Type.NUMBER, c.Type.MONEY)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the warehouse: measures by name (money, adds), truths by name, values by the name of what has
    them; and the roles that are measures, by the measure's name.
    """

    measures: Mapping[str, tuple[c.Measure, bool]]
    roles: Mapping[str, str]
    consent: Mapping[str, c.Truth]
    rates: Mapping[str, c.Truth]
    values: Mapping[str, Any]
    missing: tuple[str, ...]
    products: tuple[str, ...] = ()

    @property
    def truths(self) -> list[c.Truth]:
        """All rules that are counted among the members."""
        return [*self.consent.values(), *self.rates.values()]


ANY_CHANNEL = "any channel"


def asked(
    project: Project, now: Any, rates: Mapping[str, Meaning] | None = None, *, roles_alone: bool = False
) -> Asked:
    """What the catalog lets be asked at `now`: its metrics and roles, channels, texts and truths of profiles; of the
    metrics only the roles, where these alone are asked.
    """
    from ..emitter.figures import Things

    catalog = project.catalog
    measures: dict[str, tuple[c.Measure, bool]] = {}
    missing: list[str] = []
    for name in catalog.metrics:
        try:
            (column,) = columns_of([f'"{name}"'], catalog, now)
        except (SegQLError, ValueError):
            continue  # `catalog check` says what is wrong with it
        if column.type in NUMBERS and not isinstance(column.of, c.Moment | c.Truth):
            measures[name] = column.of, column.type is c.Type.MONEY
    roles, things, products = dict[str, str](), dict[str, Any](), tuple[str, ...]()
    given = catalog.insights
    order = None if given is None or given.order is None else catalog.find_event(given.order)
    if order is None:
        missing.append("`insights: {order: EVENT}` in the catalog: orders, days between them, products")
    else:
        every = c.Occurrences(catalog.leaf_events(order), c.Interval(None, now))
        timed = all(catalog.events[one].time is not None for one in every.events)
        if not timed:
            every = replace(every, window=c.Interval(None, None))
        _role(roles, measures, "orders", c.Count(every), money=False)
        if timed:
            _role(roles, measures, "reorder gap", c.DaysBetween(every), money=False)
        role = given.product if given is not None else None
        for name in dict.fromkeys([*([role] if role else []), *catalog.events[order].things]):
            if (found := _property(project, order, name)) is not None:
                things.setdefault(found.name, Things(every, found))
                products = (*products, found.name) if name == role else products
        if not products:
            missing.append("`insights: {product: PROPERTY}` in the catalog: the products that they like")
    if given is None or given.revenue is None:
        missing.append("`insights: {revenue: METRIC}` in the catalog: revenue, average order value, value per profile")
    else:
        (column,) = columns_of([given.revenue], catalog, now)
        _role(roles, measures, "revenue", column.of, money=column.type is c.Type.MONEY)  # type: ignore[arg-type]
    channels = {name: c.Truth(c.Consent(name)) for name in catalog.channels}
    if len(channels) > 1:
        channels[ANY_CHANNEL] = c.Truth(AnyOf(tuple(one.rule for one in channels.values())))
    properties: dict[str, Any] = {
        name: c.Field("profile", name, c.Type(one.type))
        for name, one in catalog.profiles.properties.items()
        if one.type in ("text", "boolean")
    }
    if roles_alone:
        measures = {name: one for name, one in measures.items() if name in roles.values()}
    found_rates = {name: c.Truth(one.optimized, one.sample) for name, one in (rates or {}).items()}
    return Asked(measures, roles, channels, found_rates, {**properties, **things}, tuple(missing), products)


def _role(
    roles: dict[str, str], measures: dict[str, tuple[c.Measure, bool]], role: str, of: c.Measure, *, money: bool
) -> None:
    """A role is a metric of the catalog where one measures the same."""
    for name, (other, _) in measures.items():
        if other == of:
            roles[role] = name
            return
    measures[role] = of, money
    roles[role] = role


def _property(project: Project, event: str, name: str) -> c.Field | None:
    """A text property of an event or of its items."""
    catalog = project.catalog
    own, item = catalog.find_event_property(event, name), catalog.find_item_property(event, name)
    first = catalog.events[catalog.leaf_events(event)[0]]
    if own is not None:
        return c.Field("event", own, c.Type.TEXT) if first.properties[own].type == "text" else None
    if item is None or first.items is None:
        return None
    return c.Field("item", item, c.Type.TEXT) if first.items.properties[item].type == "text" else None


def adds(of: c.Measure) -> bool:
    """Whether sums over profiles say something: of counts and sums, and of what is made of these alone."""
    match of:
        case c.Count():
            return True
        case c.Aggregate(kind="sum"):
            return True
        case c.Terms():
            return all(map(adds, of.parts))
        case _:
            return False
