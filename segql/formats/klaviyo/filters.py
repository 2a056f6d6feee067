"""Klaviyo's filters as comparisons: of a profile's property, of an event's (`metric_filters`), of an object's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from ... import ast, regex
from ..core.documents import Node
from ..core.names import Names, asked
from ..core.report import Impossible, Notes
from ..core.trees import all_of, named, number

Test: TypeAlias = ast.Tree[ast.Subject]

NUMERIC: dict[str, ast.Op] = {
    "equals": "=", "not-equals": "!=", "greater-than": ">", "greater-than-or-equal": ">=", "less-than": "<",
    "less-than-or-equal": "<=",
}  # fmt: skip
MISSING = "What lacks it is in here, as it is in `not` of the positive form; the vendor does not say whether it is."
CASE = "Letter case does not count here; the vendor does not say whether it does."
ANYWHERE = "The expression is looked for anywhere in the text; the vendor does not say whether it has to be all of it."
NO_ELEMENTS = "A list that is missing has 0 elements here; the vendor does not say whether it is compared."
_LIKE = {"contains": "contains", "starts-with": "starts with", "ends-with": "ends with", "regex": "matches regex"}
_PHONE = "phone-country-code-in"


def event_filters(node: Node | None, event: str, names: Names, notes: Notes) -> Test | None:
    """What `metric_filters` ask of an event's own properties, all of it; None where they ask nothing."""
    return _all("property", node, event, names, notes)


def object_filters(node: Node | None, event: str, names: Names, notes: Notes) -> Test | None:
    """What is asked of a custom object's own properties."""
    return _all("property_id", node, event, names, notes)


def _all(key: str, node: Node | None, event: str, names: Names, notes: Notes) -> Test | None:
    parts: list[Test] = []
    for one in node.items() if node is not None else ():
        one.only(key, "filter")
        name = property_of(one.need(key), event, names)
        if (asked := one.get("filter")) is None:
            raise Impossible("It asks nothing of the property: the filter is missing.", one.path)
        parts.append(test(name, asked, notes))
    return all_of(parts) if parts else None


def property_of(node: Node, event: str, names: Names) -> str:
    """What an event's property is called: as the names say, else as it is called there."""
    id = node.text()
    found = names.property_of(event, id)
    if found is None and (id.startswith("$") or not id.strip()):
        raise Impossible(
            f"Nobody said what `{id[:80]}` of `{event}` is called: give --names with "
            f"{asked('event properties', id, event)}.", node.path,
        )  # fmt: skip
    return found if found is not None else id


def test(name: str, node: Node, notes: Notes) -> Test:
    """A filter that is about no date, on a property. Raises Impossible."""
    kind = node.need("type").one_of("string", "numeric", "boolean", "existence", "list")
    operator = node.need("operator")
    if kind == "existence":
        node.only("type", "operator")
        return _subject(name, ast.Is("set", negated=operator.one_of("is-set", "not-set") == "not-set"))
    if (kind, operator.value) == ("numeric", "between"):
        node.only("type", "operator", "start", "end")
        low, high = node.need("start").number(), node.need("end").number()
        if low > high:
            raise Impossible("It ends before it begins.", node.path)
        return _subject(name, ast.Between(number(low), number(high)))
    node.only("type", "operator", "value")
    if kind == "numeric":
        op = NUMERIC[operator.one_of(*NUMERIC)]
        if op == "!=":
            notes.add(MISSING)
        return _subject(name, ast.Compare(op, number(node.need("value").number())))
    if kind == "boolean":
        operator.one_of("equals")
        return _subject(name, ast.Compare("=", ast.Bool(node.need("value").truth())))
    return _string(name, node, operator, notes) if kind == "string" else _list(name, node, operator, notes)


def _string(name: str, node: Node, operator: Node, notes: Notes) -> Test:
    word = operator.one_of(
        "equals", "not-equals", *_LIKE, *(f"not-{word}" for word in _LIKE if word != "regex"), "nregex", "in", "not-in",
        _PHONE, "phone-country-code-not-in",
    )  # fmt: skip
    if word.startswith("phone-"):
        raise Impossible("The country of a phone number is not known here: a text property may hold it.", node.path)
    negated = word.startswith("not-") or word == "nregex"
    word = "regex" if word == "nregex" else word.removeprefix("not-")
    value = node.get("value")
    if value is None and word == "equals":
        notes.add("A value of nothing is taken for a property that is not set.")
        return _subject(name, ast.Is("set", negated=not negated))
    if value is None:
        raise Impossible("`value` is missing.", node.path)
    if negated:
        notes.add(MISSING)
    if word == "in":
        texts = tuple(ast.Text(one.text()) for one in value.items())
        if not texts:
            raise Impossible("It has no values.", value.path)
        return _subject(name, ast.In(texts, negated))
    text = value.text()
    if word == "equals":
        return _subject(name, ast.Compare("!=" if negated else "=", ast.Text(text)))
    if word == "regex":
        try:
            regex.read(text)
        except regex.NoRegex as error:
            raise Impossible(f"Not all engines understand this regular expression alike: {error}", value.path) from None
        notes.add(ANYWHERE)
        return _subject(name, ast.Like("matches regex", ast.Text(text), negated))
    notes.add(CASE)
    how = {"contains": "contains", "starts-with": "starts with", "ends-with": "ends with"}[word]
    return _subject(name, ast.Like(how, ast.Text(text), negated))  # type: ignore[arg-type]


_SETS = ("contains-any", "contains-all", "not-contains-any", "not-contains-all")
_LENGTHS = {f"length-{word}": op for word, op in NUMERIC.items() if op != "!="}


def _list(name: str, node: Node, operator: Node, notes: Notes) -> Test:
    word = operator.one_of(
        "contains", "not-contains", *_SETS, *_LENGTHS, "contains-substring", "not-contains-substring"
    )
    value = node.need("value")
    if word in _LENGTHS:
        op, size = _LENGTHS[word], value.number()
        if fits_zero(op, size):
            notes.add(NO_ELEMENTS)
        return ast.Subject(_number_of(name), comparison=ast.Compare(op, number(size)))
    if word.startswith("not-"):
        notes.add(MISSING)
    negated, word = word.startswith("not-"), word.removeprefix("not-")
    if word == "contains-substring":
        notes.add(CASE)
        return _subject(name, ast.IncludesLike("any", "contains", ast.Text(value.text()), negated))
    values = tuple(_literals(value)) if word != "contains" else (_literal(value),)
    if not values:
        raise Impossible("It has no values.", value.path)
    if word == "contains-all":
        found = _subject(name, ast.Includes("all", values))
        return ast.Not(found) if negated else found
    return _subject(name, ast.Includes("any", values, negated))


def _literals(node: Node) -> Iterator[ast.Text | ast.Number]:
    for one in node.items():
        yield _literal(one)


def _literal(node: Node) -> ast.Text | ast.Number:
    return ast.Text(node.text()) if isinstance(node.value, str) else number(node.number())


def _number_of(name: str) -> ast.Name:
    """`number of tags`: the words begin the name, which may be in quotes."""
    found = named(name)
    return ast.Name("number of", found.quoted) if found.quoted is not None else ast.Name(f"number of {found.words}")


def _subject(name: str, comparison: ast.Comparison) -> ast.Subject:
    return ast.Subject(named(name), comparison=comparison)


def fits_zero(op: ast.Op, value: Decimal) -> bool:
    """Whether 0 compares so."""
    zero = Decimal(0)
    return {
        "=": zero == value, "!=": zero != value, "<": zero < value, "<=": zero <= value, ">": zero > value,
        ">=": zero >= value,
    }[op]  # fmt: skip
