"""Events of the word-level grammar together: several that count as one, one after another, what they have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .forms import STEPS
from .table import Table


class Step(NamedTuple):
    """An event that can stand in a sequence: its name, the production of its rows, its windows."""

    name: str
    called: str
    rows: str
    window: str
    union: bool = False

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


def some_of(add: Callable[..., None], rule: str, parts: Sequence[str]) -> None:
    """Two or more of some texts, none twice, in their order or the other way round."""
    for way, those in (("", parts), ("_back", parts[::-1])):
        for at, one in enumerate(those[:-1]):
            rest = f"{rule}{way}_{at + 1}"
            add(rule, f"{one}, <{rest}>")
            add(f"{rule}{way}_{at}", one, f"{one}, <{rest}>", f"<{rest}>")
        add(f"{rule}{way}_{len(those) - 1}", *those[-1:])


def add_steps(table: Table, steps: list[Step], near: str) -> None:
    """Sequences of events that need nothing in common, but for the day or hour."""
    add = table.grammar.add
    for one in steps:
        _first(table, "step", one)
        late = (f"[ within <short>] {near}", " at least <SHORT> later", " <lapse>")
        for way in ("[ within <short>]", "[ within <short>] with the same <always>", *late):
            _link(table, "later", one, way)
        for way in ("", " with the same <always>"):
            _link(table, "after", one, f"[ within <short>]{way}")
        add("between_steps", one.called, one.called + one.where())
    add("always", *same(table.together("{0} then {0}".format(table.example(steps[0].called)) if steps else "")))
    for end in ("", "_open"):
        later = (f"then <later{end}>", f"then <later> <rest{end}>", f"then no <between_steps> <next{end}>")
        add(f"next{end}", *later)
        add(f"rest{end}", *later, f"not followed by <after{end}>")
    _try(table, "<step>", "rest")
    table.add("condition", STEPS)


def add_same(table: Table, number: int, shared: list[str], steps: list[Step]) -> None:
    """Sequences of events that share properties."""
    add, name = table.grammar.add, f"same_{number}"
    add(name, *same((*shared, *table.together("{0} then {0}".format(table.example(steps[0].called))))))
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


def add_all_of(table: Table, number: int, steps: list[Step], alike: list[Step], whole: list[Step]) -> None:
    """All of some events that share properties, with what is asked of the rows of each: none could be another.

    Of those alike any can be meant; of the rows of any of the whole more can be asked.
    """
    add, name = table.grammar.add, f"same_{number}"
    leaves = [step for step in steps if not step.union]
    parts: dict[Step, str] = {}
    for at, one in enumerate(steps):
        parts[one] = f"<{name}_part_{at}>"
        add(f"{name}_part_{at}", one.called, one.called + one.where_open(), f"<{one.rows}_twice>")
        add(f"{name}_branch_{at}", *one.branches())
    some_of(add, f"{name}_apart", [parts[one].replace("part", "branch") for one in leaves if one in alike])
    some_of(add, f"{name}_parts", [*parts.values()])
    add(f"{name}_parts", f"<{name}_mixed>")  # a union could be the same as some events
    some_of(add, f"{name}_mixed", [*map(parts.__getitem__, leaves), f"any of (<{name}_apart>)"])
    said = f"all of (<{name}_parts>) with the same <{name}>[ <recent>]"
    table.add("condition", (said, *(said + one.where() for one in whole)))
    table.add("open", (said + one.where_open() for one in whole))


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
