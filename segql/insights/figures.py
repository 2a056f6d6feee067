"""What a segment is worth: numbers of its members beside those of others, what they have more often, and whom one may
write to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from .. import ast
from .. import conditions as c
from ..arguments import Given
from ..ast import AnyOf
from ..columns import columns_of
from ..columns import number as number_of
from ..errors import SegQLError
from ..meanings import Meaning
from ..plain import dataclass
from ..project import Project

Against: TypeAlias = Meaning | Literal["rest", "everyone"]
"""Whom members are held against: the members of another rule, all who are no members, or all profiles."""

NUMBERS = (c.Type.NUMBER, c.Type.MONEY)
SURE = 3
"""A share stands out where it differs by more than so many standard errors: chance does that once in some 400 times."""
MICRO = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure on one side: how many `have` a value, their sum and their median.

    `members` are all of the side. A count or a sum is had by who has any of what it counts.
    """

    members: int
    have: int
    sum: Decimal
    median: Decimal | None

    @property
    def average(self) -> Decimal | None:
        """Of those who have a value; missing where nobody has."""
        return divided(self.sum, self.have)

    @property
    def per_member(self) -> Decimal | None:
        """The sum over all of the side; missing where the side is empty."""
        return divided(self.sum, self.members)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure on both sides. `adds`: whether its sum says something, as that of counts and sums does."""

    name: str
    money: bool
    adds: bool
    here: Figure
    there: Figure


@dataclass(frozen=True, slots=True)
class Held:
    """How many of each side have something: a value of a property, a product, consent."""

    of: str
    value: str
    here: int
    there: int
    members: int
    others: int

    @property
    def share(self) -> Decimal | None:
        """The share of the members; missing where there are none."""
        return divided(self.here, self.members)

    @property
    def other_share(self) -> Decimal | None:
        """The share of the others; missing where there are none."""
        return divided(self.there, self.others)

    @property
    def lift(self) -> Decimal | None:
        """How many times the share of the others the members' is; missing where nobody of the others has it."""
        if not self.there or not self.members:
            return None
        return _rounded(Fraction(self.here * self.others, self.members * self.there))

    @property
    def score(self) -> float:
        """By how many standard errors the shares differ; below 0 where the members have it less often."""
        if not self.members or not self.others:
            return 0.0
        both = (self.here + self.there) / (self.members + self.others)
        spread = both * (1 - both) * (1 / self.members + 1 / self.others)
        return (self.here / self.members - self.there / self.others) / spread**0.5 if spread > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Stats:
    """A segment (`members`) beside others. `revenue`, `orders`, `gap` are named in `measures` by the catalog's roles.

    `missing` says what the catalog lacks, and what cannot be said therefore.
    """

    text: str
    against: str
    profiles: int
    members: int
    others: int
    measures: tuple[Measured, ...]
    roles: Mapping[str, Measured]
    consent: tuple[Held, ...]
    held: tuple[Held, ...] = ()
    asked: Mapping[str, Held] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    """What of `held` says what was bought: the catalog's role."""

    @property
    def share(self) -> Decimal | None:
        """The share of all profiles."""
        return divided(self.members, self.profiles)

    @property
    def stand_out(self) -> tuple[Held, ...]:
        """What the members have more or less often than others, where chance does not explain it; the surest first."""
        sure = [one for one in self.held if abs(one.score) > SURE]
        return tuple(sorted(sure, key=lambda one: (-abs(one.score), one.of, one.value)))

    def order_value(self, side: Literal["here", "there"]) -> Decimal | None:
        """Revenue over orders; missing without orders, or without the roles."""
        if not {"revenue", "orders"} <= self.roles.keys():
            return None
        return divided(getattr(self.roles["revenue"], side).sum, getattr(self.roles["orders"], side).sum)


def divided(top: Decimal | int, bottom: Decimal | int) -> Decimal | None:
    """A quotient in millionths, halves away from zero; missing over nothing."""
    return _rounded(Fraction(top) / Fraction(bottom)) if bottom else None


def _rounded(number: Fraction) -> Decimal:
    with_more = Decimal(number.numerator * 10**9 // number.denominator).scaleb(-9)
    return with_more.quantize(MICRO, ROUND_HALF_UP)


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


def stats(
    rule: Given, project: Project, against: Given | None = None, rates: Mapping[str, Given] | None = None
) -> Stats:
    """What the members of a rule are worth, beside all others (`against` None or "rest"), everyone ("everyone") or the
    members of another rule; `rates`: of how many of them further rules hold, by names of your choice. Two statements.

    Raises as `segql.compile`; WarehouseError.
    """
    meant = project.meaning(rule)
    project = project.at(meant.now)
    others: Against
    if against is None or against in ("rest", "everyone"):
        others = "everyone" if against == "everyone" else "rest"
    else:
        others = project.meaning(against)
    found = asked(project, meant.now, {name: project.meaning(one) for name, one in (rates or {}).items()})
    figures = numbers_of(meant, others, found, project)
    if isinstance(against, ast.Segment):
        figures = replace(figures, against=against.name.text)
    return with_values(figures, meant, others, found, project)


def _sides(meant: Meaning, others: Against) -> Any:
    from ..emitter.figures import Sides

    there = c.Truth(others.optimized, others.sample) if isinstance(others, Meaning) else others
    return Sides(c.Truth(meant.optimized, meant.sample), there)


def numbers_of(meant: Meaning, others: Against, found: Asked, project: Project) -> Stats:
    """Members, measures and consent, by one statement."""
    sql, read = figures_sql(meant, others, found, project)
    figures: Stats = read(project.opened.rows(sql))
    return figures


def figures_sql(meant: Meaning, others: Against, found: Asked, project: Project) -> tuple[str, Any]:
    """The statement of the numbers, and what makes Stats of its rows."""
    from .. import emitter
    from ..compiler import header_of
    from ..emitter.figures import emit_figures
    from ..planner.columns import plan_columns

    sides = _sides(meant, others)
    measures = [of for of, _ in found.measures.values()]
    plan = plan_columns([*sides.asked, *found.truths], project.catalog, meant.now, measures)
    tree, kept = emit_figures(plan, sides, (measures, found.truths), project.catalog, project.dialect)
    sql = emitter.sql_text(tree, project.catalog, project.dialect, header_of(meant, project.catalog))

    def read(rows: Sequence[Sequence[Any]]) -> Stats:
        by_side = {int(row[0]): row for row in rows}
        members, others_ = int(by_side[1][1]), int(by_side[2][1])

        def figure(side: int, place: int) -> Figure:
            have, total, median = by_side[side][2 + 3 * place : 5 + 3 * place]
            how = kept[place]
            added = Decimal(number_of(total, how)) if total is not None else Decimal(0)
            return Figure(
                int(by_side[side][1]), int(have), added, None if median is None else Decimal(number_of(median, how))
            )

        told = tuple(
            Measured(name, money, adds(of), figure(1, place), figure(2, place))
            for place, (name, (of, money)) in enumerate(found.measures.items())
        )
        first = 2 + 3 * len(kept)

        def held(place: int, of: str, name: str) -> Held:
            here, there = (int(by_side[side][first + place] or 0) for side in (1, 2))
            return Held(of, name, here, there, members, others_)

        consent = tuple(held(place, "consent", name) for place, name in enumerate(found.consent))
        rates = {name: held(len(consent) + place, "rate", name) for place, name in enumerate(found.rates)}
        named = {one.name: one for one in told}
        roles = {role: named[name] for role, name in found.roles.items()}
        said = others.text.strip() if isinstance(others, Meaning) else others
        return Stats(
            meant.text.strip(), said, int(by_side[0][1]), members, others_, told, roles, consent, (), rates,
            found.missing, found.products,
        )  # fmt: skip

    return sql, read


def with_values(figures: Stats, meant: Meaning, others: Against, found: Asked, project: Project) -> Stats:
    """The same with what members have more often than others, by one statement more."""
    if not found.values or not figures.members:
        return figures
    sql = values_sql(meant, others, found, project, least_of(figures))
    return read_values(figures, found, project.opened.rows(sql))


def least_of(figures: Stats) -> tuple[int, int]:
    """How many of each side have to have a value: one in a hundred, and five."""
    return max(5, -(-figures.members // 100)), max(5, -(-figures.others // 100))


def values_sql(meant: Meaning, others: Against, found: Asked, project: Project, least: tuple[int, int]) -> str:
    """The statement of values and products."""
    from .. import emitter
    from ..compiler import header_of
    from ..emitter.figures import emit_values
    from ..planner.columns import plan_columns

    sides = _sides(meant, others)
    plan = plan_columns(sides.asked, project.catalog, meant.now)
    tree = emit_values(plan, sides, (list(found.values.values()), least), project.catalog, project.dialect)
    return emitter.sql_text(tree, project.catalog, project.dialect, header_of(meant, project.catalog))


def read_values(figures: Stats, found: Asked, rows: Sequence[Sequence[Any]]) -> Stats:
    """The values of rows, among the numbers."""
    names = list(found.values)
    held = [
        Held(names[int(place)], str(value), int(here), int(there), figures.members, figures.others)
        for place, value, here, there in rows
    ]
    return replace(figures, held=tuple(sorted(held, key=lambda one: (names.index(one.of), -one.here, one.value))))


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
