"""SQLite, 3.38 and later, as it is built by default (with JSON and the mathematical functions).

- An instant is text in UTC, 'YYYY-MM-DD HH:MM:SS', with or without a fraction of a second; a wall-clock time is written
  alike, a day 'YYYY-MM-DD'. So texts are in the order of what they say.
- A number is an INTEGER or a REAL: a REAL of at most 15 digits is the one that its decimal is next to, so it compares
  as the decimal does. Sums and products are made of whole numbers of the smallest unit; beyond 64 bits the statement
  fails.
- A list is a JSON array.
- There are no hashes.
"""

from __future__ import annotations

from sqlglot import exp

from . import elements
from . import sqlite_times as times
from . import sqlite_written as written
from .clocks import outside_of_groups, with_clocks
from .medians import without_medians
from .model import Dialect, NotInDialect
from .rewriting import DECIMALS, call, number_type, of_element, replaced
from .sqlite_depth import MOST, depth
from .written import NUMBER

_WHOLE = "whole"
"""The mark on a number of whole units, whose products must not leave 64 bits in silence."""
_IN_JSON = "in JSON"
"""The mark on a value in a document."""
_MOST = "9E18"
"""Products up to here are whole numbers of 64 bits."""


def _rewrite(node: exp.Expr) -> exp.Expr:
    said = times.rewrite(node)
    if said is not node:
        return said
    match node:
        case exp.TryCast(this=value, to=type_):
            return _try_cast(value, type_)
        case exp.Cast(this=value, to=type_) if type_.this is exp.DType.DECIMAL:
            return _whole(value, node.meta.get(DECIMALS), number_type(type_)[1])
        case exp.Sum(this=value) if DECIMALS in node.meta:
            return _sum(value, node.meta[DECIMALS])
        case exp.Mul() if any(side.unnest().meta.get(_WHOLE) for side in (node.this, node.expression)):
            return _product(node.this, node.expression)
        case exp.IntDiv(this=dividend, expression=divisor):
            return exp.Div(this=dividend, expression=divisor, typed=True)  # of whole numbers it is whole
        case exp.Translate():
            return replaced(node)
        case exp.StartsWith(this=text, expression=beginning):
            return exp.EQ(this=_left(text, call("LENGTH", beginning)), expression=beginning.copy())
        case exp.Left(this=text, expression=length):
            return _left(text, length)
        case exp.Right(this=text, expression=length):
            return call("SUBSTR", text, exp.Neg(this=length))
        case exp.Greatest(this=first, expressions=others):
            return call("MAX", first, *others)
        case exp.Least(this=first, expressions=others):
            return call("MIN", first, *others)
        case exp.ArrayContains(this=array, expression=value):
            return _contains(array, value)
        case exp.ArraySize(this=array):
            # COUNT(elements.value) inside an aggregate of the rows around: SQLite looks for the column there.
            there: exp.Expr = exp.Not(this=exp.Is(this=_element("value"), expression=exp.Null()))
            if isinstance(array, exp.ArrayFilter):
                there, array = of_element(array, _said(_element("type"), _element("value"))), array.this
            count = exp.Select(
                expressions=[exp.Count(this=exp.Star(), big_int=True)], from_=exp.From(this=_elements(array))
            )
            count.set("where", exp.Where(this=there))
            return exp.Subquery(this=count)
        case exp.JSONExtractScalar(this=document, expression=exp.JSONPath() as path):
            return _scalar(document, _path(path))
        case exp.JSONExtract(this=document, expression=exp.JSONPath() as path):
            return _array(document, _path(path))
        case exp.RegexpLike(this=text, expression=exp.Literal(this=pattern)):
            return written.FORMS[pattern](text)
        case exp.Unnest():
            raise NotInDialect("lists of entries")
        case exp.MD5():
            raise NotInDialect("hashes")
        case exp.Select():
            is_whole = node.parent is None
            node = outside_of_groups(without_medians(node))
            return _whole_statement(node) if is_whole else node
        case exp.Query() if node.parent is None:
            return _whole_statement(node)
        case _:
            return node


def _whole_statement(query: exp.Query) -> exp.Query:
    query = with_clocks(query)
    if depth(query) > MOST:
        raise NotInDialect("statements that nest so deep")
    return query


def integer(value: exp.Expr) -> exp.Expr:
    """The value as a whole number."""
    return exp.Cast(this=value, to=exp.DataType(this=exp.DType.INT))


def _left(text: exp.Expr, length: exp.Expr) -> exp.Expr:
    return call("SUBSTR", text, exp.Literal.number(1), length)


# --- numbers ---------------------------------------------------------------------------------------------------------


def _try_cast(value: exp.Expr, type_: exp.DataType) -> exp.Expr:
    match type_.this:
        case exp.DType.DECIMAL if _IN_JSON in value.meta:
            return _rounded(_read_number(value), number_type(type_)[1])
        case exp.DType.TIMESTAMP:
            return written.wall(value)
        case exp.DType.TIMESTAMPTZ:
            return written.instant(value)
        case exp.DType.DATE:
            return times.day(value)
        case exp.DType.ARRAY:
            value.meta["of"] = type_.expressions[0]
            return value
        case exp.DType.DECIMAL:
            return _rounded(value, number_type(type_)[1])
        case _:
            raise NotImplementedError(type_)


def _read_number(text: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Add(this=text, expression=exp.Literal.number(0)))


def _rounded(value: exp.Expr, scale: int) -> exp.Expr:
    """What is no number, or too large for one of so many decimals, is missing."""
    kinds = [exp.Literal.string(kind) for kind in ("integer", "real")]
    number = exp.In(this=call("TYPEOF", value.copy()), expressions=kinds)
    limit = exp.Literal.number(f"1E{18 - scale}")
    small = exp.LT(this=exp.Abs(this=value.copy()), expression=limit)
    rounded = exp.Round(this=value, decimals=exp.Literal.number(scale) if scale else None)
    return exp.Case(ifs=[exp.If(this=exp.And(this=number, expression=small), true=rounded)])


def _units(value: exp.Expr, scale: int) -> exp.Expr:
    """A number of so many decimals as a whole number of its smallest unit."""
    if scale:
        by = exp.Mul(this=_operand(value), expression=exp.Literal.number(10**scale))
        value = exp.Round(this=by)
    units = integer(value)
    units.meta[_WHOLE] = True
    return units


def _whole(value: exp.Expr, decimals: int | None, scale: int) -> exp.Expr:
    """A cast to a decimal: a literal is one as it is, and what is multiplied by a power of ten becomes whole."""
    if scale or isinstance(value.unnest(), exp.Literal | exp.Neg):
        return value
    inner = value.unnest()
    if decimals is not None and isinstance(inner, exp.Mul) and isinstance(inner.expression, exp.Literal):
        units, by = _units(inner.this, decimals), int(inner.expression.this) // 10**decimals
        return _product(units, exp.Literal.number(by)) if by > 1 else units
    return _units(value, 0)


def _sum(value: exp.Expr, decimals: int) -> exp.Expr:
    total = exp.Sum(this=_units(value, decimals))
    return exp.Div(this=total, expression=exp.Literal.number(f"{10**decimals}.0"), typed=True) if decimals else total


def _product(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    """Beyond 64 bits SQLite would go on with a REAL: then the statement fails, by the ABS that no number has."""
    real = exp.Literal.number("1.0")
    size = exp.Abs(this=exp.Mul(this=exp.Mul(this=real, expression=one.copy()), expression=other.copy()))
    least = exp.Sub(this=exp.Neg(this=exp.Literal.number(2**63 - 1)), expression=exp.Literal.number(1))
    fails = exp.Abs(this=call("MIN", least, one.copy()))
    small = exp.If(this=exp.GT(this=size, expression=exp.Literal.number(_MOST)), true=fails)
    found = exp.Case(ifs=[small], default=exp.Mul(this=one, expression=other))
    found.meta[_WHOLE] = True
    return found


def _operand(value: exp.Expr) -> exp.Expr:
    return exp.Paren(this=value) if isinstance(value, exp.Binary) else value


# --- lists -----------------------------------------------------------------------------------------------------------


def _element(name: str) -> exp.Expr:
    return exp.Column(this=exp.Identifier(this=name), table=exp.Identifier(this="elements"))


def _elements(array: exp.Expr) -> exp.Expr:
    """The elements of a JSON array, each a row."""
    return exp.Table(this=call("JSON_EACH", array), alias=exp.TableAlias(this=exp.Identifier(this="elements")))


def _contains(array: exp.Expr, value: exp.Expr) -> exp.Expr:
    of, element = array.meta.get("of"), _element("value")
    if of is not None and of.this is exp.DType.DECIMAL and _IN_JSON in array.meta:
        text = _said(_element("type"), element)
        number = _rounded(_read_number(text), number_type(of)[1])
        element = exp.Case(ifs=[exp.If(this=written.FORMS[NUMBER](text), true=number)])
    elif of is not None and of.this is exp.DType.DECIMAL:
        element = _rounded(element, number_type(of)[1])
    else:
        element = _said(_element("type"), element)
    found = exp.EQ(this=element, expression=value)
    one = exp.Select(expressions=[exp.Literal.number(1)], from_=exp.From(this=_elements(array)))
    one.set("where", exp.Where(this=found))
    return exp.Exists(this=one)


# --- JSON ------------------------------------------------------------------------------------------------------------


def _path(path: exp.JSONPath) -> exp.Expr:
    keys = [str(key.this) for key in path.expressions if isinstance(key, exp.JSONPathKey)]
    if any('"' in key for key in keys):
        raise NotInDialect("keys with quotation marks")
    return exp.Literal.string("$" + "".join(f'."{key}"' for key in keys))


def _scalar(document: exp.Expr, path: exp.Expr) -> exp.Expr:
    """What a path leads to as text, nothing for an object or a list: SQLite would say 1 and 0 for true and false."""
    kind = call("JSON_TYPE", document.copy(), path.copy())
    return _valid(document, _said(kind, call("JSON_EXTRACT", document, path)))


def _said(kind: exp.Expr, value: exp.Expr) -> exp.Expr:
    words = [exp.If(this=exp.Literal.string(word), true=exp.Literal.string(word)) for word in ("true", "false")]
    words += [exp.If(this=exp.Literal.string(word), true=exp.Null()) for word in ("object", "array")]
    text = exp.Cast(this=value, to=exp.DataType(this=exp.DType.TEXT))
    return exp.Case(this=kind, ifs=words, default=text)


def _array(document: exp.Expr, path: exp.Expr) -> exp.Expr:
    is_array = exp.EQ(this=call("JSON_TYPE", document.copy(), path), expression=exp.Literal.string("array"))
    array = call("JSON_EXTRACT", document, path.copy())
    return _valid(document, exp.Case(ifs=[exp.If(this=is_array, true=array)]))


def _valid(document: exp.Expr, value: exp.Expr) -> exp.Expr:
    """Of what is no JSON the functions would make an error."""
    found = exp.Case(ifs=[exp.If(this=call("JSON_VALID", document.copy()), true=value)])
    found.meta[_IN_JSON] = True
    return found


SQLITE = Dialect(
    "sqlite",
    proof="executed",
    engine="rows",
    materialized=True,
    text_end=None,
    translates=False,
    binds=False,
    whole_products=True,
    bit_or=False,
    arrays=False,
    json_elements=elements.by_json_each,
    rewrite=_rewrite,
)
