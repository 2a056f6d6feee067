"""Events as PostHog's behaviours: an event in a window, how often, and which."""

from __future__ import annotations

from typing import Any, TypeAlias

from ... import ast, parser
from ..core.words import only
from .behaviours import SAME_INSTANT, YESTERDAY
from .persons import at, is_empty, operators
from .properties import SINCE_MIDNIGHT
from .words import Words, leaf, unless

Tree: TypeAlias = Any
Json: TypeAlias = dict[str, Any]
FAR = 50
LONG_AGO = f"PostHog asks for a window with two ends: this one reaches back {FAR} years."
SINCE_1970 = "PostHog asks for a window with two ends: this one begins in 1970."
AHEAD = "Events ahead of now are in there, and not here."
_EVER: Json = {"time_value": FAR, "time_interval": "year"}
_OPS: dict[ast.Op, str] = {">=": "gte", ">": "gt", "=": "exact"}
_HOURS = {"minute": 1 / 60, "hour": 1, "day": 24, "week": 168, "month": 720, "year": 8760}


def kind_of(node: ast.Subject) -> str:
    """The vendor's name for an event with these parts."""
    if node.regularity is not None:
        return "performed_event_regularly"
    return "performed_event" if node.quantity is None else "performed_event_multiple"


def happened(node: ast.Subject, words: Words, positive: bool) -> Tree:
    """An event with its number of times, or in so many periods. Raises Impossible."""
    if node.regularity is not None:
        return _regularly(node, node.regularity, words, positive)
    only(node, words, "head", "quantity", "window", "where")
    heads = node.head.events if isinstance(node.head, ast.Either) else (node,)
    parts: list[Json] = []
    for one in heads:
        event = words.event(one.head) if isinstance(one.head, ast.Name) else None
        if event is None:
            raise words.no_form("this event")
        for own in words.setting.catalog.leaf_events(event):
            tests = [*_filters(own, one.where, words), *(_filters(own, node.where, words) if one is not node else [])]
            parts.append({**_event(own, words), **_window(node.window, words), **_filtered(tests)})
    quantity = node.quantity
    if quantity is None:
        return _each(parts, True, positive)
    counts = [(quantity.op, words.number(quantity.count))]
    if quantity.op == "between":
        counts = [(">=", counts[0][1]), ("<=", words.number(quantity.most))]
    return _counted(parts, counts, words, positive)


def _each(parts: list[Json], any_: bool, positive: bool) -> Tree:
    """Any of some events happened, or none of them."""
    found = [{**one, "value": "performed_event"} for one in parts]
    return (ast.AnyOf if any_ == positive else ast.All)(tuple(unless(any_ != positive, one) for one in found))


def _counted(parts: list[Json], counts: list[tuple[Any, Any]], words: Words, positive: bool) -> Tree:
    """So many times; what 0 fits is what more of them do not fit. Raises Impossible."""
    if any(count != int(count) for _, count in counts):
        raise words.no_form("a number of times that is not whole")
    low, high = _bounds(counts)
    if len(parts) > 1:
        if (low, high) not in ((1, None), (0, 0)):
            raise words.no_form("a number of times of several events together")
        return _each(parts, True, positive == (low == 1))
    (op, count), part = counts[0], parts[0]
    if op == "!=" and count > 0:
        return unless(positive, _times(part, "exact", count))
    if (low == 0 and high is None) or (high is not None and high < max(low, 0)):
        return (ast.All if (high is None) == positive else ast.AnyOf)(())
    if low == 1 and high is not None:
        return unless(not positive, _times(part, "exact" if high == 1 else "lte", high))
    if low == high and low:
        return unless(not positive, _times(part, "exact", low))
    found = [] if low == 0 else [_least(part, low)]
    found += [] if high is None else [unless(True, _least(part, high + 1))]
    return (ast.All if positive else ast.AnyOf)(tuple(unless(not positive, one) for one in found))


def _bounds(counts: list[tuple[Any, Any]]) -> tuple[int, int | None]:
    """The least and the greatest whole number of times; `!= 0` is at least once."""
    low, high = 0, None
    for op, given in counts:
        count = int(given)
        if op in (">=", ">", "="):
            low = max(low, count + (op == ">"))
        if op in ("<=", "<", "="):
            high = count - (op == "<")
        if op == "!=" and count == 0:
            low = 1
    return low, high


def _least(part: Json, count: int) -> Json:
    return {**part, "value": "performed_event"} if count == 1 else _times(part, "gte", count)


def _times(part: Json, operator: str, count: int) -> Json:
    return {**part, "value": "performed_event_multiple", "operator": operator, "operator_value": count}


def number_of(node: ast.Subject, event: str, words: Words, positive: bool) -> Tree:
    """`number of EVENT >= 3`. Raises Impossible."""
    only(node, words, "head", "comparison", "window", "where")
    match node.comparison:
        case ast.Compare(op, right):
            counts: list[tuple[Any, Any]] = [(op, words.number(right))]
        case ast.Between(low, high):
            counts = [(">=", words.number(low)), ("<=", words.number(high))]
        case _:
            raise words.no_form("this comparison")
    parts = [
        {**_event(own, words), **_window(node.window, words), **_filtered(_filters(own, node.where, words))}
        for own in words.setting.catalog.leaf_events(event)
    ]
    return _counted(parts, counts, words, positive)


def metric(node: ast.Subject, name: str, words: Words, positive: bool) -> Tree:
    """A metric of the catalog that is a number of times. Raises Impossible."""
    text = parser.parse_metric(words.setting.catalog.metrics[name].value)
    head = text.top.head
    event = head.text.partition(" of ")[2] if isinstance(head, ast.Name) else ""
    own = words.setting.catalog.find_event(event)
    plain = text.bottom is None and text.top == ast.Subject(head)
    if own is None or not plain or not isinstance(head, ast.Name) or not head.text.lower().startswith("number of "):
        raise words.no_form(f"`{name}`: a number of times is all that is measured there")
    return number_of(node, own, words, positive)


def edge(node: ast.Subject, word: str, event: str, words: Words, positive: bool) -> Tree:
    """`first EVENT`, `last EVENT` in a window. Raises Impossible."""
    only(node, words, "head", "window", "where")
    leaves = words.setting.catalog.leaf_events(event)
    if len(leaves) > 1:
        raise words.no_form(f"the {word} of several events")
    part = {**_event(leaves[0], words), **_filtered(_filters(leaves[0], node.where, words))}
    match word, node.window:
        case "first", ast.InLast():
            one = {**part, **_window(node.window, words), "value": "performed_event_first_time"}
            return unless(not positive, one)
        case "last", ast.InLast():
            return unless(not positive, {**part, **_window(node.window, words), "value": "performed_event"})
        case "last", ast.MoreThanAgo(length) | ast.Relative("before", ast.Ago(length, False)):
            ever = {**part, **_window(None, words), "value": "performed_event"}
            late = {**part, **_window(ast.InLast(length), words), "value": "performed_event"}
            return (ast.All if positive else ast.AnyOf)((unless(not positive, ever), unless(positive, late)))
    raise words.no_form(f"the {word} event in this window")


def sequence(node: ast.Sequence, words: Words, positive: bool) -> Json:
    """`A then B within 2h`. Raises Impossible."""
    if len(node.steps) != 2 or node.words == ("not followed by",):
        raise words.no_form("sequences but of two steps that are both done")
    first, second = node.steps
    only(first, words, "head", "window", "where")
    only(second, words, "head", "within")
    names = [words.event(one.head) if isinstance(one.head, ast.Name) else None for one in (first, second)]
    if None in names or any(len(words.setting.catalog.leaf_events(str(name))) > 1 for name in names):
        raise words.no_form("several events in one step, or none")
    length = second.within or node.within
    if length is None:
        raise words.no_form("a sequence without a time from step to step: write `within 30d`")
    count, interval = words.interval(length)
    if interval in ("month", "year"):
        raise words.no_form("months and years from step to step: write days")
    window = _window(first.window, words)
    if "time_value" in window and _HOURS[window["time_interval"]] * window["time_value"] < _HOURS[interval] * count:
        raise words.no_form("a second step that may come later than the whole window is long")
    words.notes.add(SAME_INSTANT)
    key, type = words.key(str(names[1]))
    found = {
        **_event(str(names[0]), words), **window, **_filtered(_filters(str(names[0]), first.where, words)),
        "value": "performed_event_sequence", "seq_event": key, "seq_event_type": type, "seq_time_value": count,
        "seq_time_interval": interval,
    }  # fmt: skip
    return unless(not positive, found)


def _regularly(node: ast.Subject, regularity: ast.Regularity, words: Words, positive: bool) -> Json:
    only(node, words, "head", "quantity", "where", "regularity")
    event = words.event(node.head) if isinstance(node.head, ast.Name) else None
    if event is None or len(words.setting.catalog.leaf_events(event)) > 1:
        raise words.no_form("this event")
    if regularity.quantity.op not in (">=", ">") or not isinstance(regularity.quantity.count, ast.Number | ast.Name):
        raise words.no_form("a number of periods but `at least`")
    least = int(words.number(regularity.quantity.count)) + (regularity.quantity.op == ">")
    times, operator = 1, "gte"
    if (quantity := node.quantity) is not None:
        if quantity.op not in _OPS:
            raise words.no_form("so many times in a period")
        times, operator = int(words.number(quantity.count)), _OPS[quantity.op]
    if not 1 <= least <= regularity.periods or times < 1:
        raise words.no_form("so many periods")
    count, interval = words.interval(ast.Duration(regularity.length, regularity.unit))
    words.notes.add(YESTERDAY)
    found = {
        **_event(event, words), "value": "performed_event_regularly", "time_value": count, "time_interval": interval,
        "operator": operator, "operator_value": times, "min_periods": least, "total_periods": regularity.periods,
        **_filtered(_filters(event, node.where, words)),
    }  # fmt: skip
    return unless(not positive, found)


def _event(event: str, words: Words) -> Json:
    key, type = words.key(event)
    if words.setting.catalog.events[event].time is None:
        raise words.no_form(f"`{event}`, which has no time")
    return leaf("behavioral", key=key, event_type=type)


def _filtered(tests: list[Json]) -> Json:
    return {"event_filters": tests} if tests else {}


def _filters(event: str, where: Any, words: Words, positive: bool = True) -> list[Json]:
    """The tests of a `where`, all of which hold. Raises Impossible."""
    match where:
        case None:
            return []
        case ast.Not(part):
            return _filters(event, part, words, not positive)
        case ast.All(parts) if positive:
            return [test for part in parts for test in _filters(event, part, words)]
        case ast.AnyOf(parts) if not positive:
            return [test for part in parts for test in _filters(event, part, words, False)]
        case ast.Subject(ast.Name() as head, comparison=comparison):
            only(where, words, "head", "comparison")
            key = words.of_event(event, head.text)
            found = operators(comparison, words.event_type(event, head.text), words, positive)
            if found is None or is_empty(comparison, positive):
                raise words.no_form("who lacks it, or one of two, within `where`")
            return [{"key": key, **one, "type": "event"} for one in found]
        case ast.Items():
            raise words.no_form("items of an event")
        case _:
            raise words.no_form("`or` within `where`")


def _window(window: ast.Window | None, words: Words) -> Json:
    """The window of an event. Raises Impossible."""
    match window:
        case None | ast.Ever():
            words.notes.add(LONG_AGO)
            return dict(_EVER)
        case ast.InLast(length) | ast.Relative("since", ast.Ago(length, False)):
            count, interval = words.interval(length)
            return {"time_value": count, "time_interval": interval}
        case ast.BetweenAgo(one, other):
            words.notes.add(SINCE_MIDNIGHT)
            return _between(words.back(one), words.back(other), words, (one, other))
        case ast.MoreThanAgo(length) | ast.Relative("before", ast.Ago(length, False)):
            words.notes.add(SINCE_MIDNIGHT)
            words.notes.add(LONG_AGO)
            return {"explicit_datetime": f"-{FAR}y", "explicit_datetime_to": words.back(length)}
        case ast.Relative("since" | "after" as word, moment):
            found = words.value(moment) if isinstance(moment, ast.Name) else moment
            later = word == "after" and isinstance(found, ast.Date)
            return {"explicit_datetime": at(moment, words, later=later)}
        case ast.Relative("before", moment):
            words.notes.add(SINCE_1970)
            end = at(moment, words, earlier=True)
            return {"explicit_datetime": "1970-01-01" + "T00:00:00+00:00" * ("T" in end), "explicit_datetime_to": end}
        case ast.Relative("on", moment):
            return {"explicit_datetime": at(moment, words), "explicit_datetime_to": at(moment, words)}
        case ast.BetweenMoments(start, end_):
            return {"explicit_datetime": at(start, words), "explicit_datetime_to": at(end_, words)}
        case _:
            raise words.no_form("a period of the calendar, or a day that moves with now")


def _between(one: str, other: str, words: Words, lengths: tuple[ast.Length, ast.Length]) -> Json:
    found = [words.length(length) for length in lengths]
    hours = {"h": 1, "d": 24, "w": 168, "mo": 730, "y": 8760}
    first, second = (length.count * hours[length.unit] for length in found)
    far, near = (one, other) if first >= second else (other, one)
    return {"explicit_datetime": far, "explicit_datetime_to": near}
