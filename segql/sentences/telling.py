"""What was done, with what stands around it, as conditions in words of SegQL."""

from __future__ import annotations

from collections.abc import Iterator

from ..formatter import format_name
from ..plain import dataclass
from ..words import say, word
from .said import Said, joined


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
        parts, tests = around.either, around.tests
        both = [one_item(tests[0], part) for part in parts] if len(tests) == 1 else [""]
        if all(both):  # `a Molen or Øst machine` is one item
            parts, tests = tuple(both), ()
        if denied:
            yield joined([one((*tests, test)) for test in parts], "AND")
            return
        yield one((*tests, _any(parts)))
        return
    if not around.each:
        yield one(around.tests)
        return
    apart = joined([one((*around.tests, test)) for test in around.each], "AND")
    at_once = one((*around.tests, *around.each))
    yield apart.unsure("each at some time" if not denied else "neither of them")
    yield at_once.unsure("at once")


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


def _any(parts: tuple[str, ...]) -> str:
    """One of several things."""
    return "(" + f" {word('OR')} ".join(f"({one})" if f" {word('AND')} " in one else one for one in parts) + ")"
