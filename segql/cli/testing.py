"""`segql test`: tests by given rows, and what must hold of saved segments in the warehouse."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from shlex import quote
from textwrap import dedent
from time import perf_counter
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import click

from ..answers.style import counted
from ..answers.why import why_data, why_text
from ..ast import Invariant, Test
from ..console.output import busy, print_json
from ..console.setup import read
from ..errors import Problem, SegQLError
from ..files import write
from .asked import project_of
from .opening import opened
from .options import Options, options, rule_word
from .output import writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..insights.examples import Tested
    from ..insights.invariants import Kept


@click.command()
@click.argument("invariants", nargs=-1)
@click.option("--file", "places", metavar="FILE", multiple=True, help="Read them from a file, one a line. Repeatable.")
@options("segments", "question", "warehouse", "json")
@click.option("--junit", metavar="FILE", help="Write the results as JUnit's XML, which CI shows.")
def test(given: Options, invariants: tuple[str, ...], places: tuple[str, ...], junit: str | None) -> None:
    """Run the tests that .segql files hold, and hold what must be true against the warehouse.

    Given rows are judged without a warehouse; with --warehouse their SQL runs
    there as well, on rows that it brings along. Exit code 1 where something does
    not hold. Lines of a FILE that begin with -- or # are comments.

    \b
      segql test --segments segments/
      segql test '"VIP" inside "Buyers"' --segments segments/
      segql test '"New", "Active", "Lapsed" exclusive' '"VIP" between 100 and 5,000 members'
      segql test '"New", "Active", "Lapsed" cover everyone'
      segql test --file invariants.txt --junit results.xml
    """
    from ..insights.examples import checked, outcomes
    from ..insights.invariants import invariant, invariant_of, kept

    texts = [rule_word(text, "An invariant") for text in invariants]
    texts += [line for place in places for line in _lines(read(place))]
    project = project_of(given)
    within = () if invariants else project.segments.tests
    broken = [] if invariants else [one for one in project.segments.problems if one.severity == "error"]
    if not (texts or within or broken):
        raise click.UsageError(
            """Say what must hold: segql test '"VIP" inside "Buyers"', or --file FILE, or tests in --segments."""
        )
    examples = [one for one in within if isinstance(one, Test)]
    demanded, problems = [], list[Problem](checked(examples, project))
    sayings: list[Invariant | str] = [*(one for one in within if isinstance(one, Invariant)), *texts]
    known = project.segments
    for said in sayings:
        try:
            demanded.append(invariant_of(said, known) if isinstance(said, Invariant) else invariant(said, known))
        except SegQLError as error:
            problems += error.problems
    if problems:
        raise SegQLError(problems)
    start = perf_counter()
    found: list[Kept] = []
    asks = given.warehouse is not None
    with opened(given) if demanded or (examples and asks) else nullcontext() as warehouse, busy("Asking the warehouse"):
        ran = list(outcomes(examples, project, warehouse if asks else None))
        if demanded:
            found = kept(demanded, replace(project, warehouse=warehouse))
    seconds = perf_counter() - start
    if junit is not None:
        with writing(junit):
            write(junit, _junit(ran, found, broken, seconds))
    wrong = sum(not one.holds for one in found) + sum(not one.passed for one in ran)
    if given.json:
        told = [{"text": o.text, "holds": o.holds, "against": list(o.against), "rules": list(o.shown)} for o in found]
        answer = {"tests": [_told(one) for one in ran], "invariants": told, "seconds": seconds}
        print_json({**answer, "problems": [one.to_dict() for one in broken]})
    else:
        for test in ran:
            click.echo(_test_text(test))
        for one in found:
            click.echo(f"{'holds' if one.holds else 'FAILS'}  {one.text}")
            for why, rule in zip(one.against, one.shown, strict=True):
                click.echo(f"       {why}: segql members {quote(rule)}")
        what = [counted(len(all_), kind) for all_, kind in ((ran, "test"), (found, "invariant")) if all_]
        verdict = f"{wrong:,} {'does' if wrong == 1 else 'do'} not hold" if wrong else "all hold"
        parts = [f"{' and '.join(what)}: {verdict}"] if what else []
        parts += [f"{counted(len(broken), 'mistake')} in the files"] if broken else []
        click.echo(f"{'; '.join(parts)}.", err=True)
    if wrong or broken:
        raise click.exceptions.Exit(1)


def _place(one: Tested) -> str:
    source = one.test.name.span.source
    return f"{source.name}:{source.position(one.test.name.span.start)[0]}"


def _test_text(one: Tested) -> str:
    head = f"{'holds' if one.passed else 'FAILS'}  {one.test.name.value}"
    if one.passed:
        return head
    lines = [_place(one)]
    if one.on_engine not in (None, one.holds):
        lines.append(_DIFFERS)
    if one.why is not None:
        lines += why_text(one.why).splitlines()[2:]  # who it is about, nobody needs to know
    return "\n".join([head, *(f"       {line}".rstrip() for line in lines)])


_DIFFERS = "The SQL, run in the warehouse, says otherwise than the rule means: please report this."


def _told(one: Tested) -> dict[str, object]:
    return {
        "name": one.test.name.value, "place": _place(one), "holds": one.holds, "on_engine": one.on_engine,
        "why": None if one.why is None else why_data(one.why),
    }  # fmt: skip


def _lines(text: str) -> Iterator[str]:
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith(("--", "#")):
            yield line


def _junit(ran: Sequence[Tested], found: Sequence[Kept], broken: Sequence[Problem], seconds: float) -> str:
    told = [
        (
            one.test.name.value,
            "failure",
            "" if one.passed else dedent(click.unstyle(_test_text(one).partition("\n")[2])),
        )
        for one in ran
    ]
    told += [(one.text, "failure", "; ".join(one.against)) for one in found]
    told += [(f"{one.span.source.name}: {one.message}", "error", str(one)) for one in broken]
    number = {kind: sum(said == kind and against != "" for _, said, against in told) for kind in ("failure", "error")}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites><testsuite name="segql" tests="{len(told)}" failures="{number["failure"]}"'
        f' errors="{number["error"]}" time="{seconds:.3f}">',
    ]
    for name, kind, against in told:
        lines.append(f'  <testcase classname="segql" name={_quoted(name)}>')
        if against:
            first, _, more = against.partition("\n")
            body = f">{escape(_plain(more))}</{kind}>" if more else "/>"
            lines.append(f"    <{kind} message={_quoted(first)}{body}")
        lines.append("  </testcase>")
    return "\n".join([*lines, "</testsuite></testsuites>", ""])


def _quoted(text: str) -> str:
    """A text as XML has it: no control characters are in it."""
    return quoteattr(_plain(text))


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
