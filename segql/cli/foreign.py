"""`segql import` and `segql export`: rules of other programs as `.segql` text, and segments in their forms."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from .. import formats
from ..answers.style import counted
from ..console.opening import default_now, load_catalog, moment
from ..console.output import busy, print_json, show_problems
from ..console.setup import read
from ..source import Source
from .opening import opened
from .options import Options, options, spoken
from .output import written

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..formats import Exported, Finding, Imported, Names

_NAMES = click.option("--names", metavar="FILE", help="What ids are called in the catalog: YAML or JSON.")
_OUTPUT = click.option("--output", metavar="FILE", help="Write there, not to standard output.")


@click.command("import")
@click.argument("format", type=click.Choice(formats.formats()))
@click.argument("document", metavar="FILE")
@_NAMES
@_OUTPUT
@click.option("--catalog", metavar="FILE", help="What names mean (YAML): its zone and types make more of it exact.")
@options("warehouse", "json")
def import_(given: Options, format: str, document: str, names: str | None, output: str | None) -> None:
    """Turn segments of another program into .segql text.

    The text goes to standard output, the report to standard error: what changes
    for whom, and what cannot be said. A segment with something that cannot be
    said is a comment, and the exit code is 1. FILE - is standard input. With a
    catalog and a warehouse, ids of events are found in the tables of their names.

    \b
      segql import klaviyo segments.json --names names.yaml > segments.segql
      segql import klaviyo segments.json --catalog shop.yaml --warehouse shop.duckdb
      segql import klaviyo segments.json --json
    """
    reads = formats.importer(format)
    if reads is None:
        raise click.UsageError(f"{format} can be written, and not read: segql export {format}.")
    source = _source(document)
    catalog = load_catalog(given) if given.catalog is not None else None
    known = _names(names, catalog)
    if not given.on_demo_shop:
        if catalog is None:
            raise click.UsageError("A warehouse has the ids of a catalog's events: --catalog FILE.")
        with opened(given, costs=False) as warehouse:
            from ..warehouse.event_ids import event_ids

            known = known.beside("events", event_ids(warehouse, catalog))
    with busy("Reading") as say:
        found = formats.settled(reads(source, known), say)
        text = formats.text_of(found)
    lost = sum(not one.written for one in found)
    if given.json:
        said = [{"name": o.name, "written": o.written, "findings": [f.to_dict() for f in o.findings]} for o in found]
        print_json({"format": format, "revision": formats.revision(format), "text": text, "segments": said})
        if output is not None:
            _write(output, text)
    else:
        _write(output, text)
        for one in found:
            _say(one, "" if one.written else "not written")
        click.echo(f"{counted(len(found), 'segment')}: {len(found) - lost:,} written, {lost:,} not.", err=True)
    if lost:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("format", type=click.Choice(formats.formats()))
@click.argument("document", metavar="FILE")
@click.option("--segment", "one", metavar="NAME", multiple=True, help="Only this segment. Repeatable.")
@click.option("--dialect", default="duckdb", help="Of the SQL, for formats that take SQL.")
@_NAMES
@_OUTPUT
@options("question", "json")
def export(
    given: Options, format: str, document: str, *, one: tuple[str, ...], dialect: str, names: str | None,
    output: str | None,
) -> None:  # fmt: skip
    """Write segments of a .segql file in the form of another program.

    The report on standard error says what that program cannot say; such a
    segment is left out, and the exit code is 1.

    \b
      segql export klaviyo segments.segql --segment "High rollers" --names names.yaml
    """
    from ..segments import segments_from

    writes = formats.exporter(format)
    if writes is None:
        raise click.UsageError(f"{format} can be read, and not written: segql import {format}.")
    catalog = load_catalog(given)
    segments = segments_from(_source(document))
    show_problems(segments.problems)
    try:
        asked = [segments[spoken(name, "--segment")] for name in one] or list(segments.segments.values())
    except KeyError as error:
        raise click.UsageError(str(error.args[0])) from None
    now = moment(given.now, catalog) or default_now(given, False)
    setting = formats.Setting(catalog, _names(names, catalog), segments, dialect, now)
    found: list[Exported] = []
    with busy("Writing") as say:
        for segment in asked:
            found.append(writes(segment, setting))
            say(f"{len(found):,} segments")
    lost = sum(e.document is None for e in found)
    documents = [e.document for e in found if e.document is not None]
    if given.json:
        said = [{"name": e.name, "document": e.document, "findings": [f.to_dict() for f in e.findings]} for e in found]
        print_json({"format": format, "revision": formats.revision(format), "segments": said})
        if output is not None:
            _write(output, _joined(documents))
    else:
        _write(output, _joined(documents))
        for each in found:
            _say(each, "not written" if each.document is None else "")
        click.echo(f"{counted(len(found), 'segment')}: {len(documents):,} written, {lost:,} not.", err=True)
    if lost or segments.problems:
        raise click.exceptions.Exit(1)


def _source(place: str) -> Source:
    return Source(read(place), "standard input" if place == "-" else place)


def _names(place: str | None, catalog: Catalog | None) -> Names:
    return formats.read_names(Source("", "names") if place is None else _source(place), catalog)


def _write(output: str | None, text: str) -> None:
    with written(output) as file:
        file.write(text)


def _joined(documents: list[Any]) -> str:
    if all(isinstance(one, str) for one in documents):
        return "\n".join(one.rstrip("\n") + "\n" for one in documents)
    data = documents[0] if len(documents) == 1 else documents
    return json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n"


def _say(one: Imported | Exported, what: str) -> None:
    """The report of one segment: how much is exact, and each of the rest."""
    kinds = Counter(finding.verdict for finding in one.findings)
    said = ", ".join(
        f"{kinds[verdict]} {verdict}" for verdict in ("exact", "approximate", "impossible") if kinds[verdict]
    )
    click.echo(f"{one.name}: {said or 'no conditions'}{f'; {what}' * bool(what)}", err=True)
    for finding in one.findings:
        if finding.verdict != "exact":
            click.echo(f"  {_line(finding)}", err=True)


def _line(finding: Finding) -> str:
    return f"{finding.verdict} {finding.kind} at {finding.path or '/'}: {finding.said}"
