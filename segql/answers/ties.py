"""A rank that takes far more people than it says, because they tie: told once it is known how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..ast import Rank as Said
    from ..conditions import Rank
    from ..errors import Fix, Problem
    from ..meanings import Meaning

FAR = 2
"""A rank that takes more than so many times what it says takes far more."""


def tied(meaning: Meaning, members: int, profiles: int) -> tuple[Problem, ...]:
    """Hints for the ranks of a rule that found `members` of `profiles`.

    Whoever the rule finds, a rank that it demands has taken; and it ranks no more people than there are.
    """
    from ..errors import Problem

    found = []
    for rank in ranks(meaning.bound):
        most = rank.count if rank.percent is None else ceil(rank.percent * profiles / 100)
        if most is None or members <= FAR * max(1, most):
            continue
        said = " ".join(rank.span.text.split())
        least = "at least " * (rank != meaning.bound)
        message = f"`{said}` takes {least}{members:,} people and not {most:,}: those who tie at its end are all in."
        words, fixes = _without(rank)
        found.append(Problem("tied", message, rank.span, words, "hint", fixes))
    return tuple(found)


def ranks(tree: Any) -> Iterator[Rank]:
    """The ranks among all that everyone whom a rule finds is in; those of its segments among them."""
    from ..conditions import All, InSegment, Rank

    match tree:
        case All(parts):
            for part in parts:
                yield from ranks(part)
        case InSegment(rule=rule):
            yield from ranks(rule)
        case Rank(each=None):
            yield tree


def _without(rank: Rank) -> tuple[str, tuple[Fix, ...]]:
    """The rank without those who tie at its end: a whole percentage is a percentile, too."""
    from .. import ast, parser
    from ..conditions import Count
    from ..errors import Fix, SegQLError
    from ..formatter import format as format_

    try:
        said = parser.parse_rule(rank.span.text)
    except SegQLError:
        return "", ()
    if not isinstance(said, ast.Rank):
        return "", ()
    beyond, words = _beyond(said, rank.percent), "to leave them out:"
    if beyond is None:
        if isinstance(rank.by, Count) and rank.among is None:  # nobody who counts has 0
            return "", ()
        beyond, words = ast.Compare(">", ast.Number(Decimal(0))), "where they tie at 0, to leave them out:"
    compared = ast.Subject(said.by.head, window=said.by.window, where=said.by.where, comparison=beyond)
    return words, (Fix(rank.span, f"({format_(ast.All((said, compared)))})"),)


def _beyond(said: Said, percent: Decimal | None) -> Any:
    from .. import ast

    if percent is None or percent % 1 or not 1 <= percent <= 99:
        return None
    place = int(100 - percent if said.word == "top" else percent)
    sign: ast.Op = ">" if said.word == "top" else "<"
    return ast.Compare(sign, ast.Population("percentile", percentile=place, segment=said.among))
