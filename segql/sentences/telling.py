"""What was done, with what stands around it, as conditions in words of SegQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..formatter import format_name
from ..plain import dataclass
from ..words import say, word
from .said import Said, joined

_IS = re.compile(rf"(?:^|\(| {word('AND')} )([^\W\d][\w ]*?) {word('IS')} \"")


@dataclass(frozen=True, slots=True)
class Around:
    """What is said of an event: tests of its `where`, how often, when.

    `each` are tests that all hold, at once or one by one; `either` those of which one does.
    """

    tests: tuple[str, ...] = ()
    each: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    times: str = ""
    window: str = ""
    sure: bool = True

    @property
    def is_bare(self) -> bool:
        """Whether nothing is said."""
        return not (self.tests or self.each or self.either or self.times or self.window)


def told(event: str, around: Around, denied: bool = False) -> Iterator[Said]:
    """The condition, or those that it may be: one and another thing at once, or each at some time."""
    name = format_name(event)

    def one(tests: tuple[str, ...]) -> Said:
        where = f" {word('WHERE')} {in_where(tests)}" if tests else ""
        rest = f"{where} {around.times}".rstrip() + f" {around.window}".rstrip()
        if denied and around.times:
            return Said(f"{word('NOT')} ({name}{rest})", "", False)
        return Said(say("NEVER {}", name) + rest if denied else name + rest, "", around.sure)

    if around.either:
        parts, tests = shared_by(around.either, around.tests)
        if denied:
            yield joined([one((*tests, test)) for test in parts], "AND")
            return
        yield one((*tests, any_of(parts)))
        return
    if not around.each:
        yield one(around.tests)
        return
    each, tests = shared_by(around.each, around.tests)
    apart = joined([one((*tests, test)) for test in each], "AND")
    at_once = one((*tests, *each))
    yield apart.unsure("each at some time" if not denied else "neither of them")
    yield at_once.unsure("at once")


def shared_by(parts: tuple[str, ...], tests: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """One of several things, each with what is said of all; and what is left that is said beside them.

    `a Molen or Øst machine` is one item. What is of another kind already has a noun of its own: of `grinders or Molen
    beans` the grinders are no beans.
    """
    if not parts or len(tests) != 1 or not all(map(_told_by, (*parts, *tests))):
        return parts, tests
    (test,) = tests
    own = [bool(_told_by(part) & _told_by(test)) for part in parts]
    both = [part if is_own else one_item(test, part) for part, is_own in zip(parts, own, strict=True)]
    if all(both):
        return tuple(both), ()
    if any(own) and not any(one.startswith(word("ANY_ITEM", "any")) for one in (*parts, test)):
        return tuple(part if is_own else all_tests((test, part)) for part, is_own in zip(parts, own, strict=True)), ()
    return parts, tests


def _told_by(test: str) -> frozenset[str]:
    """The properties whose one value a test asks for."""
    return frozenset(_IS.findall(test))


def with_the_noun(first: Around, other: Around) -> tuple[Around, Around]:
    """`Molen` and `Øst beans`, `beans from Molen` and `Øst`: the shorter with what the longer has as well, where that
    may be meant; `grinders` and `Molen beans` as they are.
    """
    if len(first.tests) != 1 or len(other.tests) != 1:
        return first, other
    (one,), (two,) = first.tests, other.tests
    if _told_by(one) < _told_by(two) and _IS.findall(two)[0] in _told_by(one):
        return replace(first, tests=(_with_more(one, two) or one,)), other
    if _told_by(two) < _told_by(one):
        return first, replace(other, tests=(_with_more(two, one) or two,))
    return first, other


def _with_more(test: str, longer: str) -> str:
    """A test of an item with what the other asks for besides."""
    any_item, link = f"{word('ANY_ITEM', 'any')} (", f" {word('AND')} "
    more = [
        one for one in longer.removeprefix(any_item).removesuffix(")").split(link) if not _told_by(one) & _told_by(test)
    ]
    return one_item(test, f"{any_item}{link.join(more)})")


def test_denied(test: str) -> str:
    """What is tested of an event, as not so: `no item (..)`, `coupon is not set`."""
    any_, is_set = word("ANY_ITEM", "any"), f" {word('IS_SET', 'set')}"
    if test.startswith(f"{any_} ("):
        return word("ANY_ITEM", "no") + test.removeprefix(any_)
    if test.endswith(is_set):
        return test.removesuffix(is_set) + f" {word('IS_SET', 'not set')}"
    return f"{word('NOT')} {test}"


def in_where(tests: tuple[str, ...]) -> str:
    """Tests as they stand behind `where`."""
    if len(tests) == 1 and f" {word('AND')} " not in tests[0] and f" {word('OR')} " not in tests[0]:
        return tests[0]
    inside = f" {word('AND')} ".join(f"({one})" if f" {word('OR')} " in one and one[0] != "(" else one for one in tests)
    return tests[0] if len(tests) == 1 and tests[0].startswith(word("ANY_ITEM", "any")) else f"({inside})"


def one_item(test: str, other: str) -> str:
    """Two tests of items as those of one: `an Espresso product from Molen`; empty where one is of something else."""
    any_item = f"{word('ANY_ITEM', 'any')} ("
    if not test.startswith(any_item) or not other.startswith(any_item):
        return ""
    return f"{test[:-1]} {word('AND')} {other.removeprefix(any_item)}"


def all_tests(tests: tuple[str, ...]) -> str:
    """All of several tests."""
    return f" {word('AND')} ".join(tests)


def any_of(parts: tuple[str, ...]) -> str:
    """One of several things."""
    return "(" + f" {word('OR')} ".join(f"({one})" if f" {word('AND')} " in one else one for one in parts) + ")"
