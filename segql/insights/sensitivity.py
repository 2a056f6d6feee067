"""What a number in a rule decides: its members for each of some values of a parameter, or of what the text says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

from .. import ast, formatter, parser
from ..arguments import Given, given_rule
from ..catalog import fold
from ..conditions.walk import nodes
from ..errors import SegQLError, expect
from ..many import written_many
from ..meanings import Meaning
from ..parser.checks import fail
from ..parser.mistakes.bad_literals import group_in_list
from ..plain import dataclass
from ..project import Project
from ..source import Source, Span

MOST = 1_000
"""Rules that one statement of a sensitivity has at most."""


@dataclass(frozen=True, slots=True)
class Varied:
    """What is varied: a name or a value as the rule writes it, and the values that take its place, as text."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The members of a rule by the values of what is `varied`, one for each of these, in order."""

    profiles: int
    varied: tuple[Varied, ...]
    members: Mapping[tuple[str, ...], int]


# --- `aov = 50..200 step 25` ------------------------------------------------------------------------------------------

_HOW = "write it as `aov = 50..200 step 25`, or as `aov = 50, 100, 250`"


def varied(text: str) -> Varied:
    """What a text such as `aov = 50..200 step 25` or `30d = 7d, 30d, 90d` varies. Raises SegQLError."""
    expect("text", "a name and its values, as text", text, str)
    span = Span(Source(text, "what is varied"), 0, len(text))
    name, values = _halves(text)
    if not name or not values:
        fail("syntax", "There is nothing to vary here.", span, _HOW)
    start, dots, rest = values.partition("..")
    if not dots:
        every = [formatter.format(parser.parse_value(one)) for one in _parts(values)]
        return Varied(name, tuple(dict.fromkeys(every)))
    end, _, step = rest.partition(" step ")
    first, last = (parser.parse_value(one.strip()) for one in (start, end))
    by = parser.parse_value(step.strip()) if step.strip() else None
    return Varied(name, tuple(formatter.format(one) for one in _stretch(first, last, by, span)))


_QUOTED = r"\"[^\"]*\"|'[^']*'"
_MARK = re.compile(rf"{_QUOTED}|(?P<it>[,=])")
_GROUPED = re.compile(rf"{_QUOTED}|(?P<it>[$€£]?\d{{1,3}}(?:,\d{{3}})+(?!\d))")


def _found(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What a pattern finds as its group `it`: outside of quotes."""
    return (found for found in pattern.finditer(text) if found["it"])


def _halves(text: str) -> tuple[str, str]:
    """What stands before the first `=`, and behind it."""
    place = next((one.start() for one in _found(_MARK, text) if one["it"] == "="), len(text))
    return text[:place].strip(), text[place + 1 :].strip()


def _parts(text: str) -> Iterator[str]:
    """The values that commas part. Raises SegQLError for `1,000`, which may be one of them or two."""
    if one := next(_found(_GROUPED, text), None):
        raise SegQLError([group_in_list(Source(text, "what is varied"), one.start(), one["it"])])
    start = 0
    for comma in (one.start() for one in _found(_MARK, text) if one["it"] == ","):
        yield text[start:comma].strip()
        start = comma + 1
    yield text[start:].strip()


def _stretch(start: ast.Literal_, end: ast.Literal_, step: ast.Literal_ | None, span: Span) -> Iterator[ast.Literal_]:
    one, other, by = _size(start), _size(end), Decimal(1) if step is None else _size(step)
    if (
        one is None
        or other is None
        or by is None
        or not _alike(start, end)
        or not (step is None or _alike(start, step))
    ):
        fail("wrong-type", "A range goes from one number, amount, share or length to another of its unit.", span, _HOW)
    if by <= 0 or other < one:
        fail("bad-number", "A range goes up, by steps above 0.", span, _HOW)
    if (other - one) / by >= MOST:
        fail("too-many-conditions", f"This range has more than {MOST:,} values.", span, "make its `step` larger")
    while one <= other:
        yield _of_size(start, one)
        one += by


def _alike(one: ast.Literal_, other: ast.Literal_) -> bool:
    """Whether two values have one unit; a bare number goes with any."""
    match one, other:
        case (ast.Duration(unit=unit), ast.Duration(unit=same)):
            return unit == same
        case (_, ast.Number()):
            return True
        case _:
            return type(one) is type(other)


def _size(value: ast.Literal_) -> Decimal | None:
    match value:
        case ast.Number(size) | ast.Percent(size) | ast.Money(size):
            return size
        case ast.Duration(count):
            return Decimal(count)
        case _:
            return None


def _of_size(like: ast.Literal_, size: Decimal) -> ast.Literal_:
    match like:
        case ast.Duration():
            return replace(like, count=int(size))
        case ast.Number() | ast.Percent() | ast.Money():
            return replace(like, value=size)
        case _:
            return like


# --- the rules --------------------------------------------------------------------------------------------------------


def vary(rule: Given, project: Project, what: Sequence[Varied]) -> Sensitivity:
    """The members of a rule for each combination of values, by one statement.

    What is varied is a parameter of the segment (of a rule: a `let`, or a constant of the catalog), else a value that
    stands once in its canonical text. Raises SegQLError with what is wrong with any of the rules; WarehouseError.
    """
    Project.expect(project)
    expect("what", "what `varied` gives, in a list", what, Sequence)
    for one in what:
        expect("what", "a list of what `varied` gives", one, Varied)
    found = asked(rule, project, what)
    everyone = {"everyone": project.meaning("everyone")}
    meanings = {str(place): one for place, one in enumerate(found.values())} | everyone
    done = written_many(meanings, project.catalog, project.dialect, "counts")
    counts = {name: int(number) for name, number in project.opened.rows(done.sql)}
    members = {values: counts.get(str(place), 0) for place, values in enumerate(found)}
    return Sensitivity(counts.get("everyone", 0), tuple(what), members)


def asked(rule: Given, project: Project, what: Sequence[Varied]) -> dict[tuple[str, ...], Meaning]:
    """The rule with each combination of values."""
    values = list(product(*(one.values for one in what)))
    if len(values) > MOST:
        span = Span(Source(" ".join(one.name for one in what), "what is varied"), 0, 0)
        fail(
            "too-many-conditions",
            f"These are {len(values):,} rules, more than {MOST:,}.",
            span,
            "make the steps larger",
        )
    given = project.meaning(rule).read or given_rule(rule)
    return {each: _with(given, project, dict(zip((one.name for one in what), each, strict=True))) for each in values}


def _with(given: ast.Rule | ast.Segment, project: Project, values: Mapping[str, str]) -> Meaning:
    """What the rule means with these values."""
    names = {fold(name) for name in project.segments.values} | {fold(name) for name in project.catalog.constants}
    if isinstance(given, ast.Segment):
        names = {fold(name.text) for name, _ in given.parameters}
    bound = {name: value for name, value in values.items() if fold(name.strip("\"'")) in names}
    parameters = {name.strip("\"'"): parser.parse_value(value) for name, value in bound.items()}
    written = {old: new for old, new in values.items() if old not in bound}
    varied_ = _written(given, written, names) if written else given
    return replace(project, parameters={**project.parameters, **parameters}).meaning(varied_)


def _written(given: ast.Rule | ast.Segment, values: Mapping[str, str], names: set[str]) -> ast.Rule | ast.Segment:
    """The rule with other values in the place of some that stand in its text. Raises SegQLError."""
    span = given.span
    if not (text := span.text):  # a tree that nobody wrote
        text = formatter.format(ast.Definitions((given,)) if isinstance(given, ast.Segment) else given)
    of_segment = isinstance(given, ast.Segment)
    tree = _read(text, of_segment)  # its spans are places of this text
    places = sorted((*_place(text, tree, old, names), new) for old, new in values.items())
    for start, end, new in reversed(places):
        text = f"{text[:start]}{new}{text[end:]}"
    return _read(text, of_segment)


def _read(text: str, of_segment: bool) -> ast.Rule | ast.Segment:
    if not of_segment:
        return parser.parse_rule(text, "the rule, varied")
    part = parser.parse_definitions(text, "the rule, varied").parts[0]
    assert isinstance(part, ast.Segment)
    return part


def _place(text: str, tree: ast.Rule | ast.Segment, old: str, names: set[str]) -> tuple[int, int]:
    """Where a value stands in a text, as it is written there, else in other words: `2` as `twice`, `"NL"` as `'NL'`.

    Raises SegQLError where it does not, or more than once.
    """
    places = [found.span("it") for found in _found(_token(old), text)]
    written = {
        (one.span.start, one.span.end): formatter.format(one) for one in nodes(tree) if isinstance(one, ast.Literal_)
    }
    if not places and (value := _canonical(old)) is not None:
        places = sorted(place for place, said in written.items() if said == value)
    if len(places) == 1:
        return places[0]
    source = Source(text, "rule")
    if places:
        fail(
            "unknown-name", f"`{old}` stands in the rule {len(places)} times.", Span(source, *places[1]),
            "give it a name: a segment's parameter, as in `segment \"Buyers\" (n = 2) = ..`",
        )  # fmt: skip
    said = dict.fromkeys(text[start:end] for start, end in sorted(written))
    help_ = f"vary what it says: {', '.join(f'`{one}`' for one in said)}" if said else "it says no value"
    known = f"; what has a name: {', '.join(f'`{name}`' for name in sorted(names))}" if names else ""
    fail("unknown-name", f"`{old}` does not stand in the rule.", Span(source, 0, len(text)), f"{help_}{known}")


def _canonical(text: str) -> str | None:
    """A value in the one spelling that it has; None for what is none."""
    try:
        return formatter.format(parser.parse_value(text))
    except SegQLError:
        return None


def _token(value: str) -> re.Pattern[str]:
    """Finds a value where it stands by itself, in no quoted text and no comment: as the group `it`."""
    return re.compile(rf"(?P<it>(?<![\w.$€£%-]){re.escape(value)}(?![\w%]|\.\d))|{_QUOTED}|(?:--|#)[^\n]*")
