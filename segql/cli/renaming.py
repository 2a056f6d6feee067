"""`segql rename`: a saved segment, or an event of the catalog, under another name, in all files that name it."""

from __future__ import annotations

import sys

import click

from ..answers.style import counted
from ..arguments import instant
from ..console.output import print_json
from ..errors import SegQLError
from ..renaming import event_renamed, segment_renamed
from ..segments import sources_in
from .fixing import rewrite
from .options import Options, options, spoken


@click.command()
@click.argument("kind", type=click.Choice(["segment", "event"]))
@click.argument("old")
@click.argument("new")
@options("segments", "catalog", "json")
@click.option("--write", is_flag=True, help="Rewrite the files without asking.")
def rename(given: Options, kind: str, old: str, new: str, *, write: bool) -> None:
    """Call a saved segment otherwise, wherever the files of --segments name it, or an event, in --catalog as well.

    Layout and comments stay. Before a file is written, it is read again and has
    to say what it said. At a terminal you are asked; else --write writes.

    \b
      segql rename segment "High rollers" "Big spenders" --segments segments/
      segql rename event "placed order" "bought coffee" --segments segments/ --catalog catalog.yaml --write
    """
    if not given.segments:
        raise click.UsageError("Say in which files: --segments FILE|DIR.")
    sources, unreadable = sources_in(given.segments, exact=True)
    if kind == "event":
        if given.catalog is None:
            raise click.UsageError("An event is a name of a catalog: say of which, --catalog FILE.")
        catalog, wrong = sources_in([given.catalog], exact=True)
        sources, unreadable = [*sources, *catalog], [*unreadable, *wrong]
    if unreadable:
        raise SegQLError(unreadable)
    names = spoken(old, "OLD"), spoken(new, "NEW")
    if kind == "event":
        found = event_renamed(sources[:-1], sources[-1], *names, instant(None))
    else:
        found = segment_renamed(sources, *names)
    changed = [(one, other) for one, other in zip(sources, found.sources, strict=True) if one.text != other.text]
    if not given.json:
        for place in found.places:
            line, _ = place.source.position(place.start)
            click.echo(f"{place.source.name}:{line}: {place.text}")
    said = f"{counted(len(found.places), 'place')} in {counted(len(changed), 'file')}"
    if not write and not given.json and sys.stdin.isatty():
        write = click.confirm(f"{said}. Write?", err=True)
    if write:
        for one, other in changed:
            rewrite(one, other)
    if given.json:
        print_json({"files": [one.name for one, _ in changed], "places": len(found.places), "written": write})
    else:
        click.echo(f"{said}: {'written' if write else 'nothing written; --write writes'}.", err=True)
