"""What a change of rules does, as text, as Markdown for a pull request, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import markdown as md
from .style import Colour, counted, percent, style
from .worth import change_data, change_lines

if TYPE_CHECKING:
    from ..insights import Comparison, Moved


def difference_text(name: str, found: Comparison, currency: str = "USD") -> str:
    """The change of one rule for people, with colours."""
    colours: dict[str, Colour] = {"+": "green", "-": "red"}
    lines = [style(line, colours[line[0]]) if line[:1] in colours else line for line in found.lines]
    head = f"{style(name, bold=True)}: {_verdict(found)}"
    return "\n".join(
        [
            head,
            *(f"  {line}" for line in lines),
            *(f"  {line}" for line in _worth(found, currency)),
            *(f"  {line}" for line in _moves(found)),
        ]
    )


def difference_markdown(name: str, found: Comparison, currency: str = "USD") -> str:
    """The change of one rule for a pull request."""
    parts = [f"### {md.text(name)}", _verdict(found)]
    if found.lines:
        parts.append(md.code("diff", found.lines))
    parts += [md.items(lines) for lines in (_worth(found, currency), list(_moves(found))) if lines]
    return "\n\n".join(parts)


def _verdict(found: Comparison) -> str:
    if found.same_meaning:
        return f"{counted(found.after, 'member')}, as before: the meaning is the same."
    of = f"{percent(found.after, found.profiles)} % of {counted(found.profiles, 'profile')}"
    came = f"{found.came:,} {'comes' if found.came == 1 else 'come'} in"
    went = f"{found.went:,} {'goes' if found.went == 1 else 'go'} out"
    return f"{found.before:,} → {counted(found.after, 'member')} ({of}); {came}, {went}."


def _worth(found: Comparison, currency: str) -> list[str]:
    return [] if found.worth is None else change_lines(found.worth, currency)


def _moves(found: Comparison) -> Iterator[str]:
    for moved, what in ((found.newcomers, "comes in; was out for"), (found.leavers, "goes out for")):
        for one in moved:
            yield f"{one.profile} {what} {_because(one)}"


def _because(moved: Moved) -> str:
    return "; ".join(" ".join(text.split()) for text in moved.because) or "the sample"


def difference_data(name: str, found: Comparison) -> dict[str, Any]:
    """The change of one rule for machines."""
    return {
        "segment": name,
        "diff": list(found.lines),
        "same_meaning": found.same_meaning,
        "profiles": found.profiles,
        "before": found.before,
        "after": found.after,
        "came": found.came,
        "went": found.went,
        "stats": None if found.worth is None else change_data(found.worth),
        "newcomers": [{"profile": one.profile, "was_out_for": list(one.because)} for one in found.newcomers],
        "leavers": [{"profile": one.profile, "is_out_for": list(one.because)} for one in found.leavers],
    }
