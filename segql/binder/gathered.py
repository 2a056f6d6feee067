"""`all of (A, B) with the same PROP`: each of several happened, with one common value."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from .. import ast
from .. import conditions as c
from ..formatter.phrases import with_the_same
from .habits import once
from .heads import Events, events
from .scope import Scope, Together, fail, instead
from .sequences import shared
from .surroundings import Around, occurrences


def in_common(scope: Scope, given: ast.Subject, head: ast.AllOf) -> c.Tree[c.Condition]:
    """`all of (A where .., B) [in W] [where ..] with the same PROP [and the same PROP]`."""
    together = Together()
    heads: list[Events] = []
    found: list[c.Occurrences] = []
    for one in head.events:
        assert isinstance(one.head, ast.Name | ast.Either)
        with together:
            heads.append(events(scope, one.head))
            around = (Around(scope, replace(one, comments=())), Around(scope, replace(given, head=one.head)))
            found.append(occurrences(scope, heads[-1], around))
    together.done()
    if len(found) == 1:
        fail("incomplete", f"`{with_the_same(given.with_the_same)}` is about several, and this is one.", head.span,
             "add what it has that in common with")  # fmt: skip
    _each_once(given, head, found)
    pairs: dict[tuple[tuple[c.Field, c.Field], ...], None] = {}
    for name in given.with_the_same:
        with together:
            of_all = tuple(shared(scope, heads[0], other, name) for other in heads[1:])
            once(name, of_all in pairs)
            pairs[of_all] = None
    together.done()
    first = tuple(of_all[0][0] for of_all in pairs)
    others = tuple(tuple(of_all[place][1] for of_all in pairs) for place in range(len(heads) - 1))
    return c.InCommon(tuple(found), (first, *others), given.span)


def _each_once(given: ast.Subject, head: ast.AllOf, found: list[c.Occurrences]) -> None:
    """`all of (A, A)`: one `A` is both, and two of them are said otherwise."""
    for place, of in enumerate(found):
        if of in found[:place]:
            one = head.events[place]
            twice = ast.Subject(
                one.head, ast.Quantity(">=", ast.Number(Decimal(2))), window=given.window, where=one.where,
                with_the_same=given.with_the_same,
            )  # fmt: skip
            fixes = [instead(given, twice)] if len(found) == 2 and given.where is None else []
            fail("doubled-part", "The same stands here twice, and one event would be both.", one.span,
                 "for two of them say" if fixes else "leave it out", *fixes)  # fmt: skip
