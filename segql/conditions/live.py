"""Instants and days that remember how they were made from `now`.

To bind a rule at a `LiveInstant` gives windows of these, from which the emitter makes SQL that reads the engine's own
clock: for views, which have no `now` of their own. For everybody else they are plain instants and days, as of the `now`
of binding. Two of them are equal when they are made in the same way, whatever they come to today. Arithmetic gives
plain ones.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Generic, Literal, TypeAlias, TypeVar, cast

from ..ast import Unit
from ..plain import dataclass
from .rows import Days, Interval

Period = Literal["week", "month", "quarter", "year"]

Moment = TypeVar("Moment", bound=date)


@dataclass(frozen=True, slots=True)
class Now:
    """The engine's clock."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """`calendar.step` from an instant, on the wall clock of the catalog's zone; `us` are microseconds."""

    of: Recipe
    count: int
    unit: Unit | Literal["us"]


@dataclass(frozen=True, slots=True)
class Begins:
    """The first instant of a local day."""

    day: DayRecipe


@dataclass(frozen=True, slots=True)
class Earliest(Generic[Moment]):
    """The earliest of some instants, or days."""

    of: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Latest(Generic[Moment]):
    """The latest of some instants, or days."""

    of: tuple[Moment, ...]


Recipe: TypeAlias = Now | Stepped | Begins | Earliest[datetime] | Latest[datetime]


@dataclass(frozen=True, slots=True)
class DayOf:
    """The local day of an instant."""

    of: Recipe


@dataclass(frozen=True, slots=True)
class Moved:
    """`calendar.add_days`."""

    of: DayRecipe
    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class StartOf:
    """The first day of the week (Monday), month, quarter or year that holds a day."""

    of: DayRecipe
    period: Period


DayRecipe: TypeAlias = DayOf | Moved | StartOf | Earliest[date] | Latest[date]


class LiveInstant(datetime):
    """An instant, UTC, made from `now` by a recipe."""

    recipe: Recipe

    @staticmethod
    def of(at: datetime, recipe: Recipe) -> LiveInstant:
        """The instant with the recipe that gives it for any `now`."""
        made = LiveInstant(
            at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond, tzinfo=at.tzinfo or UTC
        )
        made.recipe = recipe
        return made

    def __reduce_ex__(self, protocol: object) -> tuple[Any, tuple[datetime, Recipe]]:
        """For another process: an instant alone would come back without its recipe."""
        return LiveInstant.of, (datetime.combine(self.date(), self.time(), self.tzinfo), self.recipe)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LiveInstant) and self.recipe == other.recipe

    def __hash__(self) -> int:
        return hash(self.recipe)


class LiveDay(date):
    """A local day made from `now` by a recipe."""

    recipe: DayRecipe

    @staticmethod
    def of(day: date, recipe: DayRecipe) -> LiveDay:
        """The day with the recipe that gives it for any `now`."""
        made = LiveDay(day.year, day.month, day.day)
        made.recipe = recipe
        return made

    def __reduce_ex__(self, protocol: object) -> tuple[Any, tuple[date, DayRecipe]]:
        """As of an instant."""
        return LiveDay.of, (date(self.year, self.month, self.day), self.recipe)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LiveDay) and self.recipe == other.recipe

    def __hash__(self) -> int:
        return hash(self.recipe)


def is_live(window: Interval | Days) -> bool:
    """Whether a bound is made from `now`."""
    return any(isinstance(bound, LiveInstant | LiveDay) for bound in (window.start, window.end))


# --- what windows are made of: live from something live, plain from something plain ----------------------------------


def stepped(at: datetime, of: datetime, count: int, unit: Unit | Literal["us"]) -> datetime:
    """`at`, which is so many units from another instant."""
    if not count:
        return of
    return LiveInstant.of(at, Stepped(of.recipe, count, unit)) if isinstance(of, LiveInstant) else at


def begins(at: datetime, day: date) -> datetime:
    """`at`, the first instant of a day."""
    return LiveInstant.of(at, Begins(day.recipe)) if isinstance(day, LiveDay) else at


def earliest(one: datetime, other: datetime) -> datetime:
    """The earlier of two instants."""
    if not isinstance(one, LiveInstant) and not isinstance(other, LiveInstant):
        return min(one, other)
    if one == other:
        return one
    both = tuple(
        part
        for side in (one, other)
        for part in (side.recipe.of if isinstance(side, LiveInstant) and isinstance(side.recipe, Earliest) else (side,))
    )
    return LiveInstant.of(min(one, other, key=datetime.timestamp), Earliest(tuple(dict.fromkeys(both))))


def ordered(one: Moment, other: Moment) -> tuple[Moment, Moment]:
    """Two steps from one moment, the earlier first. Of a month and 30 days either may be, as time goes on."""
    made: tuple[date, date] = min(one, other), max(one, other)
    match one, other:
        case LiveInstant(recipe=Stepped(unit=unit)), LiveInstant(recipe=Stepped(unit=beside)) if unit != beside:
            made = (
                LiveInstant.of(min(one, other), Earliest((one, other))),
                LiveInstant.of(max(one, other), Latest((one, other))),
            )
        case LiveDay(recipe=Moved(unit=unit)), LiveDay(recipe=Moved(unit=beside)) if unit != beside:
            made = (
                LiveDay.of(min(one, other), Earliest((one, other))),
                LiveDay.of(max(one, other), Latest((one, other))),
            )
    return cast("tuple[Moment, Moment]", made)


def day_of(day: date, of: datetime) -> date:
    """`day`, the local day of an instant."""
    return LiveDay.of(day, DayOf(of.recipe)) if isinstance(of, LiveInstant) else day


def moved(day: date, of: date, count: int, unit: Unit) -> date:
    """`day`, which is so many units from another day."""
    return LiveDay.of(day, Moved(of.recipe, count, unit)) if isinstance(of, LiveDay) else day


def start_of(day: date, of: date, period: Period) -> date:
    """`day`, the first of the period that holds another day."""
    return LiveDay.of(day, StartOf(of.recipe, period)) if isinstance(of, LiveDay) else day
