"""Infinite times and dates, where an engine has them: a property that holds one is missing, in every form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import cycle

import pytest

import segql
from segql.catalog import Catalog
from segql.dialects import DIALECTS
from segql.evaluator import Shop

from ..engines import Engine
from .test_live import at

NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)
DAYS = {"past": date(2024, 2, 29), "today": date(2025, 11, 28), "next": date(2025, 12, 3), "last": date.max}
INFINITE = {"late": "infinity", "early": "-infinity"}

COLUMNS: dict[str, tuple[str, dict[str, str]]] = {
    "date": ("DATE", {"type": "date"}),
    "time": ("TIMESTAMPTZ", {"type": "time"}),
    "wall": ("TIMESTAMP", {"type": "time", "zone": "Europe/Amsterdam"}),
    "day": ("DATE", {"type": "time", "stored": "date"}),
    "day of time": ("TIMESTAMPTZ", {"type": "date", "stored": "timestamp"}),
    "day of wall": ("TIMESTAMP", {"type": "date", "stored": "timestamp", "zone": "Europe/Amsterdam"}),
}
"""The type of the column, and how the catalog declares it."""

RULES = (
    "due is set", "due is empty", "due > 2025-06-01", "due >= 2025-11-28", "due < 2025-12-01", "due <= 2025-11-28",
    "due = 2025-11-28", "due = 9999-12-31", "due between 2025-01-01 and 2025-12-31",
    "due before 2025-12-01", "due after 2025-06-01", "due after today", "due before today", "due in the last 2 years",
    "due in the next 30 days", "due more than 30 days ago", "due less than 30 days ago", "year of due > 2000",
    "year of due < 3000", "month of due >= 1", "day of due = 28", "weekday of due is set", "due = other",
    "due <= other", "due > other", "month of due = month of other", "year of due <= year of other",
    "anniversary of due in the next 11 months", "anniversary of due is today",
)  # fmt: skip
OF_EVENTS = ("bought where {}", "every bought has {}", "number of bought where {} = 1", "first bought has {}")
SAME = ("bought at least twice with the same due", "number of distinct due of bought >= 1")


def literal(text: str, type_: str) -> str:
    """A day, or noon in UTC; in winter one o'clock in Amsterdam."""
    time = {"TIMESTAMPTZ": " 12:00:00+00", "TIMESTAMP": " 13:00:00"}.get(type_, "") if text[-1].isdigit() else ""
    return f"CAST('{text}{time}' AS {type_})"


def kept(day: date | None, declared: dict[str, str]) -> date | None:
    """What the evaluator is given for it."""
    if day is None or declared["type"] == "date" or declared.get("stored") == "date":
        return day
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


FEW = ("date", "day of wall")
"""What runs every time."""


@pytest.mark.sampled
@pytest.mark.parametrize(
    "column", [pytest.param(column, marks=() if column in FEW else pytest.mark.long) for column in COLUMNS]
)
def test_infinite_is_missing(column: str, engine: Engine) -> None:
    if not DIALECTS[engine.dialect].infinite_times:
        pytest.skip("it has none")
    type_, declared = COLUMNS[column]
    stored = {name: literal(day.isoformat(), type_) for name, day in DAYS.items()}
    stored |= {name: literal(text, type_) for name, text in INFINITE.items()} | {"none": "NULL"}
    values = " UNION ALL ".join(f"SELECT '{name}' AS name, {value} AS due" for name, value in stored.items())
    pairs = f"FROM ({values}) AS one CROSS JOIN ({values}) AS two"
    people = f"SELECT one.name || ' ' || two.name AS id, one.due AS due, two.due AS other {pairs}"
    first, second = (f"SELECT CAST('2025-11-0{day} 10:00:00+00' AS TIMESTAMPTZ) AS at" for day in (1, 2))
    bought = f"SELECT people.*, days.at FROM ({people}) AS people CROSS JOIN ({first} UNION ALL {second}) AS days"
    dues = {"properties": {"due": declared, "other": declared}}
    catalog = Catalog.model_validate(
        {
            "timezone": "Europe/Amsterdam",
            "sql dialect": engine.dialect,
            "profiles": {"query": people, "key": "id", **dues},
            "events": {"bought": {"query": bought, "profile": "id", "time": "at", **dues}},
        }
    )
    both = {f"{one} {two}": (DAYS.get(one), DAYS.get(two)) for one in stored for two in stored}
    own = {key: {"due": kept(one, declared), "other": kept(two, declared)} for key, (one, two) in both.items()}
    times = [datetime(2025, 11, day, 10, tzinfo=UTC) for day in (1, 2)]
    shop = Shop(
        [{"key": key, **values} for key, values in own.items()],
        {"bought": [{"profile": key, "time": time, **values} for key, values in own.items() for time in times]},
    )
    engine.load(Shop((), {}))
    differ = []
    of_events = [form.format(f"({rule})") for form, rule in zip(cycle(OF_EVENTS), RULES, strict=False)]
    asks = [(rule, False) for rule in (*RULES, *SAME, *of_events)]
    asks += [(f"not ({rule})", False) for rule in (*RULES, *SAME)]
    asks += [(rule, True) for rule in RULES if column in ("date", "time")]
    for asked, live in asks:
        now = None if live else NOW
        sql = segql.compile(asked, catalog, dialect=engine.dialect, live=live, now=now).sql
        found = engine.members(at(sql, NOW, engine.dialect) if live else sql)
        if found != segql.evaluate(asked, catalog, shop, now=NOW):
            differ.append((asked, live, sql))
    assert differ == []
