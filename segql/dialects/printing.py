"""sqlglot's printers, with a short way for what nearly every statement is made of. The text is the same, in half of the
time.

sqlglot asks every node for every part that some dialect may give it. A short way is taken by nodes that have only
the usual parts, and in those dialects alone that print such a node as sqlglot does by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.generator import Generator

from ..catalog.sql import load_duckdb


def printed(tree: exp.Expr, dialect: str) -> str:
    """The SQL of a tree as a person reads it. The tree is used up."""
    return _printer(dialect)(dialect=dialect, pretty=True).generate(tree, copy=False)


@cache
def _printer(dialect: str) -> type[Generator]:
    if dialect == "duckdb":
        load_duckdb()
    own = Dialect.get_or_raise(dialect).generator_class
    usual = {name for name in _WAYS if getattr(own, name) is getattr(Generator, name)}
    short = {name: way for name, way in _WAYS.items() if {name, *_BESIDE.get(name, ())} <= usual}
    if "identifier_sql" in short:
        short["identifier_sql"] = _remembered(own(dialect=dialect, pretty=True))
    short["datatype_sql"] = _types(own(dialect=dialect, pretty=True))
    try:
        return type("Printer", (own,), short)
    except TypeError:  # sqlglot's compiled build, which is quick itself
        return own


def _remembered(printer: Generator) -> Callable[[Any, exp.Identifier], str]:
    """Names as the dialect writes them, each thought of once."""

    @lru_cache(4096)
    def name(text: str, quoted: bool) -> str:
        return printer.identifier_sql(exp.Identifier(this=text, quoted=quoted))

    def identifier_sql(self: Generator, node: exp.Identifier) -> str:
        args = node.args
        if len(args) == 2 and "quoted" in args:
            return name(args["this"], bool(args["quoted"]))
        return printer.identifier_sql(node)

    return identifier_sql


def _types(printer: Generator) -> Callable[[Any, exp.DataType], str]:
    """Types as the dialect writes them. In another type they may be written otherwise."""

    @lru_cache(256)
    def named(type_: exp.DType, *sizes: str) -> str:
        parameters = [exp.DataTypeParam(this=exp.Literal.number(size)) for size in sizes]
        return printer.datatype_sql(exp.DataType(this=type_, **({"expressions": parameters} if sizes else {})))

    def datatype_sql(self: Generator, node: exp.DataType) -> str:
        args = node.args
        if isinstance(args["this"], exp.DType) and not isinstance(node.parent, exp.DataType):
            if len(args) == 1:
                return named(args["this"])
            if len(args) == 2 and all(type(one) is exp.DataTypeParam for one in args.get("expressions", (None,))):
                return named(args["this"], *(one.name for one in args["expressions"]))
        return type(printer).datatype_sql(self, node)

    return datatype_sql


def _sql(self: Any, node: Any, key: str | None = None, comment: bool = True) -> str:
    if key is not None and node.__class__ is not str:
        node = node and node.args.get(key)
    if not node:
        return ""
    way = self._dispatch.get(node.__class__)
    if way is None:
        return Generator.sql(self, node, None, comment)
    text: str = way(self, node)
    return self.maybe_comment(text, node) if comment and node.comments else text


def _column(self: Any, node: exp.Column) -> str:
    args = node.args
    if len(args) == 2 and type(args["this"]) is type(args.get("table")) is exp.Identifier:
        return f"{self.identifier_sql(args['table'])}.{self.identifier_sql(args['this'])}"
    return Generator.column_sql(self, node)


_TABLE = frozenset({"this", "db", "catalog", "alias"})


def _table(self: Any, node: exp.Table, sep: str = " AS ") -> str:
    if node.args.keys() <= _TABLE:
        alias = node.args.get("alias")
        return f"{self.table_parts(node)}{sep}{self.sql(alias)}" if alias else str(self.table_parts(node))
    return Generator.table_sql(self, node, sep)


def _binary(self: Any, node: exp.Binary, op: str) -> str:
    args = node.args
    if len(args) == 2 and not node.comments:
        left, right = args["this"], args["expression"]
        if type(left) is not type(node) and type(right) is not type(node) and type(node) is not exp.Is:
            return f"{self.sql(left)} {op} {self.sql(right)}"
    return Generator.binary(self, node, op)


def _connector(self: Any, node: exp.Connector, op: str, stack: list[Any] | None = None) -> str:
    if stack is not None:
        return Generator.connector_sql(self, node, op, stack)
    kind, texts, left = type(node), list[str](), [node]
    while left:
        part: Any = left.pop()
        if type(part) is kind and not part.comments:
            left += (part.args["expression"], part.args["this"])
        elif isinstance(part, exp.Connector):
            return Generator.connector_sql(self, node, op)
        else:
            texts.append(f"{op} {self.sql(part)}" if texts else self.sql(part))
    return ("\n" if self.pretty and self.too_wide(texts) else " ").join(texts)


def _indent(  # noqa: PLR0917  # as sqlglot calls it
    self: Any, sql: str, level: int = 0, pad: int | None = None, skip_first: bool = False, skip_last: bool = False
) -> str:
    if not self.pretty or not sql:
        return sql
    margin = " " * (level * self._indent + (self.pad if pad is None else pad))
    first, last = "" if skip_first else margin, ""
    if skip_last and "\n" in sql:
        sql, _, last = sql.rpartition("\n")
        last = f"\n{last}"
    elif skip_last:
        return sql
    inner = sql.replace("\n", f"\n{margin}")
    return f"{first}{inner}{last}"


def _expressions(self: Any, expression: exp.Expr | None = None, key: str | None = None, *more: Any, **how: Any) -> str:
    if expression is not None and not expression.args.get(key or "expressions"):
        return ""
    return Generator.expressions(self, expression, key, *more, **how)


_QUERY = frozenset({"this", "alias", "expressions", "from_", "with_", "distinct", "joins", "where", "group", "having"})


def _query(self: Any, expression: exp.Expr, *sqls: str) -> str:
    args = expression.args
    if not args.keys() <= _QUERY:
        return Generator.query_modifiers(self, expression, *sqls)
    joins = [self.sql(join) for join in args.get("joins") or ()]
    return "".join([*sqls, *joins, *[self.sql(args[key]) for key in ("where", "group", "having") if key in args]])


_BESIDE = {"column_sql": ("column_parts",)}
"""What else a dialect must not say in its own way."""
_WAYS: dict[str, Any] = {
    "column_sql": _column,
    "column_parts": Generator.column_parts,
    "identifier_sql": _remembered,
    "table_sql": _table,
    "binary": _binary,
    "connector_sql": _connector,
    "indent": _indent,
    "expressions": _expressions,
    "query_modifiers": _query,
    **({"sql": _sql} if hasattr(Generator, "_dispatch") else {}),
}
