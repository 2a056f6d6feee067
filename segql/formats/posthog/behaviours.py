"""What persons did, as events with windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ... import ast
from ..core import phrases
from ..core.documents import Node
from ..core.names import Names
from ..core.reading import event_type, known, text_at
from ..core.report import Impossible, Notes
from ..core.trees import named, number
from .properties import moment, property_test
from .words import PAGES

_UNITS: dict[str, ast.Unit] = {"minute": "min", "hour": "h", "day": "d", "week": "w", "month": "mo", "year": "y"}
_OPS: dict[str, ast.Op] = {"gte": ">=", "lte": "<=", "gt": ">", "lt": "<", "exact": "=", "eq": "="}
_WINDOW = ("time_value", "time_interval", "explicit_datetime", "explicit_datetime_to")
_EVENT = ("type", "value", "key", "event_type", "negation", "event_filters")
_SECOND = ("seq_event", "seq_event_type", "seq_time_value", "seq_time_interval")
SAME_INSTANT = "Two events of one instant follow each other here; PostHog does not say whether they do there."
YESTERDAY = (
    "PostHog's periods end with yesterday, these up to now: who was active at an edge may be in only one of the two."
)


def _name(node: Node, key: str, names: Names) -> str:
    """The event of a key; an action has to be named."""
    id = text_at(node, key)
    if not id:
        raise Impossible(f"`{key}` is missing.", node.path)
    type = text_at(node, "event_type" if key == "key" else "seq_event_type") or "events"
    if type == "actions":
        return known(names, "events", id, f"{node.path}/{key}")
    if type != "events":
        raise Impossible(f"`{type[:40]}` is not known to this revision: events, actions.", node.path)
    return names.find("events", id) or PAGES.get(id) or " ".join(id.lstrip("$").replace("_", " ").split()) or id


def _where(node: Node, event: str, names: Names, notes: Notes) -> Any:
    """The `where` of the event's filters, which all hold; None without any."""
    found = node.get("event_filters")
    tests = []
    for one in found.items() if found is not None else ():
        one.only("type", "key", "operator", "value")
        if (type := text_at(one, "type") or "event") != "event":
            raise Impossible(f"Of an event its own properties are asked, not a {type[:40]}'s.", one.path)
        key = one.need("key").text()
        name = names.property_of(event, key) or " ".join(key.lstrip("$").replace("_", " ").split()) or key
        tests.append(property_test(name, one, notes, event_type(names, event, name)))
    return phrases.all_tests(tests) if tests else None


def _length(node: Node, value: str = "time_value", interval: str = "time_interval") -> ast.Duration:
    found = node.need(value)
    count = Decimal(found.value) if isinstance(found.value, str) and found.value.isdecimal() else found.number()
    if count != count.to_integral_value() or not 0 < count < 100_000:
        raise Impossible("A length of time is a whole number above 0.", found.path)
    return ast.Duration(int(count), _UNITS[node.need(interval).one_of(*_UNITS)])


def _window(node: Node, notes: Notes) -> Any:
    start, end = node.get("explicit_datetime"), node.get("explicit_datetime_to")
    if start is None and end is None:
        return ast.InLast(_length(node))
    if node.get("time_value") is not None:
        raise Impossible("Here are two windows: `time_value` and `explicit_datetime`.", node.path)
    if start is None:
        raise Impossible("A window that only ends is not known to this revision.", node.path)
    if end is None:
        return ast.Relative("since", moment(start, notes))
    low, high = moment(start, notes), moment(end, notes)
    if isinstance(low, ast.Ago) and isinstance(high, ast.Ago):
        return ast.BetweenAgo(low.length, high.length)
    if type(low) is not type(high) or low.value > high.value:
        raise Impossible("This window ends before it starts, or has a day at one end and a time.", node.path)
    return ast.BetweenMoments(low, high)


def _performed(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only(*_EVENT, *_WINDOW, "operator", "operator_value")
    event = _name(node, "key", names)
    return phrases.happened(event, _window(node, notes), _where(node, event, names, notes))


def _multiple(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """So many times. Who never did it is in none of its groups, so that `at most 3` is from 1 to 3."""
    node.only(*_EVENT, *_WINDOW, "operator", "operator_value")
    event = _name(node, "key", names)
    window, where = _window(node, notes), _where(node, event, names, notes)
    operator = text_at(node, "operator") or "gte"
    op = _OPS.get(operator)
    if op is None:
        raise Impossible(f"`{operator[:40]}` is not known to this revision: {', '.join(_OPS)}.", node.path)
    times = node.need("operator_value").whole()
    if op in ("<", "<="):
        most = times if op == "<=" else times - 1
        if most < 1:
            return ast.AnyOf(())
        quantity = ast.Quantity("between", number(1), number(most)) if most > 1 else ast.Quantity("=", number(1))
        return ast.Subject(named(event), quantity, window=window, where=where)
    if (op == "=" and times == 0) or times < 0:
        raise Impossible("Who never did it is in none of PostHog's groups: 0 times is nobody there.", node.path)
    if op != "=" and times == 0:
        return phrases.happened(event, window, where)
    return phrases.counted(event, op, Decimal(times), window, where)


def _first_time(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only(*_EVENT, *_WINDOW)
    event = _name(node, "key", names)
    return ast.Subject(_first(event), window=_window(node, notes), where=_where(node, event, names, notes))


def _first(event: str) -> ast.Name:
    name = named(event)
    return ast.Name(f"first {name.words}".strip(), name.quoted)


def _sequence(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only(*_EVENT, *_WINDOW, *_SECOND)
    first, second = _name(node, "key", names), _name(node, "seq_event", names)
    within = _length(node, "seq_time_value", "seq_time_interval")
    if within.unit in ("mo", "y"):
        raise Impossible("Between two events months and years have no length: write days.", node.path)
    notes.add(SAME_INSTANT)
    begin = phrases.happened(first, _window(node, notes), _where(node, first, names, notes))
    return ast.Sequence(("then",), (begin, ast.Subject(named(second), within=within)))


def _regularly(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only(*_EVENT, "time_value", "time_interval", "operator", "operator_value", "min_periods", "total_periods")
    event = _name(node, "key", names)
    length = _length(node)
    if length.unit in ("min", "h"):
        raise Impossible("Periods are days, weeks, months or years.", node.path)
    least, total = node.need("min_periods").whole(), node.need("total_periods").whole()
    times = node.get("operator_value")
    op = _OPS.get(text_at(node, "operator") or "gte")
    count = 1 if times is None else times.whole()
    if op is None or count < 1 or op in ("<", "<=") or not 1 <= least <= total <= 400:
        raise Impossible("Periods are some of at most 400, each with a number of times of 1 or more.", node.path)
    notes.add(YESTERDAY)
    regularity = ast.Regularity(ast.Quantity(">=", number(least)), total, length.unit, length.count)
    quantity = None if op == ">=" and count == 1 else ast.Quantity(op, number(count))
    return ast.Subject(named(event), quantity, where=_where(node, event, names, notes), regularity=regularity)


def _stopped(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """In the window, and not of late."""
    event, window, recent, where = _ended(node, names, notes)
    return phrases.every([phrases.happened(event, window, where), phrases.never(event, ast.InLast(recent), where)])


def _restarted(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """Of late, not for the first time, and not in the window before."""
    event, window, recent, where = _ended(node, names, notes)
    between = ast.BetweenAgo(window.length, recent)
    first = ast.Subject(_first(event), window=ast.InLast(recent), where=where)
    return phrases.every([
        phrases.happened(event, ast.InLast(recent), where), ast.Not(first), phrases.never(event, between, where)
    ])  # fmt: skip


def _ended(node: Node, names: Names, notes: Notes) -> tuple[str, ast.InLast, ast.Duration, Any]:
    node.only(*_EVENT, "time_value", "time_interval", "seq_time_value", "seq_time_interval")
    event = _name(node, "key", names)
    recent = _length(node, "seq_time_value", "seq_time_interval")
    return event, ast.InLast(_length(node)), recent, _where(node, event, names, notes)


BEHAVIOURS: Mapping[str, Callable[[Node, Names, Notes], ast.Rule]] = {
    "performed_event": _performed,
    "performed_event_multiple": _multiple,
    "performed_event_first_time": _first_time,
    "performed_event_sequence": _sequence,
    "performed_event_regularly": _regularly,
    "stopped_performing_event": _stopped,
    "restarted_performing_event": _restarted,
}
"""How each behaviour is read."""
