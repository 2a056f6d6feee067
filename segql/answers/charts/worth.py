"""What a segment is worth beside others: ratios, and shares of both sides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..columns import cut
from ..style import counted
from .drawing import BLUE, DARK, ORANGE, PALE, WIDTH, Row, Spec, bars, chart, colours, dots, names_axis, values

if TYPE_CHECKING:
    from decimal import Decimal

    from ...insights.figures import Held, Stats

MOST = 12
"""Rows of what stands out."""
NAME = 44
"""Letters of a name."""
LEAST, LARGEST = 0.001, 1000
"""Ratios beyond are drawn at the edge; what they are is written beside them."""


def stats_chart(found: Stats) -> Spec:
    """How many times the others' numbers those of the members are; who can be written to, and what stands out, as the
    shares of both. What one side lacks is left out.
    """
    from ..worth import certain, numbers, ratio

    whom = {"rest": "all others", "everyone": "everyone"}.get(found.against, cut(found.against, NAME))
    times: list[tuple[str, Decimal | None]] = [
        (name, ratio(here, there)) for name, here, there, _ in numbers(found) if name not in ("orders", "revenue")
    ]
    for one in found.measures:
        if one.name not in ("orders", "revenue", "reorder gap"):
            sides = (one.here, one.there)
            told = [side.per_member if one.adds else side.average for side in sides]
            times.append((f"{one.name}, {'per member' if one.adds else 'average'}", ratio(*told)))
    counts: list[Row] = [
        {"name": name, "number": number, "says": f"{number:,}"}
        for name, number in (("members", found.members), (whom, found.others))
    ]
    panels: list[Spec | None] = [bars(counts, "profiles")]
    panels += [_ratios([(name, float(number)) for name, number in times if number is not None and number > 0], whom)]
    panels.append(_shares("can be written to", [(one.value, one) for one in found.consent], whom))
    out = [one for one in found.stand_out if not certain(one)][:MOST]
    panels.append(_shares("stands out", [(f"{one.of} {one.value}", one) for one in out], whom))
    text = " ".join(line.strip() for line in found.text.splitlines() if not line.startswith("--"))
    under = [
        cut(text, 90),
        f"{found.members:,} of {counted(found.profiles, 'profile')}, beside {whom} ({found.others:,})",
    ]
    return chart("What the segment is worth", under, vconcat=[one for one in panels if one], resolve=_APART)


_APART = {"scale": {"x": "independent", "y": "independent", "color": "independent", "shape": "independent"}}


def _ratios(rows: Sequence[tuple[str, float]], whom: str) -> Spec | None:
    """Bars to the right of 1 where the members have more, to the left where they have less."""
    if not rows:
        return None
    told: list[Row] = [
        {
            "name": cut(name, NAME), "number": min(max(number, LEAST), LARGEST), "says": f"{number:,.2f} ×",
            "more": number >= 1,
        }
        for name, number in rows
    ]  # fmt: skip
    drawn = [row["number"] for row in told]
    scale = {"type": "log", "domain": [min(0.5, *drawn) / 1.6, max(2, *drawn) * 1.6], "nice": False}
    axis = {"format": "~r", "tickCount": 6}
    title = f"times the number of {whom} (logarithmic)"
    x = {"field": "number", "type": "quantitative", "title": title, "scale": scale, "axis": axis}
    says = {"field": "says", "type": "nominal"}
    return {
        "data": values(told),
        "width": WIDTH,
        "height": {"step": 24},
        "encoding": {"y": names_axis([row["name"] for row in told]), "x": x},
        "layer": [
            {
                "mark": {"type": "bar", "height": {"band": 0.7}, "color": BLUE},
                "encoding": {"x2": {"datum": 1}},
            },
            {
                "transform": [{"filter": "datum.more"}],
                "mark": {"type": "text", "align": "left", "dx": 5, "color": DARK, "fontSize": 11},
                "encoding": {"text": says},
            },
            {
                "transform": [{"filter": "!datum.more"}],
                "mark": {"type": "text", "align": "right", "dx": -5, "color": DARK, "fontSize": 11},
                "encoding": {"text": says},
            },
        ],
    }


def _shares(title: str, held: Iterable[tuple[str, Held]], whom: str) -> Spec | None:
    """A line for each, from the share of the others to that of the members."""
    rows, both = list[Row](), list[Row]()
    for name, one in held:
        here, there = one.share, one.other_share
        if here is None or there is None:
            continue
        both.append({"name": cut(name, NAME), "first": float(there), "last": float(here)})
        rows.append({"name": cut(name, NAME), "share": float(here), "what": "members"})
        rows.append({"name": cut(name, NAME), "share": float(there), "what": whom})
    if not rows:
        return None
    x: Spec = {
        "field": "share", "type": "quantitative", "title": f"{title}: share of each side",
        "axis": {"format": ".0%", "tickCount": 6}, "scale": {"domainMin": 0},
    }  # fmt: skip
    y, sides = names_axis([row["name"] for row in both]), colours(("members", whom), (BLUE, ORANGE))
    shape = {**sides, "scale": {"domain": ["members", whom]}}
    return {
        "width": WIDTH,
        "height": {"step": 24},
        "encoding": {"y": y},
        "layer": dots(rows, both, "x", x, line=PALE, size=90, color=sides, shape=shape),
    }
