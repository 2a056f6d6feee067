"""`segql demo`, the first impression: one sentence becomes words, SQL and members, on the demo shop."""

from __future__ import annotations

import re
from dataclasses import replace
from shutil import which
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from ..answers.style import shared
from ..console.opening import load_catalog
from ..console.output import painted_sql, print_json
from ..plain import dataclass
from .asked import load_segments
from .opening import opened
from .options import Options, options

if TYPE_CHECKING:
    from rich.console import Console

SEGMENT = "SMS espresso shot"

NEXT = (
    ('segql count "placed order at least twice in 90d"', "ask for yourself"),
    ('segql explain --segment "High rollers"', "another segment"),
    ('segql members --segment "Window shoppers" --format csv', "take members along"),
    ('segql check "clicked smz in 72h"', "get help with a slip"),
)


@click.command()
@options("json")
@click.option(
    "--profiles", type=click.IntRange(1, 1_000_000), metavar="N", help="A larger or smaller shop. Default: 20000."
)
def demo(options: Options, profiles: int | None) -> None:
    """Show one segment on a made-up shop, from sentence to members.

    \b
      segql demo
      segql demo --profiles 1000000
    """
    from .. import ast, describer, formatter
    from ..compiler import compile
    from ..demo import NOW

    catalog = load_catalog(options)
    segments = load_segments(options)
    with opened(options, profiles=profiles) as warehouse:
        compile(segments[SEGMENT], catalog, now=NOW, segments=segments)  # the times below are those of a warm start
        start = perf_counter()
        done = compile(segments[SEGMENT], catalog, now=NOW, segments=segments)
        compiled = perf_counter()
        members = warehouse.count(done.sql)
        counted = perf_counter()
        everyone = warehouse.count(compile("everyone", catalog, now=NOW).sql)
        few = warehouse.rows(_FEW.format(members=done.sql, now=NOW.isoformat(), zone=catalog.timezone))
    says = describer.describe(done.meaning.bound, catalog, NOW, done.meaning.sample)
    if options.json:
        print_json({
            "segment": SEGMENT, "rule": done.text, "now": NOW.isoformat().replace("+00:00", "Z"), "says": says,
            "sql": done.sql, "count": members, "profiles": everyone, "members": [row[0] for row in few],
            "milliseconds": {"compile": 1000 * (compiled - start), "count": 1000 * (counted - compiled)},
            "problems": [problem.to_dict() for problem in done.problems],
        })  # fmt: skip
        return
    said = segments[SEGMENT]
    words = formatter.format(said.rule)
    lets = [
        ast.Let(ast.Name(name), value)
        for name, value in segments.values.items()
        if re.search(rf"\bin {re.escape(name)}\b", words)
    ]
    rule = formatter.format(ast.Definitions((*lets, replace(said, comments=())))).strip()
    took = f"compiled in {_took(compiled - start)}, counted in {_took(counted - compiled)}"
    day = f"in a made-up coffee shop, {NOW.day} {NOW:%B %Y}"
    _show(
        _Shown(
            " ".join(" ".join(said.comments).split()), rule, says, done.sql, shared(members, everyone), took, few, day
        )
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the demo prints."""

    comments: str
    rule: str
    says: str
    sql: str
    share: str
    took: str
    few: list[tuple[Any, ...]]
    day: str


def _show(shown: _Shown) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console = _console()
    width = min(console.width, 100) - 2

    def title(text: str, aside: str = "") -> None:
        console.print()
        console.print(Text.assemble((text, "bold cyan"), ("  " + aside if aside else "", "dim")))

    console.print(Text.assemble(("SegQL", "bold magenta"), "  customer segments in plain language, compiled to SQL"))
    title(SEGMENT, shown.comments)
    console.print(Padding(Text(shown.rule, style="bold"), (0, 2), expand=False))
    title("What it says")
    console.print(Padding(Text(shown.says), (0, 2), expand=False), width=width)
    title("Its SQL", "for DuckDB")
    console.print(Padding(painted_sql(compact(shown.sql)), (0, 2), expand=False))
    title("Its members", shown.day)
    console.print(Text.assemble("  ", (shown.share, "bold green"), (f"  {shown.took}", "dim")))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    names = ("customer", "first name", "city", "country", "clicked sms", "last order")
    columns = range(6) if console.width > _NARROW else (0, 3, 4, 5)
    for column in columns:
        table.add_column(names[column], justify="left" if column else "right", no_wrap=True)
    for row in shown.few:
        table.add_row(*("" if row[column] is None else str(row[column]) for column in columns))
    console.print(Padding(table, (0, 2), expand=False))
    title("Try next")
    for command, why in NEXT:
        beside = f"{command:<55}  " if console.width > _NARROW else f"{command}\n    "
        console.print(Text.assemble("  ", (beside, "bold"), (why, "dim")))
    if which("segql") is None:
        console.print(
            Text.assemble(
                ("  first: ", "dim"), ("source .venv/bin/activate", "bold"), ("  puts segql on your path", "dim")
            )
        )


def _console() -> Console:
    import os

    from rich.console import Console

    return Console(highlight=False, soft_wrap=False, no_color=bool(os.environ.get("NO_COLOR")) or None)


_NARROW = 76
"""Columns of a narrow terminal, less a margin."""
_CAST = re.compile(r"CAST\(('[^']*') AS (TIMESTAMPTZ|TIMESTAMP|DATE)\)")


def compact(sql: str) -> str:
    """The same statement for a narrow terminal: without its comments, what fits in one line in one line."""
    lines = [
        line for line in _CAST.sub(r"\2 \1", sql).split("\n") if line.strip() and not line.lstrip().startswith("--")
    ]
    return "\n".join(_folded(lines))


def _folded(lines: list[str]) -> list[str]:
    """Each line with the deeper ones below it, and the one that closes them, as one where that is short enough."""
    found: list[str] = []
    at = 0
    while at < len(lines):
        depth = _depth(lines[at])
        end = at + 1
        while end < len(lines) and _depth(lines[end]) > depth:
            end += 1
        inner = _folded(lines[at + 1 : end])
        closes = end < len(lines) and lines[end].lstrip().startswith((")", "END")) and bool(inner)
        whole = [lines[at], *inner, *lines[end : end + closes]]
        one = lines[at] + "".join(f" {line.strip()}" for line in whole[1:])
        one = one.replace("( ", "(").replace(" )", ")")
        found += (
            [one]
            if len(one) <= _NARROW and not any(word in one[depth + 1 :] for word in (" FROM ", " WHERE "))
            else whole
        )
        at = end + closes
    return found


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _took(seconds: float) -> str:
    milliseconds = 1000 * seconds
    return (
        f"{milliseconds:.1f} ms"
        if milliseconds < 10
        else f"{milliseconds:.0f} ms"
        if seconds < 1
        else f"{seconds:.1f} s"
    )


# Text all through: a driver without its time zone package cannot hand over an instant.
_FEW = """
WITH few AS (SELECT * FROM (
{members}
) AS members ORDER BY ALL LIMIT 5)
SELECT
  customer_id, first_name, city, country_code,
  strftime((
    SELECT max(occurred_at) FROM events
    WHERE events.customer_id = customers.customer_id AND name = 'Clicked SMS' AND occurred_at < TIMESTAMPTZ '{now}'
  ) AT TIME ZONE '{zone}', '%A %H:%M'),
  coalesce(strftime((
    SELECT max(created_at) FROM orders
    WHERE orders.customer_id = customers.customer_id AND cancelled_at IS NULL AND NOT test
  ), '%-d %B %Y'), 'never')
FROM customers WHERE customer_id IN (FROM few) ORDER BY customer_id
"""
