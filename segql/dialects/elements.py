"""How each engine makes rows of the elements of a list that stands in a row: objects in JSON, or structs in an array.

An element is a JSON document of its own, as a text or as the engine's type, or a struct. What is no object, or missing,
is no element. The nodes are neutral ones, as the emitter's are: a dialect's `rewrite` sees them too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from .model import Elements
from .rewriting import call, is_set

_ROWS, _ELEMENT = "elements", "element"
_ALONE = "element_of_list"
"""What an element is called where nothing can say whose column it is."""


def found(document: exp.Expr, keys: Sequence[str]) -> exp.Expr:
    """What the keys lead to, as JSON."""
    path = [exp.JSONPathRoot(), *(exp.JSONPathKey(this=key) for key in keys)]
    return exp.JSONExtract(this=document, expression=exp.JSONPath(expressions=path))


def _column(name: str = _ELEMENT) -> exp.Expr:
    return exp.Column(this=exp.Identifier(this=name), table=exp.Identifier(this=_ROWS))


def _is(kind: exp.Expr, word: str) -> exp.Expr:
    return exp.EQ(this=kind, expression=exp.Literal.string(word))


def _unnested(array: exp.Expr, holds: exp.Expr) -> Elements:
    alias = exp.TableAlias(this=exp.Identifier(this=_ROWS), columns=[exp.Identifier(this=_ELEMENT)])
    return Elements(_column(), exp.Unnest(expressions=[array], alias=alias), holds)


def _json_array(document: exp.Expr, keys: Sequence[str]) -> exp.Expr:
    of = exp.DataType(this=exp.DType.ARRAY, expressions=[exp.DataType(this=exp.DType.JSON)], nested=True)
    return exp.TryCast(this=found(document, keys), to=of)


def _each(fits: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """A test of elements as a lambda."""
    one = exp.Identifier(this="one")
    return exp.Lambda(this=fits(exp.Column(this=one)), expressions=[one.copy()])


# --- objects in JSON -------------------------------------------------------------------------------------------------


def by_cast(document: exp.Expr, keys: Sequence[str]) -> Elements:
    """DuckDB."""
    return _unnested(_json_array(document, keys), _is(call("JSON_TYPE", _column()), "OBJECT"))


def by_json_each(document: exp.Expr, keys: Sequence[str]) -> Elements:
    """SQLite."""
    rows = exp.Table(
        this=call("JSON_EACH", found(document, keys)), alias=exp.TableAlias(this=exp.Identifier(this=_ROWS))
    )
    return Elements(_column("value"), rows, _is(_column("type"), "object"))


def by_jsonb(document: exp.Expr, keys: Sequence[str]) -> Elements:
    """Postgres."""
    jsonb = exp.Cast(this=exp.Paren(this=found(document, keys)), to=exp.DataType(this=exp.DType.JSONB))
    is_array = _is(call("JSONB_TYPEOF", jsonb), "array")
    array = exp.Case(ifs=[exp.If(this=is_array, true=jsonb.copy())])
    alias = exp.TableAlias(this=exp.Identifier(this=_ROWS), columns=[exp.Identifier(this=_ELEMENT)])
    rows = exp.Table(this=call("JSONB_ARRAY_ELEMENTS", array), alias=alias)
    return Elements(_column(), rows, _is(call("JSONB_TYPEOF", _column()), "object"))


def by_json_table(document: exp.Expr, keys: Sequence[str]) -> Elements:
    """MySQL and MariaDB."""
    kind = exp.DataType(this=exp.DType.JSON)
    column = exp.JSONColumnDef(this=exp.Identifier(this=_ELEMENT), kind=kind, path=exp.Literal.string("$"))
    schema = exp.JSONSchema(expressions=[column])
    table = exp.JSONTable(this=found(document, keys), path=exp.Literal.string("$[*]"), schema=schema)
    rows = exp.Table(this=table, alias=exp.TableAlias(this=exp.Identifier(this=_ROWS)))
    return Elements(_column(), rows, _is(call("JSON_TYPE", _column()), "OBJECT"))


def by_query_array(document: exp.Expr, keys: Sequence[str]) -> Elements:
    """BigQuery, whose documents are texts or of a type of their own, and then the elements are so too."""
    path = found(document, keys).expression.sql("bigquery")
    array = call("JSON_QUERY_ARRAY", document, exp.Var(this=path))
    element = exp.Column(this=exp.Identifier(this=_ALONE, quoted=False))
    written = call("TO_JSON_STRING", element.copy())
    looks = call("REGEXP_CONTAINS", written, exp.Literal.string('^"?[{]'))
    no_text = exp.Is(this=call("JSON_VALUE", element.copy(), exp.Literal.string("$")), expression=exp.Null())
    return _alone(array, exp.And(this=looks, expression=no_text))


def by_array_join(document: exp.Expr, keys: Sequence[str]) -> Elements:
    """ClickHouse, where a list is never missing."""
    written = call("ifNull", document, exp.Literal.string(""))
    texts = call("JSONExtractArrayRaw", written, *map(exp.Literal.string, keys))
    objects = call("arrayFilter", _each(lambda one: _is(call("JSONType", one), "Object")), texts)
    return Elements(call("arrayJoin", objects))


def by_from_json(document: exp.Expr, keys: Sequence[str]) -> Elements:
    """Spark and Databricks."""

    def fits(one: exp.Expr) -> exp.Expr:
        begins = exp.StartsWith(this=one, expression=exp.Literal.string("{"))
        return exp.And(
            this=begins, expression=is_set(call("FROM_JSON", one.copy(), exp.Literal.string("MAP<STRING, STRING>")))
        )

    texts = exp.TryCast(this=found(document, keys), to=exp.DataType.build("ARRAY<TEXT>"))
    return Elements(call("EXPLODE", call("FILTER", texts, _each(fits))))


def by_flatten(document: exp.Expr, keys: Sequence[str]) -> Elements:
    """Snowflake."""
    given = exp.Kwarg(this=exp.Var(this="INPUT"), expression=found(document, keys))
    rows = exp.Lateral(this=call("FLATTEN", given), alias=exp.TableAlias(this=exp.Identifier(this=_ROWS)))
    value = exp.Column(this=exp.Identifier(this="value", quoted=False), table=exp.Identifier(this=_ROWS))
    return Elements(call("TO_JSON", value), rows, call("IS_OBJECT", value.copy()))


def by_json_type(document: exp.Expr, keys: Sequence[str]) -> Elements:
    """Trino."""
    begins = exp.StartsWith(this=call("JSON_FORMAT", _column()), expression=exp.Literal.string("{"))
    return _unnested(_json_array(document, keys), begins)


# --- structs in an array ---------------------------------------------------------------------------------------------


def structs(array: exp.Expr) -> Elements:
    """DuckDB."""
    return _unnested(array, is_set(_column()))


def repeated(array: exp.Expr) -> Elements:
    """BigQuery."""
    return _alone(array, is_set(exp.Column(this=exp.Identifier(this=_ALONE, quoted=False))))


def composites(array: exp.Expr) -> Elements:
    """Postgres: of what is missing UNNEST makes a row of missing values; a row with one IS NOT NULL no more."""
    place = exp.TableAlias(this=exp.Identifier(this=_ROWS), columns=[exp.Identifier(this=_ELEMENT)])
    rows = exp.Table(this=call("GENERATE_SUBSCRIPTS", array, exp.Literal.number(1)), alias=place)
    one = exp.Bracket(this=array.copy(), expressions=[_column()])
    return Elements(one, rows, exp.NullSafeNEQ(this=one.copy(), expression=exp.Null()))


def _alone(array: exp.Expr, holds: exp.Expr) -> Elements:
    element = exp.Identifier(this=_ALONE, quoted=False)
    alias = exp.TableAlias(columns=[element.copy()])
    return Elements(exp.Column(this=element), exp.Unnest(expressions=[array], alias=alias), holds)


def tuples(array: exp.Expr) -> Elements:
    """ClickHouse, where none is missing."""
    return Elements(call("arrayJoin", array))


def exploded(array: exp.Expr) -> Elements:
    """Spark and Databricks."""
    return Elements(call("EXPLODE", call("FILTER", array, _each(is_set))))


def of_rows(array: exp.Expr) -> Elements:
    """Trino, whose UNNEST would give the fields of a row as columns."""
    wrapped = call("TRANSFORM", array, _each(lambda one: call("ROW", one)))
    return _unnested(wrapped, is_set(_column()))
