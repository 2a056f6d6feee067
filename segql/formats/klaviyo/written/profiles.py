"""Properties, consent, lists and places as Klaviyo's conditions."""

from __future__ import annotations

from typing import Any

from .... import ast
from ...core.report import Impossible
from ...core.words import only
from ...core.writing import group_id
from ..consent import OWN_RECORDS
from ..dates import ANNIVERSARY
from ..profiles import NO_POSITION, NUMBERS, POSITIONS
from .events import length_filter
from .filters import filter_of, holds_without
from .windows import length_of, of_date, timeframe
from .words import Words, no_form, plain

NO_RECORD = "Without a record nobody can receive it here; for the vendor they may have never objected."


def tested(node: ast.Subject, name: str, words: Words, positive: bool) -> Any:
    """A property with a comparison, a window, or alone."""
    only(node, words, "head", "comparison", "window")
    id, type = words.property(name)
    if node.window is not None:
        if not positive:
            raise no_form("a date that is not in a window")
        if _since_ago(node.window):
            raise no_form("a date since then that may lie ahead of now")
        found = of_date(node.window, words) if type == "date" else timeframe(node.window, words)
        return _property(id, found)
    comparison = node.comparison
    if isinstance(comparison, ast.Between):
        ops: list[ast.Op] = [">=", "<="] if positive else ["<", ">"]
        pairs = zip(ops, (comparison.low, comparison.high), strict=True)
        parts = [_property(id, filter_of(ast.Compare(op, end), type, words, True, of_event=False)) for op, end in pairs]
        return ast.All(tuple(parts)) if positive else ast.AnyOf((*parts, _unset(id)))
    if comparison is None:
        if type != "boolean":
            raise no_form("this condition")
        comparison = ast.Compare("=", ast.Bool(True))
    if isinstance(comparison, ast.Includes) and len(comparison.values) > 1:
        return _each(id, comparison, type, words, positive)
    condition = _property(id, filter_of(comparison, type, words, positive, of_event=False))
    return ast.AnyOf((condition, _unset(id))) if holds_without(comparison, positive) else condition


def _since_ago(window: ast.Window) -> bool:
    return isinstance(window, ast.Relative) and window.word == "since" and isinstance(window.moment, ast.Ago)


def _each(id: str, comparison: ast.Includes, type: str, words: Words, positive: bool) -> Any:
    """Several elements of a list, one condition for each."""
    kind = ast.AnyOf if (comparison.how == "any") == (comparison.negated != positive) else ast.All
    holds = comparison.negated != positive
    parts = [
        _property(id, filter_of(ast.Includes("any", (one,)), type, words, holds, of_event=False))
        for one in comparison.values
    ]
    return kind(tuple(parts)) if holds else ast.AnyOf((kind(tuple(parts)), _unset(id)))


def length(node: ast.Subject, name: str, words: Words, positive: bool) -> Any:
    """`number of LIST >= 2`."""
    only(node, words, "head", "comparison")
    id, type = words.property(name)
    if not type.startswith("list"):
        raise no_form("this condition")
    found = length_filter(node.comparison, words, positive)
    condition = _property(id, found)
    fits = {"length-equals": found["value"] == 0, "length-less-than": found["value"] > 0,
            "length-less-than-or-equal": found["value"] >= 0, "length-greater-than": found["value"] < 0,
            "length-greater-than-or-equal": found["value"] <= 0}[found["operator"]]  # fmt: skip
    return ast.AnyOf((condition, _unset(id))) if fits else condition


def dated(node: ast.Subject, head: ast.DatePart | ast.Anniversary, words: Words, positive: bool) -> Any:
    """`month of DATE = 5`, and anniversaries."""
    id, type = words.property(head.property.text)
    if isinstance(head, ast.DatePart):
        only(node, words, "head", "comparison")
        if head.part != "month" or not positive:
            raise no_form("this part of a date")
        if type == "time" and words.setting.catalog.timezone != "UTC":
            words.notes.add("The month is that in UTC there.")
        match node.comparison:
            case ast.Compare("=", right):
                months = [right]
            case ast.In(values, False):
                months = list(values)
            case _:
                raise no_form("this comparison of a month")
        found = [
            _property(id, {"type": "date", "operator": "calendar-month", "value": words.number(m)}) for m in months
        ]
        return ast.AnyOf(tuple(found))
    only(node, words, "head", "window")
    if not positive:
        raise no_form("who has no anniversary then")
    words.notes.add(ANNIVERSARY)
    match node.window:
        case ast.Period("today"):
            return _property(id, {"type": "date", "operator": "anniversary"})
        case ast.Period("this", "month"):
            return _property(id, {"type": "date", "operator": "anniversary-month"})
        case ast.InLast(duration):
            return _property(id, {"type": "date", "operator": "anniversary-last", **length_of(duration, words)})
        case ast.InNext(duration):
            return _property(id, {"type": "date", "operator": "anniversary-next", **length_of(duration, words)})
        case _:
            raise no_form("anniversaries in this window")


def _property(id: str, filter: dict[str, Any]) -> dict[str, Any]:
    """A property, or a prediction where the names give it that of a dimension."""
    dimension, *more = id.split(".")
    if dimension == "channel_affinity" and len(more) == 2:
        channel, measurement = more
        return {
            "type": "profile-predictive-analytics", "dimension": dimension, "predicted_channel": channel,
            "measurement": measurement, "filter": _known(filter),
        }  # fmt: skip
    if id in (*NUMBERS, "expected_date_of_next_purchase", "predicted_gender"):
        return {"type": "profile-predictive-analytics", "dimension": id, "filter": _known(filter)}
    return {"type": "profile-property", "property": id, "filter": filter}


def _known(filter: dict[str, Any]) -> dict[str, Any]:
    if filter["type"] == "existence":
        raise no_form("whether a prediction is there")
    return filter


def _unset(id: str) -> dict[str, Any]:
    return _property(id, {"type": "existence", "operator": "not-set"})


def consent(node: ast.CanReceive, words: Words, positive: bool) -> dict[str, Any]:
    """Who can be reached. Raises Impossible."""
    catalog, names = words.setting.catalog, words.setting.names
    own = catalog.find_channel(node.channel.text)
    if own is None:
        raise no_form(f"`{node.channel.text}`")
    channel = names.id_of("channels", own) or own.lower()
    if channel.startswith("whatsapp"):
        return _permission(channel, node, words, positive)
    if channel not in ("email", "sms", "push"):
        raise no_form(f"`{own}`: there are email, sms, push and WhatsApp")
    narrowed = node.reason is not None or node.window is not None
    if narrowed and not positive:
        raise no_form("who did not get or give it for that reason, or then")
    can = node.negated != positive
    words.notes.add(OWN_RECORDS)
    subscription = "any"
    if can and channel != "push":
        subscription = "subscribed"
    if not can and narrowed:
        subscription = "unsubscribed" if channel != "push" else "any"
    elif not can and channel == "email":
        words.notes.add(NO_RECORD)
    filters: list[dict[str, Any]] = []
    if node.window not in (None, ast.Ever()):
        filters.append({"field": "status_date", "filter": timeframe(node.window, words)})
    if node.reason is not None:
        reason = words.value(node.reason)
        method = names.id_of("reasons", reason.value) if isinstance(reason, ast.Text) else None
        if method is None:
            said = getattr(reason, "value", "")
            raise Impossible(f"Nobody said which method `{said}` is: give --names with `reasons: {{METHOD: {said}}}`.")
        filters.append({"field": "method", "filter": {"type": "string", "operator": "equals", "value": method}})
    status = {"subscription": subscription, "filters": filters or None}
    asked = {"channel": channel, "can_receive_marketing": can, "consent_status": status}
    return {"type": "profile-marketing-consent", "consent": asked}


def _permission(channel: str, node: ast.CanReceive, words: Words, positive: bool) -> dict[str, Any]:
    if node.reason is not None or node.window is not None:
        raise no_form("when and why somebody may be reached by WhatsApp")
    words.notes.add(OWN_RECORDS)
    status = "explicitly_reachable" if node.negated != positive else "implicitly_or_explicitly_unreachable"
    return {
        "type": "profile-permissions", "channel": channel, "permission": {"reachable_status": status, "filters": None},
    }  # fmt: skip


def in_list(node: ast.InList, words: Words, positive: bool) -> dict[str, Any]:
    """Membership of a list, and since when. Raises Impossible."""
    id = group_id(node.name.text, "lists", words.setting)
    if id is None:
        name = node.name.text
        raise Impossible(f"Nobody said which list `{name}` is: give --names with `lists: {{ID: {name}}}`.")
    if node.window is not None and not positive:
        raise no_form("who did not join a list then")
    when = timeframe(node.window, words) if node.window is not None else None
    return _group([id], positive, when)


def in_segment(node: ast.InSegment, words: Words, positive: bool) -> dict[str, Any]:
    """Membership of another segment. Raises Impossible."""
    if node.word != "in":
        raise no_form("segments at other times")
    name = node.segment.name.text
    id = group_id(name, "segments", words.setting)
    if id is None or node.segment.arguments:
        raise Impossible(f"Nobody said which segment `{name}` is: give --names with `segments: {{ID: {name}}}`.")
    return _group([id], positive, None)


def _group(ids: list[str], inside: bool, when: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "type": "profile-group-membership", "is_member": inside, "group_ids": ids, "timeframe_filter": when,
    }  # fmt: skip


def near(node: ast.Near, words: Words, positive: bool) -> dict[str, Any]:
    """A distance from a place that the names give a postal code. Raises Impossible."""
    if not isinstance(node.place, ast.Name):
        raise no_form("distances from a point or a store: postal codes have one")
    own = words.setting.catalog.find_place(node.place.text) or node.place.text
    code = words.setting.names.id_of("places", own)
    country, _, postal = (code or "").partition(" ")
    if not country or not postal:
        raise Impossible(f"`{own}` has no postal code: give --names with `places: {{NL 1012: {own}}}`.")
    words.notes.add(POSITIONS)
    if not positive:
        words.notes.add(NO_POSITION)
    return {
        "type": "profile-postal-code-distance", "country_code": country, "postal_code": postal,
        "unit": "kilometers" if node.unit == "km" else "miles",
        "filter": {
            "type": "numeric", "operator": "less-than" if positive else "greater-than", "value": plain(node.distance)
        },
    }  # fmt: skip
