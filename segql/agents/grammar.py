"""A word-level grammar of the rules that can be said of a catalog: a small table of forms, typed by what names are.

No unknown name can be said in it, and each form was tried: where the binder says no for a name it is left out.
"""

from __future__ import annotations

from .. import ast, parser
from ..errors import SegQLError
from ..formatter import format_name
from ..formatter.values import quoted
from ..project import Project
from .events import Events
from .forms import ALONE, CHANNEL, HAD, SEGMENT
from .measures import Measures
from .productions import Grammar, words
from .sequences import some_of
from .table import Table
from .values import add_money

START = "rule"


def grammar_of(project: Project) -> Grammar:
    """The grammar of a project's rules: the names of its catalog, its segments and `let`s.

    A text of it parses and binds; it says less than the language does.
    """
    table = Table(project)
    measures = Measures(table)
    _values(table)
    _known(table)
    _segments(table)
    _profile(table, measures)
    events = Events(table, measures)
    events.done()
    for name, metric in table.catalog.metrics.items():
        measures.add(table.of(name, metric.also), near=events.near)
    measures.done()
    table.add("condition", ALONE)
    table.tree("", "condition", "open")
    table.grammar.rules[START] = table.grammar.rules.pop("tree")
    return table.grammar.pruned(START)


def _values(table: Table) -> None:
    """Texts, amounts, constants and `let`s by what they are."""
    add, catalog = table.grammar.add, table.catalog
    add("text", "<TEXT>", "<NO_TEXT>")
    add("end", "top", "bottom")
    add("size", "<PERCENT>", "<POSITIVE>")
    add("distance", "<KILOMETRES> km", "<MILES> miles")
    for name in catalog.known_sets():
        add("set", table.of(name))
    add_money(table.grammar, catalog.currency)
    values: dict[str, object] = {name: _constant(str(value)) for name, value in catalog.constants.items()}
    for name, value in {**values, **table.project.segments.values}.items():
        said = words(format_name(name))
        if format_name(name) != name:
            continue  # in quotes it may be a text
        if isinstance(value, ast.Number | ast.Money):
            add("number_constant" if isinstance(value, ast.Number) else "money", said)
        elif isinstance(value, ast.Duration):
            add("duration_constant", said)
            if value.unit in ("s", "min", "h", "d", "w"):
                add("short", said)
        elif isinstance(value, ast.Date):
            add("date_constant", said)
        elif isinstance(value, ast.Text):
            add("text_constant", said)
    if "duration_constant" in table.grammar.rules:
        add("dated", "in <duration_constant>", "more than <duration_constant> ago")
    if "date_constant" in table.grammar.rules:
        add("dated", "since <date_constant>", "before <date_constant>", "after <date_constant>")
    if "number_constant" in table.grammar.rules:
        how = ("at least", "at most", "more than", "fewer than")
        add("times", *(f"{one} <number_constant> times" for one in how))


def _constant(text: str) -> object:
    try:
        return parser.parse_value(text)
    except SegQLError:
        return None


def _known(table: Table) -> None:
    """Channels, lists, places."""
    catalog = table.catalog
    for name, channel in catalog.channels.items():
        said = table.of(name, channel.also, quotes=True)
        table.add("condition", (form.format(p=said) for form in CHANNEL))
    for name, listed in catalog.lists.items():
        said = table.of(name, listed.also, quotes=True)
        table.add("condition", (f"in list {said}", f"joined list {said} <window>"))
    for name in catalog.places:
        table.grammar.add("place", table.of(name, quotes=True))
        table.grammar.add("store", table.of(name, quotes=True))
    if table.binds("within 3 km of any store"):
        table.grammar.add("place", "any store")
        table.grammar.add("store", "<TEXT>")
    table.grammar.add("store_list", "<store>", "<store>, <store_list>")


def _segments(table: Table) -> None:
    kinds = {
        ast.Number: "<COUNT>", ast.Money: "<money>", ast.Duration: "<length>", ast.Text: "<TEXT>", ast.Date: "<DATE>",
    }  # fmt: skip
    for number, segment in enumerate(table.project.segments.segments.values(), 1):
        name = format_name(segment.name.text)
        said = table.of(segment.name.text, quotes=True)
        if not all(table.binds(f"entered segment {name} {when}") for when in ("yesterday", "since 2024-05-01")):
            # Its last word is something of its own with what follows: `Last till yesterday`, `The year since ..`.
            said = table.one_of("name", [words(quoted(segment.name.text))])
        if table.holds(f"in segment {said}"):
            table.grammar.add("segment", said)
        given = [
            f"{table.of(name.text)} = {kinds[type(value)]}"
            for name, value in segment.parameters
            if type(value) in kinds
        ]
        some = f"arguments_{number}"
        some_of(table.grammar.add, some, given)
        table.grammar.add(some, *given)
        table.add("condition", (form.format(p=one) for one in (said, f"{said} (<{some}>)") for form in SEGMENT))


def _profile(table: Table, measures: Measures) -> None:
    properties = table.catalog.profiles.properties
    table.scope("profile", properties)
    some = format_name(next(iter(table.catalog.events), ""))
    for name, part in properties.items():
        said, in_quotes = table.of(name, part.also), table.of(name, part.also, quotes=True)
        forms = (*table.of_property(in_quotes, part, "profile"), *(one.format(p=in_quotes) for one in HAD))
        table.add("condition", forms)
        if part.type in ("number", "money"):
            measures.add(said)
        elif part.type.startswith("list"):
            measures.add(f"number of {said}")
        elif part.type in ("date", "time"):
            measures.add(f"days from {said} to <profile_date>")
        if table.binds(f"top 3 by days since last {some} within each {format_name(name)}"):
            table.grammar.add("each", said)
    table.grammar.add("date_part", "month of <profile_date>", "day of <profile_date>")
    table.grammar.add("among", "of segment <segment>[ within each <each>]", "within each <each>")
