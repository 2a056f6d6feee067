"""No input raises anything but problems: random trees with names of the catalog."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import segql
from segql import ast, binder
from segql.catalog import Catalog, load_catalog
from segql.errors import CODES, SegQLError
from segql.source import Source, Span

from ..chance import trees
from ..worlds.shops import CATALOG
from .bound import NOW


def test_names_and_numbers_without_end(catalog: Catalog) -> None:
    for rule in (
        f"x > {'9' * 5000}", f"placed order at least {'9' * 5000} times", f"placed order in {'9' * 4000}d",
        f"total spent > {'9' * 5000} x total spent", f"x > 0.{'0' * 5000}1", "not " * 90 + "vip", f"{'v' * 10000} > 3",
    ):  # fmt: skip
        for problem in segql.check(rule, catalog, now=NOW):
            assert str(problem)


# Random trees of the whole language say random names: these put names of the catalog in their place.
EVENT_NAMES = ("placed order", "opened email", "engaged with email", "visited store", "answered survey", "got invoice")
VALUES = ("a while", "n", "start", "land", "recently", "high", "home", "launch", "benelux", "nobody")
OPENINGS = ("first", "last", "every", "no", "number of", "days since first", "days since last", "days between")


@cache
def pools() -> tuple[dict[str, tuple[str, ...]], list[str], list[str]]:
    """The names of the tests' catalog: by kind, of the properties of events and items, all short ones."""
    catalog = load_catalog(CATALOG)
    properties = [
        p for e in catalog.events.values() for p in (*e.properties, *(e.items.properties if e.items else ()), "number")
    ]
    return catalog.names(), properties, [n for kind in catalog.names().values() for n in kind if len(n) < 30]


def known_name(random: Random, node: Any, field: str) -> ast.Name:
    names, properties, everywhere = pools()
    match node:
        case ast.CanReceive() if field == "channel":
            return ast.Name(random.choice(names["channel"]))
        case ast.InList():
            return ast.Name(random.choice(names["list"]))
        case ast.SegmentRef():
            return ast.Name(random.choice(("Buyers", "VIPs")))
        case ast.Aggregate() if field == "of":
            return ast.Name(random.choice(EVENT_NAMES))
        case ast.Aggregate():
            return ast.Name(random.choice(properties))
        case ast.Subject() if field == "head":
            match random.randrange(8):
                case 0:
                    return ast.Name(random.choice(OPENINGS), random.choice(EVENT_NAMES))
                case 1:
                    return ast.Name(f"{random.choice(OPENINGS)} {random.choice(EVENT_NAMES)}")
                case 2 | 3:
                    return ast.Name(random.choice(EVENT_NAMES))
                case 4 | 5:
                    return ast.Name(random.choice(properties))
                case _:
                    return ast.Name(random.choice(everywhere))
        case _:
            return ast.Name(random.choice(VALUES if random.randrange(3) else everywhere))


def renamed(node: Any, random: Random, parent: Any = None, field: str = "") -> Any:
    match node:
        case ast.Name():
            return known_name(random, parent, field)
        case tuple():
            return tuple(renamed(part, random, parent, field) for part in node)
        case ast.Sequence(steps=steps) if random.randrange(10):
            return renamed(steps[0], random)
        case ast.Rank(by=by) if random.randrange(10):
            return renamed(by, random)
        case ast.Near() | ast.Random() if random.randrange(10):
            return ast.Subject(ast.Name("vip"))
        case ast.Subject() if random.randrange(10):
            node = replace(node, regularity=None, different=None, with_the_same=(), within=None)
    if not is_dataclass(node) or isinstance(node, Source | Span):
        return node
    whole: Any = node
    kept = [f.name for f in fields(node) if f.name not in ("span", "comments")]
    return replace(whole, **{name: renamed(getattr(node, name), random, node, name) for name in kept})


NOWS = (NOW, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime(2024, 2, 29, 23, tzinfo=UTC))
SAVED = segql.segments_from(
    'let a while = 30d\nlet n = 2\nlet start = 2025-10-26\nlet land = "NL"\n'
    "segment Buyers (m = 2) = placed order at least m times\nsegment VIPs = vip"
)


@settings(max_examples=100)
@given(tree=trees.rules(), random=st.randoms(use_true_random=False), now=st.sampled_from(NOWS))
def test_any_tree_ends_in_a_meaning_or_in_problems(
    catalog: Catalog, tree: ast.Rule, random: Random, now: datetime
) -> None:
    for _ in range(10):
        rule = renamed(tree, random)
        try:
            found = binder.bind(rule, catalog, now, lets=SAVED.values, segments=SAVED.segments)
        except SegQLError as error:
            assert all(p.code in CODES and p.message and str(p) for p in error.problems)  # noqa: PT017
        else:
            assert all(note.severity != "error" and str(note) for note in found.notes)
