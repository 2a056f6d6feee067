"""Every example of the grammar and every case, built in Python from its tree by nothing but the builder's words.

A form that the builder has no word for, or a part that a word does not take, fails here, also one that is new.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import segql
from segql import ast
from segql import rules as written

from ..case_files import read_case

rules: Any = written
"""What a text says decides which words are called: types say nothing of that."""
GRAMMAR = Path(__file__, "../../../grammar/segql.lark").resolve()
CASES = sorted(Path(__file__).resolve().parents[1].glob("cases/**/*.segql-case"))
EXAMPLES = re.findall(r"^ *//> ?(.*)", GRAMMAR.read_text(), re.MULTILINE)


def name(given: Any) -> Any:
    return rules.name(given.words) if given.quoted is None else rules.quoted(given.quoted, given.words)


def maybe(given: ast.Name | None) -> ast.Name | None:
    return None if given is None else name(given)


def length(given: Any) -> Any:
    if isinstance(given, ast.Name):
        return name(given)
    units = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days", "w": "weeks", "mo": "months", "y": "years"}
    return rules.length(**{units[given.unit]: given.count})


def value(given: Any) -> Any:
    """An operand: a Python value where it is a literal."""
    match given:
        case ast.Name():
            return name(given)
        case ast.Duration():
            return length(given)
        case ast.Percent():
            return rules.percent(given.value)
        case ast.Money():
            return rules.money(given.value, given.currency)
        case ast.DatePart():
            return rules.date_part(given.part, name(given.property))
        case ast.DaysFrom():
            return rules.days_from(name(given.start), name(given.end))
        case ast.Their():
            return rules.their(name(given.property))
        case ast.Scaled():
            return condition(given.of) if given.factor == 1 else rules.times(given.factor, condition(given.of))
        case ast.Population():
            statistic: Any = given.percentile if given.statistic == "percentile" else given.statistic
            return rules.the(
                statistic,
                of=given.measure and condition(given.measure),
                segment=given.segment and segment(given.segment),
                within_each=maybe(given.each),
                factor=given.factor,
            )
        case _:
            return given.value


def moment(given: Any) -> Any:
    match given:
        case ast.Date() | ast.Time():
            return given.value
        case ast.Day():
            return given.name
        case ast.Ago():
            return rules.ago(length(given.length), whole_day=given.whole_day)
        case ast.FromNow():
            return rules.from_now(length(given.length))
        case _:
            return name(given)


def window(given: Any) -> Any:
    match given:
        case ast.InLast(explicit=True):
            return rules.in_last(length(given.length))
        case ast.InLast():
            return rules.within(length(given.length))
        case ast.InNext():
            return rules.in_next(length(given.length))
        case ast.BetweenAgo():
            return rules.between_ago(length(given.one), length(given.other))
        case ast.MoreThanAgo():
            return rules.more_than_ago(length(given.length))
        case ast.Relative():
            return getattr(rules, given.word)(moment(given.moment))
        case ast.BetweenMoments():
            return rules.between(moment(given.start), moment(given.end))
        case ast.Period(unit=None):
            return getattr(rules, given.name)
        case ast.Period(name="this" | "so far"):
            return rules.this(given.unit, so_far=given.name == "so far")
        case ast.Period(name="last"):
            return rules.last(given.unit, given.count)
        case ast.Period():
            return rules.following(given.unit)
        case ast.Ever():
            return rules.ever
    raise AssertionError(given)


def segment(given: ast.SegmentRef) -> Any:
    said = {key.words.replace(" ", "_"): value(one) for key, one in given.arguments}
    return rules.segment(name(given.name), **said)


def events(given: Any) -> Any:
    match given:
        case ast.Either():
            return rules.any_of(*(condition(one, True) if one.where else name(one.head) for one in given.events))
        case ast.AllOf():
            return rules.all_of(*(condition(one, True) if one.where else events(one.head) for one in given.events))
        case ast.Edge():
            return rules.edge(given.word, events(given.of))
        case _:
            return name(given)


def measure(given: Any) -> Any:
    match given:
        case ast.Aggregate():
            return rules.value_of(given.kind, maybe(given.property), events(given.of))
        case ast.DatePart() | ast.DaysFrom():
            return value(given)
        case ast.Anniversary():
            return rules.anniversary_of(name(given.property))
        case _:
            return events(given)


def count(given: Any) -> Any:
    return name(given) if isinstance(given, ast.Name) else int(given.value)


def head(given: ast.Subject, step: bool) -> Any:
    """What begins a condition, with its comparison."""
    comparison = given.comparison
    match given.head:
        case ast.Terms(terms, signs):
            found = condition(terms[0])
            for sign, term in zip(signs, terms[1:], strict=True):
                found = found + condition(term) if sign == "+" else found - condition(term)
        case ast.Share(op, least, whose, most):
            return rules.share(op, least.value, events(whose), most.value if most else None)
        case _ if isinstance(comparison, ast.Is) and comparison.what == "had":
            return rules.had(events(given.head), no=comparison.negated)
        case _:
            counted = (given.quantity, given.regularity, given.different, given.close_to, given.within, given.later)
            is_event = step or any(part is not None for part in counted)
            found = rules.did(events(given.head)) if is_event and comparison is None else rules.of(measure(given.head))
    return found if comparison is None else compared(found, comparison)


NAMES = {"=": "is_", "!=": "is_not", ">": "above", "<": "below", ">=": "at_least", "<=": "at_most"}
LIKE = {"contains": "contains", "starts with": "starts_with", "ends with": "ends_with"}


def compared(of: Any, said: ast.Comparison) -> Any:
    match said:
        case ast.Compare():
            return getattr(of, NAMES[said.op])(value(said.right))
        case ast.Between():
            return of.between(value(said.low), value(said.high))
        case ast.In():
            return of.is_in(*map(value, said.values), negated=said.negated)
        case ast.InName():
            return of.is_in_set(name(said.name), negated=said.negated)
        case ast.Like(how="matches" | "matches regex"):
            return of.matches(value(said.pattern), regex=said.how != "matches", negated=said.negated)
        case ast.Like():
            return getattr(of, LIKE[said.how])(value(said.pattern), negated=said.negated)
        case ast.Includes():
            return of.includes(*map(value, said.values), how=said.how, negated=said.negated)
        case ast.IncludesLike():
            return of.include_like(said.how, said.like, value(said.pattern), negated=said.negated)
        case ast.Is(what="set"):
            return of.is_set(negated=said.negated)
        case ast.Is():
            return of.is_empty(negated=said.negated)
    raise AssertionError(said)


def condition(given: ast.Subject, step: bool = False) -> Any:
    if step and isinstance(given.comparison, ast.InName):  # `opened email in recently`: which it is, the catalog knows
        return rules.did(events(given.head)).within(name(given.comparison.name))
    found = head(given, step)
    if given.quantity:
        found = often(found, given.quantity)
    if given.window:
        found = found.during(window(given.window))
    if given.where:
        found = found.where(built(given.where))
    if given.has:
        found = found.has(built(given.has))
    if given.with_the_same:
        found = found.with_the_same(*map(name, given.with_the_same))
    if given.within:
        found = found.soon(length(given.within))
    if given.later:
        found = found.later(length(given.later))
    if habit := given.regularity:
        period = length(ast.Duration(habit.length, habit.unit))
        found = found.in_periods(count(habit.quantity.count), habit.periods, period, **op(habit.quantity))
    if days := given.different:
        found = found.on_different(count(days.quantity.count), days.unit, in_a_row=days.in_a_row, **op(days.quantity))
    if near := given.close_to:
        found = found.close_to(length(near.length), name(near.property), near.side)
    return found


def often(found: Any, said: ast.Quantity) -> Any:
    if said.op == "between":
        return found.between_times(count(said.count), count(said.most))
    words = {
        "=": "exactly",
        "!=": "not_exactly",
        ">": "more_than",
        "<": "fewer_than",
        ">=": "at_least",
        "<=": "at_most",
    }
    return getattr(found, words[said.op])(count(said.count))


def op(said: ast.Quantity) -> dict[str, Any]:
    return {"op": said.op, "most": said.most and count(said.most)}


def built(tree: Any) -> Any:
    """The rule of a tree, by the builder."""
    match tree:
        case ast.All(()):
            return rules.everyone
        case ast.AnyOf(()):
            return rules.no_one
        case ast.All((first, *rest)):
            found = built(first)
            for part in rest:
                found = found & built(part)
            return found
        case ast.AnyOf((first, *rest)):
            found = built(first)
            for part in rest:
                found = found | built(part)
            return found
        case ast.Not():
            return ~built(tree.part)
        case ast.Subject():
            return condition(tree)
        case ast.Items("count", quantity=ast.Quantity() as often_):
            return rules.items(
                often_.op, count(often_.count), tree.where and built(tree.where), most=op(often_)["most"]
            )
        case ast.Items():
            return getattr(rules, f"{tree.how}_item")(built(tree.where))
        case ast.Sequence():
            first, *steps = (condition(step, True) for step in tree.steps)
            found = first
            for place, (word, step) in enumerate(zip(tree.words, steps, strict=True)):
                all_within = tree.within and length(tree.within) if not place else None
                found = (
                    found.then(step, all_within=all_within) if word == "then"
                    else getattr(found, word.replace(" ", "_"))(step)
                )  # fmt: skip
            return found
        case ast.CanReceive():
            make = rules.cannot_receive if tree.negated else rules.can_receive
            because = tree.reason and value(tree.reason)
            return make(name(tree.channel), because=because, during=tree.window and window(tree.window))
        case ast.InList(joined=True):
            return rules.joined_list(name(tree.name), tree.window and window(tree.window))
        case ast.InList():
            return rules.in_list(name(tree.name))
        case ast.InSegment("in"):
            return rules.in_segment(segment(tree.segment))
        case ast.InSegment("was in"):
            return rules.was_in_segment(segment(tree.segment), length(tree.length))
        case ast.InSegment():
            make = rules.entered_segment if tree.word == "entered" else rules.left_segment
            return make(segment(tree.segment), window(tree.window))
        case ast.Rank():
            size = rules.percent(tree.size.value) if isinstance(tree.size, ast.Percent) else count(tree.size)
            among = tree.among and segment(tree.among)
            return rules.rank(tree.word, size, condition(tree.by), among=among, within_each=maybe(tree.each))
        case ast.Near():
            at = name(tree.place) if isinstance(tree.place, ast.Name) else tree.place
            return rules.near(tree.distance, at, tree.unit)
        case ast.Random():
            return rules.random(tree.percent.value, tree.seed and tree.seed.value)
    raise AssertionError(tree)


def trees() -> list[Any]:
    found = []
    for text in [*EXAMPLES, *(read_case(path).sections["rule"] for path in CASES)]:
        try:
            found.append(segql.parse(text))
        except segql.SegQLError:
            continue
    return found


def test_what_texts_say_can_be_built() -> None:
    wrong = []
    for tree in trees():
        try:
            made = built(tree)
            if segql.parse(str(made)) != tree or (made.tree != tree and "InName" not in repr(tree)):
                wrong.append(f"{segql.format(tree)}: {made}")
        except Exception as error:
            wrong.append(f"{segql.format(tree)}: {type(error).__name__} {error}")
    assert not wrong, "\n".join(wrong)
