"""What numbers about segments say, as text for people and as data for machines: overlaps, attrition, trends, values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from .columns import LEAST, beside
from .pictures import bar, sparkline
from .style import clock, counted, percent, signed, utc

if TYPE_CHECKING:
    from ..insights.attrition import Funnel
    from ..insights.overlaps import Overlap
    from ..insights.sensitivity import Sensitivity
    from ..insights.trends import Trend

FEW = 10
"""Rows of a table that could be very long."""
BAR = 20
BARS = 8 + 2 + BAR + 2
"""What stands before the names of a group."""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], width: int, numbers: range) -> str:
    """Rows under their heads; the columns of these places hold numbers."""
    return beside(list(zip(heads, *rows, strict=True)), width, right=numbers, ruled=True)


def _barred(
    heads: Sequence[str], rows: Sequence[Sequence[str]], lengths: Sequence[int], width: int, numbers: range
) -> str:
    """The same with a bar for each row, as long as the others leave room for: a bar that was cut would say less."""
    room = min(BAR, width - _wide(heads, rows, width, numbers) - 2)
    most = max(lengths, default=0)
    barred = [(*row, bar(length, most, room)) for row, length in zip(rows, lengths, strict=True)]
    return _table((*heads, ""), barred, width, numbers) if room >= LEAST else _table(heads, rows, width, numbers)


def _wrapped(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int, numbers: range) -> str:
    """The same; what has no room in the last column goes on below."""
    room = width - _wide(heads[:-1], [row[:-1] for row in rows], width, numbers) - 2
    lines: list[Sequence[str]] = []
    for *cells, last in rows:
        first, *more = wrap(last, max(room, LEAST)) or [""]
        lines += [(*cells, first), *((*[""] * len(cells), one) for one in more)]
    return _table(heads, lines, width, numbers)


def _wide(heads: Sequence[str], rows: Sequence[Sequence[str]], width: int, numbers: range) -> int:
    from rich.cells import cell_len

    return max(map(cell_len, _table(heads, rows, width, numbers).split("\n")))


def _share(part: int, whole: int) -> str:
    return f"{percent(part, whole)} %"


def _names(names: Sequence[str]) -> str:
    return " + ".join(names)


# --- overlap ----------------------------------------------------------------------------------------------------------


def overlap_text(found: Overlap, width: int, few: int = FEW) -> str:
    """The segments, of more than twice as many as `few` the largest; their largest pairs, and the largest groups of
    profiles that are in the same segments.
    """
    inside = found.profiles - found.nobody
    places = {name: place for place, name in enumerate(found.members)}
    shown = [names for names, _ in found.groups[:few]]
    many = len(found.members) > 2 * few
    # Dots are read beside all of the segments.
    compact = not many and BARS + max((len(_names(names)) for names in shown), default=0) > width

    def group(names: Sequence[str]) -> str:
        """Which segments; where their names have no room, a dot for each."""
        return "".join("●" if name in names else "·" for name in places) if compact else _names(names)

    def pair(*names: str) -> str:
        return _names([str(places[name] + 1) for name in names]) if compact else _names(names)

    def called(name: str) -> str:
        return f"{places[name] + 1} {name}" if compact else name

    sizes = [*found.members.items()]
    if many:
        sizes = sorted(sizes, key=lambda one: -one[1])[:few]
    alone = [(f"{number:,}", _share(number, found.profiles), called(name)) for name, number in sizes]
    table = _barred(("members", "share", "segment"), alone, [number for _, number in sizes], width, range(2))
    parts = [table + _more(len(found.members), len(sizes), "segment")]
    pairs = [one for one in found.pairs if one.both]
    if pairs:
        rows = [
            (f"{one.both:,}", _share(one.both, found.members[one.one]), _share(one.both, found.members[one.other]),
             pair(one.one, one.other))
            for one in pairs[:few]
        ]  # fmt: skip
        parts.append(
            _table(("both", "of one", "of other", "pair"), rows, width, range(3)) + _more(len(pairs), few, "pair")
        )
        largest = found.groups[0][1]
        groups = [(f"{number:,}", bar(number, largest, BAR), group(names)) for names, number in found.groups[:few]]
        grouped = _wrapped if many else _table
        parts.append(
            grouped(("profiles", "", "in these and no others"), groups, width, range(1))
            + _more(len(found.groups), few, "group")
        )
    twice = f"{counted(found.twice, 'profile')} in two or more" if found.twice else "exclusive: nobody is in two"
    none = f"{counted(found.nobody, 'profile')} in none" if found.nobody else "covers everyone"
    parts.append(f"{inside:,} of {counted(found.profiles, 'profile')} in some. {twice}; {none}.".replace(". e", ". E"))
    return "\n\n".join(parts)


def _more(number: int, few: int, noun: str) -> str:
    return f"\n.. and {counted(number - few, f'smaller {noun}')}" if number > few else ""


def overlap_data(found: Overlap) -> dict[str, Any]:
    """The overlap for machines."""
    return {
        "profiles": found.profiles,
        "segments": [{"segment": name, "members": number} for name, number in found.members.items()],
        "pairs": [{"segments": [pair.one, pair.other], "both": pair.both} for pair in found.pairs],
        "groups": [{"segments": list(names), "profiles": number} for names, number in found.groups],
        "nobody": found.nobody,
        "exclusive": found.exclusive,
        "covers": found.covers,
    }


# --- funnel -----------------------------------------------------------------------------------------------------------


def funnel_text(found: Funnel, width: int) -> str:
    """Each condition alone and together with those above it, and what it does to the whole."""
    changed = "added" if found.joined == "and" else "lost"
    rows = [
        (f"{step.here:,}", _share(step.here, found.profiles), f"{step.alone:,}", f"{step.dropped:,}",
         f"{found.joined if place else '':3} {' '.join(step.text.split())}".strip())
        for place, step in enumerate(found.steps)
    ]  # fmt: skip
    rows = [(f"{found.profiles:,}", "100 %" if found.profiles else "0 %", "", "", "everyone"), *rows]
    lines = [_wrapped(("here", "share", "alone", f"{changed} if dropped", "condition"), rows, width, range(4))]
    if found.steps and found.members != found.steps[-1].here:
        lines.append(f"{counted(found.members, 'member')} in the sample of these.")
    idle = [step.text for step in found.steps if step.changes_nothing]
    if len(found.steps) > 1 and idle:
        said = "; ".join(" ".join(text.split()) for text in idle)
        lines.append(f"Without it nothing would change: {said}.")
    return "\n\n".join(lines)


def funnel_data(found: Funnel) -> dict[str, Any]:
    """The attrition for machines."""
    return {
        "rule": found.text.strip(),
        "joined": found.joined,
        "profiles": found.profiles,
        "members": found.members,
        "steps": [
            {"condition": step.text, "alone": step.alone, "here": step.here, "changed_if_dropped": step.dropped}
            for step in found.steps
        ],
    }


# --- trend ------------------------------------------------------------------------------------------------------------


def trend_text(found: Trend, zone: ZoneInfo, width: int) -> str:
    """A line for each instant; of several segments their numbers side by side, and how each went."""
    names = list(found.points)
    times = [point.at for point in found.points[names[0]]] if names else []
    if len(names) == 1:
        (points,) = found.points.values()
        rows = [
            (clock(point.at, zone), f"{point.members:,}", _moved(point.entered), _moved(point.left, -1))
            for point in points
        ]
        lengths = [point.members for point in points]
        return _barred(("at", "members", "entered", "left"), rows, lengths, width, range(1, 4))
    lines = [
        (sparkline([point.members for point in points]), name, *(f"{number:,}" for number in (
            points[0].members, points[-1].members, sum(point.entered or 0 for point in points),
            sum(point.left or 0 for point in points))))
        for name, points in found.points.items()
    ]  # fmt: skip
    table = _table(("", "segment", "first", "last", "entered", "left"), lines, width, range(2, 6))
    return f"{clock(times[0], zone)} to {clock(times[-1], zone)}\n\n{table}" if times else table


def _moved(number: int | None, way: int = 1) -> str:
    return "" if number is None else signed(way * number)


def trend_data(found: Trend) -> dict[str, Any]:
    """The trend for machines; instants in UTC."""
    return {
        "segments": [
            {
                "segment": name,
                "points": [
                    {"at": utc(one.at), "members": one.members, "entered": one.entered, "left": one.left}
                    for one in points
                ],
            }
            for name, points in found.points.items()
        ]
    }


# --- vary -------------------------------------------------------------------------------------------------------------


def vary_text(found: Sensitivity, width: int) -> str:
    """A line for each value, or a grid for two of them."""
    first, *rest = found.varied
    if not rest:
        values = [(value, f"{number:,}", _share(number, found.profiles)) for (value,), number in found.members.items()]
        return _barred((first.name, "members", "share"), values, [*found.members.values()], width, range(3))
    (second,) = rest
    grid = [(one, *(f"{found.members[one, other]:,}" for other in second.values)) for one in first.values]
    corner = f"{first.name} \\ {second.name}"
    return _table((corner, *second.values), grid, width, range(1 + len(second.values)))


def vary_data(found: Sensitivity) -> dict[str, Any]:
    """The members by values, for machines."""
    names = [one.name for one in found.varied]
    return {
        "profiles": found.profiles,
        "values": [
            {"values": dict(zip(names, values, strict=True)), "members": number}
            for values, number in found.members.items()
        ],
    }
