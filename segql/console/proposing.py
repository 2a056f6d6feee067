"""A first catalog for a warehouse, as command line and session propose it: what is asked, written and said."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..answers.style import counted, style
from ..files import reason, write
from ..plain import dataclass
from .output import busy, show_problems, show_warehouse_error

if TYPE_CHECKING:
    from ..discovery import Checked, Draft, Question
    from ..discovery.seen import Layout, Seen
    from ..warehouse import Warehouse

CATALOG = "catalog.yaml"
STARTER = "starter.segql"


def at_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is proposed: into which file (`-` is standard output), of which tables. `yes`: nothing is asked."""

    output: str = CATALOG
    like: str | None = None
    schema: str | None = None
    yes: bool = False

    @property
    def asks(self) -> bool:
        """Whether questions are asked."""
        return not self.yes and at_terminal()

    @property
    def paths(self) -> list[Path]:
        """The files of the catalog and of the segments; none where the catalog is printed."""
        return [] if self.output == "-" else [Path(self.output), Path(self.output).with_name(STARTER)]

    def check(self) -> None:
        """Whether the layout is known, and the files may be written; click.UsageError or click.exceptions.Exit."""
        _layout(self.like)
        for path in self.paths:
            if path.exists() and not self.yes:
                _may_replace(path, self.asks)


def propose_to(warehouse: Warehouse, wanted: Wanted, place: str | None) -> int:
    """Propose a catalog for a warehouse at a place, and write it; the exit code. WarehouseError, click.UsageError."""
    found = _proposed(warehouse, wanted)
    if found is None:
        return 3
    draft, checked, starter = found
    if not wanted.paths:
        click.echo(checked.written.text, nl=False)
    for path, text in zip(wanted.paths, (checked.written.text, starter), strict=False):
        try:
            write(path, text)
        except OSError as error:
            raise click.UsageError(f"{path} cannot be written: {reason(error)}.") from None
    _said(draft, checked, starter, wanted.paths, place)
    return 1 if checked.errors else 0


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


def _proposed(warehouse: Warehouse, wanted: Wanted) -> tuple[Draft, Checked, str] | None:
    """A draft, what was written of it, segments to begin with; None, and a message, where nothing can be proposed."""
    from .. import compiler
    from ..discovery import NoProfiles, cleaned, look, propose, size_of_check, size_of_counts, starter_text, with_counts
    from ..errors import SegQLError

    like = _layout(wanted.like)
    tables = _tables(warehouse, wanted.schema, wanted.asks)
    if tables is None:
        return None
    sampled = not warehouse.billed or _sampled(warehouse, tables, wanted)
    with busy("Looking") as say:
        seen = look(warehouse, tables, say, sampled=sampled, like=like)
    if warehouse.billed and _agreed("Counting keys and the names of events", size_of_counts(warehouse, seen), wanted):
        with busy("Looking") as say:
            seen = with_counts(warehouse, seen, say)
    for table, said in seen.refused.items():
        click.echo(
            style("warning", fg="yellow") + f": the table {table} cannot be read, and is left out: {said}", err=True
        )
    if len(seen.refused) == len(tables):
        show_warehouse_error(f"{warehouse.name} lets none of its tables be read.", "ask for the right to SELECT", False)
        return None
    if like is not None and seen.layout is None:
        tables_ = ", ".join(table.replace("*", "..") for table in like.tables)
        show_warehouse_error(
            f"{warehouse.name} does not have the tables of {like.called}.", f"they are {tables_}", False
        )
        return None
    if seen.layout is not None:
        click.echo(f"The tables are those of {seen.layout.called}.", err=True)
    try:
        draft = propose(seen)
        if wanted.asks and draft.questions:
            draft = propose(seen, _answers(draft.questions))
    except NoProfiles as error:
        show_warehouse_error(f"{warehouse.name} has no table that looks like profiles.", str(error), False)
        return None
    head = _head(seen)
    held = not warehouse.billed or _agreed(
        "Holding the catalog to the tables", size_of_check(draft, warehouse, head, wanted.output), wanted
    )
    with busy("Checking") as say:
        checked = cleaned(draft, warehouse if held else None, head, wanted.output, say)

    def holds(rule: str) -> bool:
        if checked.catalog is None:
            return False
        try:
            compiler.compile(rule, checked.catalog, dialect=warehouse.dialect)
        except SegQLError:
            return False
        return True

    return draft, checked, starter_text(draft, holds)


def _head(seen: Seen) -> list[str]:
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
        schemas = ", ".join(f"{name or 'default'} ({count:,})" for name, count in list(error.schemas.items())[:12])
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


def _sampled(warehouse: Warehouse, tables: list[str], wanted: Wanted) -> bool:
    """Whether rows may be read where each byte is billed, of what shows none for nothing."""
    from ..discovery import size_of_samples

    return _agreed("A sample of what is a view", size_of_samples(warehouse, tables), wanted)


def _agreed(what: str, size: int, wanted: Wanted) -> bool:
    """Whether so many bytes may be read, which are billed."""
    from ..warehouse.bigquery import sized

    said = f"{what} reads {sized(size)}"
    if not size or wanted.yes or (wanted.asks and click.confirm(f"{said}, which are billed. Read it?", err=True)):
        return True
    click.echo(f"{said}, which are billed: left alone; --yes reads it.", err=True)
    return False


def _answers(questions: Mapping[str, Question]) -> dict[str, str]:
    """What the user says to each question; nothing where only Enter was pressed: then the guess stays one."""
    found: dict[str, str] = {}
    for topic, question in questions.items():
        asked = f"{question.text[:1].upper()}{question.text[1:]} {question.seen}\n  Enter leaves it open, with"
        given: str = click.prompt(
            f"{asked} {question.default}", default="", show_default=False, err=True, value_proc=_valid(topic, question)
        )
        if given:
            found[topic] = given
    return found


def _valid(topic: str, question: Question) -> Callable[[str], str]:
    """What makes sure that an answer can stand in a catalog."""
    from ..catalog import CURRENCIES

    def valid(text: str) -> str:
        text = text.strip()
        if not text:
            return text
        if question.among and text not in question.among:
            raise click.BadParameter(f"{text} is none of {', '.join(question.among)}")
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


def _said(draft: Draft, checked: Checked, starter: str, paths: list[Path], place: str | None) -> None:
    """What was made, and what to do next, on standard error."""
    if checked.errors:
        show_problems(checked.errors)
    notes = [said for several in draft.notes.values() for said in several]
    guesses, questions = (sum(said.startswith(word) for said in notes) for word in ("Guess", "Question"))
    sizes = {kind: len(draft.data.get(f"{kind}s", ())) for kind in ("event", "channel", "metric", "list")}
    made = ", ".join(counted(size, kind) for kind, size in sizes.items() if size) or "no events"
    asked = f"{counted(guesses, 'guess')}, {counted(questions, 'question')} in its comments"
    if not paths:
        return
    click.echo(f"{paths[0]}: {counted(len(checked.written.lines), 'line')}: {made}; {asked}.", err=True)
    click.echo(f"{paths[1]}: {counted(starter.count('segment '), 'segment')} to begin with.", err=True)
    at = f" --warehouse {_shown(place)}" if place else ""
    click.echo(f"Next: segql --catalog {paths[0]}{at} --segments {paths[1]}", err=True)


def _shown(place: str) -> str:
    from ..warehouse import shown

    return shown(place)
