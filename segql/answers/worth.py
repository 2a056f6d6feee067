"""What a segment is worth, as text for people and as data for machines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .columns import beside, cut
from .listing import short
from .style import counted, percent
from .tables import plain

if TYPE_CHECKING:
    from ..insights.expectations import Met
    from ..insights.figures import Held, Measured, Stats

FEW = 10
"""Rows of what stands out, and of products."""
NAME = 28
"""Columns of a terminal for the name of something."""


def numbers(found: Stats) -> list[tuple[str, Decimal | None, Decimal | None, bool]]:
    """The numbers of the catalog's roles: name, that of the members, that of the others, whether it is money."""
    rows: list[tuple[str, Decimal | None, Decimal | None, bool]] = []
    orders, revenue, gap = (found.roles.get(role) for role in ("orders", "revenue", "reorder gap"))
    if orders is not None:
        rows.append(("orders", orders.here.sum, orders.there.sum, False))
    if revenue is not None:
        rows.append(("revenue", revenue.here.sum, revenue.there.sum, revenue.money))
    if orders is not None and revenue is not None:
        rows.append(("average order value", found.order_value("here"), found.order_value("there"), revenue.money))
    if revenue is not None:
        rows.append(("value per profile", revenue.here.per_member, revenue.there.per_member, revenue.money))
    if gap is not None:
        rows.append(("reorder gap, days", gap.here.average, gap.there.average, False))
    return rows


def of_metric(one: Measured) -> list[tuple[str, Decimal | None, Decimal | None]]:
    """What is said of a metric: its name, that of the members, that of the others."""
    rows: list[tuple[str, Decimal | None, Decimal | None]] = []
    if one.adds:
        rows = [("total", one.here.sum, one.there.sum), ("per member", one.here.per_member, one.there.per_member)]
    return [*rows, ("average", one.here.average, one.there.average), ("median", one.here.median, one.there.median)]


def stats_text(found: Stats, currency: str, width: int, few: int = FEW) -> str:
    """Members, money and orders, each metric, consent, and what stands out."""
    said = found.against if found.against in ("rest", "everyone") else cut(found.against, 12)
    whom = {"rest": "all others", "everyone": "everyone"}.get(found.against, f"those of {cut(found.against, 30)}")
    share = f"{counted_of(found.members, found.profiles)} ({percent(found.members, found.profiles)} %)"
    parts = [f"{share}, beside {whom}: {found.others:,}."]
    rows = [
        (name, _shown(here, currency, money), _shown(there, currency, money), _times(here, there))
        for name, here, there, money in numbers(found)
    ]
    if rows:
        parts.append(_table(("", "members", said, "times"), rows, width, (1, 2, 3)))
    lines: list[tuple[str, ...]] = []
    for one in found.measures:
        if one.name in ("orders", "reorder gap", "revenue"):
            continue
        lines.append((cut(one.name, NAME), "", "", ""))
        for what, here, there in of_metric(one):
            shown = (_shown(here, currency, one.money), _shown(there, currency, one.money), _times(here, there))
            lines.append((f"  {what}", *shown))
    if lines:
        parts.append(_table(("metric", "members", said, "times"), lines, width, (1, 2, 3)))
    if found.consent:
        parts.append(_shares("can be written to", [(one.value, one) for one in found.consent], said, width))
    out = [one for one in found.stand_out if not certain(one)]
    if out:
        told = [(f"{one.of} {one.value}", one) for one in out[:few]]
        parts.append(_shares("stands out", told, said, width) + _more(len(out), few))
    for name in found.products:
        bought = [(one.value, one) for one in found.held if one.of == name and one.here][: few // 2]
        if bought:
            parts.append(_shares(f"{name}, most of them", bought, said, width))
    if found.asked:
        parts.append(_shares("rate", [(name, one) for name, one in found.asked.items()], said, width))
    if found.missing:
        parts.append("\n".join(["Not said, for want of", *(f"  {one}" for one in found.missing)]))
    return "\n\n".join(parts)


def certain(one: Held) -> bool:
    """Whether all of one side have it and nobody of the other: that is what the rule itself says."""
    return (one.here, one.there) in ((one.members, 0), (0, one.others))


def counted_of(part: int, whole: int) -> str:
    """`569 of 20,000 profiles`."""
    return f"{part:,} of {counted(whole, 'profile')}"


def _shares(head: str, rows: Iterable[tuple[str, Held]], said: str, width: int) -> str:
    cells = [
        (cut(name, NAME), f"{one.here:,}", _percent(one.share), _percent(one.other_share), _number(one.lift))
        for name, one in rows
    ]
    return _table((head, "members", "share", said, "times"), cells, width, (1, 2, 3, 4))


def _more(number: int, few: int) -> str:
    return f"\n.. and {number - few:,} more" if number > few else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], width: int, right: Sequence[int]) -> str:
    return beside(list(zip(heads, *rows, strict=True)), width, right=right, ruled=True)


def _shown(value: Decimal | None, currency: str, money: bool) -> str:
    from ..describer.values import money as money_
    from ..describer.values import number

    if value is None:
        return "-"
    if money:
        return money_(short(value, always=True), currency, cents=True)
    return number(value) if value == value.to_integral_value() else f"{short(value, always=True):,f}"


def _number(value: Decimal | None) -> str:
    return "-" if value is None else f"{short(value, always=True):,f}"


def _times(here: Decimal | None, there: Decimal | None) -> str:
    return _number(ratio(here, there))


def ratio(here: Decimal | None, there: Decimal | None) -> Decimal | None:
    """How many times the one the other is; missing where either is, and beside 0."""
    from ..insights.figures import divided

    return None if here is None or not there else divided(here, there)


def _percent(share: Decimal | None) -> str:
    return "-" if share is None else f"{short(share * 100, places=1, always=True):f} %"


def change_lines(found: Stats, currency: str) -> list[str]:
    """What changes, where `found` are the members as they will be beside those that are: a line for each number."""
    lines = []
    for name, after, before, money in numbers(found):
        shown = f"{_shown(before, currency, money)} → {_shown(after, currency, money)}"
        lines.append(f"{name} {shown}{_by(after, before)}")
    if found.consent:
        anywhere = found.consent[-1]  # behind several channels that of any
        lines.append(f"can be written to {anywhere.there:,} → {anywhere.here:,}")
    return lines


def _by(after: Decimal | None, before: Decimal | None) -> str:
    """` (-12.5 %)`; nothing where it was less than nothing, of which no share says more or less."""
    times = ratio(after, before) if before is not None and before > 0 else None
    return "" if times is None or times == 1 else f" ({short((times - 1) * 100, places=1, always=True):+,f} %)"


# --- for machines -----------------------------------------------------------------------------------------------------


def stats_data(found: Stats) -> dict[str, Any]:
    """The numbers for machines, in millionths; null is missing."""
    return {
        "rule": found.text,
        "against": found.against,
        "profiles": found.profiles,
        "members": found.members,
        "others": found.others,
        "share": plain(found.share),
        "numbers": [
            {"name": name, "members": plain(here), "others": plain(there), "ratio": plain(ratio(here, there))}
            for name, here, there, _ in numbers(found)
        ],
        "metrics": [
            {"metric": one.name, "members_with_some": one.here.have, "others_with_some": one.there.have}
            | {
                what.replace(" ", "_"): {
                    "members": plain(here),
                    "others": plain(there),
                    "ratio": plain(ratio(here, there)),
                }
                for what, here, there in of_metric(one)
            }
            for one in found.measures
        ],
        "consent": [{"channel": one.value} | _held(one) for one in found.consent],
        "stands_out": [{"of": one.of, "value": one.value} | _held(one) for one in found.stand_out],
        "values": [{"of": one.of, "value": one.value} | _held(one) for one in found.held],
        "rates": [{"rule": name} | _held(one) for name, one in found.asked.items()],
        "missing": list(found.missing),
    }


def change_data(found: Stats) -> dict[str, Any]:
    """What changes, for machines: each number of the catalog's roles before and after, and who can be written to."""
    told = {name: {"before": plain(before), "after": plain(after)} for name, after, before, _ in numbers(found)}
    return told | {f"{one.value} consent": {"before": one.there, "after": one.here} for one in found.consent}


def _held(one: Held) -> dict[str, Any]:
    return {
        "members": one.here, "others": one.there, "share": plain(one.share), "other_share": plain(one.other_share),
        "lift": plain(one.lift),
    }  # fmt: skip


def expected_text(met: Sequence[Met]) -> str:
    """A line for each expectation: whether it holds, and what was found."""
    return "\n".join(f"{'holds' if one.holds else 'FAILS'}  {one.text}: {one.found}" for one in met)


def expected_data(met: Sequence[Met]) -> list[dict[str, Any]]:
    """The expectations for machines."""
    return [{"expect": one.text, "holds": one.holds, "value": plain(one.value)} for one in met]
