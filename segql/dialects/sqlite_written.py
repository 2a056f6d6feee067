"""Values in JSON in SQLite, by the forms of `written.py`: with GLOB, DATE and JSON_VALID for regular expressions.

A form is asked for in part by the condition and in part by the value, which is NULL where a text has another form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sqlglot import exp

from .clocks import named
from .rewriting import call
from .written import DAY, INSTANT, NUMBER, WALL

_DIGITS = "0123456789"
_MINUTE, _SECOND = "[T ][0-2][0-9]:[0-5][0-9]", ":[0-5][0-9]"
_OFFSET = "*[-+][0-9][0-9]"


def _text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def _part(text: exp.Expr, start: int, length: int | None = None) -> exp.Expr:
    more = [] if length is None else [exp.Literal.number(length)]
    return call("SUBSTR", text.copy(), exp.Literal.number(start), *more)


def _joined(one: exp.Expr, *others: exp.Expr) -> exp.Expr:
    for other in others:
        one = exp.DPipe(this=one, expression=other, safe=True)
    return one


def _without_last(text: exp.Expr, count: int) -> exp.Expr:
    length = exp.Sub(this=call("LENGTH", text.copy()), expression=exp.Literal.number(count))
    return call("SUBSTR", text.copy(), exp.Literal.number(1), length)


def _is(text: exp.Expr, pattern: str) -> exp.Expr:
    return exp.Glob(this=text.copy(), expression=_text(pattern))


def _all(*conditions: exp.Expr) -> exp.Expr:
    return exp.and_(*conditions, copy=False)


def _any(*conditions: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.or_(*conditions, copy=False))


def _when(*ways: tuple[exp.Expr, exp.Expr]) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition, true=value) for condition, value in ways])


def _has_number(text: exp.Expr) -> exp.Expr:
    """JSON knows what a number is, but for white space around; and how long its parts may be."""
    fraction = call(
        "SUBSTR", text.copy(), exp.Add(this=call("INSTR", text.copy(), _text(".")), expression=exp.Literal.number(1))
    )
    rest = call("LENGTH", call("LTRIM", fraction.copy(), _text(_DIGITS)))
    return _all(
        call("JSON_VALID", text.copy()),
        exp.Not(this=_is(text, "*[^0-9eE.+-]*")),
        exp.Not(this=_is(text, "*[eE]*[0-9][0-9][0-9][0-9]")),
        exp.LTE(this=exp.Sub(this=call("LENGTH", fraction), expression=rest), expression=exp.Literal.number(100)),
    )


def _has_day(text: exp.Expr) -> exp.Expr:
    """A day that there is not comes back as another."""
    return _all(
        exp.EQ(this=call("DATE", text.copy(), _text("+0 days")), expression=text.copy()),
        exp.GTE(this=text.copy(), expression=_text("1000")),
    )


def _has_wall(text: exp.Expr) -> exp.Expr:
    return _all(
        exp.GT(this=call("LENGTH", text.copy()), expression=exp.Literal.number(10)),
        exp.Not(this=_is(_part(text, 11), "*[-+Z]*")),
    )


def _has_instant(text: exp.Expr) -> exp.Expr:
    return _is(_part(text, 11), "*[-+Z]*")


FORMS: Mapping[str, Callable[[exp.Expr], exp.Expr]] = MappingProxyType(
    {NUMBER: _has_number, DAY: _has_day, WALL: _has_wall, INSTANT: _has_instant}
)
"""The condition for each pattern."""


def wall(text: exp.Expr) -> exp.Expr:
    """The wall-clock time, or the midnight of the day, that a text says; NULL where it says none."""
    return named(text, lambda text: _wall(text, _is(text, "??????????")))


def _wall(text: exp.Expr, *or_: exp.Expr) -> exp.Expr:
    time, fraction = _part(text, 11, 9), _part(text, 20)
    written = _all(
        _has_day(_part(text, 1, 10)),
        _any(*or_, _is(time, _MINUTE), _is(time, _MINUTE + _SECOND)),
        exp.LTE(this=_part(text, 12, 2), expression=_text("23")),
        _any(
            exp.EQ(this=fraction, expression=_text("")),
            _all(_is(fraction, ".[0-9]*"), exp.Not(this=_is(_part(text, 21), "*[^0-9]*"))),
        ),
    )
    shown = call("RTRIM", call("RTRIM", _part(text, 20, 7), _text("0")), _text("."))
    return _when((written, _joined(call("DATETIME", _part(text, 1, 19)), shown)))


def instant(text: exp.Expr) -> exp.Expr:
    """The instant that a text with an offset says; NULL where it says none."""
    return named(named(named(text, _with_offset), _with_seconds), _instant)


def _with_offset(text: exp.Expr) -> exp.Expr:
    """The text with its offset as hours and minutes, with a colon between."""
    return _when(
        (_is(text, "*Z"), _joined(_without_last(text, 1), _text("+00:00"))),
        (_is(text, _OFFSET), _joined(text.copy(), _text(":00"))),
        (_is(text, f"{_OFFSET}[0-5][0-9]"), _joined(_without_last(text, 2), _text(":"), _part(text, -2))),
        (_is(text, f"{_OFFSET}:[0-5][0-9]"), text.copy()),
    )


def _with_seconds(text: exp.Expr) -> exp.Expr:
    """And its time with seconds, and with a fraction only where it has one."""
    return _joined(named(_without_last(text, 6), _wall), _part(text, -6))


def _instant(text: exp.Expr) -> exp.Expr:
    hours = exp.Mul(this=_integer(_part(text, -6, 3)), expression=exp.Literal.number(-60))
    minutes = _integer(_joined(_part(text, -6, 1), _part(text, -2)))
    back = _joined(exp.Paren(this=exp.Sub(this=hours, expression=minutes)), _text(" minutes"))
    near = exp.LTE(this=_part(text, -5), expression=_text("14:00"))
    fraction = _without_last(_part(text, 20), 6)
    return _when((near, _joined(call("DATETIME", _part(text, 1, 19), back), fraction)))


def _integer(text: exp.Expr) -> exp.Expr:
    return exp.Cast(this=text, to=exp.DataType(this=exp.DType.INT))
