"""References to saved segments: their parameters, cycles, limits, and the time as of which they are meant.

A segment is bound once for each set of arguments and each `now`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from .. import ast
from .. import conditions as c
from ..catalog import fold
from ..conditions import live
from ..errors import SegQLError
from ..formatter import format as format_
from ..formatter.windows import window as window_text
from ..plain import dataclass
from ..source import Span
from . import windows
from .populations import sample
from .scope import MOST_DEPTH, Saved, Scope, Together, Values, fail, unknown

BindTree: TypeAlias = Callable[[Scope, ast.Rule, int], c.Tree[c.Condition]]


def in_segment(scope: Scope, given: ast.InSegment, depth: int, bind_tree: BindTree) -> c.Tree[c.Condition]:
    """`in segment S (param = value)`, `was in segment S D ago`, `entered|left segment S WINDOW`."""

    def at(then: Then | None) -> c.InSegment:
        return replace(referred(scope, given.segment, depth, bind_tree, then), span=given.span)

    if given.window is None:
        return at(None if given.length is None else _ago(scope, given.length))
    together = Together()
    end = start = None
    with together:
        before, after = _ends(scope, given.window)
        with together:
            end = at(after)
        with together:
            start = at(before)
    together.done()
    assert start is not None
    assert end is not None
    here, gone = (end, start) if given.word == "entered" else (start, end)
    return c.All((here, c.Not(gone, given.span)), given.span)


@dataclass(frozen=True, slots=True)
class Then:
    """An instant as of which a segment is meant, and what is said of it."""

    at: datetime
    said: str = ""


def _ago(scope: Scope, length: ast.Duration) -> Then:
    found = windows.instants(scope, ast.MoreThanAgo(length, span=length.span))
    return Then(found.end or scope.now, f" {format_(length)} ago")


def _ends(scope: Scope, window: ast.Window) -> tuple[Then, Then | None]:
    """The instants at which a window begins and, unless that is now, ends."""
    if isinstance(window, ast.InLast) and isinstance(window.length, ast.Duration):
        return _ago(scope, window.length), None
    found = windows.past(scope, window)
    if found.start is None:
        fail("bad-window", f"`{window_text(window)}` has no beginning, at which somebody was in the segment or not.",
             window.span, "say since when: `in 30d`, `since 2025-11-01`, `this month`")  # fmt: skip
    end = found.end or scope.now
    start = found.start
    if not isinstance(start, live.LiveInstant) or start > scope.now:
        # It may still be to come by the engine's clock, as `after today` always is: then nobody has entered.
        start = live.earliest(start, scope.now)
    return Then(start), None if end == scope.now else Then(end)


def referred(
    scope: Scope, reference: ast.SegmentRef, depth: int, bind_tree: BindTree, then: Then | None = None
) -> c.InSegment:
    """A saved segment with its arguments, bound at the scope's `now` or as of then."""
    key = fold(reference.name.text)
    found = scope.segments.get(key)
    if found is None:
        unknown(
            "segment",
            reference.name,
            [s.name.text for s in scope.segments.values()],
            "" if scope.segments else "no segments were given (`--segments FILE`, in Python `segments=`)",
        )
    if key in scope.trail:
        names = [scope.segments[k].name.text for k in (*scope.trail[scope.trail.index(key) :], key)]
        fail(
            "cycle",
            "These segments are defined by each other: " + " → ".join(f"`{n}`" for n in names) + ".",
            reference.span,
            "one of them has to be said without the others",
        )
    label = found.name.text
    arguments = _arguments(scope, found, reference)
    if reference.arguments:
        label += (
            " (" + ", ".join(f"{n.text} = {format_(arguments[fold(n.text)])}" for n, _ in reference.arguments) + ")"
        )
    if then is not None:
        label += then.said
        # What the rule says of time, it says as of then; its own such references count from there.
        scope = replace(scope, now=then.at)
    saved = _bound(scope, found, arguments, depth, bind_tree)
    if isinstance(saved, SegQLError):
        raise SegQLError(saved.problems)
    if depth + saved.depth > MOST_DEPTH:
        too_deep(reference.span)
    return c.InSegment(label, saved.rule, reference.span, sample(found), None if then is None else scope.now)


def _bound(
    scope: Scope, segment: ast.Segment, arguments: Values, depth: int, bind_tree: BindTree
) -> Saved | SegQLError:
    work, key = scope.work, fold(segment.name.text)
    memo = (key, scope.now, tuple(sorted((name, repr(value)) for name, value in arguments.items())))
    if memo in work.segments:
        saved = work.segments[memo]
        if isinstance(saved, Saved):
            scope.count(segment.name.span, saved.conditions)
        return saved
    hides(scope, segment)
    before, deepest, work.depth = work.conditions, work.depth, depth
    try:
        rule = bind_tree(scope.inside_segment(key, arguments), segment.rule, depth + 1)
        saved = Saved(rule, work.conditions - before, work.depth - depth)
    except SegQLError as error:
        saved = error
    finally:
        work.depth = max(work.depth, deepest)
    work.segments[memo] = saved
    return saved


def too_deep(span: Span) -> None:
    """Raises SegQLError: there is a limit to how deep a rule nests."""
    fail(
        "too-deep",
        f"With its segments unfolded this rule nests more than {MOST_DEPTH} deep.",
        span,
        "cut it into rules of their own",
    )


def _arguments(scope: Scope, segment: ast.Segment, reference: ast.SegmentRef) -> dict[str, ast.Literal_]:
    """The values of a segment's parameters: its defaults, and what the reference gives."""
    values = defaults(segment)
    given_: set[str] = set()
    together = Together()
    for name, given in reference.arguments:
        with together:
            key = fold(name.text)
            if key not in values:
                unknown(f"parameter of `{segment.name.text}`", name, [n.text for n, _ in segment.parameters],
                        "" if values else f"`{segment.name.text}` has no parameters")  # fmt: skip
            if key in given_:
                fail("duplicate-name", f"`{name.text}` is given twice.", name.span, "keep one of them")
            given_.add(key)
            value = scope.value(given) if isinstance(given, ast.Name) else given
            if value is None:
                assert isinstance(given, ast.Name)
                unknown("value", given, scope.known_values(), "text is always quoted:", f'"{given.text}"')
            same_kind(name.text, values[key], value, given.span)
            values[key] = value
    together.done()
    return values


def defaults(segment: ast.Segment) -> dict[str, ast.Literal_]:
    """The values of a segment's parameters when nothing is given."""
    values: dict[str, ast.Literal_] = {}
    for name, default in segment.parameters:
        if fold(name.text) in values:
            fail(
                "duplicate-name",
                f"`{segment.name.text}` has two parameters `{name.text}`.",
                name.span,
                "rename one of them",
            )
        values[fold(name.text)] = default
    return values


def same_kind(name: str, default: ast.Literal_, value: ast.Literal_, span: Span) -> None:
    """A parameter takes what its default is; a bare number may stand for money and the other way round."""
    if type(value) is not type(default) and not {type(value), type(default)} <= {ast.Number, ast.Money}:
        fail(
            "wrong-type",
            f"`{format_(value)}` does not fit the parameter `{name}`.",
            span,
            f"give a value like its default, `{format_(default)}`",
        )


def hides(scope: Scope, segment: ast.Segment) -> None:
    """A warning for each parameter that has the name of something else that can stand on the right."""
    catalog = scope.catalog
    for name, _ in segment.parameters:
        text = name.text
        kinds = {
            "`let`": fold(text) in scope.lets,
            "constant": catalog.find_constant(text),
            "property": catalog.find_property(text),
            "named set": catalog.find_set(text),
            "metric": catalog.find_metric(text),
        }
        for kind, found in kinds.items():
            if found:
                scope.note(
                    "warning",
                    "hides-name",
                    f"The parameter `{text}` hides the {kind} of the same name.",
                    name.span,
                    "give the parameter another name",
                )
                break
