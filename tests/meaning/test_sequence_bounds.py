"""Sequences with both bounds, on shops in which all that happens lies within hours, mostly at the bounds' edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import segql
from segql import evaluator
from segql.catalog import Catalog

from ..engines import Engine, Unable, compiled, stored
from ..worlds.shop_text import read

NOW = datetime(2025, 11, 28, 11, tzinfo=UTC)
PEOPLE = 12
EVENTS = ("opened email", "clicked email", "placed order", "clicked sms")
BOUNDS = ("", "within 3h", "at least 1h later", "at least 1h later within 3h", "at least 2h later within 2h")
MOMENTS = [timedelta(hours=hours, microseconds=micros) for hours in range(6) for micros in (-1, 0, 0, 0, 1)]


def test_every_engine_finds_whom_the_evaluator_finds(engine: Engine, catalog: Catalog, base_seed: int) -> None:
    random, told, shops, per_shop = Random(base_seed), 0, 6, 12
    for _ in range(shops):
        shop = stored(read(_shop(random)), engine)
        engine.load(shop)
        for rule in (_rule(random) for _ in range(per_shop)):
            try:
                sql = compiled(rule, catalog, engine.dialect, now=NOW).sql
            except Unable:
                continue
            found = segql.meaning(rule, catalog, now=NOW)
            members = evaluator.members(found.bound, shop, catalog, NOW, None)
            assert engine.members(sql) == members, (rule, sql)
            told += 0 < len(members) < PEOPLE
    assert told > shops * per_shop // 4, "most of these rules tell people apart"


def _rule(random: Random) -> str:
    """Two or three steps, often of one event; at times the first or last of all, at times in so long as a whole."""
    steps = [random.choice(EVENTS) for _ in range(random.choice((2, 2, 2, 3)))]
    again = random.random()
    if again < 0.5:
        steps = steps[:1] * len(steps) if again < 0.2 else [*steps[:-1], steps[0]]
    text = random.choice(("", "", "", "first ", "last ")) + steps[0]
    same = " with the same campaign" if "placed order" not in steps and random.random() < 0.3 else ""
    if len(steps) == 2 and random.random() < 0.3:
        return f"{text} not followed by {steps[1]} {random.choice(BOUNDS[:2])}{same}"
    for one in steps[1:]:
        text += f" then {one} {random.choice(BOUNDS)}{same}"
    if random.random() < 0.3:
        return f"{text} not followed by {random.choice((steps[-1], *EVENTS))} {random.choice(BOUNDS[:2])}"
    return text + random.choice(("", "", " all within 4h"))


def _shop(random: Random) -> str:
    """On both sides of 1970, or of late."""
    lines = [f"profiles: [{', '.join(f'{{key: p{number}}}' for number in range(PEOPLE))}]", "events:"]
    of_late, early = datetime(2025, 11, 20, 17, tzinfo=UTC), datetime(1969, 12, 31, 20, tzinfo=UTC)
    starts = [random.choice((of_late, of_late, early)) for _ in range(PEOPLE)]
    for event in EVENTS:
        rows = [
            f"    - {{profile: p{who}, time: '{(start + random.choice(MOMENTS)).isoformat()}'{_more(random, event)}}}"
            for who, start in enumerate(starts)
            for _ in range(random.choice((0, 1, 1, 2, 3)))
        ]
        lines += [f"  {event}:{'' if rows else ' []'}", *rows]
    return "\n".join(lines)


def _more(random: Random, event: str) -> str:
    return "" if event == "placed order" else f", campaign: {random.choice(('a', 'a', 'b', 'null'))}"
