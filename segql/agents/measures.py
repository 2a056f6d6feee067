"""Numbers in the word-level grammar: measures by kind, window and rows, their sums, and those of others."""

from __future__ import annotations

from .forms import OF_MEASURE, OF_MONEY, OF_OVERALL, OF_SUM, OPEN, RANK_OPEN
from .table import Table


class Measures:
    """The measures of a catalog, in groups of which the same can be said."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.groups: dict[tuple[str, str, str, str, bool, bool], list[str]] = {}

    def add(self, said: str, window: str = "<window>", where: str = "", near: str = "") -> bool:
        """A measure, if it is one: with which window, with what of its rows, near which dates."""
        holds = self.table.holds
        if dated := holds(f"{said} <below> <DATE>"):
            self.table.add("condition", (f"{said} <below> <DATE>[ {window}]",))
        if not holds(f"{said} <below> <NUMBER>"):
            return dated
        key = (
            "money" if holds(f"{said} <below> <money>") else "number",
            window if holds(f"{said} <below> <NUMBER> {window}") else "",
            where if where and holds(f"{said} <below> <NUMBER> where <{where}_alone>") else "",
            near if near and holds(f"{said} <below> <NUMBER> {near}") else "",
            holds(f"{said} <below> the overall average"),
            not self.table.example(said).startswith('"'),  # on the right of a sign a text
        )
        self.groups.setdefault(key, []).append(said)
        return True

    def done(self) -> None:
        """All forms of numbers."""
        add = self.table.grammar.add
        for number, ((kind, window, where, near, pooled, bare), those) in enumerate(self.groups.items(), 1):
            name, when = f"measure_{number}", f"[ {window}]" if window else ""
            add(name, *those)
            forms = (*OF_MEASURE, *(OF_MONEY if kind == "money" else ()))
            compared = [form.format(m=f"<{name}>") + when for form in forms]
            if near:
                compared += [form.format(m=f"<{name}>") + f" {near}{when}" for form in forms]
            add("condition", *compared)
            if pooled and bare:
                add("pooled", f"<{name}>")
                add("condition", *(form.format(m=f"<{name}>{when}") for form in OF_OVERALL))
            for time in ("", "_timed") if bare else ():
                said = f"<{name}> {window}" if time and window else f"<{name}>"
                add(f"figure_{kind}{time}", said, *([f"{said} where <{where}_alone>"] if where else ()))
            if where:
                add("condition", *(f"{one} where <{where}_alone>" for one in compared))
                add("open", *(f"{one} where <{where}_where>" for one in compared))
                add("figure_open", f"<{name}>{when} where <{where}_where>")
        # In a sum all have a window of their own, but those that take none; or nobody has.
        kinds = [f"{kind}{time}" for kind in ("number", "money") for time in ("", "_timed")]
        for kind in kinds:
            one, whole = f"<figure_{kind}>", f"<sum_{kind}>"
            add("figure", one)
            add("sum", whole)
            add(whole[1:-1], one, f"{one} - {whole}", f"{one} + {whole}")
        for kind in kinds:
            forms = (*OF_MEASURE, *OF_SUM, *(OF_MONEY if kind.startswith("money") else ()))
            add("condition", *(form.format(m=f"<sum_{kind}>") for form in forms))
            add("open", *(form.format(m=f"<sum_{kind}>") for form in OPEN))
        add("open", RANK_OPEN)
