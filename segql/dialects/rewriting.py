"""From the emitter's nodes to a dialect's own.

The emitter writes one tree for all dialects. Where sqlglot's printer says one of its nodes wrongly, a dialect's
`rewrite` says it in other nodes. It gets every node, those below it before it, and gives the same node or another.
The catalog's own SQL is none of them: no `rewrite` sees it. What the emitter means by nodes that sqlglot reads one way
here and another way there:

- `AtTimeZone`: the wall-clock time in a zone of an instant, a timestamp without zone.
- `FromTimeZone`: the instant of a wall-clock time in a zone; `repeated_hour` says which one where clocks repeat.
- `UnixToTime` in microseconds: the wall-clock time in UTC, a timestamp without zone.
- `UnixMicros`: microseconds since 1970 of an instant, a whole number.
- `TIMESTAMPTZ` is an instant, `TIMESTAMP` a wall-clock time.
- `JSONExtractScalar`: a text, a number or a truth as text; where it is `scalar_only` NULL for an object and a list.
- `TryCast`: NULL for what does not fit the type, NaN and infinity among that.
- A literal with a decimal point is a decimal, never a float.
- `WithinGroup(PercentileDisc(0.5))`: the lower median of the values that are there.
- `IntDiv` and `Mod` of whole decimals: exact, truncated towards zero.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import sqlglot
from sqlglot import exp

from ..catalog.sql import WRITTEN_IN
from .model import Dialect, NodeRewrite

DECIMALS = "decimals"
"""The mark, with how many decimals what is summed or multiplied has, on a sum and on a cast to whole numbers."""
VALUE = "value"
"""The mark, with the value, on the node of a value that a rule gives or by which the catalog tells events apart."""


_WITHIN = "within"
"""The mark of `Said`, and no part of it: a key is the same where it is selected and where it is grouped by."""


class Said(exp.Expression):
    """SQL of the catalog while the tree around it is rewritten: it stays as it is, and is taken for no node of ours."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True}


def rewritten(tree: exp.Expr, dialect: Dialect) -> exp.Expr:
    """The tree in the dialect's own nodes. The given tree is used up.

    Raises RuntimeError where the installed sqlglot does not know an argument: it would drop it without a word.
    """
    nodes = below(tree, _is_of_the_catalog)
    if dialect.rewrite is not None:
        concerned = [node for node in nodes if dialect.rewrites is None or type(node) in dialect.rewrites]
        if concerned:
            return _rewritten(tree, nodes, concerned, dialect.rewrite)
    _known(nodes)
    return tree


def _rewritten(tree: exp.Expr, nodes: list[exp.Expr], concerned: list[exp.Expr], rewrite: NodeRewrite) -> exp.Expr:
    for node in filter(_is_of_the_catalog, nodes):
        parent, key, index = node.parent, node.arg_key, node.index
        said = Said(this=node)
        said.meta[_WITHIN] = type(parent)
        tree = _put(said, parent, key, index, tree)
    for node in reversed(concerned):  # those below come first
        # Its place, before the new node may hold the old one.
        parent, key, index = node.parent, node.arg_key, node.index
        if type(parent) is not Said and (new := rewrite(node)) is not node:
            tree = _put(new, parent, key, index, tree)
    nodes = below(tree)
    _known(nodes)
    for node in nodes:
        if type(node) is Said:
            tree = _put(_opened(node), node.parent, node.arg_key, node.index, tree)
    return tree


def _known(nodes: list[exp.Expr]) -> None:
    """Raises RuntimeError where sqlglot does not know what a node holds."""
    for node in nodes:
        if not node.args.keys() <= node.arg_types.keys():
            which = ", ".join(f"`{name}`" for name in sorted(node.args.keys() - node.arg_types.keys()))
            installed = getattr(sqlglot, "__version__", "")
            raise RuntimeError(f"sqlglot {installed} does not know {which} of `{type(node).__name__}`")


def _put(new: exp.Expr, parent: exp.Expr | None, key: str | None, index: int | None, tree: exp.Expr) -> exp.Expr:
    """The tree with a node in the place of another."""
    if parent is None or key is None:
        new.parent = None
        return new
    parent.set(key, new, index)
    return tree


_LAST = frozenset({exp.Column, exp.Literal, exp.Boolean, exp.Null})
"""Below these are names at most."""
_NO_NODES = frozenset({exp.Identifier, exp.DType, str, bool, type(None)})


def below(tree: exp.Expr, prune: Callable[[exp.Expr], bool] | None = None) -> list[exp.Expr]:
    """The tree's nodes but for names, those above first, without what is below one to prune: `walk`, but quick."""
    found = [tree]
    for node in found:
        if type(node) not in _LAST and (prune is None or not prune(node)):
            for value in node.args.values():
                kind = type(value)
                if kind is list:
                    found += [part for part in value if isinstance(part, exp.Expr)]
                elif kind not in _NO_NODES and isinstance(value, exp.Expr):
                    found.append(value)
    return found


def _is_of_the_catalog(node: exp.Expr) -> bool:
    marks = node._meta  # `meta` makes a dictionary for every node that is asked
    return marks is not None and WRITTEN_IN in marks


_LOOSE = (exp.Binary, exp.Unary, exp.Between, exp.In, exp.Case, exp.AtTimeZone, exp.Interval, exp.Window)


def _opened(node: exp.Expr) -> exp.Expr:
    """The SQL itself, in parentheses where it has come to stand beside another operator than the emitter put it."""
    value: exp.Expr = node.this
    moved = type(node.parent) is not node.meta[_WITHIN] and isinstance(node.parent, (*_LOOSE, exp.Collate))
    return exp.Paren(this=value) if moved and isinstance(value, _LOOSE) and not isinstance(value, exp.Paren) else value


def zoned(node: exp.Expr) -> exp.Expr:
    """`AT TIME ZONE` both ways, as standard SQL says it."""
    return exp.AtTimeZone(this=node.this, zone=node.args["zone"]) if isinstance(node, exp.FromTimeZone) else node


def number_type(type_: exp.DataType) -> tuple[int, int]:
    """The digits of a decimal type, and how many of them are behind the point."""
    digits, scale = (int(parameter.name) for parameter in type_.expressions)
    return digits, scale


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A call of a function by its name, which is printed as it is."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def decimal(digits: int, scale: int) -> exp.DataType:
    """The type of numbers with so many digits in all, `scale` of them decimals."""
    parameters = [exp.DataTypeParam(this=exp.Literal.number(one)) for one in (digits, scale)]
    return exp.DataType(this=exp.DType.DECIMAL, expressions=parameters)


def with_names(values: list[exp.Expr]) -> list[exp.Expr]:
    """What a SELECT gives, each with its name, which a column loses when another node takes its place."""
    return [exp.Alias(this=one, alias=one.this.copy()) if isinstance(one, exp.Column) else one for one in values]


def is_set(value: exp.Expr) -> exp.Expr:
    """`value IS NOT NULL`, in nodes that every sqlglot prints so; an older one drops the `negate` of a newer."""
    return exp.Is(this=value, expression=exp.Not(this=exp.Null()))


def quotient(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    """Of whole decimals, truncated: what divides evenly is not rounded, at whatever scale an engine gives it."""
    even = exp.Paren(this=exp.Sub(this=one, expression=exp.Mod(this=one.copy(), expression=other.copy())))
    return exp.Cast(this=exp.Div(this=even, expression=other), to=decimal(38, 0))


def replaced(node: exp.Translate) -> exp.Expr:
    """TRANSLATE as a REPLACE for each of its letters."""
    text: exp.Expr = node.this
    for letter, by in zip(node.args["from_"].name, node.args["to"].name, strict=True):
        text = call("REPLACE", text, exp.Literal.string(letter), exp.Literal.string(by))
    return text


def monday_first(day: exp.Expr) -> exp.Expr:
    """1 for Monday to 7 of a day that is 0 on Sunday."""
    shifted = exp.Paren(this=exp.Add(this=day, expression=exp.Literal.number(6)))
    weekday = exp.Mod(this=shifted, expression=exp.Literal.number(7))
    return exp.Paren(this=exp.Add(this=weekday, expression=exp.Literal.number(1)))


def is_utc(zone: exp.Expr) -> bool:
    """Whether the zone is written as UTC."""
    return str(zone.name).upper() in ("UTC", "ETC/UTC")


def filtered(node: exp.ArrayFilter, elements: exp.From) -> exp.Expr:
    """The elements of an array that fit, of an engine that has no functions of its own to find them by."""
    fits, (one,) = node.expression.this, node.expression.expressions
    found = exp.Select(expressions=[exp.Column(this=one.copy())], from_=elements)
    found.set("where", exp.Where(this=fits))
    return exp.Array(expressions=[found])


def of_element(node: exp.ArrayFilter, element: exp.Expr) -> exp.Expr:
    """What an element has to fit, said of another expression."""
    fits: exp.Expr = exp.Paren(this=node.expression.this)
    (one,) = node.expression.expressions
    for column in list(fits.find_all(exp.Column)):
        if not column.table and column.name == one.name:
            column.replace(element.copy())
    return fits
