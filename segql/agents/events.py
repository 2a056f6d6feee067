"""What somebody did, in the word-level grammar: events, several of them as one, sequences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..catalog.declared import Event
from ..catalog.parts import Property
from ..formatter import format_name
from ..formatter.values import quoted
from .forms import (
    BUILT_IN,
    CLOCK,
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
from .sequences import Step, add_all_of, add_same, add_steps, same, some_of
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
        asked = {**items, **own}
        self.add(f"{rows}_set", *(table.of(one) for one in asked if table.binds(f"last {bare} has {format_name(one)}")))
        if items:
            self._items(rows, own, items, f"{bare} where {{}}")
        named = {one: table.of(one, part.also, quotes=True) for one, part in asked.items()}
        together = table.together(f"{bare} at least twice") if timed else ()
        shared = [
            said for one, said in named.items()
            if table.binds(f"{bare} at least twice with the same {format_name(one)}")
        ]  # fmt: skip
        self.add(f"{rows}_same", *same([*shared, *together]))
        for one in map(format_name, (name, *event.also)):
            if table.binds(f"{one}s at least twice"):
                self.add(f"{rows}_same_things", words(f"{one}s"))
            first, _, rest = one.partition(" ")
            for cut in (first[:-1], first[:-2]):
                if first.endswith("ed") and table.binds(f"never {cut} {rest}"):
                    self.add(f"{rows}_same_bare", words(f"{cut} {rest}"))
        some_of(self.add, f"{rows}_twice", [called, *(f"{called} where <{one}>" for one in self._about(rows))])
        all_of = f"all of (<{rows}_twice>) with the same <{rows}_same>[ <recent>]"
        table.add("condition", (all_of, f"{all_of} where <{rows}_plain_alone>"))
        table.add("open", (f"{all_of} where <{rows}_plain_where>",))
        plain = all(
            table.binds(f"{format_name(one)} {when}")
            for one in (name, *event.also)
            for when in ("last month", "yesterday")
        )
        window = "<dated>" if timed and not plain else "<window>"
        self._said(called, rows, window)
        self._properties(called, rows, window, asked, items)
        if timed:
            self.add("timed", called)
            table.add("condition", (one.format(e=called) for one in OF_TIMES))
        if table.binds(f"{bare} then {bare}"):
            step = Step(name, called, rows, window, bool(event.any_of))
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
        of_rows = (one.removesuffix(f"<{rows}_alone>") for one in asked)
        self.add("condition", *(f"{one}[no ]<{rows}_set>" for one in of_rows if one.endswith(("has ", "have "))))
        self.add("open", *(one.removesuffix(f"<{rows}_alone>") + f"<{rows}_where>" for one in asked))
        for of in NUMBER_OF_EVENT:
            self.measures.add(of.format(e=called), window, rows, self.near)

    def _rows(self, rule: str, properties: Mapping[str, Property], around: str) -> None:
        """What a `where` asks of a row."""
        table, plain = self.table, f"{rule}_plain"
        table.scope(rule, properties)
        table.scope(rule, self.catalog.profiles.properties, "their ")
        for number, (name, part) in enumerate(properties.items(), 1):
            about = f"{plain}_{number}"
            table.add(about, table.of_property(table.of(name, part.also, quotes=True), part, rule), around)
            self.add(plain, f"<{about}>")
        if table.binds(around.format("hour < 5")):
            self.add(f"{rule}_number", *CLOCK)
        table.add(plain, (one.replace("<number_property>", f"<{rule}_number>") for one in BUILT_IN), around)
        table.add(rule, (one.replace("<number_property>", f"<{rule}_number>") for one in ROWS), around)
        self._joined(rule)

    def _joined(self, rule: str) -> None:
        """What a `where` asks of a row, joined, and without which row of all it is."""
        plain = f"{rule}_plain"
        self.add(rule, f"<{plain}>")
        for one in (rule, plain):
            self.table.tree(f"{one}_", one, "")
            self.add(f"{one}_where", f"<{one}>", f"not <{one}_term>", f"(<{one}_all>)", f"(<{one}_any>)")
            self.add(f"{one}_alone", f"(<{one}_tree>)")

    def _about(self, rows: str) -> list[str]:
        """What is asked of each property of a row."""
        rules = self.table.grammar.rules
        return [f"{rows}_plain_{number}" for number in range(1, len(rules)) if f"{rows}_plain_{number}" in rules]

    def _items(self, rows: str, own: Mapping[str, Property], items: Mapping[str, Property], around: str) -> None:
        """What is asked of the items of a row, and, where their properties are counted, of both."""
        of_item, both = (rows.replace("event", kind) for kind in ("item", "both"))
        self._rows(of_item, items, around.replace("{}", "any item ({})"))
        self.table.add(f"{rows}_plain", (form.format(t=f"<{of_item}_tree>") for form in ITEMS), around)
        self.add(f"{both}_plain", f"<{rows}_plain>", f"<{of_item}_plain>")
        self._joined(both)

    def _properties(
        self,
        called: str,
        rows: str,
        window: str,
        properties: Mapping[str, Property],
        items: Collection[str],
    ) -> None:
        """What is asked of a property in all rows of an event."""
        table, add = self.table, self.measures.add
        rows_of: dict[tuple[str, ...], list[str]] = {}
        for name, part in properties.items():
            said, asked = table.of(name, part.also), rows.replace("event", "both") if name in items else rows
            ways = NUMBER_OF_PROPERTY if part.type in ("number", "money", "date", "time") else ()
            in_quotes = (table.of(name, part.also, quotes=True), table.one_of("quoted", [words(quoted(name))]))
            for way in (*ways, "number of distinct {p} of {e}"):
                for one in (way.format(p=one, e=called) for one in in_quotes):
                    if add(one, window, asked, self.near):
                        break
            for edge in ("last", "first") if part.type in ("number", "money") else ():
                add(f"{said} of {edge} {called}", window, rows)
            for edge in EDGES:
                if part.type in ("text", "boolean") or (edge.startswith("most") and part.type in ("number", "money")):
                    row = edge.format(p=said, e=called)
                    if table.holds(f"{row} is set"):
                        rows_of.setdefault((edge[0], asked, part.type, *part.values), []).append(row)
        for (_, asked, kind, *values), those in rows_of.items():
            part = next(part for part in properties.values() if (part.type, *part.values) == (kind, *values))
            row = table.one_of("row", those)
            forms = [*table.kept(table.of_property(row, part, "profile"))]
            self.add("condition", *forms)
            ends = ("_text>",) if table.sets_end(f"{table.example(row)} in") else ("<set>", "_text>")
            forms = [one for one in forms if not one.endswith(ends)]
            if forms and table.holds(f"{forms[0]} {window}"):
                self.add("condition", *(f"{one} {window}" for one in forms))
                forms = [f"{one}[ {window}]" for one in forms]
            forms = [one for one in forms if "<set>" not in one]  # `in benelux where`: a window, or the set?
            if forms and table.holds(f"{forms[0]} where <{asked}_alone>"):
                self.add("condition", *(f"{one} where <{asked}_alone>" for one in forms))
                self.add("open", *(f"{one} where <{asked}_where>" for one in forms))

    def _several(self) -> None:
        """Several events that count as one, and sequences."""
        table = self.table
        self.add("branch", *(way for step in self.steps for way in step.branches()))
        self.add("several", "<branch>, <branch>", "<branch>, <several>")
        any_step = self._any("any_of_0", "any of (<several>)", {})
        add_steps(table, [*self.steps, *any_step], self.near)
        for number, ((one, _), having) in enumerate(self.having.items(), 1):
            steps = [step for step, _ in having]
            shared = [
                table.of(other)
                for (other, _), those in self.having.items()
                if set(steps) <= {step for step, _ in those}
            ]
            of_rows = [step for step in steps if one in self._leaf(step.name).properties]
            # One of several events has it as an event, or each of them in its items.
            alike = of_rows if len(of_rows) > 1 else [step for step in steps if step not in of_rows]
            branch = f"branch_{number}"
            self.add(branch, *(way for step in alike for way in step.branches()))
            self.add(f"several_{number}", f"<{branch}>, <{branch}>", f"<{branch}>, <several_{number}>")
            any_of: list[Step] = []
            if len(alike) > 1:
                asked = {one: dict(having)[alike[0]].model_copy(update={"also": ()})} if alike is of_rows else {}
                any_of = self._any(f"any_of_{number}", f"any of (<several_{number}>)", asked)
            add_same(table, number, shared, [*steps, *any_of])
            add_all_of(table, number, steps, alike, any_of if of_rows == steps else [])

    def _any(self, rows: str, said: str, properties: Mapping[str, Property]) -> list[Step]:
        table = self.table
        called = table.one_of("any", (said,))
        if not table.holds(f"{called} in 3d"):
            return []
        self._rows(rows, properties, table.example(called) + " where {}")
        together = table.together(f"{table.example(called)} at least twice")
        self.add(f"{rows}_same", *same([*map(table.of, properties), *together]))
        self.add(f"{rows}_set", *(table.of(one) for one, part in properties.items() if part.type != "boolean"))
        self._said(called, rows, "<window>")
        table.add("condition", (one.format(e=called) for one in OF_TIMES))
        self._properties(called, rows, "<window>", properties, ())
        return [Step("", called, rows, "<window>")]
