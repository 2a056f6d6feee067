"""Segments to begin with, of what a catalog can say: espresso shots, VIPs, who lapsed, personas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..formatter import format_name
from .draft import Draft
from .measures import buying

_ENGAGED = {
    "email": ("engaged with email", "clicked email", "opened email", "received email"),
    "sms": ("clicked sms", "received sms"),
    "push": ("opened push", "clicked push", "received push"),
}
_INTENT = (
    "started checkout",
    "added to cart",
    "showed intent",
    "viewed product",
    "active on site",
    "viewed page",
    "visited",
)


def starters(draft: Draft) -> list[tuple[str, str, str]]:
    """Segments as a comment, a name and a rule, in the order of a reader."""
    return list(_starters(draft.data, buying(draft)))


def _starters(data: dict[str, Any], bought: str | None) -> Iterator[tuple[str, str, str]]:
    events, channels = data.get("events", {}), data.get("channels", {})
    order = format_name(bought) if bought else ""
    for channel in channels:
        shown = next((event for event in _ENGAGED.get(channel, ()) if event in events and event != bought), None)
        if shown and bought:
            rule = f"can receive {format_name(channel)} and {format_name(shown)} in 72h and never {order} in 72h"
            yield "Interest is hot, and nothing was bought since.", f"{channel} espresso shot", rule
    intent = next((event for event in _INTENT if event in events and event != bought), None)
    if intent and bought:
        rule = f"{format_name(intent)} in 72h and never {order} in 72h"
        yield "Looked just now, and did not buy.", "Espresso shot", rule
    if bought:
        total = bool(data.get("metrics", {}).get("total spent"))
        yield "Buys often.", "VIP", f"{order} at least 5 times in 365d"
        yield (
            "Bought once, and not again for a quarter.",
            "One-time buyers",
            f"{order} exactly once and never {order} in 90d",
        )
        yield "Bought, but not for half a year.", "Lapsed", f"{order} and never {order} in 180d"
        if total:
            rule = f"{order} at least 3 times in 365d and {order} in 90d and average order value > 100"
            yield "Recent, often, at high value: set the numbers to your business.", "High rollers", rule
        yield "On file, and never bought.", "Never bought", f"never {order}"
        return
    for event in list(events)[:2]:
        yield "Did it lately.", f"Active: {event}", f"{format_name(event)} in 30d"
        yield (
            "Did it, but not for half a year.",
            f"Lapsed: {event}",
            f"{format_name(event)} and never {format_name(event)} in 180d",
        )


def starter_text(draft: Draft, holds: Callable[[str], bool]) -> str:
    """The text of a `.segql` file with those segments that hold."""
    parts = ["-- Segments to begin with. Set numbers and windows to your business."]
    for comment, name, rule in starters(draft):
        if holds(rule):
            parts.append(f"-- {comment}\nsegment {format_segment(name)} =\n  " + rule.replace(" and ", "\n  and "))
    return "\n\n".join(parts) + "\n"


def format_segment(name: str) -> str:
    """The name of a segment, in quotes."""
    return '"' + name[:1].upper() + name[1:].replace('"', "'") + '"'
