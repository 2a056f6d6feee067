"""A random rule on a random shop: whom the evaluator, the optimised rule and an engine find; and the smallest pair that
still goes wrong, as a case file.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from random import Random

import segql
from segql import evaluator
from segql.ast import Number
from segql.catalog import Catalog, load_catalog
from segql.conditions import Count, MeasureComparison, Occurs
from segql.errors import SegQLError
from segql.evaluator import Key, Shop
from segql.evaluator.measures import measure as value_of
from segql.evaluator.records import Profile, Records
from segql.formatter import format

from ..engines import Engine, Unable, compiled, stored
from ..worlds.shop_text import write
from ..worlds.shops import CATALOG as CATALOG_FILE
from ..worlds.shops import FOCUSES, NOWS, random_shop
from .minimal import minimal
from .rules import DEFINITIONS, Draw, random_rule

CATALOG = load_catalog(CATALOG_FILE)
SEGMENTS = segql.segments_from(DEFINITIONS)
RULES_PER_SHOP = 16
"""Filling the tables takes longer than a rule does."""

Example = tuple[datetime, Shop, list[str]]


def example(random: Random) -> Example:
    now, focus = random.choice(NOWS), random.choice(FOCUSES)
    shop = random_shop(random, now, focus)
    draw = Draw(random, focus, lambda measure: values_of(measure, shop, now))
    return now, shop, [random_rule(draw) for _ in range(RULES_PER_SHOP)]


def values_of(measure: str, shop: Shop, now: datetime) -> list[str]:
    """The values that people of the shop have of a measure, as a rule writes them."""
    try:
        bound = segql.meaning(f"{measure} > 0", CATALOG, now=now, segments=SEGMENTS).bound
    except SegQLError:
        return []  # the rule itself will say so
    match bound:
        case MeasureComparison(left=measured):
            pass
        case Occurs(of=of):
            measured = Count(of)
        case _:
            return []
    records = Records(shop, CATALOG, now)
    found = {value_of(measured, Profile(key, row, records), exact=True) for key, row in records.profiles.items()}
    fractions = sorted(value for value in found if isinstance(value, Fraction))
    return [format(Number(Decimal(value.numerator * 10**4 // value.denominator) / 10**4)) for value in fractions]


def case(rule: str, now: datetime, shop: Shop) -> str:
    """The example as a case file that can be saved as it is."""
    return (
        f"\n# Found by chance.\n\n=== rule\n{rule}\n=== now\n{now.isoformat()}\n"
        f"=== segments\n{DEFINITIONS}=== shop\n{write(shop)}"
    )


def answers(rule: str, shop: Shop, now: datetime, catalog: Catalog, engine: Engine) -> tuple[set[Key], str]:
    """The members, and what is wrong: nothing when evaluator, optimiser and engine agree."""
    shop = stored(shop, engine)
    engine.load(shop)
    try:
        done = compiled(rule, catalog, engine.dialect, now=now, segments=SEGMENTS)
        members: set[Key] = evaluator.members(done.meaning.bound, shop, catalog, now)
        optimized = evaluator.members(done.meaning.optimized, shop, catalog, now)
        found = engine.members(done.sql)
    except Unable:
        return set(), ""
    except Exception as error:
        return set(), f"{type(error).__name__}: {error}"
    if optimized != members:
        return members, f"optimised: {sorted(optimized, key=str)}, evaluated: {sorted(members, key=str)}"
    if found != members:
        said = f"{engine.dialect}: {sorted(found, key=str)}, evaluated: {sorted(members, key=str)}"
        return members, f"{said}\n{done.sql}"
    return members, ""


def smallest(rule: str, shop: Shop, now: datetime, catalog: Catalog, engine: Engine) -> str:
    """What is wrong, on the smallest rule and shop on which the same kind of thing is."""

    def wrong(rule: str, shop: Shop) -> str:
        return answers(rule, shop, now, catalog, engine)[1]

    def kind(said: str) -> list[str]:
        """An engine's mismatch, an optimiser's, or an error with its code."""
        return said.split(" ")[: 2 if "error[" in said else 1]

    first = kind(wrong(rule, shop))
    small = minimal(rule, shop, lambda r, s: kind(wrong(r, s)) == first)
    return f"{wrong(*small)}\n{case(small[0], now, small[1])}"
