"""`%load_ext segql` in IPython and Jupyter: `%%segql` asks a rule, or keeps the segments that a cell defines.

What is wrong ends the cell, without a traceback. Options in front of the rule say what is asked and what comes of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import islice
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import click
from IPython.core.error import UsageError

from .answers.style import painted, style
from .answers.tables import cells_of, heads_of, table_text
from .columns import CompiledColumns, compile_columns, parts_of
from .console.opening import default_now, load_catalog, load_segments, moment, open_place
from .console.setup import Setup, expanded, with_settings
from .errors import Problem, SegQLError
from .plain import dataclass
from .project import Project
from .segments import Segments, segments_from
from .settings import read_settings
from .warehouse import WarehouseError

if TYPE_CHECKING:
    import pandas
    import pyarrow
    from IPython.core.interactiveshell import InteractiveShell

    from .arguments import Given

FORMS = ("table", "arrow", "df")
ASKED = ("o", "format", "columns", "limit")
OPENED = ("catalog", "segments", "warehouse", "table", "timeout", "now", "tenant")
_OPTION = re.compile(r"""\s*--?(?P<name>[a-z]+)(?:[=\s]\s*(?P<value>"[^"]*"|'[^']*'|\S+))?(?=\s|$)""")
_DEFINES = re.compile(r"(?:\s|--[^\n]*\n|#[^\n]*\n)*(?:segment|let)\b", re.IGNORECASE)
HELP = """\
%segql [OPTIONS] RULE, or %%segql [OPTIONS] above a rule or definitions
  -o NAME                  give the result a name
  --format table|arrow|df  a table to look at, all members as Arrow or as a DataFrame
  --columns "A, B"         what is shown of each member beside the key
  --limit N                at most so many members; a table shows 10
  --catalog FILE --segments DIR --warehouse PLACE --table NAME=FILE --timeout SECONDS --now INSTANT --tenant NAME
                           what is asked, from here on; else segql.toml says it, else it is the demo shop"""


class Refused(Exception):
    """What ends a cell: shown in colours, without a traceback."""

    def __init__(self, shown: str) -> None:
        super().__init__(shown)
        self.shown = shown

    def _render_traceback_(self) -> list[str]:
        return self.shown.split("\n")


@dataclass(frozen=True, slots=True)
class Members:
    """The members of a rule: how many of how many profiles, and the first `rows` of them under their `heads`."""

    text: str
    members: int
    profiles: int
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    problems: tuple[Problem, ...]
    sql: str
    done: CompiledColumns
    project: Project

    def __repr__(self) -> str:
        shown = table_text(self.done, self.heads[0], self.rows, self.project.catalog) if self.rows else ""
        return "\n".join(part for part in (*map(painted, self.problems), self._head(), shown, self._more()) if part)

    def _head(self) -> str:
        share = f" ({100 * self.members / self.profiles:.1f} %)" if self.profiles else ""
        return f"{self.members:,} of {self.profiles:,} profiles{share}"

    def _more(self) -> str:
        return f"(the first {len(self.rows)})" if 0 < len(self.rows) < self.members else ""

    def _repr_html_(self) -> str:
        said = "".join(f"<pre>{escape(str(problem))}</pre>" for problem in self.problems)
        heads = "".join(f"<th>{escape(head)}</th>" for head in self.heads)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in cells_of(self.done, self.rows, self.project.catalog)
        )
        table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if self.rows else ""
        sql = f"<details><summary>SQL</summary><pre>{escape(self.sql)}</pre></details>"
        return f"{said}<p><strong>{self._head()}</strong> {self._more()}</p>{table}{sql}"


class Notebook:
    """What a notebook asks its rules of; opened when first needed, and again when a cell names other places."""

    def __init__(self) -> None:
        self.setup = with_settings(Setup(), read_settings())
        self.project: Project | None = None
        self.defined = Segments()

    def opened(self) -> Project:
        """The project with its warehouse, and with the segments of earlier cells."""
        if self.project is None:
            self.project = _project(self.setup)
        return replace(self.project, segments=_joined(self.project.segments, self.defined))

    def placed(self, given: Mapping[str, str]) -> None:
        """Takes other places from here on."""
        if not given:
            return
        places: dict[str, Any] = dict(given)
        for name in ("segments", "table"):
            if name in places:
                places[name] = (places[name],)
        if "timeout" in places:
            places["timeout"] = _number("timeout", places["timeout"])
        fresh = Setup() if {"catalog", "warehouse", "table"} & places.keys() else self.setup
        setup = replace(fresh, **places)
        project = _project(setup)  # what cannot be opened leaves all as it is
        if self.project is not None:
            self.project.opened.close()
        self.setup, self.project = setup, project

    def answer(self, line: str, cell: str | None) -> tuple[Any, str | None]:
        """What a cell asks, and the name that its answer gets."""
        given, rest = _options(line)
        text = rest if cell is None else cell
        if cell is not None and rest.strip():
            raise UsageError(f"Above a cell stand options alone, not `{rest.strip()}`.\n\n{HELP}")
        form = given.get("format", "table")
        if form not in FORMS:
            raise UsageError(f"--format is {', '.join(FORMS)}, not {form}.")
        limit = _number("limit", given["limit"]) if "limit" in given else None
        name = given.get("o")
        if name is not None and (iskeyword(name) or not name.isidentifier()):
            raise UsageError(f"-o gives the result a name of Python's, and `{name}` is none.")
        places = {key: value for key, value in given.items() if key in OPENED}
        self.placed(places)
        if not text.strip():
            if not places:
                print(HELP)
                return None, None
            text = "everyone"
        project = self.opened()
        project = project.at(project.instant())
        if _DEFINES.match(text):
            rule = self._kept(text, project)
            if not isinstance(rule, str):
                return rule, name
            project = self.opened().at(project.now)
            return _asked(project.segments[rule], given.get("columns", ""), form, limit, project), name
        return _asked(text, given.get("columns", ""), form, limit, project), name

    def _kept(self, text: str, project: Project) -> str | dict[str, int]:
        """Keeps definitions: the name of the only segment, else the number of members of each."""
        new = segments_from(text)
        among = replace(project, segments=_joined(project.segments, new))
        wrong = [*new.problems, *(one for name in new for one in among.check(among.segments[name]))]
        if errors := [one for one in dict.fromkeys(wrong) if one.severity == "error"]:
            raise SegQLError(errors)
        self.defined = _joined(self.defined, new)
        names = list(new)
        if len(names) == 1:
            return names[0]
        counts = among.opened.counts(*(among.compile(among.segments[name]).sql for name in names)) if names else []
        return dict(zip(names, counts, strict=True))


def _project(setup: Setup) -> Project:
    """Reads and opens what the places name. Raises SegQLError, WarehouseError, click's errors."""
    if setup.catalog is None and not setup.on_demo_shop:
        raise click.UsageError("A warehouse of your own needs its catalog: --catalog FILE.")
    if setup.warehouse is not None:
        setup = replace(setup, warehouse=expanded(setup.warehouse))
    catalog, segments = load_catalog(setup), load_segments(setup)
    now = moment(setup.now, catalog) or (default_now(setup, True) if setup.on_demo_shop else None)
    warehouse = open_place(setup, lambda text: print(f"Making the demo shop: {text} ..."))
    return Project(catalog, segments, dialect=warehouse.dialect, now=now, warehouse=warehouse)


def _joined(one: Segments, other: Segments) -> Segments:
    return Segments({**one.segments, **other.segments}, {**one.values, **other.values})


def _asked(rule: Given, columns: str, form: str, limit: int | None, project: Project) -> Any:
    catalog, dialect = project.catalog, project.dialect
    done = compile_columns(rule, ", ".join(parts_of(columns)), catalog, dialect=dialect, **project.keywords)
    if form == "arrow":
        return _arrow(done, limit, project)
    if form == "df":
        return _frame(done, limit, project)
    sql = done.sql if done.columns else project.compile(rule).sql
    members, profiles = project.opened.counts(sql, project.compile("everyone").sql)
    heads, rows = _rows(done, 10 if limit is None else limit, project)
    problems = done.meaning.problems
    return Members(done.meaning.text, members, profiles, tuple(heads), tuple(rows), problems, sql, done, project)


def _rows(done: CompiledColumns, limit: int | None, project: Project) -> tuple[list[str], list[tuple[Any, ...]]]:
    names, rows = project.opened.listing(done.sql, limit)
    return heads_of(done, names[0]), [done.read(row) for row in islice(rows, limit)]


def _arrow(done: CompiledColumns, limit: int | None, project: Project) -> pyarrow.Table:
    if not done.columns:  # the driver's own, without a Python value for each
        return project.opened.arrow(done.sql, limit)
    import pyarrow as pa

    heads, rows = _rows(done, limit, project)
    columns: Sequence[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [()] * len(heads)
    return pa.table([pa.array(list(column)) for column in columns], names=heads)


def _frame(done: CompiledColumns, limit: int | None, project: Project) -> pandas.DataFrame:
    import pandas as pd

    heads, rows = _rows(done, limit, project)
    return pd.DataFrame.from_records(rows, columns=heads)


def _options(line: str) -> tuple[dict[str, str], str]:
    """The options in front, and what stands behind them as it is."""
    given: dict[str, str] = {}
    while (found := _OPTION.match(line)) is not None:
        name, value = found["name"], found["value"]
        if name not in (*ASKED, *OPENED):
            raise UsageError(f"There is no option --{name}.\n\n{HELP}")
        if value is None:
            raise UsageError(f"--{name} wants a value.\n\n{HELP}")
        given[name] = value[1:-1] if value[0] in "\"'" else value
        line = line[found.end() :]
    return given, line


def _number(name: str, text: str) -> int:
    if not text.isdecimal():
        raise UsageError(f"--{name} is a whole number, not {text}.")
    return int(text)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%load_ext segql`."""
    notebook = Notebook()

    def segql(line: str, cell: str | None = None) -> Any:
        try:
            found, name = notebook.answer(line, cell)
        except SegQLError as error:
            raise Refused("\n\n".join(map(painted, error.problems))) from None
        except WarehouseError as error:
            helped = "\n" + style("  help: ", "green") + error.hint if error.hint else ""
            raise Refused(style("error[warehouse]", "red", bold=True) + f": {error.message}{helped}") from None
        except click.ClickException as error:
            raise UsageError(error.format_message()) from None
        except ModuleNotFoundError as error:
            if error.name not in ("pyarrow", "pandas"):
                raise
            raise UsageError(f"--format needs {error.name}: pip install 'segql[jupyter]'") from None
        if name is None:
            return found
        shell.user_ns[name] = found
        return None

    segql.__doc__ = HELP
    shell.register_magic_function(segql, "line_cell", "segql")
