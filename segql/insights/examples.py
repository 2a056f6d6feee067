"""Tests of segments by given rows: `test "A buyer" given: placed order yesterday expect: in segment "Buyers"`.

The evaluator says whether what is expected holds for the one profile; `why` says what decided. The engine is asked by
the same rows and the compiled SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from .. import ast
from ..calendar import midnight, resolve, to_utc, zone_of
from ..compiler import holds
from ..errors import Problem, SegQLError
from ..plain import dataclass
from ..project import Project
from .facts import alone, given, key_of
from .why.answer import why
from .why.model import Why

if TYPE_CHECKING:
    from ..evaluator import Key, Shop
    from ..warehouse import Warehouse


@dataclass(frozen=True, slots=True)
class Tested:
    """Whether a test holds by the evaluator, and on the engine where that was asked; what decided, where it fails."""

    test: ast.Test
    holds: bool
    on_engine: bool | None
    why: Why | None

    @property
    def passed(self) -> bool:
        """Whether it holds, wherever it was asked."""
        return self.holds and self.on_engine is not False


def outcomes(tests: Iterable[ast.Test], project: Project, engine: Warehouse | None = None) -> Iterator[Tested]:
    """Each test in turn, on an engine as well where one is given: no table of it is read.

    Raises SegQLError for a test with mistakes, WarehouseError.
    """
    for test in tests:
        then = _at(test, project)
        shop, key = given(test.given, then), key_of(then.catalog)
        asked = then.catalog, shop, key
        found = holds(test.expect, *asked, **then.keywords)
        on_engine = None if engine is None else _on_engine(key, test.expect, then, shop, engine)
        yield Tested(test, found, on_engine, None if found else why(test.expect, *asked, **then.keywords))


def _on_engine(key: Key, expected: ast.Rule, then: Project, shop: Shop, engine: Warehouse) -> bool | None:
    """Whether the profile is a member there; None where the engine's SQL cannot say the rule."""
    from ..warehouse.given import members_of

    try:
        return key in members_of(expected, then.catalog, shop, engine, **then.keywords)
    except SegQLError as error:
        if all(problem.code == "not-in-dialect" for problem in error.problems):
            return None
        raise


def checked(tests: Iterable[ast.Test | ast.Invariant], project: Project) -> Iterator[Problem]:
    """What is wrong with tests: facts that give no rows, rules with mistakes, invariants of unknown segments."""
    from .invariants import invariant_of

    for test in tests:
        try:
            if isinstance(test, ast.Invariant):
                invariant_of(test, project.segments)
                continue
            then = _at(test, project)
            problems = list[Problem]()
            for part in (lambda: given(test.given, then), lambda: then.meaning(test.expect)):  # noqa: B023
                try:
                    part()
                except SegQLError as error:
                    problems += error.problems
            yield from problems
        except SegQLError as error:
            yield from error.problems


def _at(test: ast.Test, project: Project) -> Project:
    """The project at the instant of a test: its own, on the catalog's wall clock, or that of the project."""
    if test.now is None:
        return alone(project)
    said, zone = test.now.value, zone_of(project.catalog.timezone)
    if not isinstance(said, datetime):
        return alone(project.at(midnight(said, zone)))
    return alone(project.at(to_utc(said) if said.tzinfo else resolve(said, zone)))
