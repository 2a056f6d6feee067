"""Dittofeed's segments: an entry node and nodes by id, as its own types and its computation of them have it.

Facts are those of the vendor's public code (`packages/isomorphic-lib/src/types.ts`, and the queries that compute
segments) at `REVISION`. A value there is a text, and one that is missing is the empty text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

from .. import ast
from ..plain import dataclass
from ..source import Source
from .core import phrases
from .core.documents import Node, read_json, wrong
from .core.names import Names, asked
from .core.reading import (
    Conditions,
    event_type,
    known,
    known_property,
    parsed_number,
    seconds,
    segment,
    text_at,
    type_of,
)
from .core.report import Imported, Impossible, Notes
from .core.trees import named, unique

__all__ = ["REVISION", "read"]

REVISION = "52b2bee9, 2026-03-27"

ROUNDED = "The vendor rounds times to parts of the window, so that who is at its edges may be in later or sooner."
HAD_ONCE = "Who had a value once and has none now is in as well; there they are not."
OTHERS = "The share is as large, of other people."
CONSENT = "It asks the consent of the channel; there it is that of the subscription group."
NOT_HERE: Mapping[str, str] = {
    "Broadcast": "whom a broadcast went to",
    "KeyedPerformed": "the key of the journey that asks",
    "Manual": "its members, who were put in by hand",
}
"""What is missing for the nodes that have no form here."""


@dataclass(frozen=True, slots=True)
class _World:
    """The names, the nodes of a definition by id, and those that are being read."""

    names: Names
    nodes: Mapping[str, Node]
    around: tuple[str, ...] = ()


def read(document: Source, names: Names) -> Iterator[Imported]:
    """The segments of a document, one after the other. Raises SegQLError for what is no such document."""
    root = read_json(document)
    found = root.get("segments") or root
    if not isinstance(found.value, list | dict) or (
        isinstance(found.value, dict) and not {"entryNode", "definition"}.intersection(found.value)
    ):
        help = "a segment is `{name, definition: {entryNode, nodes}}`, and several are `{segments: [..]}`"
        raise wrong(document, "This is no segment of Dittofeed, and no list of them.", 0, help)
    nodes = list(found.items()) if isinstance(found.value, list) else [found]
    for node, name in zip(nodes, unique([text_at(node, "name") for node in nodes]), strict=True):
        yield segment(name, node, partial(_definition, node, names))


def _definition(node: Node, names: Names, found: Conditions) -> ast.Rule:
    node.object()
    definition = node.get("definition") or node
    entry = definition.need("entryNode")
    if definition is not node:
        definition.only("entryNode", "nodes")
    inner = definition.get("nodes")
    nodes = {text_at(one, "id"): one for one in ([] if inner is None else inner.items())}
    if text_at(entry, "type") == "Manual":
        id = text_at(node, "id")
        return found.read(entry, "Manual", lambda notes: phrases.in_list(_by_hand(id, names)))
    return _node(entry, _World(names, nodes), found)


def _by_hand(id: str, names: Names) -> str:
    """The list of those who were put into a segment by hand. Raises Impossible."""
    name = names.find("lists", id)
    if name is None:
        raise Impossible(f"What is missing: {NOT_HERE['Manual']}: give --names with {asked('lists', id)}.")
    return name


def _node(node: Node, world: _World, found: Conditions) -> ast.Rule:
    type = node.need("type").text()
    if type in ("And", "Or"):
        node.only("type", "id", "children")
        id = text_at(node, "id")
        if id in world.around:
            raise Impossible("Nodes refer to each other in a circle.", node.path)
        within = _World(world.names, world.nodes, (*world.around, id))
        parts: list[ast.Rule] = []
        for child in node.need("children").items():
            if (inner := world.nodes.get(child.text())) is None:
                raise Impossible(f"There is no node `{child.text()[:80]}`.", child.path)
            parts.append(_node(inner, within, found))
        if not parts:
            raise Impossible("The node has no children.", node.path)
        return phrases.every(parts) if type == "And" else phrases.some(parts)
    return found.read(node, type, partial(_leaf, node, type, world.names))


def _leaf(node: Node, type: str, names: Names, notes: Notes) -> ast.Rule:
    if type in NOT_HERE:
        raise Impossible(f"What is missing: {NOT_HERE[type]}.", node.path)
    if type not in LEAVES:
        raise Impossible(f"`{type[:80]}` is not known to this revision: {', '.join(LEAVES)}.", node.path)
    return LEAVES[type](node, names, notes)


def _trait(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only("type", "id", "path", "operator")
    path = node.need("path")
    name = known(names, "properties", path.text(), path.path)
    operator = node.need("operator")
    match operator.need("type").text():
        case "Within":
            operator.only("type", "windowSeconds")
            notes.add(ROUNDED)
            length = operator.need("windowSeconds")
            return phrases.when(name, ast.InLast(seconds(length.whole(), length.path), explicit=True))
        case "AbsoluteTimestamp":
            operator.only("type", "absoluteTimestamp", "direction")
            notes.add(ROUNDED)
            after = operator.need("direction").one_of("after", "before") == "after"
            return phrases.when(name, ast.Relative("since" if after else "before", _instant(operator)))
        case "NotExists":
            notes.add(HAD_ONCE)
    return _operator(operator, name, type_of(names, name))


def _operator(node: Node, name: str, type: str | None) -> ast.Subject:
    """An operator on a text that may be empty; numbers are compared where both are."""
    operator = node.need("type")
    match operator.text():
        case "Exists" | "NotExists":
            node.only("type")
            return phrases.is_empty(name, operator.value == "Exists")
        case "GreaterThanOrEqual" | "LessThan":
            node.only("type", "value")
            op: ast.Op = ">=" if operator.value == "GreaterThanOrEqual" else "<"
            return phrases.compared(name, op, ast.Number(node.need("value").number()))
        case "Equals" | "NotEquals":
            node.only("type", "value")
            value, text = node.need("value"), text_at(node, "value")
            if isinstance(value.value, Decimal):
                text = format(value.value.normalize(), "f")
            elif text == "":
                value.text()
                return phrases.is_empty(name, operator.value == "NotEquals")
            sign: ast.Op = "=" if operator.value == "Equals" else "!="
            if type in ("number", "money") and (number := parsed_number(text)) is not None:
                return phrases.compared(name, sign, ast.Number(number))
            if type == "boolean" and text in ("true", "false"):
                return phrases.compared(name, sign, ast.Bool(text == "true"))
            return phrases.compared(name, sign, ast.Text(text))
        case "HasBeen":
            raise Impossible("How long a value has been what it is, is not known here.", node.path)
        case other:
            raise Impossible(f"`{other[:80]}` is not known here.", operator.path)


def _instant(node: Node) -> ast.Time:
    found = node.need("absoluteTimestamp")
    try:
        time = datetime.fromisoformat(found.text())
        return ast.Time(time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC))
    except (ValueError, OverflowError):
        raise Impossible(f"`{found.text()[:40]}` is no time.", found.path) from None


def _tests(node: Node | None, event: str, names: Names) -> phrases.Where | None:
    """What all hold of an event's own properties."""
    tests: list[phrases.Where] = []
    for one in [] if node is None else node.items():
        one.only("path", "operator")
        path = one.need("path")
        name = known_property(names, event, path.text(), path.path)
        tests.append(_operator(one.need("operator"), name, event_type(names, event, name)))
    return phrases.all_tests(tests) if tests else None


def _performed(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only("type", "id", "event", "times", "timesOperator", "timeOperator", "withinSeconds", "properties")
    id = node.need("event")
    event = known(names, "events", id.text(), id.path)
    if (time := node.get("timeOperator")) is not None:
        time.one_of("Within")
    within, window = node.get("withinSeconds"), None
    if within is not None and within.whole() > 0:
        notes.add(ROUNDED)
        window = ast.InLast(seconds(within.whole(), within.path), explicit=True)
    where = _tests(node.get("properties"), event, names)
    times, said = node.get("times"), node.get("timesOperator")
    count = Decimal(1) if times is None else times.number()
    # Without a sign it is exactly so often, and nobody is in what would be everybody.
    op: ast.Op = "=" if said is None else said.one_of("=", ">=", "<")  # type: ignore[assignment]
    if count <= 0 and op != "=":
        return ast.AnyOf(())
    return phrases.counted(event, op, count, window, where)


def _last(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only("type", "id", "event", "whereProperties", "hasProperties")
    id = node.need("event")
    event = known(names, "events", id.text(), id.path)
    where = _tests(node.get("whereProperties"), event, names)
    has = _tests(node.get("hasProperties"), event, names)
    if has is None:
        return phrases.happened(event, where=where)
    found = phrases.last(event)
    return ast.Subject(found.head, where=where, has=has)


def _includes(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only("type", "id", "path", "item")
    path = node.need("path")
    name = known(names, "properties", path.text(), path.path)
    return ast.Subject(named(name), comparison=ast.Includes("any", (ast.Text(node.need("item").text()),)))


def _random(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only("type", "id", "percent")
    percent = node.need("percent")
    share = percent.number() * 100
    if not 0 < share <= 100 or share != round(share, 4):
        raise Impossible("A share is more than 0, at most 1, and has up to six decimals.", percent.path)
    notes.add(OTHERS)
    return ast.Random(ast.Percent(share))


def _subscribed(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only("type", "id", "subscriptionGroupId", "subscriptionGroupType")
    id = node.need("subscriptionGroupId")
    channel = known(names, "channels", id.text(), id.path)
    notes.add(CONSENT)
    return ast.CanReceive(named(channel), negated=node.need("type").value == "SubscriptionGroupUnsubscribed")


def _everyone(node: Node, names: Names, notes: Notes) -> ast.Rule:
    return ast.All(())


def _email(node: Node, names: Names, notes: Notes) -> ast.Rule:
    node.only("type", "id", "event", "times", "templateId")
    id = node.need("event")
    event = known(names, "events", id.text(), id.path)
    template = node.need("templateId")
    property = known_property(names, event, "templateId", template.path)
    # `times` is not looked at there: once or more.
    return phrases.happened(event, where=phrases.compared(property, "=", ast.Text(template.text())))


LEAVES: Mapping[str, Callable[[Node, Names, Notes], ast.Rule]] = {
    "Trait": _trait, "Performed": _performed, "LastPerformed": _last, "Includes": _includes, "Email": _email,
    "RandomBucket": _random, "SubscriptionGroup": _subscribed, "SubscriptionGroupUnsubscribed": _subscribed,
    "Everyone": _everyone,
}  # fmt: skip
