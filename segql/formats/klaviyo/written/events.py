"""Events, sums and sequences as Klaviyo's `profile-metric` and `profile-metric-funnel`."""

from __future__ import annotations

from typing import Any, TypeAlias

from .... import ast, parser
from ....catalog.names import fold
from ...core.report import Impossible
from ...core.words import only
from ..funnels import WINDOWS
from ..metrics import VALUE
from .filters import filter_of
from .windows import timeframe
from .words import FLIPPED, OPERATORS, Words, no_form

Part: TypeAlias = tuple[str, ast.Window | None, list[tuple[ast.Subject, bool]]]
"""What is measured, when, and which."""
FUNNEL = "The vendor does not say whose window it is, and whether a later step may be at the same instant."


def counted(node: ast.Subject, words: Words, positive: bool) -> Any:
    """An event with its number of times. Raises Impossible."""
    only(node, words, "head", "quantity", "window", "where")
    quantity = node.quantity
    found: list[tuple[ast.Op, Any]] = [(">", 0)]
    if quantity is not None and quantity.op == "between":
        assert quantity.most is not None
        found = [(">=", words.number(quantity.count)), ("<=", words.number(quantity.most))]
    elif quantity is not None:
        assert quantity.op != "between"
        found = [once(quantity.op, words.number(quantity.count))]
    wheres: list[tuple[str, list[Any]]] = []
    for one in _several(node.head, words):
        event = words.event(one.head) if isinstance(one.head, ast.Name) else None
        if event is None:
            raise no_form("this event")
        tests = [*_tests(one.where), *_tests(node.where)]
        wheres += [(leaf, tests) for leaf in words.setting.catalog.leaf_events(event)]
    if len(wheres) > 1 and found not in ([(">", 0)], [("=", 0)]):
        raise no_form("a number of times of several events together")
    kind = ast.All if found == [("=", 0)] else ast.AnyOf
    parts = tuple(_metrics(event, found, ("count", node.window, tests), words, positive) for event, tests in wheres)
    return kind(parts) if positive else (ast.AnyOf if kind is ast.All else ast.All)(parts)


def once(op: ast.Op, count: Any) -> tuple[ast.Op, Any]:
    """`at least once` is more than 0, `fewer than once` and `at most 0` are 0."""
    if (op, count) == (">=", 1):
        return ">", 0
    return ("=", 0) if (op, count) in (("<", 1), ("<=", 0)) else (op, count)


def number_of(node: ast.Subject, event: str, words: Words, positive: bool) -> Any:
    """`number of EVENT >= 3`."""
    own = words.setting.catalog.find_event(event)
    assert own is not None
    only(node, words, "head", "comparison", "window", "where")
    leaves = words.setting.catalog.leaf_events(own)
    if len(leaves) > 1:
        raise no_form("a number of times of several events together")
    found = [once(op, value) for op, value in _compared(node.comparison, words)]
    return _metrics(leaves[0], found, ("count", node.window, _tests(node.where)), words, positive)


def measured(node: ast.Subject, head: ast.Aggregate, words: Words, positive: bool) -> Any:
    """`sum of VALUE of EVENT > 100`."""
    only(node, words, "head", "comparison", "window", "where")
    event = words.event(head.of) if isinstance(head.of, ast.Name) else None
    if head.kind != "sum" or head.property is None or event is None:
        raise no_form(f"`{head.kind}`: counts and sums are all that is measured there")
    leaves = words.setting.catalog.leaf_events(event)
    if len(leaves) > 1 or words.event_property(event, head.property.text) != VALUE:
        raise no_form(f"a sum of `{head.property.text}`: the value of an event is all that is added there")
    found = _compared(node.comparison, words)
    return _metrics(leaves[0], found, ("sum", node.window, _tests(node.where)), words, positive)


def metric(node: ast.Subject, name: str, words: Words, positive: bool) -> Any:
    """A metric of the catalog, by what it is."""
    text = parser.parse_metric(words.setting.catalog.metrics[name].value)
    top = text.top
    if text.bottom is not None or top.comparison is not None:
        raise no_form(f"`{name}`: counts and sums are all that is measured there")
    if top.window is not None and node.window is not None:
        raise no_form(f"`{name}` in a window of its own and another")
    tests: list[Any] = [one for one in (top.where, node.where) if one is not None]
    where: Any = ast.All(tuple(tests)) if tests else None
    whole = ast.Subject(top.head, comparison=node.comparison, window=node.window or top.window, where=where)
    only(node, words, "head", "comparison", "window", "where")
    if isinstance(top.head, ast.Aggregate):
        return measured(whole, top.head, words, positive)
    if isinstance(top.head, ast.Name) and fold(top.head.text).startswith("number of "):
        event = top.head.text.partition(" of ")[2]
        if words.setting.catalog.find_event(event) is not None:
            return number_of(whole, event, words, positive)
    raise no_form(f"`{name}`: counts and sums are all that is measured there")


def funnel(node: ast.Sequence, words: Words) -> dict[str, Any]:
    """A sequence. Raises Impossible."""
    steps, first, last = [], node.steps[0], len(node.steps) - 1
    length = node.within
    for place, step in enumerate(node.steps):
        only(
            step,
            words,
            "head",
            "where",
            *(["window"] if place == 0 else []),
            *(["within"] if last == 1 == place else []),
        )
        length = step.within or length
        exists = place == 0 or node.words[place - 1] != "not followed by"
        head = step.head
        if not isinstance(head, ast.Name):
            raise no_form("several events in one step")
        event = words.event(head)
        if event is None and head.text.lower().startswith("no "):
            event, exists = words.setting.catalog.find_event(head.text[3:]), False
        if event is None or len(words.setting.catalog.leaf_events(event)) > 1:
            raise no_form("several events in one step")
        filters = _filters(event, _tests(step.where), words)
        steps.append({"metric_id": words.metric_id(event), "metric_exists": exists, "metric_filters": filters})
    words.notes.add(FUNNEL)
    return {
        "type": "profile-metric-funnel", "steps": steps, "timeframe_filter": _of_funnel(first.window, words),
        "completion_window_seconds": _completion(length, words),
    }  # fmt: skip


def _of_funnel(window: ast.Window | None, words: Words) -> dict[str, Any]:
    found = timeframe(window, words)
    if found["operator"] not in ("between-static", "between", "at-least", "in-the-last"):
        raise no_form("a funnel over all time, or with one end")
    return found


def _completion(length: ast.Length | None, words: Words) -> str | None:
    if length is None:
        return None
    found = words.value(length) if isinstance(length, ast.Name) else length
    hours = {"h": 1, "d": 24, "w": 168}
    for name, (count, unit) in WINDOWS.items():
        if isinstance(found, ast.Duration) and found.count * hours.get(found.unit, 0) == count * hours[unit]:
            return name
    raise no_form(f"this time from step to step: there are {', '.join(WINDOWS)}")


def _compared(comparison: ast.Comparison | None, words: Words) -> list[tuple[ast.Op, Any]]:
    match comparison:
        case ast.Compare(op, right):
            return [(op, words.number(right))]
        case ast.Between(low, high):
            return [(">=", words.number(low)), ("<=", words.number(high))]
        case _:
            raise no_form("this comparison")


def _metrics(event: str, found: list[tuple[ast.Op, Any]], part: Part, words: Words, positive: bool) -> Any:
    """A condition for each comparison: all of them, or else any of their opposites."""
    measurement, window, tests = part
    if words.setting.catalog.events[event].time is None:
        return _objects(event, found, part, words, positive)
    filters = _filters(event, tests, words)
    conditions = [
        {
            "type": "profile-metric", "metric_id": words.metric_id(event), "measurement": measurement,
            "measurement_filter": {"type": "numeric", "operator": OPERATORS[op], "value": value},
            "timeframe_filter": timeframe(window, words), "metric_filters": filters,
        }
        for op, value in (pair if positive else once(FLIPPED[pair[0]], pair[1]) for pair in found)
    ]  # fmt: skip
    return ast.All(tuple(conditions)) if positive else ast.AnyOf(tuple(conditions))


def _objects(event: str, found: list[tuple[ast.Op, Any]], part: Part, words: Words, positive: bool) -> Any:
    """An event without a time: a custom object, whose id has that of its relationship behind a `/`."""
    measurement, window, tests = part
    type, _, link = words.metric_id(event).partition("/")
    if not link:
        raise Impossible(
            f"`{event}` has no time, so it is a custom object there: give --names with "
            f"`events: {{OBJECT TYPE/RELATIONSHIP: {event}}}`."
        )
    if measurement != "count" or window is not None:
        raise no_form("custom objects but for how many there are")
    filters = [{"property_id": one["property"], "filter": one["filter"]} for one in _filters(event, tests, words) or ()]
    conditions = tuple(
        {
            "type": "profile-has-custom-object", "object_type_id": type, "object_type_relationship_id": link,
            "filter": {"type": "numeric", "operator": OPERATORS[op], "value": value}, "filters": filters or None,
        }
        for op, value in (pair if positive else once(FLIPPED[pair[0]], pair[1]) for pair in found)
    )  # fmt: skip
    return ast.All(conditions) if positive else ast.AnyOf(conditions)


def _several(head: Any, words: Words) -> list[ast.Subject]:
    return list(head.events) if isinstance(head, ast.Either) else [ast.Subject(head)]


def _tests(where: Any) -> list[tuple[ast.Subject, bool]]:
    """The tests of a `where`, all of which must hold, each with its sign. Raises Impossible."""

    def each(node: Any, positive: bool) -> list[tuple[ast.Subject, bool]]:
        match node:
            case None:
                return []
            case ast.Not(part):
                return each(part, not positive)
            case ast.All(parts) if positive:
                return [test for part in parts for test in each(part, True)]
            case ast.AnyOf(parts) if not positive:
                return [test for part in parts for test in each(part, False)]
            case ast.Subject():
                return [(node, positive)]
            case ast.Items():
                raise no_form("items of an event")
            case _:
                raise no_form("`or` within `where`")

    return each(where, True)


def _filters(event: str, tests: list[tuple[ast.Subject, bool]], words: Words) -> list[dict[str, Any]] | None:
    return [_filter(event, test, positive, words) for test, positive in tests] or None


def _filter(event: str, test: ast.Subject, positive: bool, words: Words) -> dict[str, Any]:
    only(test, words, "head", "comparison")
    if not isinstance(test.head, ast.Name):
        raise no_form("this test of an event")
    catalog, name = words.setting.catalog, test.head.text
    comparison = test.comparison
    if catalog.find_event_property(event, name) is None and fold(name).startswith("number of "):
        list_ = name.partition(" of ")[2]
        return {"property": words.event_property(event, list_), "filter": length_filter(comparison, words, positive)}
    property, type = words.event_property(event, name), words.event_type(event, name)
    if isinstance(comparison, ast.Between):
        if catalog.events[event].time is not None or not positive:
            raise no_form("a number between two, within `where`")
        ends = {"start": words.number(comparison.low), "end": words.number(comparison.high)}
        return {"property": property, "filter": {"type": "numeric", "operator": "between", **ends}}
    if comparison is None:
        if type != "boolean":
            raise no_form("this test of an event")
        comparison = ast.Compare("=", ast.Bool(True))
    return {"property": property, "filter": filter_of(comparison, type, words, positive, of_event=True)}


def length_filter(comparison: ast.Comparison | None, words: Words, positive: bool) -> dict[str, Any]:
    """`number of LIST >= 2`. Raises Impossible."""
    if not isinstance(comparison, ast.Compare):
        raise no_form("this comparison of a list's length")
    op = comparison.op if positive else FLIPPED[comparison.op]
    if op == "!=":
        raise no_form("a list that has not so many elements")
    return {"type": "list", "operator": f"length-{OPERATORS[op]}", "value": words.number(comparison.right)}
