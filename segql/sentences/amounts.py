"""How much: beside the average of everybody, of how many kinds, worth what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ..binder.advice.things import amounts
from ..formatter import format_name
from ..words import say, word
from .people import People
from .said import Said, joined
from .slots import often_, test_
from .telling import in_where
from .verbs import Verbs


def _window(found: Mapping[str, Any]) -> str:
    return f" {found['w']}" if "w" in found else ""


_SO_MUCH = ((">=", "or more"), (">", "more than that"), ("=", "just so much"))
"""What `twice the average` may mean."""


def overall(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`aov above average`, `spent twice the average`: at least, or more than that."""
    sign, of = found["o"] if "o" in found else (found["y"], found["of"])
    name = f"{format_name(found['m'])}{_window(found)}"
    if sign != "*":
        yield Said(f"{name} {sign} {of}", "", True)
        return
    for one, note in _SO_MUCH:
        yield Said(f"{name} {one} {of}", "", False, note)


def off_average(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`above-average points`."""
    said = [token.folded for token in verbs.tokens]
    of = "median" if "median" in said else "average"
    for word_, sign in (("above", ">"), ("below", "<")):
        if any(one.startswith(word_) for one in said):
            yield Said(f"{format_name(found['m'])} {sign} {word('STATISTIC', of)}")


def number_overall(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered more often than average`: the number of times."""
    event, sign = found["s"] if "s" in found else (found["e"], found["y"])
    yield Said(f"{word('MEASURE_OF', 'number')} {format_name(event)}{_window(found)} {sign} {found['of']}")


def at_least_as_often(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered at least as often as the average`."""
    yield Said(f"{word('MEASURE_OF', 'number')} {format_name(found['e'])}{_window(found)} >= {found['of']}")


def way_off(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`lower than average points`."""
    of = "median" if any(token.folded == "median" for token in verbs.tokens) else "average"
    yield Said(f"{format_name(found['m'])} {found['y']} {word('STATISTIC', of)}")


_AGGREGATES = {
    "median": "median", "average": "average", "avg": "average", "mean": "average", "highest": "max", "largest": "max",
    "biggest": "max", "maximum": "max", "max": "max", "lowest": "min", "smallest": "min", "minimum": "min",
    "min": "min", "total": "sum",
}  # fmt: skip


def aggregate(verbs: Verbs, at: int, stop: int) -> Iterator[tuple[int, str]]:
    """`median`, `highest`: what is made of many numbers; not where a metric begins so."""
    said = verbs.tokens[at].folded if at < stop else ""
    if said in _AGGREGATES and not any(verbs.lexicon.metrics(at, stop)):
        yield at + 1, _AGGREGATES[said]


def aggregated(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`median order value over $60`: of what was bought, where that has it."""
    catalog, name = people.lexicon.catalog, found.get("h")
    if name is None:  # `smallest order was over $30`
        for one in amounts(catalog.events[catalog.leaf_events(found["b"])[0]]):
            measure = f"{word('AGGREGATE_OF', found['g'])} {format_name(one)} {word('OF')} {format_name(found['b'])}"
            yield Said(f"{measure}{_window(found)} {test_(found['c'])}")
        return
    having = [one for one in catalog.events if (part := catalog.events[one].properties.get(name)) and
              part.type in ("number", "money")]  # fmt: skip
    bought = [one for one in people.standing.purchases() if one in having][:1]
    for event in bought or having:
        measure = f"{word('AGGREGATE_OF', found['g'])} {format_name(name)} {word('OF')} {format_name(event)}"
        yield Said(f"{measure}{_window(found)} {test_(found['c'])}", "", len(bought or having) == 1)


def per_order(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`spent more than $100 per order`: on average, or each time."""
    event = found["b"]
    said = {token.folded for token in verbs.tokens[:stop]}
    for name in amounts(people.lexicon.catalog.events[people.lexicon.catalog.leaf_events(event)[0]]):
        mean = f"{word('AGGREGATE_OF', 'average')} {format_name(name)} {word('OF')} {format_name(event)}"
        if said.isdisjoint(("a", "an")) or "average" in said:
            yield Said(f"{mean} {test_(found['c'])}", "", False, "on average")
        if said.isdisjoint(("a", "an", "average")):
            every = f"{word('EDGE', 'every')} {format_name(event)} {word('HAS', 'one')}"
            yield Said(f"{every} {format_name(name)} {test_(found['c'])}", "", False, "each of them")


def than_their(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`spent more than they did last year`: this year, as it seems."""
    which, _of, unit = found["v"].partition(" ")
    if which.casefold() == "last" and unit.casefold() in ("year", "month", "week", "quarter"):
        yield from (one.unsure() for one in than_before(people, _, {**found, "w": f"this {unit}"}, stop))


def summed_up(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`refunded more than $100 in total`."""
    if not found["c"][1].isdigit():
        yield from summed(people, _, {**found, "e": found["a"]}, stop)


def times_as_often(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered at least twice as often as the average customer`."""
    yield from times_as_many(people, _, {**found, "f": (found["e"], *found["f"])}, stop)


def measured_none(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`spent nothing this year`."""
    yield Said(f"{format_name(found['m'])}{_window(found)} = 0")


def kinds_of(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought from at least 2 different brands`: so many of them; a number alone may be the least.

    `bought more than 5 products` may be about pieces as well, where nobody says that they differ.
    """
    event, name, (sign, *numbers) = format_name(found["e"]), format_name(found["k"]), found["c"]
    if not all(one.isdigit() for one in numbers):
        return
    several = f"{word('AGGREGATE_OF', 'distinct')} {name} {word('OF')} {event}"
    pieces = None if "x" in found else _pieces(people, found["e"], found["k"])
    for number, note in ((several, "different ones" if pieces else ""), *([(pieces, "pieces")] if pieces else [])):
        for said in (f">= {numbers[0]}", f"= {numbers[0]}") if sign == "=" else (test_((sign, *numbers)),):
            yield Said(f"{number}{_window(found)} {said}", "", sign != "=" and pieces is None, note)


def kinds_of_both(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought at least 4 different products and at least 2 different brands`: so many of each."""
    if found["k"] != found["l"]:
        for first in kinds_of(people, _, found, stop):
            for other in kinds_of(people, _, {**found, "c": found["d"], "k": found["l"]}, stop):
                yield joined((first, other), "AND")


def only_kinds(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought only one brand`: just so many."""
    kind = format_name(found["k"])
    if found["n"].isdigit():
        several = f"{word('AGGREGATE_OF', 'distinct')} {kind} {word('OF')} {format_name(found['e'])}"
        yield Said(f"{several} = {found['n']}")


def _pieces(people: People, event: str, thing: str) -> str | None:
    """How many pieces of an event's things there were, where its items say how many: of the first that is named."""
    catalog = people.lexicon.catalog
    declared = catalog.events[catalog.leaf_events(event)[0]]
    if thing != next(iter(declared.things), thing) or not catalog.find_item_property(event, "quantity"):
        return None
    return f"{word('AGGREGATE_OF', 'sum')} quantity {word('OF')} {format_name(event)}"


def put_so_many(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`added at least 3 products to the cart`: so often, or so many that differ."""
    event, thing, compared, differ, tests = found["q"]
    where = f" {word('WHERE')} {in_where(tests)}" if tests else ""
    if not differ:
        yield Said(f"{format_name(event)} {often_(compared)}{_window(found)}{where}", "", False, "so often")
    several = f"{word('AGGREGATE_OF', 'distinct')} {format_name(thing)} {word('OF')} {format_name(event)}"
    yield Said(f"{several}{_window(found)} {test_(compared)}{where}", "", differ, "" if differ else "different ones")


def above_share(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`more points than 90% of customers`: the other tenth."""
    share = Decimal(found["n"].removesuffix("%"))
    edge = "top" if found["y"] == ">" else "bottom"
    if 0 < share < 100:
        yield Said(f"{word('TOP', edge)} {100 - share}% {word('BY')} {format_name(found['m'])}")


def times_as_many(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`opened more than twice as many emails as the average`; without `more`: at least, or more than that."""
    event, sign, factor = found["f"]
    number = f"{word('MEASURE_OF', 'number')} {format_name(event)}{_window(found)}"
    for one, note in _SO_MUCH if sign == "*" else ((sign, ""),):
        yield Said(f"{number} {one} {factor} x {found['of']}", "", not note, note)


def pieces(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought at least 10 items in total`: so many pieces; without that it may be said of different ones."""
    catalog, event = people.lexicon.catalog, found["e"]
    thing = next(iter(catalog.events[catalog.leaf_events(event)[0]].things), "")
    if not (number := _pieces(people, event, thing)) or not found["c"][1].isdigit():
        return
    in_total = verbs.tokens[stop - 1].folded in ("total", "altogether", "overall")
    yield Said(f"{number}{_window(found)} {test_(found['c'])}", "", in_total, "pieces" * (not in_total))
    if not in_total and (kind := people.lexicon.counted(event, "items")):
        several = f"{word('AGGREGATE_OF', 'distinct')} {format_name(kind)} {word('OF')} {format_name(event)}"
        yield Said(f"{several}{_window(found)} {test_(found['c'])}", "", False, "different ones")


def for_so_much(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered for more than $250 this year`: one order, or all of them."""
    catalog = people.lexicon.catalog
    event, test = format_name(found["e"]), test_(found["c"])
    if found["c"][1].isdigit() or found["to"] > found["from"] + 1:  # `placed order for more than $250` is one
        return
    for name in map(format_name, amounts(catalog.events[catalog.leaf_events(found["e"])[0]])):
        yield Said(f"{event}{_window(found)} {word('WHERE')} {name} {test}", "", False, "one of them")
        all_ = f"{word('AGGREGATE_OF', 'sum')} {name} {word('OF')} {event}"
        yield Said(f"{all_}{_window(found)} {test}", "", False, "all of them")


def spent_on(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`spent over $50 on beans`: by the prices of what was bought, or all that was paid for orders with some."""
    catalog, (event, test), any_ = people.lexicon.catalog, found["t"], f"{word('ANY_ITEM', 'any')} ("
    declared, (sign, *numbers) = catalog.events[catalog.leaf_events(event)[0]], found["c"]
    items = declared.items.properties if declared.items else {}
    bare = test.removeprefix(any_).removesuffix(")" * test.startswith(any_))
    each = f"the {{}} of each{', whatever its quantity' * ('quantity' in items)}"
    summed = [
        (one, f"({bare})" if f" {word('AND')} " in bare else bare, each.format(one))
        for one, part in items.items() if part.type == "money" and test.startswith(any_)
    ]  # fmt: skip
    summed += [(one, test, "all of the orders that have some") for one in amounts(declared)]
    for one, where, note in summed:
        sum_ = f"{word('AGGREGATE_OF', 'sum')} {format_name(one)} {word('OF')} {format_name(event)}{_window(found)}"
        for than in (f">= {numbers[0]}", f"= {numbers[0]}") if sign == "=" else (test_(found["c"]),):
            yield Said(f"{sum_} {than} {word('WHERE')} {where}", "", False, note)


def than_before(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`spent more this year than last year`, `fewer orders in 2026 than in 2025`: the same measure of two times."""
    measure = format_name(found["m"]) if "m" in found else f"{word('MEASURE_OF', 'number')} {format_name(found['e'])}"
    yield Said(f"{measure} {found['w']} {found['y']} {measure} {found['v']}")


def item_worth(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought items worth more than $100`: all that was paid, or one item."""
    catalog = people.lexicon.catalog
    event, test = catalog.events[catalog.leaf_events(found["e"])[0]], test_(found["c"])
    head = f"{format_name(found['e'])}{_window(found)} {word('WHERE')}"
    for name in amounts(event):
        yield Said(f"{head} {format_name(name)} {test}", "", False, "all of it")
    for name, part in event.items.properties.items() if event.items else ():
        if part.type == "money":
            yield Said(f"{head} {word('ANY_ITEM', 'any')} ({format_name(name)} {test})", "", False, "one of them")


def paid(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`paid more than $250 for an order`."""
    catalog = people.lexicon.catalog
    for name in amounts(catalog.events[catalog.leaf_events(found["e"])[0]]):
        head = f"{format_name(found['e'])}{_window(found)} {word('WHERE')}"
        one = f"{head} {format_name(name)} {test_(found['c'])}"
        yield Said(say("NEVER {}", one) if "no" in found else one)


def summed(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`refunds worth more than $200 in total`."""
    catalog = people.lexicon.catalog
    for name in amounts(catalog.events[catalog.leaf_events(found["e"])[0]]):
        all_ = f"{word('AGGREGATE_OF', 'sum')} {format_name(name)} {word('OF')} {format_name(found['e'])}"
        yield Said(f"{all_}{_window(found)} {test_(found['c'])}")


def more_pieces(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought more items than the average customer`."""
    catalog = people.lexicon.catalog
    thing = next(iter(catalog.events[catalog.leaf_events(found["e"])[0]].things), "")
    if number := _pieces(people, found["e"], thing):
        yield Said(f"{number} {found['y']} {found['of']}")


def agent_off_average(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`above average spenders`: by the metric of what they do."""
    for one in people.ranked("top", "1", (found["who"],), None):
        yield from off_average(people, verbs, {"m": one.text.split(f" {word('BY')} ")[-1]}, stop)


def items_at_once(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`bought more than 2 items in one order`; a number alone may be the least."""
    if "e" not in found:  # `3 or more items in one order`
        for event in people.standing.purchases()[:1]:
            yield from items_at_once(people, _, {**found, "e": event}, stop)
        return
    sign, *numbers = found["c"]
    often = {">": "more than {}", ">=": "at least {}", "<": "fewer than {}", "<=": "at most {}"}
    for one in (often[sign],) if sign in often else ("exactly {}", "at least {}") if sign == "=" else ():
        text = f"{format_name(found['e'])}{_window(found)} {word('WHERE')} {one.format(numbers[0])} items"
        yield Said(text, "", sign in often)


__all__ = ["item_worth", "items_at_once", "kinds_of", "kinds_of_both", "measured_none", "number_overall", "off_average",
           "overall", "spent_on"]  # fmt: skip
