"""What a segment is worth, asked of the warehouse: the statement of its numbers, and that of who has which value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from .. import ast
from .. import conditions as c
from ..arguments import Given, expect_rule
from ..columns import number as number_of
from ..errors import expect
from ..meanings import Meaning
from ..project import Project
from .figures import Figure, Held, Measured, Stats
from .questions import Asked, adds, asked

Against: TypeAlias = Meaning | Literal["rest", "everyone"]
"""Whom members are held against: the members of another rule, all who are no members, or all profiles."""


def stats(
    rule: Given, project: Project, against: Given | None = None, rates: Mapping[str, Given] | None = None
) -> Stats:
    """What the members of a rule are worth, beside all others (`against` None or "rest"), everyone ("everyone") or the
    members of another rule; `rates`: of how many of them further rules hold, by names of your choice. Two statements.

    Raises as `segql.compile`; WarehouseError.
    """
    Project.expect(project)
    expect_rule("against", "rest" if against is None else against)
    given = {} if rates is None else rates
    expect("rates", "a mapping of names to rules", given, Mapping)
    for name, one in given.items():
        expect("rates", "a mapping of names, which are texts", name, str)
        expect_rule("rates", one)
    meant = project.meaning(rule)
    project = project.at(meant.now)
    others: Against
    if against is None or against in ("rest", "everyone"):
        others = "everyone" if against == "everyone" else "rest"
    else:
        others = project.meaning(against)
    found = asked(project, meant.now, {name: project.meaning(one) for name, one in given.items()})
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
