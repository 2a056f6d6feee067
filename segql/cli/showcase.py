"""`segql demo`, the first impression: one sentence becomes words, SQL and members, on the demo shop."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from .options import Options, load_catalog, load_segments, options
from .output import as_data, painted_sql, print_json, shared
from .places import opened

if TYPE_CHECKING:
    from rich.console import Console

SEGMENT = "SMS espresso shot"

NEXT = (
    ('segql count "placed order at least twice in 90d"', "ask something else"),
    ('segql explain --segment "High rollers"', "another saved segment"),
    ("segql members --segment \"Window shoppers\" --format csv", "take its members along"),
    ('segql check "clicked smz in 72h"', "make a mistake, get help"),
)  # fmt: skip


@click.command()
@options("json")
@click.option(
    "--profiles", type=click.IntRange(1, 1_000_000), metavar="N", help="A larger or smaller shop. Default: 20000."
)
def demo(given: Options, profiles: int | None) -> None:
    """Show one segment on a made-up shop, from sentence to members.

    \b
      segql demo
      segql demo --profiles 1000000
    """
    from .. import describer
    from ..compiler import compile
    from ..demo import NOW

    catalog = load_catalog(given)
    segments = load_segments(given)
    with opened(given, profiles=profiles) as warehouse:
        compile(segments[SEGMENT], catalog, now=NOW, segments=segments)  # the times below are those of a warm start
        start = perf_counter()
        done = compile(segments[SEGMENT], catalog, now=NOW, segments=segments)
        compiled = perf_counter()
        members = warehouse.count(done.sql)
        counted = perf_counter()
        everyone = warehouse.count(compile("everyone", catalog, now=NOW).sql)
        few = warehouse.rows(_FEW.format(members=done.sql, now=NOW.isoformat(), zone=catalog.timezone))
    says = describer.describe(done.meaning.bound, catalog, NOW)
    if given.json:
        print_json({
            "segment": SEGMENT, "rule": done.text, "now": NOW.isoformat().replace("+00:00", "Z"), "says": says,
            "sql": done.sql, "count": members, "profiles": everyone, "members": [row[0] for row in few],
            "milliseconds": {"compile": 1000 * (compiled - start), "count": 1000 * (counted - compiled)},
            "problems": [as_data(problem) for problem in done.problems],
        })  # fmt: skip
        return
    comments = " ".join(segments[SEGMENT].comments)
    took = f"compiled in {_took(compiled - start)}, counted in {_took(counted - compiled)}"
    day = f"in a made-up coffee shop, {NOW.day} {NOW:%B %Y}"
    _show(_Shown(comments, done.text, says, done.sql, shared(members, everyone), took, few, day))


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
    console.print(Padding(Text(_without_comments(shown.rule), style="bold"), (0, 2)))
    title("What it says")
    console.print(Padding(Text(shown.says), (0, 2)), width=width)
    title("Its SQL", "for DuckDB")
    console.print(Padding(painted_sql(_without_comments(shown.sql)), (0, 2)))
    title("Its members", shown.day)
    console.print(Text.assemble("  ", (shown.share, "bold green"), (f"  {shown.took}", "dim")))
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("customer", "first name", "city", "country", "clicked sms", "last order"):
        table.add_column(name, justify="right" if name == "customer" else "left", no_wrap=True)
    for row in shown.few:
        table.add_row(*("" if value is None else str(value) for value in row))
    console.print(Padding(table, (0, 2)))
    title("Try next")
    for command, why in NEXT:
        console.print(Text.assemble("  ", (f"{command:<56}", "bold"), ("  " + why, "dim")))


def _console() -> Console:
    import os

    from rich.console import Console

    return Console(highlight=False, soft_wrap=False, no_color=bool(os.environ.get("NO_COLOR")) or None)


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("--")).strip("\n")


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
