"""What must hold of saved segments: `"VIP" inside "Buyers"`, `"New", "Old" exclusive`, `.. cover everyone`, sizes.

Each is one or more rules, and how many members these may have; all of them are counted by one statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import combinations

from .. import ast
from ..compiler import format
from ..errors import Problem, SegQLError, problem
from ..evaluator import Key
from ..many import compile_many
from ..nearest import nearest
from ..plain import dataclass
from ..project import Project
from ..segments import Segments
from ..source import Source, Span

_NAME = r'"(?:[^"]|"")+"|[^",]+?'
_NAMES = "(?P<names>.+?)"  # which `_ONE` takes apart: to do both at once takes exponential time
_NUMBER = r"[0-9]+(?:,[0-9]{3})*"
_FORMS = {
    kind: re.compile(rf"\s*{form}\s*", re.IGNORECASE)
    for kind, form in {
        "inside": rf"(?P<names>{_NAME})\s+inside\s+(?P<whole>{_NAME})",
        "exclusive": rf"{_NAMES}\s+(?:are\s+)?exclusive",
        "cover": rf"{_NAMES}\s+covers?\s+everyone",
        "size": rf"(?P<names>{_NAME})\s+(?:between\s+(?P<low>{_NUMBER})\s+and\s+(?P<high>{_NUMBER})|"
        rf"at\s+least\s+(?P<least>{_NUMBER})|at\s+most\s+(?P<most>{_NUMBER})|(?P<exactly>{_NUMBER}))\s+members?",
    }.items()
}
MOST = 30
"""Segments of which all pairs are counted."""
_ONE = re.compile(r'\s*("(?:[^"]|"")+"|[^",]+?)\s*(?:,|\band\b|\Z)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bound:
    """A rule, and how many members it may have: at least, and at most if there is such a limit; `of` says whose."""

    rule: ast.Rule
    least: int
    most: int | None
    of: str


@dataclass(frozen=True, slots=True)
class Invariant:
    """What a text demands of segments."""

    text: str
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An invariant, and what is against it: nothing where it holds. `shown` are rules whose members those are."""

    text: str
    against: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing is against it."""
        return not self.against


def invariant_of(said: ast.Invariant, segments: Segments) -> Invariant:
    """What an invariant in a file demands. Raises as `invariant`."""
    return invariant(said.text, segments, said.span)


def invariant(text: str, segments: Segments, at: Span | None = None) -> Invariant:
    """What a text demands; `at` is where it stands. Raises SegQLError: it demands nothing, or of no segments."""
    span = at or Span(Source(text, "invariant"), 0, len(text))
    kind, found = next(((kind, one) for kind, form in _FORMS.items() if (one := form.fullmatch(text))), ("", None))
    places = _places(kind, found) if found is not None else []
    if found is None or not places:
        raise SegQLError([problem(
            "syntax", "This demands nothing of segments.", span, "for example", '"VIP" inside "Buyers"',
            '"New", "Old" exclusive', '"New", "Old" cover everyone', '"VIP" between 100 and 5,000 members',
        )])  # fmt: skip
    names, problems = list[str](), list[Problem]()
    for said, place in places:
        at_of = place if at is None else None
        name = said[1:-1].replace('""', '"') if said.startswith('"') else said
        try:
            names.append(segments[name].name.text)
        except KeyError:
            close = [f'"{one}"' for one in nearest(name, segments, 2)]
            where = span if at_of is None else Span(span.source, at_of, at_of + len(said))
            words = "did you mean" if close else ""
            problems.append(problem("unknown-name", f"There is no segment `{name}`.", where, words, *close))
    if kind == "exclusive" and not 2 <= len(set(names)) <= MOST and not problems:
        said = f"{len(set(names)):,} segments cannot be held against one another: 2 to {MOST} can."
        problems.append(Problem("syntax", said, span, "`segql overlap --partition` takes more of them"))
    if problems:
        raise SegQLError(problems)
    bounds = tuple(_bounds(kind, names, found))
    if any(bound.most is not None and bound.least > bound.most for bound in bounds):
        raise SegQLError([Problem("syntax", "No number lies between these.", span, "write the smaller one first")])
    return Invariant(" ".join(text.split()), bounds)


def _places(kind: str, found: re.Match[str]) -> list[tuple[str, int]]:
    """The names as they are written, and where; none where there is something else between them."""
    if kind == "inside":
        return [(found[group], found.start(group)) for group in ("names", "whole")]
    if kind == "size":
        return [(found["names"], found.start("names"))]
    places, at = list[tuple[str, int]](), 0
    while at < len(found["names"]):
        one = _ONE.match(found["names"], at)
        if one is None:
            return []
        places.append((one[1], found.start("names") + one.start(1)))
        at = one.end()
    return places


def _bounds(kind: str, names: list[str], found: re.Match[str]) -> Iterator[Bound]:
    def within(name: str) -> ast.Rule:
        return ast.InSegment("in", ast.SegmentRef(ast.Name(name)))

    match kind:
        case "inside":
            part, whole = names
            yield Bound(ast.All((within(part), ast.Not(within(whole)))), 0, 0, f"in `{part}` and not in `{whole}`")
        case "exclusive":
            for one, other in combinations(dict.fromkeys(names), 2):
                yield Bound(ast.All((within(one), within(other))), 0, 0, f"in `{one}` and in `{other}`")
        case "cover":
            yield Bound(ast.All(tuple(ast.Not(within(name)) for name in names)), 0, 0, "in none of them")
        case _:
            given = found.groupdict()
            told = {key: int(given[key].replace(",", "")) for key in _LIMITS if given[key]}
            exactly = told.get("exactly")
            least = told.get("low", told.get("least", exactly or 0))
            yield Bound(within(names[0]), least, told.get("high", told.get("most", exactly)), f"in `{names[0]}`")


_LIMITS = ("low", "high", "least", "most", "exactly")


def kept(invariants: Iterable[Invariant], project: Project) -> list[Kept]:
    """Which hold in the project's warehouse, by one statement. Raises SegQLError, WarehouseError."""
    demanded = list(invariants)
    rules = {f"{i}.{j}": b.rule for i, one in enumerate(demanded) for j, b in enumerate(one.bounds)}
    if not rules:
        return []
    done = compile_many(rules, project.catalog, dialect=project.dialect, shape="counts", **project.keywords)
    found = {name: int(number) for name, number in project.opened.rows(done.sql)}
    return [judged(one, [found.get(f"{i}.{j}", 0) for j in range(len(one.bounds))]) for i, one in enumerate(demanded)]


def kept_by(demanded: Invariant, members: Mapping[ast.Rule, Set[Key]]) -> Kept:
    """The same of sets of members, such as the evaluator gives."""
    return judged(demanded, [len(members[bound.rule]) for bound in demanded.bounds])


def judged(demanded: Invariant, counts: list[int]) -> Kept:
    """What is against an invariant whose rules have so many members."""
    against, shown = list[str](), list[str]()
    for bound, count in zip(demanded.bounds, counts, strict=True):
        if count < bound.least or (bound.most is not None and count > bound.most):
            few = f"fewer than {bound.least:,}" if count < bound.least else f"more than {bound.most:,}"
            profiles = f"{count:,} profile{'s' * (count != 1)}"
            strays = bound.most == 0
            against.append(f"{profiles} {'is' if count == 1 else 'are'} {bound.of}{'' if strays else f', {few}'}")
            shown.append(" ".join(format(bound.rule).split()))
    return Kept(demanded.text, tuple(against), tuple(shown))
