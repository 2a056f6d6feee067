"""The rows that a test gives: each fact, a condition of a rule, becomes what a row of a profile has.

`country is "DE"` is a value of the profile, `placed order twice 3 days ago where total is 30` are two events. What is
denied gives nothing. A fact says one thing exactly; all of them are asked of the rows that were made, so that what
was given holds, or is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NoReturn, TypeAlias

from .. import ast, binder, evaluator
from .. import conditions as c
from ..arguments import context
from ..ast import All, AnyOf, Not
from ..catalog import Catalog
from ..errors import Problem, SegQLError, problem
from ..evaluator import Key, Shop
from ..project import Project
from ..source import Span

Values: TypeAlias = dict[str, Any]
MOST = 1_000
"""Events, or items of one, that a fact may be."""
_KEYS: Mapping[str, Key] = {"text": "given", "integer": 1, "uuid": "00000000-0000-0000-0000-000000000001"}


def key_of(catalog: Catalog) -> Key:
    """The key of the one profile."""
    return _KEYS[catalog.profiles.key_type]


def alone(project: Project) -> Project:
    """The project as tests see it: of one tenant, whose rows need not say so. `now` is read once."""
    catalog = project.catalog.model_copy(update={"tenant": None})
    return replace(project, catalog=catalog, now=project.instant(), warehouse=None)


def given(facts: ast.Rule, project: Project) -> Shop:
    """One profile of which the facts hold, and nothing else is known. Raises SegQLError for what gives no rows."""
    catalog, now = project.catalog, project.instant()
    key = key_of(catalog)
    made = _Made({"key": key}, {}, {}, {}, project)
    problems, bound = list[Problem](), list[tuple[ast.Rule, c.Tree[c.Condition]]]()
    for fact in _each(facts):
        try:
            bound.append((fact, made.add(fact)))
        except SegQLError as error:
            problems += error.problems
    if problems:
        raise SegQLError(problems)
    shop = Shop([made.profile], made.events, made.channels, made.lists)
    for fact, meant in bound:
        if not evaluator.holds(meant, shop, catalog, now, key):
            _refused(fact.span, "This does not hold for what is given here.", "two facts may say two things of one")
    return shop


def _each(facts: ast.Rule) -> Iterator[ast.Rule]:
    if isinstance(facts, All):
        for part in facts.parts:
            yield from _each(part)
    else:
        yield facts


def _refused(span: Span, said: str, hint: str = "", *fixes: str) -> NoReturn:
    raise SegQLError([problem("misplaced", said, span, hint, *fixes)])


class _Made:
    """The rows so far."""

    def __init__(
        self,
        profile: Values,
        events: dict[str, list[Values]],
        channels: dict[str, list[Values]],
        lists: dict[str, list[Values]],
        project: Project,
    ) -> None:
        self.profile, self.events, self.channels, self.lists, self.project = profile, events, channels, lists, project
        self.key, self.now = profile["key"], project.instant()

    def add(self, fact: ast.Rule) -> c.Tree[c.Condition]:
        """Adds the rows of a fact, and gives what it means."""
        exact, phrase = _exact(fact)
        meant = self._bound(phrase)
        if exact and any(isinstance(part, c.FieldWithin) and isinstance(part.window, c.Days) for part in _parts(meant)):
            exact, meant = False, self._bound(_on_its_day(fact))  # of a date-only property `3 days ago` is a day
        if exact:
            meant = _at_once(meant)
        if not isinstance(fact, Not):
            for part in _parts(meant):
                self._row(part, exact, fact.span)
        return meant

    def _bound(self, rule: ast.Rule) -> c.Tree[c.Condition]:
        project = self.project
        values = context(project.catalog, project.segments, project.parameters)
        lets, saved = project.segments.values, project.segments.segments
        return binder.bind(rule, project.catalog, self.now, lets=lets, segments=saved, parameters=values).rule

    def _row(self, fact: c.Tree[c.Condition], exact: bool, span: Span) -> None:
        match fact:
            case Not():
                pass
            case c.Occurs(of=of, at_least=number):
                self._events(of, number, exact, span)
            case c.Consent(channel=name, given=receives, reason=reason, window=window):
                at = self._at(window, exact, span) if window else self.now - timedelta(days=1)
                row = {"profile": self.key, "receives": receives, "reason": reason, "time": at}
                self.channels.setdefault(name, []).append(row)
            case c.InList(list=name, window=window):
                at = self.now - timedelta(days=1)
                if window.start is not None:
                    at = self._at(window, exact, span)
                self.lists.setdefault(name, []).append({"profile": self.key, "time": at})
            case c.Near(field=field, place=place) if place is not None:
                self.profile[field.name] = place
            case _ if isinstance(fact, c.FieldCondition):
                name, value = self._value(fact, exact, span)
                self.profile[name] = value
            case _:
                _refused(span, "This gives no rows: a fact says what one row has.", "Facts are as these:",
                         *self._examples())  # fmt: skip

    def _examples(self) -> Iterator[str]:
        for event, one in self.project.catalog.events.items():
            if one.time is not None and not one.any_of:
                yield f"{event} 2 hours ago"
                break
        yield from (f"can receive {channel}" for channel in [*self.project.catalog.channels][:1])

    def _events(self, of: c.Occurrences, number: int, exact: bool, span: Span) -> None:
        if number > MOST:
            _refused(span, f"A fact is {MOST:,} events at most.")
        if number and len(of.events) > 1:
            _refused(span, "Which of these events is it?", "say one:", *of.events[:5])
        event = self.project.catalog.events[of.events[0]]
        row: Values = {"profile": self.key}
        if event.time is not None and number:
            if of.window.start is None:
                _refused(span, f"When was `{of.events[0]}`?", "say it:", f"{of.events[0]} 2 hours ago")
            row["time"] = self._at(of.window, exact, span)
        items = list[Values]()
        for part in _parts(of.where):
            match part:
                case c.AnyItem(where):
                    items.append(self._item(where, span))
                case c.ItemCount(where, at_least):
                    if at_least > MOST:
                        _refused(span, f"An event has {MOST:,} items at most here.")
                    items += [self._item(where, span)] * at_least
                case c.OfEvent() | Not():
                    pass
                case _:
                    name, value = self._value(part, False, span, "event")
                    row[name] = value
        if items:
            row["items"] = items
        self.events.setdefault(of.events[0], []).extend([row] * number)

    def _item(self, where: c.Tree[c.FieldCondition], span: Span) -> Values:
        return dict(self._value(part, False, span, "item") for part in _parts(where))

    def _value(self, fact: Any, exact: bool, span: Span, scope: c.Scope = "profile") -> tuple[str, object]:
        """The property that a condition is about, and the one value that it says."""
        match fact:
            case c.FieldComparison(field=field, op="=", right=right) if not isinstance(right, c.Field):
                value: object = right
            case c.FieldIn(field=field, values=(right,)):
                value = right
            case c.FieldIncludes(field=field, values=values):
                value = list(values)
            case c.FieldWithin(field=field, window=window):
                value = self._at(window, exact, span)
            case _:
                _refused(span, "This says no value: a fact has `is` and one value.")
        if field.scope != scope or field.part is not None or not self._declared(field, span):
            _refused(span, f"`{field.name}` cannot be given here: it follows from other values.")
        return field.name, value

    def _declared(self, field: c.Field, span: Span) -> bool:
        catalog = self.project.catalog
        if field.scope == "profile":
            return field.name in catalog.profiles.properties
        owners = [event.items if field.scope == "item" else event for event in catalog.events.values()]
        return any(owner is not None and field.name in owner.properties for owner in owners)

    def _at(self, window: c.Interval | c.Days, exact: bool, span: Span) -> Any:
        """The instant, or the day, that is meant: the beginning of an exact one, else the middle of a stretch."""
        start, end = window.start, window.end
        if start is None or (end is None and not exact):
            _refused(span, "When was this?", "a moment or a stretch with both ends: `2 hours ago`, `yesterday`")
        if exact or end is None or start == end:
            return start
        if isinstance(window, c.Days):
            return _middle_day(start, end)
        assert isinstance(start, datetime)
        assert isinstance(end, datetime)
        return start + (end - start) / 2


def _middle_day(start: date, end: date) -> date:
    return start + timedelta(days=((end - start).days - 1) // 2)


def _parts(tree: Any) -> Iterator[Any]:
    """What must hold, one by one; a choice is what it is."""
    if isinstance(tree, All):
        for part in tree.parts:
            yield from _parts(part)
    elif isinstance(tree, AnyOf) and len(tree.parts) == 1:
        yield from _parts(tree.parts[0])
    else:
        yield tree


def _exact(fact: ast.Rule) -> tuple[bool, ast.Rule]:
    """Whether a fact says its instant, `2 hours ago`; and the fact from then on, which a rule may say."""
    match fact:
        case (ast.Subject() | ast.CanReceive() | ast.InList()) as said:
            match said.window:
                case ast.At(moment):
                    return True, replace(said, window=ast.Relative("since", moment, moment.span))
    return False, fact


def _at_once(tree: Any) -> Any:
    """What is said of all time from an instant on, of that instant alone."""
    match tree:
        case All(parts):
            return All(tuple(map(_at_once, parts)))
        case Not(part):
            return Not(_at_once(part))
        case c.Occurs(of=of):
            return replace(tree, of=replace(of, window=_instant(of.window)))
        case c.FieldWithin(window=c.Interval() as window) | c.Consent(window=c.Interval() as window):
            return replace(tree, window=_instant(window))
        case c.InList(window=window):
            return replace(tree, window=_instant(window))
    return tree


def _instant(window: c.Interval) -> c.Interval:
    if window.start is None or window.start == window.end:
        return window
    return c.Interval(window.start, window.start + timedelta(microseconds=1))


def _on_its_day(fact: ast.Rule) -> ast.Rule:
    if isinstance(fact, ast.Subject) and isinstance(fact.window, ast.At):
        return replace(fact, window=ast.Relative("on", fact.window.moment, fact.window.span))
    return fact
