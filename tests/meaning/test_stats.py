"""What a segment is worth is what plain rows say: on every engine, with random segments and shops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from segql import Project, evaluator
from segql import conditions as c
from segql.catalog import Catalog, catalog_from_yaml
from segql.errors import SegQLError
from segql.evaluator import Shop
from segql.evaluator.figures import figure, holders
from segql.evaluator.records import Profile, Records
from segql.insights import worth as asking
from segql.insights.figures import Figure, Held, Stats
from segql.insights.questions import Asked, asked

from ..chance.pairs import SEGMENTS, case, example
from ..engines import Engine, Unable, stored
from ..worlds.shops import CATALOG
from .test_many import able

FEWER = {"duckdb": 3}
ROLES = "\ninsights: {order: placed order, revenue: total spent, product: brand}\n"


def judged(meant: Any, others: Any, found: Asked, told: Stats, world: tuple[Shop, Catalog]) -> Stats:
    """The numbers by plain rows, with nothing of the engine's."""
    shop, catalog = world
    people = Records(shop, catalog, meant.now).people()

    def members(one: Any) -> set[Any]:
        return set(evaluator.members(one.bound, shop, catalog, one.now, one.sample))

    inside = members(meant)
    here = [one for one in people if one.key in inside]
    there: Sequence[Profile]
    if others == "rest":
        there = [one for one in people if one.key not in inside]
    else:
        there = people if others == "everyone" else [one for one in people if one.key in members(others)]
    sides = (here, there)

    def numbers(of: c.Measure) -> list[Figure]:
        told = [(len(side), *figure(of, side)) for side in sides]
        return [Figure(size, have, sum_, median) for size, have, sum_, median in told]  # type: ignore[arg-type]

    measures = tuple(
        replace(one, here=figures[0], there=figures[1])
        for one, (of, _) in zip(told.measures, found.measures.values(), strict=True)
        if (figures := numbers(of))
    )

    def held(of: str, value: str, counts: list[int]) -> Held:
        return Held(of, value, counts[0], counts[1], len(here), len(there))

    def having(truth: c.Truth) -> list[int]:
        inside = evaluator.members(truth.rule, shop, catalog, meant.now, truth.sample)
        return [sum(one.key in inside for one in side) for side in sides]

    values = []
    least = (max(5, -(-len(here) // 100)), max(5, -(-len(there) // 100)))
    for name, field in found.values.items():
        of, of_what = (None, field) if isinstance(field, c.Field) else (field.of, field.field)
        both = [holders(of_what, of, side) for side in sides]
        for value in {*both[0], *both[1]}:
            counts = [one.get(value, 0) for one in both]
            if any(count >= enough for count, enough in zip(counts, LEAST or least, strict=True)):
                said = {True: "yes", False: "no"}.get(value, value)  # type: ignore[arg-type]
                values.append(held(name, str(said), counts))
    return replace(
        told,
        profiles=len(people),
        members=len(here),
        others=len(there),
        measures=measures,
        consent=tuple(held("consent", name, having(truth)) for name, truth in found.consent.items()),
        asked={name: held("rate", name, having(truth)) for name, truth in found.rates.items()},
        held=tuple(sorted(values, key=str)),
    )


LEAST = (1, 1)
"""The shops are small: every value is compared."""


def exact(told: Stats) -> Any:
    def number(one: Decimal | Fraction | None) -> Fraction | None:
        return None if one is None else Fraction(one)

    return (
        told.profiles, told.members, told.others,
        [(m.name, side.members, side.have, number(side.sum), number(side.median))
         for m in told.measures for side in (m.here, m.there)],
        told.consent, dict(told.asked), sorted(told.held, key=str),
    )  # fmt: skip


def texted(sql: str, names: list[str]) -> str:
    """The statement with texts as columns, which is all that the tests read of ZetaSQL."""
    columns = ", ".join(f"CAST(`{name}` AS STRING)" for name in names)
    return f"SELECT {columns} FROM (\n{sql}\n) AS told"


def columns_of(found: Asked) -> list[str]:
    places = range(1, len(found.measures) + 1)
    counts = [f"{what}_{place}" for place in places for what in ("have", "sum", "median")]
    return ["side", "profiles", *counts, *(f"members_{place}" for place in range(1, len(found.truths) + 1))]


def test_stats_are_what_plain_rows_say(engine: Engine) -> None:
    catalog = catalog_from_yaml(CATALOG.read_text(encoding="utf-8") + ROLES)

    @settings(max_examples=FEWER.get(engine.dialect, 1), phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, texts = example(random)
        shop = stored(shop, engine)
        engine.load(shop)
        meanings = list(able({text: (text, now) for text in random.sample(texts, 4)}, catalog, engine).values())
        if not meanings:
            return
        meant = meanings[0]
        choices: list[Any] = ["rest", "everyone", *meanings[1:2]]
        others = random.choice(choices)
        project = Project(catalog, SEGMENTS, now=now, dialect=engine.dialect)
        found = asked(project, now, {one.text: one for one in meanings[2:]})
        bigquery = engine.dialect == "bigquery"
        try:
            sql, read = asking.figures_sql(meant, others, found, project)
            told = read(engine.rows(texted(sql, columns_of(found)) if bigquery else sql))
            sql = asking.values_sql(meant, others, found, project, LEAST)
            named = ["told_of", "told_value", "here", "there"]
            told = asking.read_values(told, found, engine.rows(texted(sql, named) if bigquery else sql))
        except Unable:
            return
        except SegQLError as error:
            if {problem.code for problem in error.problems} == {"not-in-dialect"}:
                return
            raise
        mine, its = exact(told), exact(judged(meant, others, found, told, (shop, catalog)))
        wrong = [f"{one!r}\n  not {other!r}" for one, other in zip(mine, its, strict=True) if one != other]
        assert mine == its, "\n".join([f"against {others}", *wrong, case(meant.text, now, shop)])

    check()
