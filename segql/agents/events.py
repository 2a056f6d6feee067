"""What somebody did, in the word-level grammar: events, several of them as one, sequences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..catalog.declared import Event
from ..catalog.parts import Property
from ..formatter import format_name
from .forms import (
    BUILT_IN,
    EDGES,
    ITEMS,
    NEAR,
    NUMBER_OF_EVENT,
    NUMBER_OF_PROPERTY,
    OF_EVENT,
    OF_TIMES,
    ROWS,
    WITH_WHERE,
)
from .measures import Measures
from .productions import words
from .sequences import ALWAYS, Step, add_same, add_steps, same
from .table import Table


class Events:
    """The events of a catalog, one after the other."""

    def __init__(self, table: Table, measures: Measures) -> None:
        self.table, self.catalog, self.measures = table, table.catalog, measures
        self.add = table.grammar.add
        self.steps: list[Step] = []
        self.having: dict[tuple[str, str], list[tuple[Step, Property]]] = {}
        """Properties by name and type: the events that have one."""
        self.near = self._near()

    def done(self) -> None:
        """All of them, and what is said of several."""
        for number, (name, event) in enumerate(self.catalog.events.items(), 1):
            self._event(f"of_event_{number}", name, event)
        self._several()

    def _near(self) -> str:
        dated = {"date": "<DAYS>", "time": "<SHORT>"}
        forms = [
            form.format(d=dated[part.type], p=self.table.of(name, part.also))
            for name, part in self.catalog.profiles.properties.items()
            if part.type in dated
            for form in NEAR
        ]
        return self.table.one_of("near", forms)

    def _leaf(self, name: str) -> Event:
        return self.catalog.events[self.catalog.leaf_events(name)[0]]

    def _event(self, rows: str, name: str, event: Event) -> None:
        table, bare = self.table, format_name(name)
        called = table.of(name, event.also, quotes=True)
        timed = table.binds(f"{bare} in 3d")
        leaf = self._leaf(name)
        own = {one: part for one, part in leaf.properties.items() if self.catalog.find_event_property(name, one)}
        if event.any_of:  # all of its events have them, but not by their other names
            own = {one: part.model_copy(update={"also": ()}) for one, part in own.items()}
        items = leaf.items.properties if leaf.items is not None else {}
        self._rows(rows, own, f"{bare} where {{}}")
        if items:
            self._items(rows, items, f"{bare} where {{}}")
        named = {one: table.of(one, part.also) for one, part in {**items, **own}.items()}
        shared: list[str] = []
        for one in (*named, *(ALWAYS if timed else ())):
            said = named.get(one, one)
            if table.binds(f"{bare} at least twice with the same {format_name(one)}"):
                shared.append(said)
        self.add(f"{rows}_same", *same(shared))
        for one in map(format_name, (name, *event.also)):
            if table.binds(f"{one}s at least twice"):
                self.add(f"{rows}_same_things", words(f"{one}s"))
            first, _, rest = one.partition(" ")
            for cut in (first[:-1], first[:-2]):
                if first.endswith("ed") and table.binds(f"never {cut} {rest}"):
                    self.add(f"{rows}_same_bare", words(f"{cut} {rest}"))
        plain = all(
            table.binds(f"{format_name(one)} {when}")
            for one in (name, *event.also)
            for when in ("last month", "yesterday")
        )
        window = "<dated>" if timed and not plain else "<window>"
        self._said(called, rows, window)
        asked = {one: (named[one], part) for one, part in {**items, **own}.items()}
        self._properties(called, rows, window, asked, items.values())
        if timed:
            self.add("timed", called)
            table.add("condition", (one.format(e=called) for one in OF_TIMES))
        if table.binds(f"{bare} then {bare}"):
            step = Step(name, called, rows, window)
            self.steps.append(step)
            for one, part in {**own, **items}.items():
                if table.binds(f"{bare} then {bare} with the same {format_name(one)}"):
                    self.having.setdefault((one, part.type), []).append((step, part))

    def _said(self, called: str, rows: str, window: str) -> None:
        """That somebody did it, or several that count as one."""
        table = self.table
        given = {"e": called, "near": self.near, "s": f"{rows}_same", "w": f"<{rows}_alone>"}

        def forms(which: tuple[str, ...]) -> Iterator[str]:
            return (one.format_map(given).replace("<window>", window) for one in which)

        table.add("condition", forms(OF_EVENT))
        asked = [*table.kept(forms(WITH_WHERE))]
        self.add("condition", *asked)
        self.add("open", *(one.removesuffix(f"<{rows}_alone>") + f"<{rows}_where>" for one in asked))
        for of in NUMBER_OF_EVENT:
            self.measures.add(of.format(e=called), window, rows, self.near)

    def _rows(self, rule: str, properties: Mapping[str, Property], around: str) -> None:
        """What a `where` asks of a row."""
        table, plain = self.table, f"{rule}_plain"
        table.scope(rule, properties)
        table.scope(rule, self.catalog.profiles.properties, "their ")
        for name, part in properties.items():
            table.add(plain, table.of_property(table.of(name, part.also), part, rule), around)
        table.add(plain, BUILT_IN, around)
        table.tree(f"{plain}_", plain, "")
        self.add(rule, f"<{plain}>")
        table.add(rule, ROWS, around)
        table.tree(f"{rule}_", rule, "")
        for one in (rule, plain):
            self.add(f"{one}_where", f"<{one}>", f"not <{one}_term>", f"(<{one}_all>)", f"(<{one}_any>)")
            self.add(f"{one}_alone", f"(<{one}_tree>)")

    def _items(self, rows: str, properties: Mapping[str, Property], around: str) -> None:
        items = rows.replace("event", "item")
        self._rows(items, properties, around.replace("{}", "any item ({})"))
        self.table.add(f"{rows}_plain", (one.format(t=f"<{items}_tree>") for one in ITEMS), around)

    def _properties(
        self,
        called: str,
        rows: str,
        window: str,
        properties: Mapping[str, tuple[str, Property]],
        items: Collection[Property],
    ) -> None:
        """What is asked of a property in all rows of an event."""
        table, add = self.table, self.measures.add
        rows_of: dict[tuple[str, ...], list[str]] = {}
        for said, part in properties.values():
            ways = NUMBER_OF_PROPERTY if part.type in ("number", "money", "date", "time") else ()
            for way in (*ways, "number of distinct {p} of {e}"):
                add(way.format(p=said, e=called), window, rows, self.near)
                if part in items:
                    add(way.format(p=said, e=called), window, rows.replace("event", "item"), self.near)
            for edge in ("last", "first") if part.type in ("number", "money") else ():
                add(f"{said} of {edge} {called}", window, rows)
            for edge in EDGES:
                if part.type in ("text", "boolean") or (edge.startswith("most") and part.type in ("number", "money")):
                    row = edge.format(p=said, e=called)
                    if table.holds(f"{row} is set"):
                        rows_of.setdefault((edge[0], part.type, *part.values), []).append(row)
        for (_, kind, *values), those in rows_of.items():
            part = next(part for _, part in properties.values() if (part.type, *part.values) == (kind, *values))
            row = table.one_of("row", those)
            forms = [*table.kept(table.of_property(row, part, "profile"))]
            self.add("condition", *forms)
            forms = [one for one in forms if not one.endswith(("<set>", "_text>"))]
            if forms and table.holds(f"{forms[0]} {window}"):
                self.add("condition", *(f"{one} {window}" for one in forms))
                forms = [f"{one}[ {window}]" for one in forms]
            if forms and table.holds(f"{forms[0]} where <{rows}_alone>"):
                self.add("condition", *(f"{one} where <{rows}_alone>" for one in forms))
                self.add("open", *(f"{one} where <{rows}_where>" for one in forms))

    def _several(self) -> None:
        """Several events that count as one, and sequences."""
        table = self.table
        self.add("branch", *(way for step in self.steps for way in step.branches()))
        self.add("several", "<branch>, <branch>", "<branch>, <several>")
        any_step = self._any("any_of_0", "any of (<several>)", {})
        add_steps(table, [*self.steps, *any_step])
        for number, ((one, _), having) in enumerate(self.having.items(), 1):
            steps = [step for step, _ in having]
            shared = [
                table.of(other)
                for (other, _), those in self.having.items()
                if set(steps) <= {step for step, _ in those}
            ]
            leaves = [step for step in steps if not self.catalog.events[step.name].any_of]
            branch = f"branch_{number}"
            self.add(branch, *(way for step in steps for way in step.branches()))
            self.add(f"several_{number}", f"<{branch}>, <{branch}>", f"<{branch}>, <several_{number}>")
            if len(steps) > 1:
                of_rows = all(one in self._leaf(step.name).properties for step in steps)
                asked = {one: having[0][1].model_copy(update={"also": ()})} if of_rows else {}
                steps += self._any(f"any_of_{number}", f"any of (<several_{number}>)", asked)
            add_same(table, number, shared, steps, leaves)

    def _any(self, rows: str, said: str, properties: Mapping[str, Property]) -> list[Step]:
        table = self.table
        called = table.one_of("any", (said,))
        if not table.holds(f"{called} in 3d"):
            return []
        self._rows(rows, properties, table.example(called) + " where {}")
        self.add(f"{rows}_same", *same([*map(table.of, properties), *ALWAYS]))
        self._said(called, rows, "<window>")
        table.add("condition", (one.format(e=called) for one in OF_TIMES))
        self._properties(called, rows, "<window>", {one: (table.of(one), part) for one, part in properties.items()}, ())
        return [Step("", called, rows, "<window>")]
