"""The smallest example that still fails: a rule's parts and a shop's rows are taken away as long as it does.

Hypothesis could shrink as well, but it would draw and load sixteen rules and a shop anew for each attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import segql
from segql import ast
from segql.errors import SegQLError
from segql.evaluator import Shop

from ..worlds.shops import ITEMS, grouped

Fails = Callable[[str, Shop], bool]

FIXED = ("key", "profile", "receives", "items", "amount", "lines", "anonymous", "known")
"""What a row keeps: without it, it would not be such a row."""


def minimal(rule: str, shop: Shop, fails: Fails) -> tuple[str, Shop]:
    """A rule and a shop, no part of which can go without the failure going too."""
    while True:
        smaller = next((r for r in _smaller_rules(rule) if fails(r, shop)), None)
        if smaller is None:
            break
        rule = smaller
    while True:
        less = next((s for s in _smaller_shops(shop) if fails(rule, s)), None)
        if less is None:
            return rule, shop
        shop = less


def _smaller_rules(rule: str) -> Iterator[str]:
    try:
        trees = list(_smaller_trees(segql.parse(rule)))
    except SegQLError:
        return
    for tree in trees:
        try:
            text = segql.format(tree)
        except SegQLError:
            continue
        if text != rule and len(text) <= len(rule):
            yield text


def _smaller_trees(tree: Any) -> Iterator[Any]:
    match tree:
        case ast.All(parts) | ast.AnyOf(parts):
            yield from parts
            for index, part in enumerate(parts):
                others = (*parts[:index], *parts[index + 1 :])
                if len(parts) > 2:
                    yield replace(tree, parts=others)
                for smaller in _smaller_trees(part):
                    yield replace(tree, parts=(*parts[:index], smaller, *parts[index + 1 :]))
        case ast.Not(part):
            yield part
            yield from (replace(tree, part=smaller) for smaller in _smaller_trees(part))
        case ast.Subject():
            for name in ("window", "where", "has", "quantity", "comparison"):
                if (part := getattr(tree, name)) is not None:
                    yield _with(tree, name, None)
                    if name in ("where", "has"):
                        yield from (_with(tree, name, smaller) for smaller in _smaller_trees(part))
        case ast.Items(where=where) if where is not None:
            yield from (replace(tree, where=smaller) for smaller in _smaller_trees(where))


def _with(whole: Any, name: str, value: Any) -> Any:
    return replace(whole, **{name: value})


def _smaller_shops(shop: Shop) -> Iterator[Shop]:
    """Whole sources go first, then rows, then values of rows."""
    for section in ("events", "channels", "lists", "identities"):
        sources: Mapping[str, Any] = getattr(shop, section)
        for name in sources:
            if name != "email" and sources[name]:
                yield _with(shop, section, {**sources, name: []})
    for index, profile in enumerate(shop.profiles):
        email = [row for row in shop.channels["email"] if row["profile"] != profile["key"]]
        without = [*shop.profiles[:index], *shop.profiles[index + 1 :]]
        yield replace(shop, profiles=without, channels={**shop.channels, "email": email})
    for section in ("events", "channels", "lists", "identities"):
        sources = getattr(shop, section)
        for name, rows in sources.items():
            for smaller in _smaller_rows(name, rows):
                yield _with(shop, section, {**sources, name: smaller})
    for smaller in _smaller_values(shop.profiles):
        yield replace(shop, profiles=smaller)
    for index in range(len(shop.stores)):
        yield replace(shop, stores=[*shop.stores[:index], *shop.stores[index + 1 :]])


def _smaller_rows(name: str, rows: list[Any]) -> Iterator[list[Any]]:
    if name != "email":
        yield from ([*rows[:index], *rows[index + 1 :]] for index in range(len(rows)))
    for index, row in enumerate(rows):
        for items in _smaller_rows("items", row["items"]) if name in ITEMS else ():
            smaller = {**row, "items": items}
            yield [*rows[:index], grouped(smaller) if name == "got invoice" else smaller, *rows[index + 1 :]]
    yield from _smaller_values(rows)


def _smaller_values(rows: Any) -> Iterator[list[Any]]:
    for index, row in enumerate(rows):
        for name, value in row.items():
            if value is not None and name not in FIXED:
                yield [*rows[:index], {**row, name: None}, *rows[index + 1 :]]
