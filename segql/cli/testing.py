"""`segql test`: what must hold of saved segments, held against the warehouse."""

from __future__ import annotations

from dataclasses import replace
from shlex import quote
from time import perf_counter
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import click

from ..answers.style import counted
from ..console.output import busy, print_json
from ..console.setup import read
from ..errors import Problem, SegQLError
from ..files import write
from .asked import project_of
from .opening import opened
from .options import Options, options, spoken
from .output import writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..insights.invariants import Kept


@click.command()
@click.argument("invariants", nargs=-1)
@click.option("--file", "places", metavar="FILE", multiple=True, help="Read them from a file, one a line. Repeatable.")
@options("segments", "question", "warehouse", "json")
@click.option("--junit", metavar="FILE", help="Write the results as JUnit's XML, which CI shows.")
def test(given: Options, invariants: tuple[str, ...], places: tuple[str, ...], junit: str | None) -> None:
    """Hold what must be true of saved segments against the warehouse.

    Exit code 1 where something does not hold. Lines of a FILE that begin with --
    or # are comments.

    \b
      segql test '"VIP" inside "Buyers"' --segments segments/
      segql test '"New", "Active", "Lapsed" exclusive' '"VIP" between 100 and 5,000 members'
      segql test '"New", "Active", "Lapsed" cover everyone'
      segql test --file invariants.txt --junit results.xml
    """
    from ..insights.invariants import invariant, kept

    texts = [spoken(text, "An invariant") for text in invariants]
    texts += [line for place in places for line in _lines(read(place))]
    if not texts:
        raise click.UsageError("""Say what must hold: segql test '"VIP" inside "Buyers"', or --file FILE.""")
    project = project_of(given)
    demanded, problems = [], list[Problem]()
    for text in texts:
        try:
            demanded.append(invariant(text, project.segments))
        except SegQLError as error:
            problems += error.problems
    if problems:
        raise SegQLError(problems)
    start = perf_counter()
    with opened(given) as warehouse, busy("Asking the warehouse"):
        found = kept(demanded, replace(project, warehouse=warehouse))
    seconds = perf_counter() - start
    if junit is not None:
        with writing(junit):
            write(junit, _junit(found, seconds))
    wrong = sum(not one.holds for one in found)
    if given.json:
        told = [{"text": o.text, "holds": o.holds, "against": list(o.against), "rules": list(o.shown)} for o in found]
        print_json({"invariants": told, "seconds": seconds})
    else:
        for one in found:
            click.echo(f"{'holds' if one.holds else 'FAILS'}  {one.text}")
            for why, rule in zip(one.against, one.shown, strict=True):
                click.echo(f"       {why}: segql members {quote(rule)}")
        said = f"{wrong:,} {'does' if wrong == 1 else 'do'} not hold" if wrong else "all hold"
        click.echo(f"{counted(len(found), 'invariant')}: {said}.", err=True)
    if wrong:
        raise click.exceptions.Exit(1)


def _lines(text: str) -> Iterator[str]:
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith(("--", "#")):
            yield line


def _junit(found: Sequence[Kept], seconds: float) -> str:
    wrong = sum(not one.holds for one in found)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites><testsuite name="segql" tests="{len(found)}" failures="{wrong}" errors="0" time="{seconds:.3f}">',
    ]
    for one in found:
        lines.append(f'  <testcase classname="segql" name={_quoted(one.text)}>')
        lines += [f"    <failure message={_quoted('; '.join(one.against))}/>"] * (not one.holds)
        lines.append("  </testcase>")
    return "\n".join([*lines, "</testsuite></testsuites>", ""])


def _quoted(text: str) -> str:
    """A text as XML has it: no control characters are in it."""
    return quoteattr("".join(letter if letter.isprintable() else " " for letter in text))
