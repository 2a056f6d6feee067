"""Events of the word-level grammar together: several that count as one, one after another, what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .forms import STEPS
from .table import Table

ALWAYS = ("weekday", "month", "hour")
"""What every event with a time has in common with others, if it is the same."""


class Step(NamedTuple):
    """An event that can stand in a sequence: its name, the production of its rows, its windows."""

    name: str
    called: str
    rows: str
    window: str

    def where(self) -> str:
        """What is asked of its rows, where more follows."""
        return f" where <{self.rows}_alone>"

    def branches(self) -> tuple[str, str]:
        """It among several: which row of all it is, is not asked there."""
        return self.called, f"{self.called} where <{self.rows}_plain_where>"

    def where_open(self) -> str:
        """What is asked of its rows, at the end."""
        return f" where <{self.rows}_where>"


def same(shared: Sequence[str]) -> list[str]:
    """One thing in common, or two."""
    return [*shared, *(f"{one} and the same {two}" for one in shared for two in shared if one != two)]


def add_steps(table: Table, steps: list[Step]) -> None:
    """Sequences of events that need nothing in common, but for the day or hour."""
    add = table.grammar.add
    for one in steps:
        _first(table, "step", one)
        for way in ("[ within <short>]", " at least <short> later", "[ within <short>] with the same <always>"):
            _link(table, "later", one, way)
        for way in ("", " with the same <always>"):
            _link(table, "after", one, f"[ within <short>]{way}")
        add("between_steps", one.called, one.called + one.where())
    add("always", *same(ALWAYS))
    for end in ("", "_open"):
        later = (f"then <later{end}>", f"then <later> <rest{end}>", f"then no <between_steps> <next{end}>")
        add(f"next{end}", *later)
        add(f"rest{end}", *later, f"not followed by <after{end}>")
    _try(table, "<step>", "rest")
    table.add("condition", STEPS)


def add_same(table: Table, number: int, shared: list[str], steps: list[Step], leaves: list[Step]) -> None:
    """Sequences of events that share properties, and all of some of them."""
    add, name = table.grammar.add, f"same_{number}"
    add(name, *same((*shared, *ALWAYS)))
    for one in steps:
        _first(table, f"{name}_step", one)
        _link(table, f"{name}_link", one, f"[ within <short>] with the same <{name}>")
        add(f"{name}_no", f"{one.called} with the same <{name}>", f"{one.called} with the same <{name}>{one.where()}")
    for end in ("", "_open"):
        link, between = f"<{name}_link{end}>", ("", f"then no <{name}_no> ", "then no <between_steps> ")
        add(f"{name}_rest{end}", *(f"{no}then {link}" for no in between))
        on = (f"then <{name}_link> <{kind}rest{end}>" for kind in ("", f"{name}_"))
        add(f"{name}_rest{end}", *(f"{no}{more}" for more in on for no in between))
        add(f"{name}_rest{end}", f"then no <{name}_no> <next{end}>", f"not followed by {link}")
    _try(table, f"<{name}_step>", f"{name}_rest")
    for way, rest in (("all", leaves), ("lla", leaves[::-1])):
        _all_of(table, f"{name}_{way}", name, rest)


def _all_of(table: Table, rule: str, same: str, steps: list[Step]) -> None:
    """All of some events, none of them twice: in the order of the catalog, or in its reverse."""
    add = table.grammar.add
    for at, one in enumerate(steps):
        add(f"{rule}_{at}", one.called, one.called + one.where_open())
        add(f"{rule}_from_{at}", *(f"<{rule}_{other}>" for other in range(at, len(steps))))
        if at + 1 < len(steps):
            add(f"{rule}_from_{at}", f"<{rule}_{at}>, <{rule}_from_{at + 1}>")
            add(f"{rule}_two", f"<{rule}_{at}>, <{rule}_from_{at + 1}>")
    table.add("condition", (f"all of (<{rule}_two>) with the same <{same}>[ <recent>]",))


def _first(table: Table, rule: str, one: Step) -> None:
    for edge in ("", "first ", "last "):
        said = f"{edge}{one.called}[ {one.window}]"
        table.grammar.add(rule, said, said + one.where())


def _link(table: Table, rule: str, one: Step, way: str) -> None:
    table.grammar.add(rule, one.called + way, one.called + way + one.where())
    table.grammar.add(f"{rule}_open", one.called + way + one.where_open())


def _try(table: Table, step: str, rest: str) -> None:
    table.add("condition", (f"{step} <{rest}>",))
    table.add("open", (f"{step} <{rest}_open>",))
