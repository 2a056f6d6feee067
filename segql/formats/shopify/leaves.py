"""Conditions as clauses of a query, as they are or denied."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ... import ast, parser
from ...catalog.names import fold
from ...errors import SegQLError
from ..core.report import Impossible
from .anniversaries import OF_ITSELF
from .calls import numeric, occurred, plain, summed
from .functions import ADDRESSES
from .ids import Ids
from .reference import ATTRIBUTES, VALUES, is_metafield
from .tree import Clause, Compare, Contains, Matches, Null, Parameter, Point, Word, every, some
from .windows import days_of, opposite

_EDGES = {("first", "orders_placed"): "first_order_date", ("last", "orders_placed"): "last_order_date",
          ("last", "abandoned_checkout_date"): "abandoned_checkout_date"}  # fmt: skip


def leaf(phrase: Any, ids: Ids, denied: bool) -> Any:
    """The clauses of a condition. Raises Impossible with what Shopify lacks."""
    match phrase:
        case ast.CanReceive(channel, None, None, negated):
            op: Any = "=" if negated == denied else "!="
            return Clause(ids.channel(channel.text), Compare(op, "SUBSCRIBED"))
        case ast.CanReceive():
            raise Impossible("Shopify knows the state of a subscription, not its reason and when.")
        case ast.Near(distance, unit, (latitude, longitude)):
            ids.notes.add(ADDRESSES)
            far = Parameter("distance_km" if unit == "km" else "distance_mi", Compare("=", distance))
            return Clause(
                "customer_within_distance", Matches((Parameter("coordinates", Point(latitude, longitude)), far), denied)
            )
        case ast.Near():
            raise Impossible("Shopify measures from coordinates alone: write the point.")
        case ast.Subject():
            return _subject(phrase, ids, denied)
    said = {
        ast.Sequence: "sequences", ast.InList: "lists: tag them, and ask for the tag", ast.Random: "random shares",
        ast.InSegment: "segments within segments, at other times, or with parameters", ast.Rank: "ranks",
    }  # fmt: skip
    raise Impossible(f"Shopify has no {said.get(type(phrase), 'such condition')}.")


def _subject(subject: ast.Subject, ids: Ids, denied: bool) -> Any:
    match subject.head:
        case ast.Name() as head:
            return _named(subject, head, ids, denied)
        case ast.Either(events) if subject.quantity in (None, ast.Quantity("=", ast.Number(Decimal(0)))):
            return _any_of(subject, events, ids, denied)
        case ast.Aggregate("sum", ast.Name() as summed_, ast.Name() as event):
            return summed(subject, event.text, summed_.text, ids, denied)
        case ast.Anniversary(property):
            return _anniversary(subject, property.text, ids, denied)
    raise Impossible("Shopify has counts, sums of amounts and quantities, and no other measures.")


def _any_of(subject: ast.Subject, events: Any, ids: Ids, denied: bool) -> Any:
    denied = denied != (subject.quantity is not None)
    found = []
    for one in events:
        if subject.where is not None and one.where is not None:
            raise Impossible("Two `where` of one event have no text there.")
        each = replace(subject, head=one.head, quantity=None, where=one.where or subject.where)
        found.append(_named(each, one.head, ids, denied))
    return every(found) if denied else some(found)


def _named(subject: ast.Subject, head: ast.Name, ids: Ids, denied: bool) -> Any:
    name = head.text
    word, _, rest = fold(name).partition(" ")
    if word in ("first", "last") and ids.event(rest) and ids.catalog.find_event(name) is None:
        return _edge(subject, word, rest, ids, denied)
    if word in ("every", "no") and ids.catalog.find_event(rest) is not None:
        raise Impossible("Shopify has no shares of events, and no `every`.")
    if fold(name).startswith(("days since", "days between")):
        raise Impossible("Shopify has counts, sums of amounts and quantities, and no other measures.")
    if fold(name).startswith("number of ") and ids.event(fold(name)[10:]):
        test = numeric(subject.comparison)
        quantity = _quantity(test)
        return occurred(replace(subject, comparison=None, quantity=quantity), fold(name)[10:], ids, denied)
    if ids.event(name) or ids.catalog.find_event(name) is not None:
        if subject.comparison is not None:
            raise Impossible("An event is counted there, and not compared.")
        return occurred(subject, name, ids, denied)
    if (metric := ids.catalog.find_metric(name)) is not None and ids.catalog.find_property(name) is None:
        return _subject(_opened(subject, metric, ids), ids, denied)
    return _property(subject, name, ids, denied)


def _quantity(test: Any) -> ast.Quantity:
    if isinstance(test, Compare):
        return ast.Quantity(test.op, ast.Number(test.value))  # type: ignore[arg-type]  # a number
    return ast.Quantity("between", ast.Number(test.low), ast.Number(test.high))


def _opened(subject: ast.Subject, metric: str, ids: Ids) -> ast.Subject:
    """A metric as what the catalog says that it is."""
    try:
        found = parser.parse_metric(ids.catalog.metrics[metric].value)
    except SegQLError:
        raise Impossible(f"The metric `{metric}` cannot be read.") from None
    top = found.top
    if found.bottom is not None or top.window is not None or (top.where is not None and subject.where is not None):
        raise Impossible(f"Shopify has no measure such as `{metric}`.")
    return replace(subject, head=top.head, where=top.where or subject.where)


def _edge(subject: ast.Subject, word: str, event: str, ids: Ids, denied: bool) -> Any:
    found = [_EDGES[word, f] for f in ids.event(event) if (word, f) in _EDGES]
    if not found or subject.where is not None or subject.has is not None or subject.quantity is not None:
        raise Impossible("Of the first and last order, and of the last abandoned checkout, Shopify knows the day.")
    plain(subject)
    return _dated(found[0], days_of(subject.window, ids.notes, of_day=False), denied)


def _dated(name: str, test: Any, denied: bool) -> Any:
    if test is None:
        return Clause(name, Null(negated=not denied))
    if not denied:
        return Clause(name, test)
    parts = [Clause(name, one) for one in opposite(test)]
    return parts[0] if parts[0].test.op == "!=" else some([*parts, Clause(name, Null())])  # type: ignore[union-attr]


def _property(subject: ast.Subject, name: str, ids: Ids, denied: bool) -> Any:
    if fold(name) == "email" or fold(ids.catalog.find_property(name) or "") == "email":
        match subject.comparison:
            case ast.Like("ends with", ast.Text(text), negated) if text.startswith("@") and len(text) > 1:
                op: Any = "=" if negated == denied else "!="
                return Clause("customer_email_domain", Compare(op, text[1:]))
            case ast.Is("set", negated):
                return Clause("customer_email_domain", Null(negated == denied))
        raise Impossible('Of the address Shopify knows the domain alone: `email ends with "@gmail.com"`.')
    attribute = ids.attribute(name)
    kind = ATTRIBUTES.get(attribute, "metafield" if is_metafield(attribute) else "")
    if subject.where is not None or subject.has is not None or subject.quantity is not None:
        raise Impossible(f"`{attribute}` takes a comparison alone.")
    plain(subject)
    if subject.window is not None:
        if kind not in ("date", "metafield"):
            raise Impossible(f"`{attribute}` is no date there.")
        return _dated(attribute, days_of(subject.window, ids.notes, of_day=kind == "metafield"), denied)
    return _compared(attribute, kind, subject.comparison, ids, denied)


def _compared(attribute: str, kind: str, comparison: Any, ids: Ids, denied: bool) -> Any:
    listed = kind.startswith("list")
    match comparison:
        case None if kind == "metafield":
            return Clause(attribute, Compare("!=" if denied else "=", Word("true")))
        case ast.Is("empty", negated) if listed:
            return Clause(attribute, Null(negated != denied))
        case ast.Is("set", negated) if not listed:
            return Clause(attribute, Null(negated == denied))
        case ast.Includes("any" | "all" as how, values, negated) if listed:
            if attribute == "customer_tags":
                ids.notes.add("Letter case does not count there: who has a tag that differs in it alone is in as well.")
            return _several([_text(attribute, v) for v in values], attribute, how == "all", negated != denied)
        case ast.IncludesLike("any", "matches", ast.Text(value), negated) if listed and not set(value) & set("*?"):
            if attribute != "customer_tags":
                ids.notes.add("Letter case counts there.")
            return Clause(attribute, Contains(value, negated != denied))
        case ast.In(values, negated) if not listed:
            op: Any = "!=" if negated != denied else "="
            parts = [Clause(attribute, Compare(op, _text(attribute, v, kind))) for v in values]
            return every(parts) if op == "!=" else some(parts)
        case ast.Compare("=" | "!=" as op, ast.Text() | ast.Bool() as value) if not listed:
            op = op if not denied else {"=": "!=", "!=": "="}[op]
            return Clause(attribute, Compare(op, _text(attribute, value, kind)))
        case ast.Compare() | ast.Between() if kind in ("float", "integer", "id", "metafield"):
            test = numeric(comparison)
            values_ = (test.value,) if isinstance(test, Compare) else (test.low, test.high)
            if kind in ("integer", "id") and any(v != v.to_integral_value() for v in values_):  # type: ignore[union-attr]
                raise Impossible(f"`{attribute}` is compared with whole numbers.")
            if kind == "id" and not (isinstance(test, Compare) and test.op in ("=", "!=")):
                raise Impossible(f"`{attribute}` is compared by `=` and `!=`.")
            return _dated(attribute, test, denied)
    raise Impossible(f"`{attribute}` has no such test there.")


def _text(attribute: str, value: Any, kind: str = "string") -> Any:
    match value:
        case ast.Bool(truth):
            return Word("true" if truth else "false")
        case ast.Number(number) if kind in ("integer", "float", "id", "metafield"):
            return number
        case ast.Text(text) if kind in ("enum", "string", "metafield"):
            if attribute in VALUES and text not in VALUES[attribute]:
                raise Impossible(f"`{attribute}` is never '{text[:80]}' there: {', '.join(VALUES[attribute])}.")
            return text
    raise Impossible(f"`{attribute}` is compared with values that are written out, of its own type.")


def _several(values: list[Any], attribute: str, whole: bool, negated: bool) -> Any:
    parts = [Clause(attribute, Contains(value, negated)) for value in values]
    return every(parts) if whole != negated else some(parts)


def _anniversary(subject: ast.Subject, name: str, ids: Ids, denied: bool) -> Any:
    path = ids.attribute(name)
    if not is_metafield(path):
        raise Impossible("Anniversaries are of dates that are metafields.")
    test = days_of(subject.window, ids.notes, of_day=True)
    if test is None or (isinstance(test, Compare) and test.op != "="):
        raise Impossible("Anniversaries have one day, or days from one to another.")
    ids.notes.add(OF_ITSELF)
    if not denied:
        return Clause("anniversary", test, path)
    if isinstance(test, Compare):
        return Clause("anniversary", Compare("!=", test.value), path)
    raise Impossible("An anniversary is denied there for one day alone.")
