"""What callers give: a rule, `now`, parameters. Each is checked, and read as the stages want it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Protocol, TypeAlias, cast, get_args

from . import ast, parser
from .calendar import to_utc
from .catalog import Catalog, fold
from .conditions.live import LiveInstant, Now
from .errors import expect, wrong_type
from .segments import Segments
from .source import NOWHERE, Source


class Built(Protocol):
    """What has a rule in it: one that is written in Python (`segql.rules`)."""

    def __segql__(self) -> ast.Rule:
        """Its tree."""
        ...


Given: TypeAlias = str | Source | ast.Rule | ast.Segment | Built
"""A rule as a caller has it; a `Source` is a text with the name that messages call it by."""

Parameter: TypeAlias = ast.Literal_ | str | bool | int | float | Decimal | date | datetime | timedelta
"""A value for a parameter: a Python value (text is text), or a parsed literal (`parser.parse_value("4 months")`)."""


_RULE = (ast.All, ast.AnyOf, ast.Not, ast.Segment, *get_args(ast.Phrase))


def given_rule(rule: Given) -> ast.Rule | ast.Segment:
    """The tree of a rule. Raises SegQLError for a text with mistakes, TypeError for what is no rule."""
    if isinstance(rule, str):
        return parser.parse_rule(rule)
    if isinstance(rule, Source):
        return parser.parse_rule(rule.text, rule.name)
    if not isinstance(rule, _RULE):
        if not isinstance(rule, type) and callable(tree := getattr(rule, "__segql__", None)):
            return given_rule(tree())
        raise wrong_type("rule", "a text, a parsed rule or a saved segment", rule)
    return cast("ast.Rule | ast.Segment", rule)


def expect_rule(argument: str, given: object) -> None:
    """Raises TypeError, by the argument's name, for what is no rule."""
    built = not isinstance(given, type) and callable(getattr(given, "__segql__", None))
    if not built and not isinstance(given, (str, Source, *_RULE)):
        raise wrong_type(argument, "a text, a parsed rule or a saved segment", given)


def context(
    catalog: Catalog, segments: Segments, parameters: Mapping[str, Parameter] | None
) -> dict[str, ast.Literal_]:
    """What a rule is bound with, looked at: the parameters as a rule would write them, by folded name.

    Raises TypeError for a wrong type of any, by its name.
    """
    expect("catalog", "a Catalog, as `segql.load_catalog(path)` gives one", catalog, Catalog)
    expect("segments", "Segments, as `segql.load_segments(path)` gives them", segments, Segments)
    given = {} if parameters is None else parameters
    expect("parameters", "a mapping of names to values", given, Mapping)
    for name in given:
        expect("parameters", "a mapping of names, which are texts", name, str)
    return {fold(name): literal(value) for name, value in given.items()}


def instant(now: datetime | None) -> datetime:
    """`now` in UTC; the clock when it is None. Raises ValueError without a zone, TypeError for what is no datetime.

    A running clock goes on.
    """
    if isinstance(now, LiveInstant):
        return now
    if now is None:
        return datetime.now(UTC)
    expect("now", "an aware datetime", now, datetime)
    if now.utcoffset() is None:
        raise ValueError("`now` needs a time zone: datetime(2026, 11, 22, 10, tzinfo=UTC)")
    return to_utc(now)


def running() -> datetime:
    """The clock, going on."""
    return LiveInstant.of(instant(None), Now())


def literal(value: Parameter) -> ast.Literal_:
    """A parameter as a rule would write it.

    Raises ValueError for a timedelta that is no number of seconds, TypeError for what no rule can write.
    """
    match value:
        case timedelta(microseconds=parts) if parts:
            raise ValueError(f"`parameters`: a length of time is whole seconds, not {value}")
        case bool():
            return ast.Bool(value)
        case str():
            return ast.Text(value)
        case int() | Decimal() | float():
            return ast.Number(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))
        case datetime():
            return ast.Time(value)
        case date():
            return ast.Date(value)
        case timedelta():
            return ast.Duration(value // timedelta(seconds=1), "s")
        case _ if isinstance(value, get_args(ast.Literal_)):
            return cast("ast.Literal_", replace(value, span=NOWHERE))
        case _:
            raise wrong_type("parameters", "made of texts, numbers, truths, dates, times and lengths", value)
