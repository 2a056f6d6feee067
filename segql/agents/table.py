"""The table of forms while it is filled in for one project: a form that the binder refuses for a name is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from .. import binder, parser
from ..catalog.parts import Property
from ..errors import SegQLError
from ..formatter import format_name
from ..formatter.values import quoted
from ..project import Project
from .forms import OF_ANY, OF_LETTERS, OF_TYPE
from .productions import Grammar, Part, words
from .productions import form as parts_of
from .values import add_values

TOGETHER = ("weekday", "month", "hour", "day", "number", "days since previous")
_LEFT_OUT = re.compile(r"\[[^]]*\]")


class Table:
    """A grammar in the making, and what its forms are tried against."""

    def __init__(self, project: Project) -> None:
        self.project, self.catalog = project, project.catalog
        self.now: datetime = project.instant()
        self.grammar = Grammar({})
        add_values(self.grammar, self.now)
        self.names: dict[tuple[str, ...], str] = {}
        self.bound: dict[str, bool] = {}
        self._sets_end: bool | None = None

    # --- names and values

    def of(self, name: str, also: Iterable[str] = (), quotes: bool = False) -> str:
        """The production of a name of the catalog, with its other names; the same name may have others elsewhere.

        With `quotes` each also in quotes: where it never stands right of a sign, as a text does.
        """
        key = (name, *also, *(["quotes"] if quotes else ()))
        if key not in self.names:
            self.names[key] = f"name_{len(self.names) + 1}"
            ways = (format_name, quoted) if quotes else (format_name,)
            written = dict.fromkeys(way(one) for one in (name, *also) for way in ways)
            self.grammar.add(self.names[key], *map(words, written))
        return f"<{self.names[key]}>"

    def one_of(self, kind: str, forms: Iterable[str | tuple[Part, ...]]) -> str:
        """The production of one of some forms."""
        key = (kind, *map(str, written := tuple(forms)))
        if key not in self.names:
            self.names[key] = f"{kind}_{len(self.names) + 1}"
            self.grammar.add(self.names[key], *written)
        return f"<{self.names[key]}>"

    def listed(self, said: str) -> str:
        """One or more of it, with commas."""
        name = said.strip("<>") + "_list"
        if name not in self.grammar.rules:
            self.grammar.add(name, said, f"{said}, <{name}>")
        return f"<{name}>"

    def _value(self, part: Property) -> str:
        """What a text is compared with: one of its values, where the catalog says which there are."""
        if not part.values:
            return "<text>"
        key = ("values", *part.values)
        if key not in self.names:
            self.names[key] = f"values_{len(self.names) + 1}"
            written = [json.dumps(one, ensure_ascii=False) for one in part.values if '"' not in one and "\\" not in one]
            self.grammar.add(self.names[key], *((one,) for one in written))
        return f"<{self.names[key]}>"

    def together(self, said: str) -> list[str]:
        """What the rows of every event have in common, if it is the same: with what is said of them before."""
        kept = (one for one in TOGETHER if self.binds(f"{said} with the same {one}"))
        return [self.one_of("together", (one, words(quoted(one)))) for one in kept]

    def sets_end(self, said: str) -> bool:
        """Whether each named set can stand before a window, behind `said`: none takes words of that. Asked once."""
        if self._sets_end is None:
            sets = [format_name(one) for one in self.catalog.known_sets()]
            whens = ("in 3d", "since 2024-05-01", "ever")
            self._sets_end = all(self.binds(f"{said} {one} {when}") for one in sets for when in whens)
        return self._sets_end

    # --- forms

    def add(self, rule: str, forms: Iterable[str], around: str = "{}") -> None:
        """Forms of conditions, those that are a rule in this catalog."""
        self.grammar.add(rule, *self.kept(forms, around))

    def kept(self, forms: Iterable[str], around: str = "{}") -> Iterator[str]:
        """Forms that are a rule here: as they are, else without what may be left out, one part or all of it."""
        for form in forms:
            parts = _LEFT_OUT.findall(form)
            ways = [form, *(form.replace(part, "", 1) for part in parts)]
            short = _LEFT_OUT.split(form)
            ways += ["".join([*short[:at], part, *short[at:]]) for at, part in enumerate(parts, 1)]
            ways.append("".join(short))
            said = next((one for one in ways if self.holds(one, around)), None)
            if said is not None:
                yield said

    def holds(self, said: str, around: str = "{}") -> bool:
        """Whether a form is a rule here, said in full and as shortly as it can be."""
        found = {self.grammar.example(parts_of(said), full) for full in (True, False)}
        return None not in found and all(self.binds(around.format(one)) for one in found)

    def example(self, said: str) -> str:
        """A text of a form that has one."""
        return self.grammar.example(parts_of(said), False) or ""

    def binds(self, text: str) -> bool:
        """Whether a text is a rule here."""
        if text not in self.bound:
            self.bound[text] = self._bound(text)
        return self.bound[text]

    def _bound(self, text: str) -> bool:
        saved = self.project.segments
        try:
            rule = parser.parse_rule(text)
            found = binder.bind(rule, self.catalog, self.now, lets=saved.values, segments=saved.segments)
        except SegQLError:
            return False
        return found.said is None

    def of_property(self, said: str, part: Property, scope: str) -> Iterator[str]:
        """What is asked of a property, or of what is like one; it is compared with others of its scope."""
        value = self._value(part)
        given = {"{p}": said, "{v}": value, "{v_list}": self.listed(value)}
        given |= {f"<{kind}_property>": f"<{scope}_{kind}>" for kind in ("text", "number", "date")}
        given["<own_property>"] = f"<{scope}_own_number>"
        given["<like_property>"] = f"<{scope}_only_{part.type}>"
        letters = OF_LETTERS if part.type in ("text", "list of text", "list of number") else ()
        for form in (*OF_TYPE.get(part.type, ()), *OF_ANY, *letters):
            yield re.sub(r"\{\w+\}|<\w+_property>", lambda found: given[found[0]], form)

    def scope(self, name: str, properties: Mapping[str, Property], before: str = "") -> None:
        """What may stand on the right of a comparison, by its type."""
        for one, part in properties.items():
            kind = {"money": "number", "time": "date"}.get(part.type, part.type)
            said = before + self.of(one, part.also)
            bare = not self.example(said).startswith('"')  # in quotes it is a text on the right of a sign
            if not before:
                self.grammar.add(f"{name}_own_{kind}", *([said] if bare else ()))
            if not before and kind == "date":  # behind a word: `weekday of "last seen"`
                self.grammar.add(f"{name}_date", self.of(one, part.also, quotes=True))
            elif not before or kind != "date":
                self.grammar.add(f"{name}_{kind}", *([said] if bare else ()))
            self.grammar.add(f"{name}_only_{part.type}", *([said] if bare else ()))

    def tree(self, kind: str, condition: str, last: str) -> None:
        """Conditions that are joined: `and` and `or` meet in parentheses alone, as where they are written by hand."""
        add = self.grammar.add
        term, final = f"{kind}term", f"{kind}final"
        add(term, f"<{condition}>", f"not <{term}>", f"(<{kind}all>)", f"(<{kind}any>)")
        add(final, f"<{term}>", *([f"<{last}>", f"not <{last}>"] if last else []))
        for name, joined in (("all", "and"), ("any", "or")):
            add(f"{kind}{name}", f"<{term}> {joined} <{final}>", f"<{term}> {joined} <{kind}{name}>")
        add(f"{kind}tree", f"<{final}>", f"<{kind}all>", f"<{kind}any>")
