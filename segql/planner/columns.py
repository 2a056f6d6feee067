"""The shape of a table of profiles: the passes and questions that its columns read, over everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from .. import conditions as c
from ..ast import All
from ..catalog.model import Catalog
from ..conditions.walk import leaves
from . import Wish, behind, passes_of, wishes_of
from .existence import shape
from .names import table_names
from .passes import parts_of
from .populations import any_needs, around, asked, measure_needs
from .shapes import Members, Need, Plan, Question


def plan_columns(
    columns: Sequence[c.Column], catalog: Catalog, now: datetime, populations: Sequence[c.Measure] = ()
) -> Plan:
    """The plan of columns, bound at `now`, which tests nothing itself; and of `populations`, measures of which is asked
    besides who has any of what they count. What is of consent alone is told beside the profile, without a list.
    """
    questions: dict[Question, None] = {}
    for column in columns:
        if isinstance(column, c.Truth):
            test = truth(column)
            questions |= dict.fromkeys(around(test.rule))
            if not of_consent(test):
                questions |= {test: None}
    wishes = dict.fromkeys([
        *(wish for column in (*columns, *populations) for wish in _wishes(column, catalog)),
        *(need for of in populations for need in any_needs(of)),
        *(wish for question in questions for wish in behind(question, catalog)),
    ])  # fmt: skip
    taken = table_names(catalog)
    passes = passes_of(wishes, catalog, taken)
    return Plan(All(()), tuple(passes), now, asked(questions, taken))


def truth(column: c.Truth) -> Members:
    """The question whose answer are the members."""
    return Members(shape(column.rule), column.sample, "rule")


def at(column: c.Moment) -> Need:
    """The instant of an edge."""
    return Need("at first" if column.which == "first" else "at last", column.of)


def of_consent(test: Members) -> bool:
    """Whether its tests are of consent alone: the row of a profile tells them, with what is joined to it."""
    return test.sample is None and all(isinstance(leaf, c.Consent) for leaf in leaves(test.rule))


def _wishes(column: c.Column, catalog: Catalog) -> Iterator[Wish]:
    match column:
        case c.Truth():
            if of_consent(test := truth(column)):
                yield from wishes_of(test.rule, catalog)
        case c.Moment():
            yield at(column)
        case _:
            for part in parts_of(column):
                yield from measure_needs(part)
