"""`segql catalog init`: a first catalog for a warehouse, proposed from its tables, and segments to begin with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..answers.style import counted, style
from ..console.output import busy, show_problems, show_warehouse_error
from ..console.setup import expanded
from ..files import reason, write
from .opening import opened
from .options import Options, options

if TYPE_CHECKING:
    from ..discovery import Checked, Draft, Question
    from ..discovery.layouts import Layout
    from ..discovery.seen import Seen
    from ..warehouse import Warehouse

STARTER = "starter.segql"


@click.command("init")
@click.argument("place", metavar="WAREHOUSE", required=False)
@options("warehouse")
@click.option("--from", "like", metavar="LAYOUT", help="The tables are those of: klaviyo, shopify, segment, ga4 ..")
@click.option("--schema", metavar="NAME", help="Only the tables of this schema.")
@click.option("-o", "--output", metavar="FILE", default="catalog.yaml", help="The file to write; - prints it.")
@click.option(
    "--yes", is_flag=True, help="Ask nothing: replace files, read what it costs, leave questions as comments."
)
def init(given: Options, place: str | None, *, like: str | None, schema: str | None, output: str, yes: bool) -> None:
    """Propose a catalog for a warehouse, and segments to begin with.

    Looks at tables, columns, types and keys, and at some rows of each. What is a
    guess says so in a comment; what nobody can see is a question, asked at a
    terminal, else a comment. Nothing is written to the warehouse.

    \b
      segql catalog init shop.duckdb
      segql catalog init postgresql://host/shop --schema sales -o shop.yaml
    """
    if place is not None and given.warehouse is not None:
        raise click.UsageError("The warehouse is named twice: as WAREHOUSE and by --warehouse.")
    if place is not None:
        given = replace(given, warehouse=expanded(place))
    layout = _layout(like)
    asks = not yes and sys.stdin.isatty() and sys.stderr.isatty()
    paths = [] if output == "-" else [Path(output), Path(output).with_name(STARTER)]
    for path in paths:
        if path.exists() and not yes:
            _may_replace(path, asks)
    with opened(given, costs=False) as warehouse:
        found = proposed(warehouse, schema, layout, asks=asks, may_read=yes, name=output)
    if found is None:
        raise click.exceptions.Exit(3)
    draft, checked, starter = found
    if output == "-":
        click.echo(checked.written.text, nl=False)
    else:
        for path, text in zip(paths, (checked.written.text, starter), strict=True):
            try:
                write(path, text)
            except OSError as error:
                raise click.UsageError(f"{path} cannot be written: {reason(error)}.") from None
    _said(draft, checked, starter, paths, given)
    if checked.errors:
        raise click.exceptions.Exit(1)


def _layout(name: str | None) -> Layout | None:
    """The layout of a name. Raises click.UsageError for one that nobody knows."""
    from ..discovery.layouts import layout_of, layouts
    from ..nearest import nearest

    if name is None or (found := layout_of(name.strip().lower())) is not None:
        return found if name is not None else None
    known = sorted(one for layout in layouts().values() for one in (layout.name, *layout.also))
    near = nearest(name, known, 1)
    meant = f"did you mean {near[0]}? Known are" if near else "known are"
    raise click.UsageError(f"{name} is no layout: {meant} {', '.join(known)}.")


def _may_replace(path: Path, asks: bool) -> None:
    """Whether a file may be replaced; ends the command where it may not."""
    if not asks:
        raise click.UsageError(f"{path} is there already: -o FILE names another, --yes replaces it.")
    if not click.confirm(f"{path} is there already. Replace it?", err=True):
        raise click.exceptions.Exit(1)


def proposed(
    warehouse: Warehouse, schema: str | None, like: Layout | None, *, asks: bool, may_read: bool, name: str
) -> tuple[Draft, Checked, str] | None:  # fmt: skip
    """A draft, what was written of it, and segments to begin with; None, and a message, where nothing can be proposed.

    `asks`: there is a terminal to ask at. `may_read`: what costs money is read without being asked for. WarehouseError.
    """
    from .. import compiler
    from ..discovery import NoProfiles, cleaned, look, propose, starter_text
    from ..errors import SegQLError

    tables = _tables(warehouse, schema, asks)
    if tables is None:
        return None
    sampled = not warehouse.billed or _agreed(warehouse, tables, asks, may_read)
    with busy("Looking") as say:
        seen = look(warehouse, tables, say, sampled=sampled, like=like)
    for table, said in seen.refused.items():
        click.echo(
            style("warning", fg="yellow") + f": the table {table} cannot be read, and is left out: {said}", err=True
        )
    if like is not None and seen.layout is None:
        wanted = ", ".join(table.replace("*", "..") for table in like.tables)
        show_warehouse_error(
            f"{warehouse.name} does not have the tables of {like.called}.", f"they are {wanted}", False
        )
        return None
    if seen.layout is not None:
        click.echo(f"The tables are those of {seen.layout.called}.", err=True)
    try:
        draft = propose(seen)
        if asks and draft.questions:
            draft = propose(seen, _answers(draft.questions))
    except NoProfiles as error:
        show_warehouse_error(f"{warehouse.name} has no table that looks like profiles.", str(error), False)
        return None
    with busy("Checking") as say:
        checked = cleaned(draft, warehouse, head(warehouse, seen), name, say)

    def holds(rule: str) -> bool:
        if checked.catalog is None:
            return False
        try:
            compiler.compile(rule, checked.catalog, dialect=warehouse.dialect)
        except SegQLError:
            return False
        return True

    return draft, checked, starter_text(draft, holds)


def head(warehouse: Warehouse, seen: Seen) -> list[str]:
    """The first lines of the file."""
    rows = max((table.rows for table in seen.tables), default=0)
    return [
        f"A first catalog, proposed by `segql catalog init` from {counted(len(seen.tables), 'table')} of which at most"
        f" {rows:,} rows each were looked at.",
        "Guess: what was taken from names and values, and may be wrong. Question: what the tables do not say. Read"
        " both, then `segql catalog check`. docs/catalog.md explains every key.",
    ]


def _tables(warehouse: Warehouse, schema: str | None, asks: bool) -> list[str] | None:
    """The tables to look at; None, and a message, where there are too many, or none."""
    from ..discovery import TooMany, listed

    try:
        tables = listed(warehouse, schema)
    except TooMany as error:
        schemas = ", ".join(
            f"{name or 'the default one'} ({count:,})" for name, count in list(error.schemas.items())[:12]
        )
        many = f"{warehouse.name} has {sum(error.schemas.values()):,} tables"
        if asks:
            named: str = click.prompt(f"{many}. Which schema? {schemas}", err=True)
            return _tables(warehouse, named.strip(), asks=False)
        show_warehouse_error(f"{many}, too many for one proposal.", f"name a schema by --schema: {schemas}", False)
        return None
    if not tables:
        where = f"no tables in the schema {schema}" if schema else "no tables"
        schemas_ = sorted({table.rpartition(".")[0] for table in warehouse.tables()} - {""})
        hint = f"its schemas: {', '.join(schemas_[:12])}" if schemas_ and schema else ""
        show_warehouse_error(f"{warehouse.name} has {where}.", hint, False)
        return None
    return tables


def _agreed(warehouse: Warehouse, tables: list[str], asks: bool, may_read: bool) -> bool:
    """Whether samples may be read where each byte is billed; else the schemas have to do."""
    from ..discovery import samples
    from ..warehouse.bigquery import sized

    size = sum(filter(None, map(warehouse.size, samples(tables, warehouse.dialect))))
    said = f"A sample of {counted(len(tables), 'table')} reads {sized(size)}"
    if may_read or (asks and click.confirm(f"{said}, which are billed. Read it?", err=True)):
        return True
    click.echo(f"{said}: left alone, and only schemas are looked at. --yes reads it.", err=True)
    return False


def _answers(questions: Mapping[str, Question]) -> dict[str, str]:
    """What the user says to each question."""
    found: dict[str, str] = {}
    for topic, question in questions.items():
        asked = f"{question.text[:1].upper()}{question.text[1:]} {question.seen}\n"
        found[topic] = click.prompt(asked, default=question.default, err=True, value_proc=_valid(topic))
    return found


def _valid(topic: str) -> Callable[[str], str]:
    """What makes sure that an answer can stand in a catalog."""
    from ..catalog import CURRENCIES

    def valid(text: str) -> str:
        text = text.strip()
        if topic in ("calendar", "zone"):
            from zoneinfo import ZoneInfo

            try:
                ZoneInfo(text)
            except (OSError, ValueError, LookupError):
                raise click.BadParameter(f"{text} is no time zone: Europe/Amsterdam, UTC") from None
        if topic == "currency":
            text = text.upper()
            if text not in CURRENCIES:
                raise click.BadParameter(f"{text} is no code of ISO 4217: EUR, USD")
        return text

    return valid


def _said(draft: Draft, checked: Checked, starter: str, paths: list[Path], given: Options) -> None:
    """What was made, and what to do next, on standard error."""
    if checked.errors:
        show_problems(checked.errors)
    notes = [said for several in draft.notes.values() for said in several]
    guesses, questions = (sum(said.startswith(word) for said in notes) for word in ("Guess", "Question"))
    sizes = {kind: len(draft.data.get(f"{kind}s", ())) for kind in ("event", "channel", "metric", "list")}
    made = ", ".join(counted(size, kind) for kind, size in sizes.items() if size)
    asked = f"{counted(guesses, 'guess')}, {counted(questions, 'question')} in its comments"
    if not paths:
        return
    click.echo(f"{paths[0]}: {counted(len(checked.written.lines), 'line')}: {made}; {asked}.", err=True)
    click.echo(f"{paths[1]}: {counted(starter.count('segment '), 'segment')} to begin with.", err=True)
    place = f" --warehouse {_shown(given.warehouse)}" if given.warehouse else ""
    click.echo(f"Next: segql --catalog {paths[0]}{place} --segments {paths[1]}", err=True)


def _shown(place: str) -> str:
    from ..warehouse import shown

    return shown(place)
