"""Segment's comparisons of one value: of a trait, or of an event's property in `where`."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from ... import ast
from ..core import phrases
from ..core.reading import duration, parsed_number
from ..core.report import Impossible, Notes
from ..core.trees import named
from .parsing import Call, Chain, Value

SIGNS: dict[str, ast.Op] = {
    "equals": "=", "differs": "!=", "greater_than": ">", "at_least": ">=", "less_than": "<", "at_most": "<=",
}  # fmt: skip
ANY_CASE = "Letter case does not count here; the vendor does not say whether it does there."
INCLUSIVE = "So long a time is counted from this instant; the vendor counts from today, and does not say by whose days."
AT_THE_INSTANT = "What lies at that very instant counts as well."
UNITS: dict[str, ast.Unit] = {"hour": "h", "hours": "h", "day": "d", "days": "d"}


def sign_of(chain: Chain, extra: int) -> tuple[ast.Op, Value | Chain] | None:
    """The sign of a comparison and what is behind it, however it is written; None for other functions."""
    if chain.op:
        if len(chain.calls) > extra:
            raise Impossible("It is compared twice.")
        assert chain.right is not None
        return chain.op, chain.right  # type: ignore[return-value]
    call = chain.calls[-1]
    if call.name not in SIGNS:
        return None
    if len(chain.calls) != extra + 1 or len(call.arguments) != 1:
        raise Impossible(f"`{call.name}` takes one value, at the end.")
    found = call.arguments[0].value
    if not isinstance(found, Value | Chain):
        raise Impossible(f"`{call.name}` takes one value.")
    return SIGNS[call.name], found


def literal(found: Value, type: str | None) -> ast.Literal_:
    """A value as a rule has it, by the type of what it is compared with, where that is known."""
    if found.unit:
        raise Impossible("A length of time is compared with nothing.")
    if isinstance(found.value, bool):
        return ast.Bool(found.value)
    if isinstance(found.value, Decimal):
        return ast.Number(found.value)
    if type in ("number", "money") and (number := parsed_number(found.value)) is not None:
        return ast.Number(number)
    if type == "boolean" and found.value in ("true", "false"):
        return ast.Bool(found.value == "true")
    return ast.Text(found.value)


def length(call: Call, place: int = 0) -> ast.Duration:
    """`7 days` of a call."""
    found = call.arguments[place].value if place < len(call.arguments) else None
    if not isinstance(found, Value) or not isinstance(found.value, Decimal) or found.unit not in UNITS:
        raise Impossible(f"`{call.name[:40]}` takes a length of time: `7 days`.")
    if call.arguments[place].prefix:
        raise Impossible("What refers to the event around it is a funnel, which has no form here.")
    if found.value != found.value.to_integral_value():
        raise Impossible("Part of a day or an hour has no spelling here.")
    return duration(int(found.value), UNITS[found.unit], "")


def function(name: str, call: Call, notes: Notes) -> ast.Subject | ast.AnyOf[ast.Subject] | ast.Not[ast.Subject]:
    """A comparison that is a function: `exists`, `contains`, `before_date` ..; of a missing value it is false."""
    if len(call.arguments) > 1 and call.name not in ("contains", "one_of"):
        raise Impossible(f"`{call.name[:40]}` takes one value.")
    match call.name:
        case "exists" | "absent":
            if call.arguments:
                raise Impossible(f"`{call.name}` takes no value.")
            return phrases.is_set(name, call.name == "absent")
        case "contains" | "omits" | "starts_with" | "ends_with":
            notes.add(ANY_CASE)
            how: phrases.Likeness = "contains" if call.name == "omits" else call.name.replace("_", " ")  # type: ignore[assignment]
            tests = [phrases.like(name, how, text, call.name == "omits") for text in _texts(call)]
            return tests[0] if len(tests) == 1 else ast.AnyOf(tuple(tests))
        case "one_of":
            return phrases.one_of(name, _texts(call))
        case "before_date" | "after_date":
            (text, *_) = _texts(call)
            if call.name == "after_date":
                notes.add(AT_THE_INSTANT)
            return phrases.when(name, ast.Relative("before" if call.name == "before_date" else "since", _instant(text)))
        case "within_last" | "within_next" | "before_last" | "after_next":
            notes.add(INCLUSIVE)
            return phrases.when(name, _window(call.name, length(call)))
        case _:
            raise Impossible(f"`{call.name[:40]}` is not known to this revision.")


def _window(function: str, of: ast.Duration) -> ast.Window:
    match function:
        case "within_last":
            return ast.InLast(of, explicit=True)
        case "within_next":
            return ast.InNext(of)
        case "before_last":
            return ast.MoreThanAgo(of)
        case _:
            return ast.Relative("since", ast.FromNow(of))


def _texts(call: Call) -> list[str]:
    values = [one.value for one in call.arguments]
    found = [one.value for one in values if isinstance(one, Value) and isinstance(one.value, str)]
    if not found or len(found) < len(values):
        raise Impossible(f"`{call.name[:40]}` takes texts.")
    return found


def _instant(text: str) -> ast.Time:
    try:
        found = datetime.fromisoformat(text)
        return ast.Time(found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC))
    except (ValueError, OverflowError):
        raise Impossible(f"`{text[:40]}` is no time.") from None


def compared(name: str, op: ast.Op, right: ast.Operand) -> ast.Subject:
    """`NAME op RIGHT`. Raises Impossible for the order of texts."""
    if isinstance(right, ast.Text | ast.Bool) and op not in ("=", "!="):
        raise Impossible("The order of texts and truths has no form here.")
    return ast.Subject(named(name), comparison=ast.Compare(op, right))
