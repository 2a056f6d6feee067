"""Functions with their parameters as events with a quantity, a window and a `where`."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from ... import ast
from ..core.names import Names
from ..core.report import Impossible, Notes
from ..core.trees import all_of, any_of, named, negated, number
from . import days, names
from .attributes import literal
from .reference import FUNCTIONS, function
from .tree import Between, Clause, Compare, In, Matches, Null, Parameter, Point

_ZERO = ast.Quantity("=", number(0))
_AGGREGATES = ("count", "sum_amount", "sum_quantity")
_ITEMS = "products_purchased"
NOBODY = "The reference does not say whether 0 counts: who has none of these at all is in here, and may not be there."
LINES = "Shopify may count each line of an order, this counts orders: whoever has two lines of it in one order differs."
ADDRESSES = "Shopify looks at each address of a customer, this at the one position of the profile."


def rule(clause: Clause, known: Names, notes: Notes) -> Any:
    """The rule of a call that was checked. Raises Impossible."""
    name = function(clause.name)
    assert name is not None
    if name == "customer_within_distance":
        return _near(clause, known, notes)
    match clause.test:
        case Null(negated_):
            return ast.Subject(named(names.event(known, name)), None if negated_ else _ZERO)
        case Matches(parameters, negated_):
            found = _matched(name, {p.name: p for p in parameters}, known, notes)
            return _denied(found) if negated_ else found
    raise AssertionError(clause)


def _denied(found: Any) -> Any:
    """`never placed order` where it is an event alone, else `not`."""
    if isinstance(found, ast.Subject) and isinstance(found.head, ast.Name) and found.quantity is None:
        return replace(found, quantity=_ZERO)
    return negated(found)


def _matched(name: str, parameters: dict[str, Parameter], known: Names, notes: Notes) -> Any:
    event = named(names.event(known, name))
    tests = [_record(name, one, known, notes) for key, one in parameters.items() if key not in (*_AGGREGATES, "date")]
    where = all_of(tests) if tests else None
    counted = [parameters[key] for key in _AGGREGATES if key in parameters]
    window: days.When = days.Extent.EVER
    if (dated := parameters.get("date")) is not None:
        assert isinstance(dated.test, Compare | Between)
        if isinstance(dated.test, Compare) and dated.test.op == "!=" and not counted:
            before, after = Compare("<", dated.test.value), Compare(">", dated.test.value)
            return any_of(_found(name, event, days.window(one, notes), where) for one in (before, after))
        window = days.window(dated.test, notes)
    if not counted:
        return _found(name, event, window, where)
    if window is days.Extent.NEVER:
        return all_of(ast.All(()) if fits_zero(one.test) else ast.AnyOf(()) for one in counted)
    plain = ast.Subject(event, window=None if isinstance(window, days.Extent) else window, where=where)
    return all_of(_counted(name, plain, one, known, notes) for one in counted)


def _found(name: str, event: ast.Name, window: days.When, where: Any) -> Any:
    """There is one."""
    if window is days.Extent.NEVER:
        return ast.AnyOf(())
    return _event(name, ast.Subject(event, window=None if isinstance(window, days.Extent) else window, where=where))


def _event(name: str, plain: ast.Subject, quantity: ast.Quantity | None = None) -> ast.Subject:
    """The event so often; what was purchased is tested in its items."""
    where = plain.where
    if name == _ITEMS and where is not None:
        where = ast.Items("any", where)
    return replace(plain, quantity=quantity, where=where)


def _counted(name: str, plain: ast.Subject, one: Parameter, known: Names, notes: Notes) -> Any:
    """How often, or how much, of the records that `plain` has."""
    test = one.test
    assert isinstance(test, Compare | Between)
    if _is_empty(test):
        return ast.AnyOf(())
    nothing = fits_zero(test)
    if one.name == "count":
        quantity = _quantity(test)
        if quantity is not None and quantity != _ZERO:
            if nothing:
                notes.add(NOBODY)
            if name == _ITEMS:
                notes.add(LINES)
        return _event(name, plain, quantity)
    if nothing:
        notes.add(NOBODY)
    assert isinstance(plain.head, ast.Name)
    summed = named(names.event_property(known, name, one.name.removeprefix("sum_")))
    compared: ast.Comparison
    if isinstance(test, Between):
        compared = ast.Between(literal(test.low), literal(test.high))
    else:
        compared = ast.Compare(test.op, literal(test.value))
    return replace(plain, head=ast.Aggregate("sum", summed, plain.head), comparison=compared)


def _is_empty(test: Compare | Between) -> bool:
    return isinstance(test, Between) and test.low > test.high  # type: ignore[operator]  # numbers: checked


def _quantity(test: Compare | Between) -> ast.Quantity | None:
    """None is once or more."""
    match test:
        case Between(low, high):
            return ast.Quantity("between", literal(low), literal(high))
        case Compare(">=", 1) | Compare(">", 0):
            return None
        case Compare(op, value):
            return ast.Quantity(op, literal(value))


def fits_zero(test: Any) -> bool:
    """Whether 0 fits a test of a number."""
    match test:
        case Between(Decimal() as low, Decimal() as high):
            return low <= 0 <= high
        case Compare(op, Decimal() as value):
            fitting = {0: ("=", "<=", ">="), 1: ("!=", "<", "<="), -1: ("!=", ">", ">=")}
            return op in fitting[(value > 0) - (value < 0)]
    return False


def _record(name: str, one: Parameter, known: Names, notes: Notes) -> Any:
    """A test of each record: an amount, an id, a tag."""
    kind = FUNCTIONS[name][one.name]
    if kind == "id" and (texts := _by_name(name, one, known)) is not None:
        return texts
    head = named(names.event_property(known, name, one.name))
    match one.test:
        case Compare() | Between() as test if kind == "date":
            is_set = ast.Subject(head, comparison=ast.Is("set"))
            return days.dated(test, lambda window: ast.Subject(head, window=window), is_set, notes, past=False)
        case Compare(op, value) if one.name == "tag":
            return ast.Subject(head, comparison=ast.Includes("any", (literal(value),), op == "!="))
        case Compare(op, value):
            return ast.Subject(head, comparison=ast.Compare(op, literal(value)))
        case Between(low, high):
            if _is_empty(one.test):
                raise Impossible(f"Nothing lies between these two values of `{one.name}`.")
            return ast.Subject(head, comparison=ast.Between(literal(low), literal(high)))
        case In(values, negated_):
            return ast.Subject(head, comparison=_in([literal(value) for value in values], negated_))
    raise AssertionError(one)


def _in(values: list[Any], negated_: bool) -> ast.Comparison:
    if len(values) == 1:
        return ast.Compare("!=" if negated_ else "=", values[0])
    return ast.In(tuple(values), negated_)


def _by_name(name: str, one: Parameter, known: Names) -> Any | None:
    """Ids of products by their names, where --names has all of them."""
    if (name, "name") not in names.OF_EVENTS or one.name != "id":
        return None
    values, negated_ = (one.test.values, one.test.negated) if isinstance(one.test, In) else ((), False)
    if isinstance(one.test, Compare):
        values, negated_ = (one.test.value,), one.test.op == "!="
    called = [known.find("products", str(value)) for value in values]
    if not called or None in called:
        return None
    head = named(names.event_property(known, name, "name"))
    return ast.Subject(head, comparison=_in([ast.Text(text) for text in called if text is not None], negated_))


def _near(clause: Clause, known: Names, notes: Notes) -> Any:
    match clause.test:
        case Null(negated_):
            head = named(names.property_name(known, clause.name))
            return ast.Subject(head, comparison=ast.Is("set", not negated_))
        case Matches(parameters, negated_):
            given = {p.name: p.test for p in parameters}
            point = given.get("coordinates")
            lengths = [key for key in ("distance_km", "distance_mi") if key in given]
            length = given[lengths[0]] if lengths else None
            if not isinstance(point, Point) or len(lengths) != 1:
                raise Impossible("A distance has coordinates, and one of `distance_km` and `distance_mi`.")
            if not isinstance(length, Compare) or length.op not in ("=", "<", "<="):
                raise Impossible("A distance is `= 25`: up to that far.")
            if abs(point.latitude) > 90 or abs(point.longitude) > 180:
                raise Impossible("There is no such point: a latitude up to 90, a longitude up to 180.")
            far = length.value
            if not isinstance(far, Decimal) or far <= 0:
                raise Impossible("A distance is more than 0.")
            notes.add(ADDRESSES)
            unit: Any = "km" if lengths[0] == "distance_km" else "miles"
            near = ast.Near(far, unit, (point.latitude, point.longitude))
            return ast.Not(near) if negated_ else near
    raise AssertionError(clause)
