"""SQL that others keep: of a view or a model. Its values have the types of the warehouse, its tables other names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from secrets import token_hex

from sqlglot import exp

from .. import conditions as c
from ..catalog.model import Catalog
from ..dialects import printed
from ..dialects.hashes import sha256
from ..plain import dataclass
from ..planner import Plan
from . import nodes as n
from . import sql_text
from .bounds import Clock
from .columns import NUMBERS, Kept, emit_columns
from .target import Target
from .tenants import narrowed, stored
from .times import instant

HASH = "sha256 of "
"""What stands before a property whose hash is wanted."""
_DIGITS = 28
"""Those of a number that is divided by its units: as many as each engine's decimals have beside nine decimals."""


def emit_typed(
    plan: Plan, columns: Sequence[tuple[str, c.Column, c.Type]], of: c.Truth, catalog: Catalog, dialect: str
) -> exp.Select:
    """As `emit_columns`, with values of the warehouse's types; hashes where names ask for them. Raises NotInDialect."""

    def say(column: tuple[str, c.Column, c.Type], values: list[exp.Expr], kept: Kept, target: Target) -> list[exp.Expr]:
        name, what, type_ = column
        return [hashed(values[0], target)] if name.startswith(HASH) else typed(what, values, type_, kept, target)

    return emit_columns(plan, columns, of, catalog, dialect, say=say)[0]


def typed(of: c.Column, values: list[exp.Expr], type_: c.Type, kept: Kept, target: Target) -> list[exp.Expr]:
    """A column's values in types of the warehouse, of the forms that every engine gives alike."""
    match type_:
        case c.Type.TIME:
            return [instant(values[0], Clock("microseconds"), target.dialect)]
        case c.Type.BOOLEAN if isinstance(of, c.Truth):
            return [n.compare(values[0], "=", n.number(1))]
        case _ if type_ in NUMBERS and kept.units > 1:
            shift = len(str(kept.units)) - 1
            whole = n.cast(values[0], n.decimal(_DIGITS, kept.decimals))
            return [exp.Mul(this=whole, expression=n.cast(n.number(Decimal(1).scaleb(-shift)), n.decimal(9, shift)))]
        case _:
            return values


def hashed(value: exp.Expr, target: Target) -> exp.Expr:
    """The SHA-256 of a text without spaces around it, in lower case; NULL of nothing. Raises NotInDialect."""
    bare = exp.Nullif(this=exp.Lower(this=exp.Trim(this=value)), expression=n.text(""))
    return sha256(bare, target.dialect.name)


def key_called(tree: exp.Query, name: str) -> None:
    """Gives the key, which is the first that is selected, another name."""
    select: exp.Expr = tree
    while not isinstance(select, exp.Select):
        select = select.this
    first, *others = select.expressions
    value = first.this if isinstance(first, exp.Alias) else first
    select.set("expressions", [n.named(value, name), *others])


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the warehouse: the parts of its name, and whether any of them stands in quotes."""

    parts: tuple[str, ...]
    quoted: bool


def model_text(
    tree: exp.Query,
    catalog: Catalog,
    dialect: str,
    header: str,
    *,
    refer: Callable[[Table], str] | None,
    finish: Callable[[str], str],
) -> tuple[str, tuple[Table, ...]]:
    """The SQL, `finish`ed as whoever reads it takes it, and its tables; `refer` says what stands for each.

    The tree is used up. Raises as `sql_text`.
    """
    tree = narrowed(tree, catalog)
    marks: dict[str, Table] = {}
    of_this_text = token_hex(8)  # so that no rule has it in texts of its own
    for table in stored(tree):
        mark = f"segql_{of_this_text}_{len(marks):04}"
        marks[mark] = _known(table, dialect)
        if refer is not None:
            _marked(table, mark, tree)
    text = finish(sql_text(tree, None, dialect, header))
    if refer is not None:
        for mark, known in marks.items():
            text = text.replace(mark, refer(known))
    return text, tuple(dict.fromkeys(marks.values()))


def _marked(table: exp.Table, mark: str, tree: exp.Expr) -> None:
    """Puts a mark in the place of a table, whose columns find it under its own name."""
    if table.args.get("alias") is None:
        for column in tree.find_all(exp.Column):
            if column.table == table.name and column.db and column.db == table.db:
                column.set("db", None)
                column.set("catalog", None)
        table.set("alias", exp.TableAlias(this=table.this.copy()))
    table.set("this", exp.Identifier(this=mark, quoted=False))
    table.set("db", None)
    table.set("catalog", None)


def _known(table: exp.Table, dialect: str) -> Table:
    parts = [part for part in table.parts if isinstance(part, exp.Identifier)]
    quoted = any(printed(part.copy(), dialect) != part.name for part in parts)
    return Table(tuple(part.name for part in parts), quoted)


def identifier_text(name: str, dialect: str) -> str:
    """A name as SQL has it, in quotes where it needs them."""
    return printed(n.identifier(name), dialect)
