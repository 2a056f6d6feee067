"""Events with a quantity, a window and a `where` as functions with parameters."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ... import ast
from ..core.report import Impossible
from .functions import LINES, NOBODY, fits_zero
from .ids import Ids
from .reference import FUNCTIONS
from .tree import Between, Clause, Compare, In, Matches, Null, Parameter, Query
from .windows import days_of

_PARTS = {
    "has": "`has`", "with_the_same": "`with the same`", "within": "sequences", "later": "sequences",
    "regularity": "regularity (`in at least 3 of the last 4 weeks`)", "different": "numbers of different days",
    "close_to": "days near a date of the profile",
}  # fmt: skip
_PURCHASED = "products_purchased"
_FLIPPED: dict[str, Any] = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def occurred(subject: ast.Subject, event: str, ids: Ids, denied: bool) -> Query:
    """The clause of an event that is counted. Raises Impossible."""
    plain(subject)
    count = None if subject.quantity is None else Parameter("count", counted(subject.quantity))
    return _call(subject, event, count, ids, denied)


def summed(subject: ast.Subject, event: str, property: str, ids: Ids, denied: bool) -> Query:
    """The clause of a sum that is compared. Raises Impossible."""
    plain(subject)
    test = numeric(subject.comparison)
    for function in ids.event(event):
        name = ids.parameter(function, event, property)
        if name is not None and f"sum_{name}" in FUNCTIONS[function]:
            return _call(subject, event, Parameter(f"sum_{name}", test), ids, denied, function=function)
    raise Impossible("Of sums Shopify has those of amounts of orders, and of quantities of products.")


def plain(subject: ast.Subject) -> None:
    """Raises Impossible for the parts that a call has no parameters for."""
    for part, said in _PARTS.items():
        if getattr(subject, part):
            raise Impossible(f"Shopify has no {said}.")


def counted(quantity: ast.Quantity) -> Compare | Between:
    """How many times, as a test of `count`."""
    values = [v.value for v in (quantity.count, quantity.most) if isinstance(v, ast.Number)]
    if len(values) != (2 if quantity.op == "between" else 1):
        raise Impossible("A number by its name has to be written out.")
    return Between(*values) if quantity.op == "between" else Compare(quantity.op, values[0])


def numeric(comparison: Any) -> Compare | Between:
    """A comparison with numbers as a test. Raises Impossible."""
    match comparison:
        case ast.Compare(op, ast.Number(value) | ast.Money(value)):
            return Compare(op, value)
        case ast.Between(ast.Number(low) | ast.Money(low), ast.Number(high) | ast.Money(high)):
            return Between(low, high)
    raise Impossible("Shopify compares with numbers that are written out.")


def _call(
    subject: ast.Subject, event: str, count: Parameter | None, ids: Ids, denied: bool, *, function: str | None = None
) -> Query:
    functions = [function] if function else [f for f in ids.event(event) if f in FUNCTIONS]
    where = _tests(subject.where)
    if function is None and any(isinstance(one, ast.Items) for one in where):
        functions = [f for f in functions if f == _PURCHASED]
    elif function is None:
        functions = [f for f in functions if f != _PURCHASED] or functions
    if not functions and "abandoned_checkout_date" in ids.event(event) and not where and subject.window is None:
        positive, denied = (None, denied) if count is None else _positive(count, denied, ids)
        if positive is None:
            return Clause("abandoned_checkout_date", Null(negated=not denied))
    if not functions:
        raise Impossible(f"Shopify has no function for `{event[:80]}`.")
    name = functions[0]
    parameters = [p for one in where for p in _parameters(one, name, event, ids, summing=function is not None)]
    window = days_of(subject.window, ids.notes, of_day=False)
    if window is not None:
        parameters.append(Parameter("date", window))
    if count is not None:
        positive, denied = _positive(count, denied, ids)
        if positive is not None:
            parameters.append(positive)
        if name == _PURCHASED and positive is not None and count.name == "count":
            ids.notes.add(LINES)
    if len({p.name for p in parameters}) < len(parameters):
        raise Impossible("A parameter may stand once in a call: two tests of one property have no text there.")
    return Clause(name, Matches(tuple(parameters), denied))


def _positive(count: Parameter, denied: bool, ids: Ids) -> tuple[Parameter | None, bool]:
    """A number that 0 fits as the complement of one that it does not: of 0 itself Shopify says nothing."""
    test = count.test
    if isinstance(test, Between) and test.low <= 0 <= test.high:  # type: ignore[operator]  # numbers
        if count.name == "count":
            return _positive(Parameter("count", Compare(">", test.high)), not denied, ids)
        ids.notes.add(NOBODY)
    if isinstance(test, Compare) and fits_zero(test):
        return _positive(Parameter(count.name, Compare(_FLIPPED[test.op], test.value)), not denied, ids)
    at_all = (Compare(">=", Decimal(1)), Compare(">", Decimal(0)), Compare("!=", Decimal(0)))
    return (None if count.name == "count" and test in at_all else count), denied


def _tests(where: Any) -> list[Any]:
    if where is None:
        return []
    if isinstance(where, ast.All):
        return list(where.parts)
    if isinstance(where, ast.AnyOf):
        raise Impossible("Parameters of a call are joined by `and` alone.")
    return [where]


def _parameters(one: Any, function: str, event: str, ids: Ids, summing: bool) -> list[Parameter]:
    match one:
        case ast.Items("any", inner, None) if function == _PURCHASED and inner is not None:
            return [p for test in _tests(inner) for p in _parameters(test, function, event, ids, summing=True)]
        case ast.Items():
            raise Impossible("Of the products of an order Shopify asks for one that fits, `any item (..)`, alone.")
        case ast.Not(ast.Subject(comparison=ast.Compare("=", right)) as inner):
            return _parameters(replace(inner, comparison=ast.Compare("!=", right)), function, event, ids, summing)
        case ast.Subject(ast.Name() as head, comparison=comparison) if one == ast.Subject(head, comparison=comparison):
            name = ids.parameter(function, event, head.text)
            if name == "name":
                return [Parameter("id", _ids(comparison, ids))]
            if name is None or name not in FUNCTIONS[function]:
                raise Impossible(
                    f"`{function}` has no parameter for `{head.text[:80]}`: {', '.join(FUNCTIONS[function])}."
                )
            if function == _PURCHASED and not summing:
                raise Impossible("What is asked of a product stands in `any item (..)`.")
            return [Parameter(name, _parameter(comparison, FUNCTIONS[function][name]))]
        case ast.Subject(ast.Name() as head, window=window) if one == ast.Subject(head, window=window):
            name = ids.parameter(function, event, head.text)
            test = days_of(window, ids.notes, of_day=False)
            if name is not None and test is not None and FUNCTIONS[function].get(name) == "date":
                return [Parameter(name, test)]
    raise Impossible("A parameter compares one property with a value.")


def _ids(comparison: Any, ids: Ids) -> Any:
    match comparison:
        case ast.Compare("=" | "!=" as op, ast.Text(name)):
            return Compare(op, Decimal(ids.product(name)))
        case ast.In(values, negated):
            return In(tuple(Decimal(ids.product(v.value)) for v in values if isinstance(v, ast.Text)), negated)
    raise Impossible("Products are compared with their names, by `is` and `in`.")


def _parameter(comparison: Any, kind: str) -> Any:
    match comparison:
        case ast.Includes("any", (ast.Text(value),), negated) if kind == "string":
            return Compare("!=" if negated else "=", value)
        case ast.Compare("=" | "!=" as op, ast.Text(value)) if kind == "string":
            return Compare(op, value)
        case ast.In(values, negated) if kind == "id" and all(isinstance(v, ast.Number) for v in values):
            return In(tuple(v.value for v in values if isinstance(v, ast.Number)), negated)
    if kind == "string":
        raise Impossible("Texts of a call are compared by `is` and `includes` alone.")
    if kind == "date":
        raise Impossible("Dates of a call are compared with days.")
    test = numeric(comparison)
    if kind == "id" and (isinstance(test, Between) or test.op not in ("=", "!=")):
        raise Impossible("Ids are compared by `=` and `in`.")
    return test
