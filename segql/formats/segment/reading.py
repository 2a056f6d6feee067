"""Segment's audiences as rules."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ... import ast
from ...plain import dataclass
from ...source import Source
from ..core import phrases
from ..core.documents import Node, read_json, wrong
from ..core.names import Names
from ..core.reading import Conditions, event_type, fits_zero, known, known_property, segment, text_at, type_of
from ..core.report import Imported, Impossible, Notes
from ..core.trees import named, unique
from .comparing import compared, function, length, literal, sign_of
from .parsing import Call, Chain, Expression, Junction, Value, Wrong, parsed, text_argument

ZERO = "Who has no such event counts as 0, and is in; the vendor does not say so."
DAYS = "A day is a step on the clock of the catalog's zone, 23 or 25 hours when clocks change."
ACCOUNTS = "Accounts, and what any or all of their people did, have no form here."


def read(document: Source, names: Names) -> Iterator[Imported]:
    """The audiences of a document: the text of one, or JSON as the Public API has it. Raises SegQLError for neither."""
    if document.text.lstrip()[:1] not in ("{", "["):
        try:
            tree = parsed(document.text)
        except Wrong as error:
            raise wrong(document, error.said, error.at) from None
        node = Node(document.text, "")
        yield segment("Audience", node, partial(_expression, tree, _World(names, document.text, "")))
        return
    root = read_json(document)
    root = root.get("data") or root
    found = root.get("audiences") or root.get("audience") or root
    if not isinstance(found.value, list | dict) or (isinstance(found.value, dict) and "definition" not in found.value):
        help = "an audience is `{name, definition: {type: USERS, query: ..}}`, and several are `{audiences: [..]}`"
        raise wrong(document, "This is no audience of Segment, and no list of them.", 0, help)
    nodes = list(found.items()) if isinstance(found.value, list) else [found]
    said = unique([text_at(node, "name") for node in nodes])
    keys = {text_at(node, "key"): name for node, name in zip(nodes, said, strict=True) if text_at(node, "key")}
    known_here = Names({**names.kinds, "segments": {**keys, **names.kinds.get("segments", {})}}, names.catalog)
    for node, name in zip(nodes, said, strict=True):
        yield segment(name, node, partial(_definition, node, known_here))


class _World:
    """The names, and how an offset of the text is said."""

    def __init__(self, names: Names, text: str, path: str) -> None:
        self.names, self.text, self.path = names, text, path

    def place(self, at: int) -> str:
        before = self.text[:at].split("\n")
        return f"{self.path}{':' * bool(self.path)}{len(before)}:{len(before[-1]) + 1}"


def _definition(node: Node, names: Names, found: Conditions) -> ast.Rule:
    definition = node.need("definition")
    definition.only("type", "query", "targetEntity")
    if (type := definition.get("type")) is not None and type.text().upper() not in ("USER", "USERS"):
        raise Impossible(ACCOUNTS, type.path)
    query = definition.need("query")
    world = _World(names, query.text(), query.path)
    try:
        tree = parsed(world.text)
    except Wrong as error:
        raise Impossible(error.said, world.place(error.at)) from None
    return _expression(tree, world, found)


def _expression(tree: Expression, world: _World, found: Conditions) -> ast.Rule:
    if isinstance(tree, Chain):
        node = Node(None, world.place(tree.at))
        return found.read(node, tree.calls[0].name, partial(_chain, tree, world.names))
    if tree.kind in ("ANY", "ALL"):
        raise Impossible(ACCOUNTS, world.place(tree.at))
    parts = [_expression(part, world, found) for part in tree.parts]
    if tree.kind == "NOT":
        return phrases.unless(True, parts[0])
    return phrases.every(parts) if tree.kind == "AND" else phrases.some(parts)


def _chain(chain: Chain, names: Names, notes: Notes) -> ast.Rule:
    match chain.calls[0].name:
        case "trait":
            return _trait(chain, names, notes)
        case "event":
            return _event(chain, names, notes)
        case other:
            raise Impossible(f"`{other[:40]}` is not known here: `event` and `trait` are.")


def _trait(chain: Chain, names: Names, notes: Notes) -> ast.Rule:
    id = text_argument(chain.calls[0])
    signed = sign_of(chain, 1)
    if (audience := names.find("segments", id)) is not None:
        if signed is None or signed[0] not in ("=", "!=") or not isinstance(signed[1], Value):
            raise Impossible(f"`{id[:40]}` is an audience, which is true or false.")
        right = literal(signed[1], "boolean")
        if not isinstance(right, ast.Bool):
            raise Impossible(f"`{id[:40]}` is an audience, which is true or false.")
        return phrases.unless((signed[0] == "!=") == right.value, phrases.in_segment(audience))
    name = known(names, "properties", id, "")
    found: ast.Rule = _value(chain, name, type_of(names, name), names, notes, inside=False)
    return found


def _value(chain: Chain, name: str, type: str | None, names: Names, notes: Notes, *, inside: bool) -> Any:
    """A comparison of a trait or of a property; `differs` is of those alone that have a value."""
    signed = sign_of(chain, 1)
    if signed is None:
        if len(chain.calls) != 2:
            raise Impossible("It is compared with nothing, or twice.")
        return function(name, chain.calls[1], notes)
    op, right = signed
    if isinstance(right, Value):
        test = compared(name, op, literal(right, type))
    else:
        if [call.name for call in right.calls] != ["trait"]:
            raise Impossible("It is compared with something else than a value or a trait.")
        other = known(names, "properties", text_argument(right.calls[0]), "")
        test = compared(name, op, ast.Their(named(other)) if inside else named(other))
        if op == "!=":
            both = [phrases.is_set(name), ast.Subject(named(other), comparison=ast.Is("set"))]
            if inside:
                raise Impossible("Whether a trait is missing cannot be asked beside an event.")
            return phrases.every([test, *both])
    return phrases.every([test, phrases.is_set(name)]) if op == "!=" else test


def _where(tree: Expression, event: str, names: Names, notes: Notes) -> phrases.Where:
    if isinstance(tree, Junction):
        parts: list[Any] = [_where(part, event, names, notes) for part in tree.parts]
        if tree.kind == "NOT":
            return phrases.unless(True, parts[0])  # type: ignore[return-value]
        if tree.kind in ("ANY", "ALL"):
            raise Impossible(ACCOUNTS)
        return (phrases.every if tree.kind == "AND" else phrases.some)(parts)  # type: ignore[return-value]
    first = tree.calls[0]
    if first.name not in ("property", "context"):
        said = "An event inside another one is a funnel, which has no form here."
        raise Impossible(said if first.name == "event" else f"`{first.name[:40]}` is not known in `where`.")
    name = known_property(names, event, text_argument(first), "")
    found: phrases.Where = _value(tree, name, event_type(names, event, name), names, notes, inside=True)
    return found


def _event(chain: Chain, names: Names, notes: Notes) -> ast.Rule:
    event = known(names, "events", text_argument(chain.calls[0]), "")
    tests: list[phrases.Where] = []
    window: ast.Window | None = None
    place = 1
    while place < len(chain.calls) and (call := chain.calls[place]).name in ("where", "within", "between", "sources"):
        if call.name == "sources":
            raise Impossible("From which source an event came is not known here.")
        if call.name == "where":
            if len(call.arguments) != 1 or isinstance(inner := call.arguments[0].value, Value):
                raise Impossible("`where` takes one test.")
            tests.append(_where(inner, event, names, notes))
        elif window is not None:
            raise Impossible("It has two windows.")
        else:
            window = ast.InLast(length(call), explicit=True) if call.name == "within" else (
                ast.BetweenAgo(length(call, 0), length(call, 1))
            )  # fmt: skip
            if not names.in_utc and _in_days(window):
                notes.add(DAYS)
        place += 1
    if place == len(chain.calls):
        raise Impossible("The events are counted or summed by nothing.")
    call = chain.calls[place]
    if call.name == "unique" and [one.name for one in chain.calls[place : place + 2]] == ["unique", "count"]:
        place += 1
    signed = sign_of(chain, place + 1)
    if signed is None or not isinstance(signed[1], Value):
        raise Impossible("It is compared with nothing that is a value.")
    return _reduced(call, _Stream(event, window, tests), (signed[0], signed[1]), names, notes)


def _in_days(window: ast.Window) -> bool:
    lengths: tuple[ast.Length, ...] = (window.length,) if isinstance(window, ast.InLast) else ()
    lengths = (window.one, window.other) if isinstance(window, ast.BetweenAgo) else lengths
    return any(isinstance(one, ast.Duration) and one.unit == "d" for one in lengths)


@dataclass(frozen=True, slots=True)
class _Stream:
    """The events that are counted or summed."""

    event: str
    window: ast.Window | None
    tests: list[phrases.Where]

    def where(self, *more: phrases.Where) -> phrases.Where | None:
        tests = [*self.tests, *more]
        return phrases.all_tests(tests) if tests else None


def _reduced(call: Call, of: _Stream, signed: tuple[ast.Op, Value], names: Names, notes: Notes) -> ast.Rule:
    op, right = signed
    event = of.event
    if call.name == "count":
        value = literal(right, "number")
        if not isinstance(value, ast.Number) or call.arguments:
            raise Impossible("A count is compared with a number.")
        return phrases.counted(event, op, value.value, of.window, of.where())
    if call.name not in KINDS:
        raise Impossible(f"`{call.name[:40]}` has no form here: {', '.join(KINDS)} and `count` do.")
    property = _property(call, event, names)
    kind = event_type(names, event, property)
    value = literal(right, "number" if call.name in ("sum", "avg", "min", "max", "unique") else kind)
    if call.name not in ("first", "last") and not isinstance(value, ast.Number):
        raise Impossible(f"`{call.name}` is compared with a number.")
    if call.name in ("sum", "unique") and isinstance(value, ast.Number) and fits_zero(op, value.value):
        notes.add(ZERO)
    if not isinstance(value, ast.Number) and op not in ("=", "!="):
        raise Impossible("The order of texts and truths has no form here.")
    filled = of.where(phrases.is_set(property))
    where = filled if call.name in ("first", "last") else of.where()
    head: ast.Head
    if call.name in ("first", "last"):
        head = phrases.of_edge(property, call.name, event)  # type: ignore[arg-type]
    else:
        head = ast.Aggregate(KINDS[call.name], named(property), named(event))  # type: ignore[arg-type]
    rule = ast.Subject(head, comparison=ast.Compare(op, value), window=of.window, where=where)
    if op != "!=" or call.name in ("sum", "unique"):
        return rule
    # `differs` is of those alone who have a value.
    return phrases.every([rule, phrases.happened(event, of.window, filled)])


KINDS = {
    "sum": "sum", "avg": "average", "min": "min", "max": "max", "first": "first", "last": "last", "unique": "distinct",
}  # fmt: skip


def _property(call: Call, event: str, names: Names) -> str:
    if len(call.arguments) == 1 and isinstance(inner := call.arguments[0].value, Chain):
        if call.arguments[0].type not in ("", "number"):
            raise Impossible("The order of texts has no form here.")
        if len(inner.calls) == 1 and inner.calls[0].name in ("property", "context") and not inner.op:
            return known_property(names, event, text_argument(inner.calls[0]), "")
    raise Impossible(f"`{call.name[:40]}` takes one property.")
