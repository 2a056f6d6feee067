"""MySQL 8.0.21 and MariaDB 10.6, and later. Both run it in the tests.

- An instant is a DATETIME(6) in UTC. Zones need the server's time zone tables.
- Columns compare as their collation says, which mostly takes no notice of case, accents and spaces at the end. So texts
  are told to compare by code point; beside a column it is the literal that is told, so that an index may serve.
- A list is a JSON array.
- `CONVERT_TZ` takes the earlier instant of a wall-clock time that occurs twice, and for one that clocks skip the
  instant of the change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from sqlglot import exp

from ..catalog.sql import register_mariadb
from . import elements
from .medians import without_medians
from .model import Dialect, NotInDialect
from .rewriting import VALUE, call, is_utc, number_type, of_element, quotient, replaced
from .written import whole

MARIADBS = "utf8mb4_nopad_bin"
"""MariaDB's collation by code point, which MySQL has by another name."""
_TEXT_LENGTH = 16_000
"""Of an element of a list, in characters."""


def _rewrite(collation: str, node: exp.Expr) -> exp.Expr:
    match node:
        case exp.AtTimeZone() | exp.FromTimeZone() if is_utc(node.args["zone"]):
            unchanged: exp.Expr = node.this
            return unchanged
        case exp.AtTimeZone(this=instant):
            return _wall(instant, node.args["zone"])
        case exp.FromTimeZone(this=wall):
            return _instant(wall, node.args["zone"])
        case exp.UnixToTime(this=micros):
            return call("TIMESTAMPADD", exp.Var(this="MICROSECOND"), micros, _start())
        case exp.UnixMicros(this=instant):
            return call("TIMESTAMPDIFF", exp.Var(this="MICROSECOND"), _start(), instant)
        case exp.JSONExtractScalar(this=document, expression=exp.JSONPath() as path):
            unlike = ("NULL", "OBJECT", "ARRAY") if node.args.get("scalar_only") else ("NULL",)
            return exp.Case(ifs=[exp.If(this=_is_none_of(unlike, document, path), true=_scalar(document, path))])
        case exp.JSONExtract(this=document, expression=exp.JSONPath() as path):
            is_array = exp.EQ(this=_kind(document, path), expression=exp.Literal.string("ARRAY"))
            return exp.Case(ifs=[exp.If(this=is_array, true=_extract(document, path))])
        case exp.TryCast(this=value, to=type_):
            return _try_cast(value, type_)
        case exp.Cast(this=value, to=type_):
            return _cast(node, value, type_.this)
        case exp.Add(this=exp.Cast() as day, expression=exp.Cast() as time) if time.is_type(exp.DType.TIME):
            return call("TIMESTAMP", day, time)
        case exp.DayOfWeekIso(this=day):
            return exp.Paren(this=exp.Add(this=call("WEEKDAY", day), expression=exp.Literal.number(1)))
        case exp.TimestampTrunc(this=wall):
            return _beginning(wall, node.args["unit"].name)
        case exp.CurrentTimestamp():
            return call("UTC_TIMESTAMP", exp.Literal.number(6))
        case exp.Chr():  # else it makes bytes, not text
            node.set("charset", exp.Var(this="utf8mb4"))
            return node
        case exp.MD5() if collation != MARIADBS:  # since MySQL 9.6 it is ASCII, which has no such collation
            return exp.Cast(this=node, to=exp.DataType(this=exp.DType.TEXT))
        case exp.IntDiv(this=dividend, expression=divisor):
            return quotient(dividend, divisor)
        case exp.RegexpLike(this=text, expression=exp.Literal(this=pattern)):  # MariaDB has no REGEXP_LIKE
            position = call("REGEXP_INSTR", text, exp.Literal.string(whole(pattern)))
            return exp.GT(this=position, expression=exp.Literal.number(0))
        case exp.Translate():
            return replaced(node)
        case exp.StartsWith(this=text, expression=beginning):
            length = call("CHAR_LENGTH", beginning)
            return exp.EQ(this=exp.Left(this=text, expression=length), expression=beginning.copy())
        case exp.StrPosition(this=text, args={"substr": part}):
            return call("INSTR", text, part)
        case exp.EQ(this=exp.Paren(this=exp.Collate(this=exp.Column() as column)), expression=other) if (
            VALUE in other.meta
        ):
            return exp.EQ(this=column, expression=exp.Collate(this=other, expression=exp.Identifier(this=collation)))
        case exp.Literal() | exp.Var() | exp.Paren() if isinstance(node.meta.get(VALUE), str):
            return _told(node, collation)
        case exp.ArrayContains(this=array, expression=value):
            return _contains(array, value, collation)
        case exp.ArraySize(this=exp.ArrayFilter(this=array) as some):
            count = exp.Count(this=exp.Star(), big_int=True)
            return exp.Subquery(
                this=_elements(array, "TEXT")
                .select(count, append=False)
                .where(of_element(some, _element()), copy=False)
            )
        case exp.ArraySize(this=array):
            return exp.Subquery(this=_elements(array, "TEXT").select(exp.Count(this=_element()), append=False))
        case exp.Ordered() if isinstance(node.parent, exp.Order) and isinstance(node.parent.parent, exp.Window):
            node.set("nulls_first", not node.args.get("desc"))  # as they come anyway: none is missing
            return node
        case exp.Select():
            return without_medians(node) if collation == MARIADBS else _beside(without_medians(node))
        case exp.Unnest():
            raise NotInDialect("lists of entries")
        case _:
            return node


def _beside(select: exp.Select) -> exp.Select:
    """The SELECT; what it aggregates by groups asks for the elements of lists beside each row: MySQL cannot within."""
    joins = list(select.args.get("joins") or ())
    if select.args.get("group") is not None:
        aggregates = [node for node in _own(select) if isinstance(node, exp.AggFunc)]
        for node in [node for one in aggregates for node in _own(one)]:
            if isinstance(node, exp.Subquery | exp.Exists) and node.find(exp.JSONTable):
                alias = exp.Identifier(this=f"listed_{len(joins) + 1}")
                node.replace(exp.Column(this=exp.Identifier(this="found"), table=alias.copy()))
                found = exp.Alias(this=node, alias=exp.Identifier(this="found"))
                beside = exp.Lateral(
                    this=exp.Subquery(this=exp.Select(expressions=[found])), alias=exp.TableAlias(this=alias)
                )
                joins.append(exp.Join(this=beside, kind="CROSS"))
        select.set("joins", joins)
    return select


def _own(select: exp.Expr) -> Iterator[exp.Expr]:
    """The nodes of a SELECT, those of others in it left out."""
    return select.walk(prune=lambda node: isinstance(node, exp.Query) and node is not select)


def _told(text: exp.Expr, collation: str) -> exp.Expr:
    """The text literal, where it is compared, with the collation by which it is."""
    above = text.parent
    if not isinstance(above, exp.EQ | exp.In | exp.LT | exp.Like) or above.this.find(exp.Collate):
        return text
    return exp.Collate(this=text, expression=exp.Identifier(this=collation))


def _micros(kind: exp.DType) -> exp.DataType:
    return exp.DataType(this=kind, expressions=[exp.DataTypeParam(this=exp.Literal.number(6))])


def _start() -> exp.Expr:
    return exp.Cast(this=exp.Literal.string("1970-01-01 00:00:00"), to=_micros(exp.DType.DATETIME))


def _convert(value: exp.Expr, from_: exp.Expr, to: exp.Expr) -> exp.Expr:
    return call("CONVERT_TZ", value, from_, to)


def _utc() -> exp.Expr:
    return exp.Literal.string("+00:00")


def _wall(instant: exp.Expr, zone: exp.Expr) -> exp.Expr:
    return _convert(instant, _utc(), zone)


def _instant(wall: exp.Expr, zone: exp.Expr) -> exp.Expr:
    """A skipped time means what it would, had the clocks not changed: a day earlier they had not."""

    def at(wall_: exp.Expr) -> exp.Expr:
        return _convert(wall_.copy(), zone.copy(), _utc())

    day = exp.Interval(this=exp.Literal.string("1"), unit=exp.Var(this="DAY"))
    there = exp.EQ(this=_wall(at(wall), zone.copy()), expression=_operand(wall.copy()))
    before = exp.Sub(this=_operand(wall.copy()), expression=day)
    skipped = exp.Add(this=at(before), expression=day.copy())
    return exp.Case(ifs=[exp.If(this=there, true=at(wall))], default=skipped)


def _cast(node: exp.Expr, value: exp.Expr, type_: exp.DType) -> exp.Expr:
    match type_:
        case exp.DType.TIMESTAMP | exp.DType.TIMESTAMPTZ:
            if isinstance(value, exp.Literal):
                value = exp.Literal.string(value.this.removesuffix("+00:00"))
            return exp.Cast(this=value, to=_micros(exp.DType.DATETIME))
        case exp.DType.TIME:
            return exp.Cast(this=value, to=_micros(exp.DType.TIME))
        case _:
            return node


def _try_cast(value: exp.Expr, type_: exp.DataType) -> exp.Expr:
    match type_.this:
        case exp.DType.ARRAY:
            value.meta["of"] = type_.expressions[0]
            return value
        case exp.DType.DECIMAL:
            # What does not fit would become the largest number that does.
            digits, scale = number_type(type_)
            most = exp.Literal.number(f"1E{digits - scale - 1}")
            fits: exp.Expr = exp.Between(this=_operand(value.copy()), low=exp.Neg(this=most), high=most.copy())
            return exp.Case(ifs=[exp.If(this=fits, true=exp.Cast(this=value, to=type_))])
        case exp.DType.TIMESTAMP:
            return _written_time(value)
        case exp.DType.TIMESTAMPTZ:
            return _written_instant(value)
        case _:
            return _cast(exp.Cast(this=value, to=type_), value, type_.this)


def _written_time(text: exp.Expr) -> exp.Expr:
    """The time that a text says, without the seventh decimal and those behind it: MySQL would round."""
    return exp.Cast(this=exp.Left(this=text, expression=exp.Literal.number(26)), to=_micros(exp.DType.DATETIME))


def _written_instant(text: exp.Expr) -> exp.Expr:
    """The instant that a text with an offset says. MariaDB leaves an offset out; MySQL goes by the session's zone."""
    signed = call("REPLACE", text, exp.Literal.string("Z"), exp.Literal.string("+00:00"))
    end = exp.Literal.string("[+-][0-9:]+$")
    digits = call("REPLACE", call("REGEXP_SUBSTR", signed, end), exp.Literal.string(":"), exp.Literal.string(""))
    digits = call("RPAD", digits, exp.Literal.number(5), exp.Literal.string("0"))
    sign, hours = (exp.Left(this=digits.copy(), expression=exp.Literal.number(length)) for length in (1, 3))
    minutes = call("CONCAT", sign, call("RIGHT", digits, exp.Literal.number(2)))
    ahead = exp.Add(this=exp.Mul(this=_integer(hours), expression=exp.Literal.number(60)), expression=_integer(minutes))
    wall = call("REGEXP_REPLACE", signed.copy(), end.copy(), exp.Literal.string(""))
    return call("TIMESTAMPADD", exp.Var(this="MINUTE"), exp.Neg(this=exp.Paren(this=ahead)), _written_time(wall))


def _integer(text: exp.Expr) -> exp.Expr:
    return exp.Cast(this=text, to=exp.DataType(this=exp.DType.INT))


def _operand(value: exp.Expr) -> exp.Expr:
    return exp.Paren(this=value) if isinstance(value, exp.Binary | exp.Case) else value


def _beginning(wall: exp.Expr, unit: str) -> exp.Expr:
    """Of the week (from Monday), the month or the year, at midnight."""
    day = call("DATE", wall)
    match unit:
        case "WEEK":
            since = call("WEEKDAY", wall.copy())
        case "QUARTER":
            since = call("DATEDIFF", wall.copy(), call("MAKEDATE", call("YEAR", wall.copy()), exp.Literal.number(1)))
        case "MONTH":
            since = exp.Sub(this=call("DAYOFMONTH", wall.copy()), expression=exp.Literal.number(1))
        case "YEAR":
            since = exp.Sub(this=call("DAYOFYEAR", wall.copy()), expression=exp.Literal.number(1))
        case _:
            raise NotImplementedError(unit)
    return call("SUBDATE", day, since)


def _path(path: exp.JSONPath) -> exp.Expr:
    keys = (str(key.this) for key in path.expressions if isinstance(key, exp.JSONPathKey))
    return exp.Literal.string("$" + "".join('."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"' for key in keys))


def _extract(document: exp.Expr, path: exp.JSONPath) -> exp.Expr:
    return call("JSON_EXTRACT", document.copy(), _path(path))


def _scalar(document: exp.Expr, path: exp.JSONPath) -> exp.Expr:
    return call("JSON_UNQUOTE", _extract(document, path))


def _kind(document: exp.Expr, path: exp.JSONPath) -> exp.Expr:
    return call("JSON_TYPE", _extract(document, path))


def _is_none_of(kinds: Sequence[str], document: exp.Expr, path: exp.JSONPath) -> exp.Expr:
    one, *more = (exp.Literal.string(kind) for kind in kinds)
    if not more:
        return exp.NEQ(this=_kind(document, path), expression=one)
    return exp.Not(this=exp.In(this=_kind(document, path), expressions=[one, *more]))


def _element() -> exp.Expr:
    return exp.Column(this=exp.Identifier(this="element"), table=exp.Identifier(this="elements"))


def _elements(array: exp.Expr, type_: str) -> exp.Select:
    """A SELECT over the elements of a JSON array."""
    column = exp.JSONColumnDef(
        this=exp.Identifier(this="element"),
        kind=exp.DataType.build(type_, dialect="mysql"),
        path=exp.Literal.string("$"),
    )
    elements = exp.JSONTable(this=array, path=exp.Literal.string("$[*]"), schema=exp.JSONSchema(expressions=[column]))
    source = exp.Table(this=elements, alias=exp.TableAlias(this=exp.Identifier(this="elements")))
    return exp.Select(expressions=[exp.Literal.number(1)], from_=exp.From(this=source))


def _contains(array: exp.Expr, value: exp.Expr, collation: str) -> exp.Expr:
    if isinstance(value, exp.Cast):
        found = _elements(array, value.to.sql("mysql")).where(exp.EQ(this=_element(), expression=value), copy=False)
    else:
        wanted = exp.Collate(this=value, expression=exp.Identifier(this=collation))
        kind = f"VARCHAR({_TEXT_LENGTH})"
        found = _elements(array, kind).where(exp.EQ(this=_element(), expression=wanted), copy=False)
    # Of EXISTS MySQL makes a join with elements that it takes for those of every row.
    found.set("expressions", [exp.Count(this=exp.Star(), big_int=True)])
    return exp.GT(this=exp.Subquery(this=found), expression=exp.Literal.number(0))


_BOTH = Dialect("mysql", proof="emulated", engine="rows", text_end="\\z", translates=False, collated=True)


def _with(name: str, collation: str) -> Dialect:
    return replace(
        _BOTH,
        name=name,
        named_values=False,
        arrays=False,
        binary_collation=collation,
        json_elements=elements.by_json_table,
        rewrite=partial(_rewrite, collation),
    )


register_mariadb()
MYSQL = replace(_with("mysql", "utf8mb4_0900_bin"), proof="executed")
MARIADB = replace(_with("mariadb", MARIADBS), proof="executed")
