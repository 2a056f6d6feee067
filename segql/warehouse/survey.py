"""Looks at tables: which columns they have, whether an SQL condition runs on them, whether a key is unique.

Each look that fails becomes a problem at its place in the catalog's file; looking goes on.
"""

from __future__ import annotations

import re
from dataclasses import field, replace
from datetime import UTC, date, datetime

from sqlglot import exp

from ..catalog import Catalog
from ..catalog.checks.findings import called
from ..catalog.model import Given, Join, SourceRows, StoredMoment
from ..catalog.parts import Escape
from ..dialects import DIALECTS, Dialect, known_or_plain
from ..dialects import dialect as dialect_of
from ..emitter import escapes, sql_text
from ..emitter import nodes as n
from ..emitter.elements import ELEMENT
from ..emitter.target import Target
from ..errors import Code, Problem, Severity
from ..nearest import nearest
from ..plain import dataclass
from . import contents
from .connection import Row, Warehouse
from .faults import WarehouseError
from .surveyed import FOREIGN_TYPES, ColumnTypes, Path, Surveyed, listed, start, stored_as
from .tenants import column_of, unfit
from .types import ColumnType

_EVENT = re.compile(r'the event "[^"]*"')


@dataclass(frozen=True, slots=True)
class Survey:
    """One comparison of a catalog with a warehouse, and what it found so far."""

    warehouse: Warehouse
    catalog: Catalog
    key_type: str
    """What keys of profiles should be: text, integer or uuid."""
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, ColumnTypes | str] = field(default_factory=dict)

    def wrong(self, code: Code, path: Path, message: str, hint: str = "", severity: Severity = "error") -> None:
        """Add a problem, once: also when several events say the same in one line of the file, by an anchor."""
        problem = Problem(code, message, self.catalog.span(*path), hint, severity)
        alike = [p for p in self.problems if (p.code, p.span, p.hint) == (code, problem.span, hint)]
        if all(_EVENT.sub("", p.message) != _EVENT.sub("", message) for p in alike):
            self.problems.append(problem)

    def rows(self, tree: exp.Expr) -> list[Row]:
        """The rows of a query; none where it fails, for a reason that is then said elsewhere."""
        try:
            return self.warehouse.rows(self._text(tree))
        except WarehouseError:
            return []

    # --- sources ------------------------------------------------------------------------------------------------

    def table(self, name: str, path: Path) -> Surveyed | None:
        """A table by its name; None, and a problem, where there is none."""
        found = self._columns(n.select([exp.Star()], n.table(name)), whole=True)
        if not isinstance(found, str):
            there = Surveyed(n.table(name), f"the table `{name}`", found)
            return there if self._of_tenant(name, there, path) else None
        try:
            tables = self.warehouse.tables()
        except WarehouseError:
            tables = []
        bare = {table.rpartition(".")[2].casefold(): table for table in reversed(tables)}
        near = [bare[one] for one in nearest(name.rpartition(".")[2].casefold(), bare, 1)] or nearest(name, tables)
        hint = f"did you mean `{near[0]}`?" if near else f"its tables: {listed(tables)}"
        message = f"{self.warehouse.name} has no table `{name}`."
        self.wrong("missing-table", path, message, hint if tables else "it has no tables at all")
        return None

    def _of_tenant(self, name: str, table: Surveyed, path: Path) -> bool:
        """Whether a table can be read for one tenant; a problem where not."""
        if (column := column_of(self.catalog, name)) is None:
            return True
        found = table.columns.get(self.looked_up(column))
        if problem := unfit(self.catalog, name, found[1] if found else None, path):
            self.wrong(*problem)
        elif found is not None and found[1].family == "text":
            contents.compares_exactly(self, column, table, path)
        return found is not None

    def source(self, rows: SourceRows, path: Path, otherwise: Surveyed | None = None) -> Surveyed | None:
        """The rows of a part of the catalog, with its own condition; `otherwise` when it names none."""
        found = otherwise
        if rows.table is not None:
            found = self.table(rows.table, (*path, "table"))
        elif rows.query is not None:
            if self._unsaid(rows.query, (*path, "query")):
                return None
            tree = escapes.query(rows.query, self.catalog, self._dialect)
            columns = self._columns(tree)
            if isinstance(columns, str):
                self.wrong("warehouse-sql", (*path, "query"), f"The query of {called(path)} does not run: {columns}")
                return None
            found = Surveyed(exp.Subquery(this=tree), f"the query of {called(path)}", columns)
        if found is None or rows.where is None:
            return found
        tables = {name: self._joined(join) for name, join in getattr(rows, "join", {}).items()}
        if not self.condition(rows.where, replace(found, joins=tables), (*path, "where")):
            return found
        return found.among(self.sql(rows.where))

    # --- what its rows hold -------------------------------------------------------------------------------------

    def condition(self, text: Escape, source: Surveyed, path: Path) -> bool:
        """Whether an SQL condition runs on a source; a problem where not."""
        if self._unsaid(text, path):
            return False
        tree = source.select([_one()], exp.Paren(this=self._sql(text)))
        if any(source.joins.values()):
            tree.set("joins", _left_joins(source))
        found = self._columns(tree)
        if isinstance(found, str):
            self.wrong("warehouse-sql", path, f"{start(called(path))} does not run on {source.said}: {found}")
        return not isinstance(found, str)

    def value_type(self, text: Escape, source: Surveyed, path: Path) -> ColumnType | None:
        """The type of an SQL expression over a source and its joins; None, and a problem, where it does not run."""
        if self._unsaid(text, path):
            return None
        value = n.named(self._sql(text), "value")
        group = [n.column("t", name) for name in source.group]
        aliased = n.aliased(source.relation.copy(), "t")
        found = self._columns(n.select([value], aliased, _left_joins(source), group=group))
        if not isinstance(found, str):
            return found["value"][1]
        if "mbiguous" not in found and None not in source.joins.values():
            self.wrong("warehouse-sql", path, f"{start(called(path))} does not run on {source.said}: {found}")
        return None

    def column(self, name: str, source: Surveyed, path: Path) -> ColumnType | None:
        """The type of a column, or of a struct's field by a dotted name; None, and a problem, where there is none."""
        if found := source.columns.get(self.looked_up(name)):
            return found[1]
        first, *fields = name.split(".")
        if fields and self.looked_up(first) in source.columns:
            value: exp.Expr = n.column("t", first)
            for part in fields:
                value = exp.Dot(this=value, expression=n.identifier(part))
            typed = self._columns(source.select([n.named(value, "value")]))
            if not isinstance(typed, str):
                return typed["value"][1]
        names = [spelled for spelled, _ in source.columns.values()]
        if first == ELEMENT and fields and ELEMENT in source.columns:
            message = f"{start(source.said)} has no `{'.'.join(fields)}`."
            self.wrong("missing-column", path, message, f"it is {source.columns[ELEMENT][1]}")
            return None
        near = nearest(name, names)
        hint = f"did you mean `{near[0]}`?" if near else f"its columns: {listed(names)}"
        if path[-1] == "column" and (type_ := FOREIGN_TYPES.get(name.casefold())):
            hint = f"as a type it is called `{type_}`; {hint}"
        self.wrong("missing-column", path, f"{start(source.said)} has no column `{name}`.", hint)
        return None

    def columns_of(self, query: exp.Expr) -> ColumnTypes | None:
        """The columns of a query of our own; None where it does not run."""
        found = self._columns(query)
        return None if isinstance(found, str) else found

    def moment(self, moment: StoredMoment, source: Surveyed, path: Path) -> bool:
        """Whether a time stands in its columns as the catalog says; a problem where not."""
        fit = []
        for column in moment.column:
            place, name = source.place(column)
            found = self.column(name, place, (*path, "column")) if place is not None else None
            fit.append(found is not None and place is not None and self._moment(moment, found, name, place, path))
        if moment.sql is not None:
            found = self.value_type(moment.sql, source, (*path, "sql"))
            fit.append(found is not None and self._moment(moment, found, None, source, path))
        return all(fit)

    def _moment(
        self, moment: StoredMoment, found: ColumnType, column: str | None, source: Surveyed, path: Path
    ) -> bool:
        kind, said = found.family, f"`{column}` of {source.said} is {found}" if column else f"its SQL gives {found}"
        match moment.stored:
            case _ if kind == "any":
                return True
            case "timestamp" if kind in ("timestamp", "timestamp with zone"):
                columns = column if len(moment.column) == 1 else f"[{', '.join(moment.column)}]"
                given = f"column: {columns}" if column else "sql: .."
                spelled = f"{path[-1]}: {{{given}, zone: {self.catalog.timezone}}}"
                if column:
                    self.on_calendar(column, source, (*path, "column"), _ON_CALENDAR.format(column))
                return self.zone(kind, moment.zone, said, spelled, path)
            case "timestamp" | "date":
                fits, wanted = kind == moment.stored, f"a {moment.stored}"
            case _:
                fits, wanted = kind == "integer", f"a whole number of {moment.stored}"
        if fits and column:
            self.on_calendar(column, source, (*path, "column"), _ON_CALENDAR.format(column))
        if not fits:
            message = f"{start(called(path))} should be {wanted}, and {said}."
            self.wrong("column-type", path, message, stored_as(kind, column or ".."))
        return fits

    def on_calendar(self, column: str, source: Surveyed, path: Path, hint: str, *, of_property: bool = False) -> None:
        """A problem where a time or a date is in a year that is none of 1 to 9999; infinite too, of no property."""
        found = source.columns.get(self.looked_up(column))
        bounds = {
            "date": [n.day(date(1, 1, 1)), n.day(date(9999, 12, 31))],
            "timestamp": [n.wall_time(datetime(1, 1, 1)), n.wall_time(datetime(9999, 12, 31))],
            "timestamp with zone": [
                n.instant(at) for at in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))
            ],
        }.get(found[1].family if found else "")
        if bounds is None:
            return
        low, high = (n.compare(n.column("t", column), op, bound) for op, bound in zip(("<", ">"), bounds, strict=True))
        missing = of_property and self._dialect.infinite_times
        finite = [n.call("ISFINITE", n.column("t", column))] if missing else []
        if contents.any_of(self, source, n.either([low, high]), *finite):
            what = "in no year from 1 to 9999" if missing else "infinite, or in no year from 1 to 9999"
            message = f"Some rows of {source.said} have a `{column}` that is {what}."
            self.wrong("off-calendar", path, message, hint)

    def zone(self, kind: str, zone: str | None, said: str, spelled: str, path: Path) -> bool:
        """Whether a naive timestamp has a zone in the catalog, and one that knows its own has none."""
        if kind == "timestamp" and zone is None:
            message = f"{said} without a time zone, and the catalog does not say in which zone it is written."
            self.wrong("naive-time", path, message, spelled)
        elif kind == "timestamp with zone" and zone is not None and not self._may_be_a_wall(said):
            message = f"{said} and knows its zone; the catalog cannot give it another one."
            self.wrong("naive-time", (*path, "zone"), message, "leave `zone` out")
        else:
            return True
        return False

    def _may_be_a_wall(self, said: str) -> bool:
        """ClickHouse has no other type for the wall clock than that of an instant in UTC."""
        return self.warehouse.dialect == "clickhouse" and "'UTC'" in said

    def hides(self, alias: str, source: Surveyed, rows: SourceRows, path: Path, named: Given | None = None) -> None:
        """A problem where a column is called like what the SQL calls the rows around: it would be taken for them.

        `named` is a column that the catalog names, which the SQL always gives way to. Postgres looks for rows first.
        """
        found = source.columns.get(self.looked_up(alias))
        hidden_by = DIALECTS[self.warehouse.dialect].alias_hidden_by
        harmless = hidden_by == "nothing" or (named is not None and alias in named.column)
        if found is None or harmless or (hidden_by == "structs" and found[1].family != "other"):
            return
        hint = (
            f"query: SELECT * {known_or_plain(self.catalog.sql_dialect).all_but} ({found[0]}) FROM {rows.table or '..'}"
        )
        message = f"{start(source.said)} has a column `{found[0]}`, which the SQL would take for its own `{alias}`."
        self.wrong("hiding-column", path, message, hint)

    @property
    def target(self) -> Target:
        """What the SQL of a look is for."""
        return Target(self.catalog, self._dialect, datetime.now(UTC), "profile")

    def sql(self, condition: Escape) -> exp.Expr:
        """A condition of the catalog, as one of several."""
        return exp.Paren(this=self._sql(condition))

    def looked_up(self, name: str) -> str:
        """A column's name as the engine looks for it: Postgres tells `Total` from `total` where it stands in quotes."""
        return name.casefold() if DIALECTS[self.warehouse.dialect].folds_quoted else name

    def _joined(self, join: Join) -> Surveyed | None:
        """The table of a join, if it is there; that it is not is said where its columns are looked at."""
        found = self._columns(n.select([exp.Star()], n.table(join.table)))
        return None if isinstance(found, str) else Surveyed(n.table(join.table), f"the table `{join.table}`", found)

    def _sql(self, text: Escape) -> exp.Expr:
        return escapes.expression(text, self.catalog, self._dialect)

    @property
    def _dialect(self) -> Dialect:
        return dialect_of(self.warehouse.dialect)

    def _unsaid(self, text: Escape, path: Path) -> bool:
        """Whether SQL is written for other dialects than the warehouse's; a problem then."""
        found = escapes.problem(text, path, self.catalog, self._dialect)
        if found is not None:
            self.wrong("not-in-dialect", path, found.message, found.hint)
        return found is not None

    def _text(self, tree: exp.Expr, *, whole: bool = False) -> str:
        return sql_text(tree.copy(), None if whole else self.catalog, self.warehouse.dialect)

    def _columns(self, tree: exp.Expr, *, whole: bool = False) -> ColumnTypes | str:
        """The columns of a query, or what is wrong with it; of a `whole` table, whose rows nobody reads."""
        sql = self._text(tree, whole=whole)
        if sql not in self.seen:
            try:
                found = self.warehouse.columns(sql)
                self.seen[sql] = {self.looked_up(name): (name, type_) for name, type_ in found}
            except WarehouseError as error:
                self.seen[sql] = error.message.split(": ", 1)[-1]
        return self.seen[sql]


_ON_CALENDAR = "keep them out by `where: {0} BETWEEN '0001-01-01' AND '9999-12-31'`"


def _left_joins(source: Surveyed) -> list[exp.Join]:
    """The tables joined to a source, to look at their columns."""
    tables = {name: table.relation for name, table in source.joins.items() if table is not None}
    return [n.left_join(n.aliased(table.copy(), name), n.true()) for name, table in tables.items()]


def _one() -> exp.Expr:
    return exp.Literal.number(1)
