"""`why` as text and as data: whether one profile is a member, what decided it, what would change it."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .columns import beside
from .style import style

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..insights import Change, Fact, Next, Part, Why

WIDTH = 80
"""Columns of what is no terminal."""


def key_of(text: str, catalog: Catalog) -> str | int:
    """The key that a person wrote. Raises SegQLError where it cannot be one."""
    kind = catalog.profiles.key_type
    if kind == "text":
        return text
    from uuid import UUID

    from ..errors import Problem, SegQLError
    from ..source import NOWHERE

    try:
        return int(text) if kind == "integer" else str(UUID(text))
    except ValueError:
        what = "a whole number" if kind == "integer" else "a UUID"
        message = f"There is no profile `{text}`: the key `{catalog.profiles.key}` is {what}."
        raise SegQLError([Problem("unknown-name", message, NOWHERE, "`segql members` lists keys")]) from None


# --- for people ------------------------------------------------------------------------------------------------------


def why_text(found: Why) -> str:
    """The answer for people, with colours, as wide as the terminal."""
    width = shutil.get_terminal_size((WIDTH, 0)).columns
    verdict = "is a member" if found.member else "is not a member"
    head = style(f"{found.profile} {verdict}.", bold=True)
    change = "To be out" if found.member else "To be in"
    takes = [" and ".join(one.says for one in several) for several in found.flips]
    lines = [head, "", *_lines(found.tree, 0, width), ""]
    lines.append(_titled(change, takes[0] if takes else "nothing that is known would change it", width))
    lines += [_titled("", f"or {one}", width) for one in takes[1:]]
    return "\n".join([*lines, _titled("By time", found.next.says, width)])


def _titled(title: str, text: str, width: int) -> str:
    first, *rest = _wrapped(text, width - 11)
    return "\n".join([style(f"{title:<11}", bold=True) + first, *(" " * 11 + line for line in rest)])


def _lines(part: Part, depth: int, width: int) -> Iterator[str]:
    inner, said = part, part.text
    if part.kind == "not" and part.parts[0].kind in ("condition", "segment"):
        inner = part.parts[0]
        said = f"not {inner.text}"
    mark = style("✓", fg="green") if part.holds else style("✗", fg="red")
    space = "  " * depth
    first, *rest = _wrapped(said, width - len(space) - 2)
    seen = f" – {inner.seen}" if inner.seen and not rest else ""
    if len(space) + 2 + len(first) + len(seen) > width:
        seen = ""
    yield f"{space}{mark} {first}" + style(seen, dim=True)
    yield from (f"{space}    {line}" for line in rest)
    if inner.seen and not seen:
        yield from (style(f"{space}    {line}", dim=True) for line in _wrapped(inner.seen, width - len(space) - 4))
    yield from (style(f"{space}    {line}", dim=True) for line in _table(inner.rows, width - len(space) - 4))
    if inner.more:
        yield style(f"{space}    and {inner.more:,} more", dim=True)
    for one in inner.parts:
        yield from _lines(one, depth + 1, width)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, 20), break_long_words=False, break_on_hyphens=False)


def _table(rows: Sequence[Fact], width: int) -> list[str]:
    """The rows side by side, each value under its name; what all of them are stands over their times."""
    names = dict.fromkeys(name for row in rows for name in row.cells)
    kinds = list(dict.fromkeys(row.what for row in rows))
    over = kinds[0] if names and len(kinds) == 1 else ""
    columns = [["", *("" if over else row.what for row in rows)], [over, *(row.when for row in rows)]]
    columns += [
        ["", *(row.ago for row in rows)],
        *([name, *(row.cells.get(name, "") for row in rows)] for name in names),
    ]
    return [line for line in beside(columns, width).split("\n") if line]


# --- for machines ----------------------------------------------------------------------------------------------------


def why_data(found: Why) -> dict[str, Any]:
    """The answer for machines."""
    return {
        "rule": found.text,
        "now": _instant(found.now),
        "profile": found.profile,
        "member": found.member,
        "tree": _part(found.tree),
        "flips": changes_data(found.flips),
        "next": next_data(found.next),
    }


def changes_data(flips: Iterable[Iterable[Change]]) -> list[list[dict[str, Any]]]:
    """The smallest sets of changes."""
    return [[{"text": one.text, "becomes": one.becomes, "says": one.says} for one in several] for several in flips]


def next_data(then: Next) -> dict[str, Any]:
    """The next instant at which time alone makes a difference."""
    return {
        "at": _instant(then.at), "until": _instant(then.until), "because": list(then.because), "says": then.says,
    }  # fmt: skip


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
