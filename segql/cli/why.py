"""`segql why`: why one profile is a member of a rule, or not; its answer as text and as data, for a session too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from .options import Options, options, question
from .output import busy, print_json
from .places import opened

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..insights import Fact, Part, Why

WIDTH = 100
"""A value stands beside its condition where the line is no longer than that."""


@click.command()
@options("rule", "segments", "question", "warehouse", "json")
@click.option("--profile", metavar="ID", required=True, help="The profile's key, as `segql members` lists it.")
def why(given: Options, profile: str) -> None:
    """Say why one profile is a member of a rule, or not.

    Each condition with what was seen and the rows that decided it; the smallest change that would make a difference;
    and when time alone will.

    \b
      segql why "clicked sms in 72h and never placed order in 72h" --profile 244
      segql why --segment "SMS espresso shot" --profile 244
      segql why "vip" --profile c12 --catalog catalog.yaml --warehouse shop.duckdb
      segql why "placed order in 30d" --profile 244 --now 2026-12-01T09:00 --json
    """
    asked = question(given, demo_warehouse=True)
    from ..insights import why_in

    with opened(given) as warehouse, busy("Asking the warehouse"):
        found = why_in(warehouse, asked.rule, asked.catalog, key_of(profile, asked.catalog), **asked.keywords)
    if given.json:
        print_json(why_data(found))
        return
    click.echo(why_text(found))


def key_of(text: str, catalog: Catalog) -> str | int:
    """The key that a person wrote. Raises SegQLError where it cannot be one."""
    if catalog.profiles.key_type == "text":
        return text
    from ..errors import Problem, SegQLError
    from ..source import NOWHERE

    try:
        return int(text)
    except ValueError:
        message = f"There is no profile `{text}`: the key `{catalog.profiles.key}` is a whole number."
        raise SegQLError([Problem("unknown-name", message, NOWHERE, "`segql members` lists keys")]) from None


# --- for people ------------------------------------------------------------------------------------------------------


def why_text(found: Why) -> str:
    """The answer for people, with colours."""
    verdict = "is a member" if found.member else "is not a member"
    head = click.style(f"{found.profile} {verdict}.", bold=True)
    change = "To be out" if found.member else "To be in"
    takes = [" and ".join(one.says for one in several) for several in found.flips]
    lines = [head, "", *_lines(found.tree, 0), ""]
    lines.append(_titled(change, "nothing that is known would do" if not takes else takes[0]))
    lines += [_titled("", f"or {one}") for one in takes[1:]]
    return "\n".join([*lines, _titled("By time", found.next.says)])


def _titled(title: str, text: str) -> str:
    return click.style(f"{title:<11}", bold=True) + text


def _lines(part: Part, depth: int) -> Iterator[str]:
    inner, said = part, part.text
    if part.kind == "not" and part.parts[0].kind == "condition":
        inner = part.parts[0]
        said = f"not {inner.text}"
    mark = click.style("✓", fg="green") if part.holds else click.style("✗", fg="red")
    space = "  " * depth
    beside = bool(inner.seen) and len(space) + len(said) + len(inner.seen) + 5 <= WIDTH
    yield f"{space}{mark} {said}" + (click.style(f" – {inner.seen}", dim=True) if beside else "")
    if inner.seen and not beside:
        yield click.style(f"{space}    {inner.seen}", dim=True)
    yield from (click.style(f"{space}    · {row.says}", dim=True) for row in inner.rows)
    if inner.more:
        yield click.style(f"{space}    · and {inner.more:,} more", dim=True)
    for one in inner.parts:
        yield from _lines(one, depth + 1)


# --- for machines ----------------------------------------------------------------------------------------------------


def why_data(found: Why) -> dict[str, Any]:
    """The answer for machines."""
    return {
        "rule": found.text,
        "now": _instant(found.now),
        "profile": found.profile,
        "member": found.member,
        "tree": _part(found.tree),
        "flips": [
            [{"text": one.text, "becomes": one.becomes, "says": one.says} for one in several] for several in found.flips
        ],
        "next": {
            "at": _instant(found.next.at),
            "until": _instant(found.next.until),
            "because": list(found.next.because),
            "says": found.next.says,
        },
    }


def _part(part: Part) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": part.kind, "text": part.text, "holds": part.holds}
    if part.kind == "condition":
        return {**data, "seen": part.seen, "rows": [_row(row) for row in part.rows], "more": part.more}
    return {**data, "parts": [_part(one) for one in part.parts]}


def _row(row: Fact) -> dict[str, Any]:
    items = {"items": [dict(item) for item in row.items]} if row.items else {}
    return {"what": row.what, "time": _instant(row.time), "properties": dict(row.properties), **items, "says": row.says}


def _instant(time: Any) -> str | None:
    return None if time is None else time.isoformat().replace("+00:00", "Z")
