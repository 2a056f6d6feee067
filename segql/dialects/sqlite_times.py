"""Instants, wall-clock times and days in SQLite: texts, of which the fraction of a second is left to be text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from .clocks import named, once, step
from .model import NotInDialect
from .rewriting import call, is_utc, monday_first

_SECONDS = 19
"""The length of a time without its fraction."""
_PLACES = {"YEAR": (1, 4), "MONTH": (6, 2), "DAY": (9, 2), "HOUR": (12, 2)}
_MICROS = {"MICROSECOND": 1, "SECOND": 1_000_000, "MINUTE": 60_000_000, "HOUR": 3_600_000_000, "DAY": 86_400_000_000}
_MILLION = 1_000_000


def rewrite(node: exp.Expr) -> exp.Expr:
    """What a neutral node about times is; what is made of moments alone is a moment too."""
    said = _said(node)
    of_moments = [bool(one.meta.get(_MOMENT)) for one in _operands(node)]
    return moment(said) if said is not node and of_moments and all(of_moments) else said


def _operands(node: exp.Expr) -> Iterator[exp.Expr]:
    """What the node is made of, but for what is said in the statement itself."""
    for one in node.iter_expressions():
        if not isinstance(one, exp.Literal | exp.Interval | exp.DataType | exp.Var):
            yield _inside(one)


def _inside(value: exp.Expr) -> exp.Expr:
    """Not `unnest`, which goes into subqueries as well."""
    while isinstance(value, exp.Paren):
        value = value.this
    return value


def _said(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.CurrentTimestamp():
            node.meta[_MOMENT] = True
            return node
        case exp.AtTimeZone() | exp.FromTimeZone():
            return _moved_to(node.this, node.args["zone"].name, wall=isinstance(node, exp.FromTimeZone))
        case exp.UnixToTime(this=micros):
            return _from_micros(micros)
        case exp.UnixMicros(this=instant):
            return _micros(instant)
        case exp.Cast(this=value, to=type_) if not isinstance(node, exp.TryCast):
            return _cast(node, value, type_.this)
        case exp.Add(this=day, expression=time) if day.meta.get(_KIND) == "day" and time.meta.get(_KIND) == "time":
            return _joined(day, exp.Literal.string(" "), time)
        case exp.Add(expression=exp.Interval() as step) | exp.Sub(expression=exp.Interval() as step):
            count = int(step.name) * (1 if isinstance(node, exp.Add) else -1)
            return _stepped(node.this, count, step.args["unit"].name)
        case exp.TimestampTrunc(this=wall):
            return _beginning(wall, node.args["unit"].name)
        case exp.Extract(this=part, expression=day):
            return _number(_part(day, *_PLACES[part.name]))
        case exp.DayOfWeekIso(this=day):
            return monday_first(_number(call("STRFTIME", _text("%w"), _part(day, 1, 10))))
        case _:
            return node


_KIND, _MOMENT = "kind of time", "moment"


def moment(value: exp.Expr) -> exp.Expr:
    """A time that is made of the engine's own clock, by name: what is made of it in turn stays short."""
    found = once(value)
    found.meta.update({_MOMENT: True, _KIND: value.meta.get(_KIND)})
    return found


def _text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def _part(value: exp.Expr, start: int, length: int | None = None) -> exp.Expr:
    more = [] if length is None else [exp.Literal.number(length)]
    return call("SUBSTR", value, exp.Literal.number(start), *more)


def _number(value: exp.Expr) -> exp.Expr:
    return exp.Cast(this=value, to=exp.DataType(this=exp.DType.INT))


def _joined(*parts: exp.Expr) -> exp.Expr:
    joined = parts[0]
    for part in parts[1:]:
        joined = exp.DPipe(this=joined, expression=part, safe=True)
    return exp.Paren(this=joined)


def _cast(node: exp.Expr, value: exp.Expr, type_: exp.DType) -> exp.Expr:
    match type_:
        case exp.DType.TIMESTAMP | exp.DType.TIMESTAMPTZ if isinstance(value, exp.Literal):
            return _text(_shortest(value.this.removesuffix("+00:00")))
        case exp.DType.TIMESTAMP:
            return _joined(_part(value, 1, 10), _text(" 00:00:00"))
        case exp.DType.DATE:
            return day(value if isinstance(value, exp.Literal) else _part(value, 1, 10))
        case exp.DType.TIME:
            found = _text(_shortest(value.this)) if isinstance(value, exp.Literal) else _part(value, 12)
            found.meta[_KIND] = "time"
            return found
        case _:
            return node


def day(text: exp.Expr) -> exp.Expr:
    """The text, marked as a day."""
    text.meta[_KIND] = "day"
    return text


def _shortest(time: str) -> str:
    """So that it stands before every way to write the same time with a fraction."""
    return time.rstrip("0").rstrip(".") if "." in time else time


def _moved_to(at: exp.Expr, zone: str, *, wall: bool) -> exp.Expr:
    """The wall-clock time of an instant, or the instant of a wall-clock time."""
    if is_utc(exp.Literal.string(zone)):
        return at

    def moved(at: exp.Expr) -> exp.Expr:
        return _later(at, step(at.copy(), zone, wall=wall))

    return _short(at, moved)


def _short(value: exp.Expr, said: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """What is said of a value more than once: a long one is named, or the statement would soon be too deep."""
    inside = _inside(value)
    return said(value) if isinstance(inside, exp.Column | exp.Literal) else named(value, said)


def _later(at: exp.Expr, seconds: exp.Expr) -> exp.Expr:
    """Later by a step of so many seconds, which the fraction does not notice."""
    return _joined(call("DATETIME", _part(at, 1, _SECONDS), seconds), _part(at.copy(), _SECONDS + 1))


def _micros(instant: exp.Expr) -> exp.Expr:
    return _short(instant, _micros_of)


def _micros_of(instant: exp.Expr) -> exp.Expr:
    seconds = _number(call("STRFTIME", _text("%s"), _part(instant, 1, _SECONDS)))
    fraction = _number(_part(_joined(_part(instant.copy(), _SECONDS + 2), _text("000000")), 1, 6))
    whole = exp.Mul(this=seconds, expression=exp.Literal.number(_MILLION))
    return exp.Paren(this=exp.Add(this=whole, expression=fraction))


def _from_micros(micros: exp.Expr) -> exp.Expr:
    return _short(micros, _instant_of)


def _instant_of(micros: exp.Expr) -> exp.Expr:
    """SQLite's rest is below zero before 1970."""
    million = exp.Literal.number(_MILLION)
    operand = exp.Paren(this=micros) if isinstance(micros, exp.Binary) else micros
    rest = exp.Mod(this=operand, expression=million)
    rest = exp.Mod(this=exp.Paren(this=exp.Add(this=rest, expression=million.copy())), expression=million.copy())
    seconds = exp.Div(
        this=exp.Paren(this=exp.Sub(this=operand.copy(), expression=exp.Paren(this=rest))),
        expression=million.copy(), typed=True,
    )  # fmt: skip
    fraction = call("PRINTF", _text(".%06d"), rest.copy())
    none = exp.EQ(this=exp.Mod(this=operand.copy(), expression=million.copy()), expression=exp.Literal.number(0))
    shown = exp.Case(ifs=[exp.If(this=none, true=_text(""))], default=fraction)
    return _joined(call("DATETIME", seconds, _text("unixepoch")), shown)


def _stepped(at: exp.Expr, count: int, unit: str) -> exp.Expr:
    if unit in _MICROS:
        seconds, rest = divmod(count * _MICROS[unit], _MILLION)
        if not rest:
            return _later(at, _text(f"{seconds} seconds"))
        micros = exp.Literal.number(abs(count) * _MICROS[unit])
        return _from_micros((exp.Add if count > 0 else exp.Sub)(this=_micros(at), expression=micros))
    if unit not in ("MONTH", "YEAR"):
        raise NotImplementedError(unit)
    months = count * (12 if unit == "YEAR" else 1)
    # SQLite goes on into the month after where a month has no such day.
    day = call("DATE", _part(at, 1, 10), _text(f"{months:+d} months"))
    end = call(
        "DATE", _part(at.copy(), 1, 10), _text("start of month"), _text(f"{months + 1:+d} months"), _text("-1 day")
    )
    return _joined(call("MIN", day, end), _part(at.copy(), 11))


def _beginning(wall: exp.Expr, unit: str) -> exp.Expr:
    """Of the week (from Monday), the month, the quarter or the year: a day."""
    day = _part(wall, 1, 10)
    match unit:
        case "WEEK":
            return call("DATE", day, _text("-6 days"), _text("weekday 1"))
        case "MONTH" | "YEAR":
            return call("DATE", day, _text(f"start of {unit.lower()}"))
        case "QUARTER":
            month = exp.Sub(this=_number(_part(wall.copy(), 6, 2)), expression=exp.Literal.number(1))
            since = exp.Paren(this=exp.Mod(this=exp.Paren(this=month), expression=exp.Literal.number(3)))
            step = _joined(exp.Neg(this=since), _text(" months"))
            return call("DATE", day, _text("start of month"), step)
        case "DAY":
            return day
        case _:
            raise NotInDialect(f"periods such as {unit.lower()}s")
