"""A word-level grammar of the rules that can be said of a catalog: a small table of forms, typed by what names are.

No unknown name can be said in it, and each form was tried: where the binder says no for a name it is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from .. import ast, binder, parser
from ..catalog.parts import Property
from ..errors import SegQLError
from ..formatter import format_name
from ..formatter.values import quoted
from ..project import Project
from .forms import (
    ANY_OF,
    BUILT_IN,
    HAD,
    NEAR,
    NUMBER_OF_EVENT,
    NUMBER_OF_PROPERTY,
    OF_ANY,
    OF_EVENT,
    OF_LETTERS,
    OF_MEASURE,
    OF_OTHERS,
    OF_PROFILE,
    OF_TYPE,
    RANKED,
    STEPS,
    WITH_WHERE,
    Forms,
)
from .productions import Grammar, Terminal, words
from .productions import form as parts_of
from .values import TERMINALS, add_values

START = "rule"


def grammar_of(project: Project) -> Grammar:
    """The grammar of a project's rules: the names of its catalog, its segments and `let`s.

    A text of it parses and binds; it says less than the language does.
    """
    return _Making(project).made().pruned(START)


class _Making:
    """The table, filled in for one project; a name that a form does not fit is left out of it."""

    def __init__(self, project: Project) -> None:
        self.project, self.catalog = project, project.catalog
        self.now: datetime = project.instant()
        self.grammar = Grammar(TERMINALS)
        self.window = "<window>"
        """The windows that the name at hand takes."""
        self.names: dict[tuple[str, ...], str] = {}

    def made(self) -> Grammar:
        """All of it."""
        add_values(self.grammar)
        self._known()
        self._profile()
        self._events()
        self._metrics()
        self._tree("", "condition", "open")
        self.grammar.rules[START] = self.grammar.rules.pop("tree")
        return self.grammar

    def _tree(self, kind: str, condition: str, last: str) -> None:
        """Conditions that are joined: `and` and `or` meet in parentheses alone, as where they are written by hand."""
        add = self.grammar.add
        term, final = f"{kind}term", f"{kind}final"
        add(
            term,
            f"<{condition}>",
            f"not <{condition}>",
            f"(<{kind}all>)",
            f"(<{kind}any>)",
            f"not (<{kind}all>)",
            f"not (<{kind}any>)",
        )
        add(final, f"<{term}>", *([f"<{last}>"] if last else []))
        for name, joined in (("all", "and"), ("any", "or")):
            add(f"{kind}{name}", f"<{term}> {joined} <{final}>", f"<{term}> {joined} <{kind}{name}>")
        add(f"{kind}tree", f"<{final}>", f"<{kind}all>", f"<{kind}any>")

    # --- names

    def _of(self, name: str, also: Iterable[str] = ()) -> str:
        """The production of a name of the catalog, with its other names; the same name may have others elsewhere."""
        key = (name, *also)
        if key not in self.names:
            self.names[key] = f"name_{len(self.names) + 1}"
            written = dict.fromkeys(one for name in key for one in (format_name(name), quoted(name)))
            self.grammar.add(self.names[key], *map(words, written))
        return f"<{self.names[key]}>"

    def _add(self, rule: str, forms: Iterable[str]) -> None:
        """Forms of conditions, those that are a rule in this catalog."""
        self.grammar.add(rule, *self._kept(forms, "{}"))

    def _kept(self, forms: Iterable[str], around: str) -> Iterator[str]:
        """Forms that are a rule here: as they are, else without what may be left out."""
        for one in (form.replace("<window>", self.window) for form in forms):
            if self._holds(one, around):
                yield one
            elif "[" in one and self._holds(short := re.sub(r"\[[^]]*\]", "", one), around):
                yield short

    def _holds(self, said: str, around: str) -> bool:
        """Whether a form is a rule here, said in full and as shortly as it can be."""
        found = {self.grammar.example(parts_of(said), full) for full in (True, False)}
        return None not in found and all(self._binds(around.format(one)) for one in found)

    def _binds(self, text: str) -> bool:
        project = self.project
        try:
            rule = parser.parse_rule(text)
            found = binder.bind(
                rule, self.catalog, self.now, lets=project.segments.values, segments=project.segments.segments
            )
        except SegQLError:
            return False
        return found.said is None

    # --- the table

    def _known(self) -> None:
        """Sets, constants, places, lists, channels, segments."""
        add, catalog = self.grammar.add, self.catalog
        for name in catalog.known_sets():
            add("set", self._of(name))
        self._money()
        values = [(name, self._constant(name)) for name in catalog.constants]
        values += self.project.segments.values.items()
        for name, value in values:
            if format_name(name) != name:
                continue  # in quotes it may be a text
            if isinstance(value, ast.Number | ast.Money):
                add("number_constant" if isinstance(value, ast.Number) else "money", words(format_name(name)))
            elif isinstance(value, ast.Duration):
                add("duration_constant", words(format_name(name)))
        if self.grammar.rules.get("duration_constant"):
            add("window", "in <duration_constant>")
        if self.grammar.rules.get("number_constant"):
            add("times", *(f"{how} <number_constant> times" for how in ("at least", "at most", "more than")))
        add("end", "top", "bottom")
        add("share", "at least", "at most", "more than", "fewer than")
        add("size", "<PERCENT>", "<COUNT>")
        for name, channel in catalog.channels.items():
            self._of(name, channel.also)
            self._add(
                "condition",
                (
                    f"can receive {self._of(name)}[ <window>]",
                    f"cannot receive {self._of(name)}[ <window>]",
                    f"can receive {self._of(name)} because <TEXT>[ <window>]",
                    f"cannot receive {self._of(name)} because <TEXT>[ <window>]",
                    f"can receive {self._of(name)}",
                    f"cannot receive {self._of(name)}",
                ),
            )
        for name, listed in catalog.lists.items():
            self._of(name, listed.also)
            self._add("condition", (f"in list {self._of(name)}", f"joined list {self._of(name)} <window>"))
        for name in catalog.places:
            self._add(
                "condition", (f"within <COUNT> km of {self._of(name)}", f"within <COUNT> miles of {self._of(name)}")
            )
        self._add(
            "condition",
            (
                "within <COUNT> km of any store",
                "within <COUNT> miles of any store",
                "random <PERCENT>",
                "everyone",
                "no one",
            ),
        )
        self._add("condition", ("random <PERCENT> seed <TEXT>", "within <COUNT> km of (<DEGREES>, <LONGITUDE>)"))
        for segment in self.project.segments.segments.values():
            called = self._of(segment.name.text)
            if self._holds(f"in segment {called}", "{}"):
                add("segment", called)
            self._add(
                "condition",
                (
                    f"was in segment {called} <MANY> <long> ago",
                    f"entered segment {called} in <SPAN>",
                    f"left segment {called} in <SPAN>",
                    f"entered segment {called} <period>",
                ),
            )
            for one, value in segment.parameters:
                kind = {ast.Number: "COUNT", ast.Money: "money", ast.Duration: "SPAN", ast.Text: "TEXT"}.get(
                    type(value)
                )
                self._add("condition", (f"in segment {called} ({self._of(one.text)} = <{kind}>)",) if kind else ())
        self._add("condition", ("in segment <segment>",))

    def _money(self) -> None:
        """Amounts, with the sign of the catalog's currency where it has one of its own."""
        currency = self.catalog.currency
        self.grammar.add("money", *([f"<NUMBER> {currency}"] if currency else []))
        sign = {"USD": "$", "EUR": "€", "GBP": "£"}.get(currency or "")
        if sign:
            self.grammar.terminals["AMOUNT"] = Terminal(
                rf"[{sign}](0|[1-9][0-9]{{0,5}})(\.[0-9]{{2}})?",
                f'"{sign}" ("0" | [1-9] [0-9]{{0,5}}) ("." [0-9]{{2}})?',
                f"{sign}5",
            )
            self.grammar.add("money", "<AMOUNT>")

    def _constant(self, name: str) -> object:
        try:
            return parser.parse_value(str(self.catalog.constants[name]))
        except SegQLError:
            return None

    def _value(self, part: Property) -> str:
        """What a text is compared with: one of its values, where the catalog says which there are."""
        if not part.values:
            return "<TEXT>"
        rule = f"values_{len(self.names) + 1}"
        written = [json.dumps(one, ensure_ascii=False) for one in part.values if '"' not in one and "\\" not in one]
        self.names[(rule,)] = rule
        self.grammar.add(rule, *((one,) for one in written))
        return f"<{rule}>"

    def _of_property(self, name: str, part: Property, kinds: Iterable[Forms]) -> Iterator[str]:
        value = self._value(part) if part.type in ("text", "list of text") else "<NUMBER>"
        for kind in kinds:
            for one in kind.get(part.type, ()):
                yield one.format(p=self._of(name, part.also), v=value)
        for one in (*OF_ANY, *(OF_LETTERS if part.type in ("text", "list of text", "list of number") else ())):
            yield one.format(p=self._of(name, part.also))

    def _profile(self) -> None:
        for name, part in self.catalog.profiles.properties.items():
            called = self._of(name, part.also)
            self._add("condition", self._of_property(name, part, (OF_TYPE, OF_PROFILE)))
            self._add("condition", (one.format(p=called) for one in HAD))
            if part.type in ("number", "money"):
                self._figure(called)
            some = format_name(next(iter(self.catalog.events), ""))
            if self._binds(f"top 3 by days since last {some} within each {format_name(name)}"):
                self.grammar.add("each", called)
        dated = [one for one, part in self.catalog.profiles.properties.items() if part.type in ("date", "time")]
        self._add(
            "condition",
            (
                f"days from {self._of(one)} to {self._of(two)} <below> <NUMBER>"
                for one in dated
                for two in dated
                if one != two
            ),
        )

    def _events(self) -> None:
        for number, (name, event) in enumerate(self.catalog.events.items(), 1):
            called = self._of(name, event.also)
            timed = self._binds(f"{format_name(name)} in 3d")
            self.grammar.add("timed", *([called] if timed else []))
            plain = all(self._binds(f"{format_name(one)} last month") for one in (name, *event.also))
            self.window = "<dated>" if timed and not plain else "<window>"
            rows = f"of_event_{number}"
            leaf = self.catalog.events[self.catalog.leaf_events(name)[0]]
            own = {one: part for one, part in leaf.properties.items() if self.catalog.find_event_property(name, one)}
            self._rows(rows, own, f"{format_name(name)} where {{}}")
            if leaf.items is not None:
                items = f"item_{number}"
                self._rows(items, leaf.items.properties, f"{format_name(name)} where any item ({{}})")
                forms = [f"{how} item (<{items}_tree>)" for how in ("any", "every", "no")]
                forms += [
                    f"{how} items[ (<{items}_tree>)]"
                    for how in ("at least <MANY>", "fewer than <MANY>", "between <number_pair>", "exactly <MANY>")
                ]
                forms = [one for one in forms if self._holds(one, f"{format_name(name)} where {{}}")]
                self.grammar.add(rows, *forms)
            where = f"{rows}_where"
            self.grammar.add(where, f"<{rows}>", f"not <{rows}>", f"(<{rows}_all>)", f"(<{rows}_any>)")
            self.grammar.add(f"{where}_alone", f"(<{rows}_tree>)")
            self._add("condition", (one.format(e=called) for one in OF_EVENT))
            for one, part in self.catalog.profiles.properties.items():
                if part.type in ("date", "time"):
                    length = "<DAYS>" if part.type == "date" else "<SHORT>"
                    near = [way.format(p=self._of(one), d=length) for way in NEAR]
                    self._add("condition", (f"{called}[ <times>] {way}" for way in near))
                    self._add("condition", (f"never {called} {way}" for way in near))
            self._add("open", (one.format(e=called, w=f"<{where}>") for one in WITH_WHERE))
            self._add("condition", (one.format(e=called, w=f"<{where}_alone>") for one in WITH_WHERE))
            self._step(called, name, where)
            for of in NUMBER_OF_EVENT:
                self._measure(of.format(e=called), where)
            lines = leaf.items.properties if leaf.items is not None else {}
            for one, part in {**lines, **own}.items():
                # Of a union all events have it, but not by its other names.
                self._property(self._of(one, () if event.any_of else part.also), part, called, where)
        self.window = "<window>"
        self.grammar.add("several", "<branch>, <branch>", "<branch>, <several>")
        self._shared()
        self._add("condition", (*ANY_OF, *STEPS))

    def _shared(self) -> None:
        """Sequences of what has something in common."""
        having: dict[str, list[str]] = {}
        for name, event in self.catalog.events.items():
            for one in self.catalog.events[self.catalog.leaf_events(name)[0]].properties:
                if self.catalog.find_event_property(name, one) == one:
                    having.setdefault(one, []).append(self._of(name, event.also))
        for number, (one, events) in enumerate(having.items(), 1):
            if len(events) > 1:
                those = f"having_{number}"
                self.grammar.add(those, *events)
                same = f"with the same {self._of(one)}"
                self._add(
                    "condition",
                    (
                        f"<{those}> then <{those}> {same}",
                        f"<{those}> then <{those}> within <SHORT> {same}",
                        f"<{those}> then <{those}> {same} then <{those}> {same}",
                    ),
                )

    def _step(self, called: str, name: str, where: str) -> None:
        """An event in a sequence, and among several."""
        if self._binds(f"{format_name(name)} then {format_name(name)}"):
            self.grammar.add("step", f"{called}[ {self.window}]", f"{called}[ {self.window}] where <{where}_alone>")
            self.grammar.add(
                "later",
                called,
                f"{called} within <SHORT>",
                f"{called} at least <SHORT> later",
                f"{called} where <{where}_alone>",
            )
            self.grammar.add("branch", called, f"{called} where <{where}>")

    def _property(self, said: str, part: Property, event: str, where: str) -> None:
        """What is asked of a property in all rows of an event."""
        self._add(
            "condition",
            (f"{event} at least <often> with the same {said}[ <window>]", f"{event} then {event} with the same {said}"),
        )
        self._measure(f"number of distinct {said} of {event}", where)
        if part.type in ("number", "money"):
            for way in NUMBER_OF_PROPERTY:
                self._measure(way.format(p=said, e=event), where)
        for row in (f"{said} of last {event}", f"{said} of first {event}", f"most common {said} of {event}"):
            if part.type in ("number", "money"):
                self._measure(row)
            elif part.type == "text":
                value = self._value(part)
                self._add(
                    "condition",
                    (f"{row} is {value}", f"{row} is not {value}", f"{row} is set", f"{row} is {value} <window>"),
                )

    def _rows(self, rule: str, properties: Mapping[str, Property], around: str) -> None:
        """What a `where` asks of a row."""
        for name, part in properties.items():
            self.grammar.add(rule, *self._kept(self._of_property(name, part, (OF_TYPE,)), around))
        self.grammar.add(rule, *self._kept(BUILT_IN, around))
        self._tree(f"{rule}_", rule, "")

    def _measure(self, said: str, where: str = "") -> None:
        """Conditions about a number; of what somebody did. What is compared with one number is with another."""
        first, *others, money = OF_MEASURE
        for one in self._kept((f"{first.format(m=said)}[ <window>]",), "{}"):
            rest = one.removeprefix(first.format(m=said))
            forms = [other.format(m=said) for other in (first, *others)]
            forms += [money.format(m=said)] if self._holds(money.format(m=said), "{}") else []
            self.grammar.add("condition", *(f"{other}{rest}" for other in forms))
            if where and self._holds(f"{one} where <{where}_alone>", "{}"):
                self.grammar.add("open", *(f"{other}{rest} where <{where}>" for other in forms))
                self.grammar.add("condition", *(f"{other}{rest} where <{where}_alone>" for other in forms))
        if not where or said.startswith("number of"):
            self._figure(said)

    def _figure(self, said: str) -> None:
        """A number among those of others."""
        self.grammar.add(
            "condition",
            *(
                one.format(m=said)
                for those in (OF_OTHERS, RANKED, ("{m} <below> the overall average",))
                for kept in self._kept((those[0].format(m=said),), "{}")
                for one in (kept, *those[1:])
            ),
        )

    def _metrics(self) -> None:
        for name, metric in self.catalog.metrics.items():
            self._measure(self._of(name, metric.also))
        for one in self.catalog.metrics:
            for other in self.catalog.metrics:
                if one != other:
                    self._add(
                        "condition",
                        (
                            f"{self._of(one)} - {self._of(other)} <below> <NUMBER>",
                            f"{self._of(one)} <below> {self._of(other)}",
                        ),
                    )
        self._add(
            "condition",
            ("number of <timed> - number of <timed> <below> <NUMBER>", "number of <timed> <below> number of <timed>"),
        )
