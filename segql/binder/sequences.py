"""Steps in order: `A then B within 3d then C`, `A followed by B`, `A not followed by B`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from .. import ast
from .. import conditions as c
from ..errors import Fix, SegQLError
from ..formatter import format as format_
from ..formatter import format_name
from ..formatter.values import length as length_text
from ..words import word
from . import windows
from .built_in import comes_back
from .closeness import LENGTHS
from .habits import once
from .heads import Events, resolve
from .occurrence import settled
from .rows import RowScope, no_property
from .scope import Scope, Together, fail
from .surroundings import Around, occurrences, timed
from .values import NUMBERS, article

MOST_STEPS = 8
"""Of steps that may be the same event, each set must be told apart from each other set."""

_ANY_TIME = c.Interval(None, None)
_SOME = datetime(2000, 1, 1, tzinfo=UTC)

_UNEQUAL = (c.Type.TEXTS, c.Type.NUMBERS, c.Type.POSITION, c.Type.MONTH_DAY)
"""Types whose values are not compared as one."""


def sequence(scope: Scope, given: ast.Sequence) -> c.Tree[c.Condition]:
    """The steps with their events, and how each is tied to the one before it."""
    if len(given.steps) > MOST_STEPS:
        fail("too-many-conditions", f"A sequence has at most {MOST_STEPS} steps, and this one has {len(given.steps)}.",
             given.steps[MOST_STEPS].span, "cut it into sequences of their own, tied with `and`")  # fmt: skip
    bound: list[tuple[Events, c.Occurrences]] = []
    together = Together()
    for place, subject in enumerate(given.steps):
        with together:
            head = _events(scope, given, place)
            bound.append((head, _occurrences(scope, head, subject)))
    together.done()
    steps: list[c.Step] = []
    whole, before = None, 0
    for place, subject in enumerate(given.steps):
        within, later = None, None
        same: tuple[tuple[c.Field, c.Field], ...] = ()
        absent = bound[place][0].edge == "no" or (place > 0 and given.words[place - 1] == "not followed by")
        with together:
            within = _length(scope, subject.within) if subject.within else None
        with together:
            later = _length(scope, subject.later, "later") if subject.later else None
        with together:
            reach = _reach(scope, subject.within or given.within)
            same = _each_shared(scope, bound[before][0], bound[place][0], subject.with_the_same, reach)
            same = _as_before(same, steps[before].shared if steps else ())
        with together:
            _bounds(subject, later, within)
        steps.append(c.Step(bound[place][1], within, same, later, absent))
        before = before if absent else place
    with together:
        whole = _length(scope, given.within) if given.within else None
        if whole is not None and sum((step.later for step in steps if step.later), timedelta()) > whole:
            assert given.within is not None
            fail("bad-window", "The steps come so much later that all of them never lie within that time.",
                 given.within.span, "make it longer, or one of `later` shorter")  # fmt: skip
    together.done()
    (head, first), *_ = bound
    edge, window = head.edge, None
    assert edge in (None, "first", "last")
    if edge is not None:
        window, first = first.window, replace(first, window=c.Interval(None, scope.now))
        steps[0] = c.Step(first)
    return c.InSequence(tuple(steps), edge, window, whole, given.span)


def _bounds(subject: ast.Subject, later: timedelta | None, within: timedelta | None) -> None:
    """Of two bounds the lower one is no longer than the upper."""
    if later is not None and within is not None and later > within:
        assert subject.later is not None
        fail("bad-window", "No time is so much later and yet within the other: the step could never come.",
             subject.later.span, "make `later` the shorter one, or leave one of them out")  # fmt: skip


def _absent(scope: Scope, given: ast.Sequence, place: int, head: Events) -> None:
    """What must not come between two steps takes no bounds: it has the whole time between them."""
    subject = given.steps[place]
    last = place == len(given.steps) - 1
    if head.edge == "no" and last:
        _nothing_followed(scope, given, head)
    part = subject.later or (None if last else subject.within)
    if part is not None:
        fail("misplaced", "What must not follow may come at once as well: it is not bounded from below." if last else
             "What must not come between two steps has all the time there is, and no bound of its own.", part.span,
             "leave it out" if last else "leave it out, or put it behind the step that comes next")  # fmt: skip


def _nothing_followed(scope: Scope, given: ast.Sequence, head: Events) -> NoReturn:
    """`A then no B`, and `A then no B then no C`, of which `any of (B, C)` is one step."""
    subject, place = given.steps[-1], len(given.steps) - 2
    absent = [head.of]
    while place and isinstance(found := resolve(scope, given.steps[place].head), Events) and found.edge == "no":
        absent.insert(0, found.of)
        place -= 1
    before = given.steps[place].span
    bare = all(step == ast.Subject(step.head) for step in given.steps[place + 1 :])
    events = tuple(one for of in absent for one in (of.events if isinstance(of, ast.Either) else [ast.Subject(of)]))
    of = format_(ast.Subject(head.of if len(absent) == 1 else ast.Either(events)))
    fix = Fix(before.to(subject.head.span), f"{before.text} {word('NOT_FOLLOWED_BY')} {of}")
    fixes = [fix] if bare or len(absent) == 1 else []
    fail("misplaced", "That nothing followed is said in other words.", subject.head.span,
         "say" if fixes else "one step, `not followed by any of (..)`, ends a sequence", *fixes)  # fmt: skip


def _events(scope: Scope, given: ast.Sequence, place: int) -> Events:
    subject, link = given.steps[place], given.words[max(place - 1, 0)]
    head = resolve(scope, subject.head)
    if not isinstance(head, Events):
        what = "property" if isinstance(head, c.Field) else "measure"
        fail("not-an-event", f"The steps of a sequence are events, and `{format_(ast.Subject(subject.head))}` is a "
             f"{what}.", subject.head.span, "make it a condition of its own with `and`")  # fmt: skip
    if place and (head.edge == "no" or link == "not followed by"):
        _absent(scope, given, place, head)
    if head.edge == "every" or (head.edge == "no" and not place):
        never = f"not ({_plain(head)} {link} ..)" if head.edge == "no" else _plain(head)
        fail("misplaced", f"`{head.edge}` has no place in a sequence.", subject.head.span, f"say `{never}`")
    if head.edge not in (None, "no") and place:
        fail("misplaced", f"Only the first step can be the `{head.edge}` one: a later step is whatever comes after it.",
             subject.head.span, "say", _plain(head))  # fmt: skip
    timed(scope, head, link, subject.head.span)
    return head


def _plain(head: Events) -> str:
    return format_(ast.Subject(head.of))


def _occurrences(scope: Scope, head: Events, subject: ast.Subject) -> c.Occurrences:
    subject = settled(scope, subject, windowed=True)
    if head.edge in ("first", "last") and subject.close_to is not None:
        fail("misplaced", f"Whether the {head.edge} one of all is near a date is a condition of its own.",
             subject.close_to.span, "leave `within` out here, and say `and "
             f"{format_(ast.Subject(subject.head, close_to=subject.close_to))}`")  # fmt: skip
    if subject.comparison is not None:
        fail("misplaced", "A comparison has no place in a sequence; `where` narrows a step.", subject.comparison.span,
             f"for example `{_plain(head)} where (..)`")  # fmt: skip
    return occurrences(scope, head, (Around(scope, subject),))


def _length(scope: Scope, given: ast.Length, word: str = "within") -> timedelta:
    """A day is 24 hours here, a week 168; months and years differ in length."""
    duration = windows.length_of(scope, given)
    if duration.unit not in LENGTHS:
        days = duration.count * (30 if duration.unit == "mo" else 365)
        fail("bad-duration", f"`{length_text(given)}` is {format_(duration)}, and months and years differ in length: "
             f"`{word}` takes s, min, h, d and w.", given.span, "say", f"{days}d")  # fmt: skip
    try:
        length = LENGTHS[duration.unit] * duration.count
        _ = scope.now + length, scope.now - length
    except OverflowError:
        said = f"within {length_text(given)}" if word == "within" else f"at least {length_text(given)} later"
        fail("bad-window", f"`{said}` reaches beyond the years 1 to 9999.", given.span,
             "leave `within` out: then any time later will do" if word == "within"
             else "nothing can come so much later")  # fmt: skip
    return length


def _each_shared(
    scope: Scope, before: Events, after: Events, names: tuple[ast.Name, ...], reach: c.Interval
) -> tuple[tuple[c.Field, c.Field], ...]:
    """The properties that the two share at once, in a time that reaches from one to the other."""
    found: dict[tuple[c.Field, c.Field], None] = {}
    together = Together()
    for name in names:
        with together:
            pair = shared(scope, before, after, name, reach)
            once(name, pair in found)
            found[pair] = None
    together.done()
    return tuple(found)


def _as_before(
    same: tuple[tuple[c.Field, c.Field], ...], run: tuple[c.Field, ...]
) -> tuple[tuple[c.Field, c.Field], ...]:
    """In the order of the run that they go on with, which does not change what they say."""
    if {before for before, _ in same} != set(run):
        return same
    return tuple(sorted(same, key=lambda pair: run.index(pair[0])))


def _reach(scope: Scope, within: ast.Length | None) -> c.Interval:
    """How far two steps may lie apart; without a bound, or with one that is an error, any time."""
    try:
        length = _length(scope, within) if within else None
    except SegQLError:
        length = None
    # A step may lie a whole `within` later, where a window ends before its end.
    return _ANY_TIME if length is None else c.Interval(_SOME, _SOME + length + timedelta.resolution)


def shared(
    scope: Scope, before: Events, after: Events, name: ast.Name, reach: c.Interval = _ANY_TIME
) -> tuple[c.Field, c.Field]:
    """The property of both events, or of their items. Raises SegQLError where one lacks it, or their types differ."""
    together = Together()
    found: list[c.Field] = []
    for head in (before, after):
        with together:
            row = RowScope(head.names, "item beside event")
            field = row.field(scope, name)
            if field is None:
                no_property(scope, name, row)
            found.append(field)
    together.done()
    one, other = found
    comes_back(scope, one, c.Occurrences(before.names, reach), name.span)
    alike = one.type is other.type or (one.type in NUMBERS and other.type in NUMBERS)
    if not alike:
        fail("wrong-type", f"`{one.name}` of `{before.said}` is {article(one.type)}, but `{other.name}` of "
             f"`{after.said}` is {article(other.type)}.", name.span,
             "`with the same` needs values of one type")  # fmt: skip
    if one.type in _UNEQUAL:
        fail("wrong-type", f"`{one.name}` is {article(one.type)}, and `with the same` needs one value.", name.span,
             f"name a text, a number or a date: `with the same {_example(scope, before, after)}`")  # fmt: skip
    return one, other


def _example(scope: Scope, before: Events, after: Events) -> str:
    names = [
        n for n in RowScope(before.names, "event").names(scope) if n in RowScope(after.names, "event").names(scope)
    ]
    return format_name(names[0]) if names else ".."
