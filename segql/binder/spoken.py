"""What people leave open when they speak: which thing `it` is, and what a denial denies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from .. import ast
from ..catalog import fold
from ..catalog.forms import bases
from ..conditions import Field
from ..errors import Fix, SegQLError
from ..formatter import format as format_
from ..formatter import format_name
from ..source import Span
from ..words import pattern, say, spellings, word
from .advice.ambiguities import between
from .advice.phrases import channel_of
from .advice.suggestions import is_no_name
from .advice.things import through
from .again import located, said_of, with_its_verb
from .heads import Events, resolve
from .scope import Scope, fail
from .taken import as_taken

_ZERO, _ONE = ast.Number(Decimal(0)), ast.Number(Decimal(1))


_PEOPLE = re.compile(r"(?:er|or|ip)s$")
"""What a word for several people ends with: `non-buyers`, `newsletter subscribers`, `vips`."""

_IT = frozenset({"it", "them", "that", "this", "one", "any"})


def what_it_is(scope: Scope, before: ast.Rule, after: ast.Rule) -> None:
    """`received an email and did not open it`: the same thing afterwards, or any at all."""
    if not isinstance(before, ast.Subject) or not isinstance(after, ast.Subject):
        return
    said = said_of(scope, replace(before, window=None))
    one, name = said.head if isinstance(said, ast.Subject) else before.head, after.head
    if not isinstance(name, ast.Name) or name.quoted is not None or not isinstance(one, ast.Name):
        return
    verb, _, it = name.words.rpartition(" ")
    if not verb or fold(it) not in _IT or not is_no_name(scope, name):
        return
    first = scope.catalog.find_event(one.text) or next(iter(scope.catalog.events_meant(one.text)), None)
    thing = first.partition(" ")[2] if first else ""
    known = next(iter(scope.catalog.events_meant(f"{verb} {thing}")), None)
    if first is None or known is None:
        return
    base = said if isinstance(said, ast.Subject) else before
    done = replace(after, head=ast.Name(known), quantity=None, where=base.where, comments=())
    denied = after.quantity is not None and after.quantity.count == _ZERO
    if after.quantity is not None and not denied:
        return
    start = format_(replace(base, head=ast.Name(first), window=before.window, comments=()))
    then = "NOT_FOLLOWED_BY" if denied else "THEN"
    other = format_(replace(done, quantity=after.quantity))
    whole = before.span.to(after.span)
    fail("unknown-name", f"`{it}` is what was spoken of before, and that may be said in two ways.", whole, "say which:",
         Fix(whole, say(f"{{}} {then} {{}}", start, format_(done)), "this one"),
         Fix(whole, f"{start} {word('AND')} {other}", "any one"))  # fmt: skip


def what_is_denied(scope: Scope, before: ast.Rule, after: ast.Rule, every: bool) -> None:
    """`has not ordered or clicked sms`: is what follows denied as well? `did not order and clicked sms` says no."""
    if not isinstance(before, ast.Subject) or not isinstance(after, ast.Subject):
        return
    if not _is_denied(before):
        return
    never = before.quantity
    assert never is not None
    if isinstance(after.comparison, ast.Is) or (after.quantity and after.quantity.count == _ZERO):
        return
    between = Span(before.span.source, before.span.end, after.span.start).text
    if not re.fullmatch(pattern("(?:<AND>|<OR>)"), between.strip(), re.IGNORECASE) or not _is_event(scope, after):
        return
    if fold(never.span.text).startswith("did") and _is_finite(scope, after):
        return
    once = replace(before, quantity=None, comments=())
    one, other = format_(replace(before, comments=())), format_(replace(after, comments=()))
    said = [f"{other} and {one}" if every else f"({one}) or {other}", format_(ast.Not(ast.AnyOf((once, after))))]
    if every:
        said.append(format_(ast.Not(ast.All((once, after)))))
    elif fold(never.span.text).startswith("did") and _is_base(scope, after):
        said = said[1:]
        if after.window and not once.window:
            said.insert(0, format_(ast.Not(ast.AnyOf((replace(once, window=after.window), after)))))
    whole = before.span.to(after.span)
    alone = whole.text.strip() == whole.source.text.strip()
    denial, event = fold(never.span.text), format_(ast.Subject(after.head))
    fail("mixed-and-or", f"Whether `{denial}` denies `{event}` as well, nobody can tell.", whole, "say which:",
         *(Fix(whole, text if alone else f"({text})") for text in said))  # fmt: skip


def what_else_is_denied(scope: Scope, before: ast.Rule, after: ast.Rule) -> None:
    """`outside Germany or Austria`, `never bought beans or grinders`: is a thing that follows `or` denied as well?"""
    if not isinstance(after, ast.Subject) or not isinstance(name := after.head, ast.Name):
        return
    denies = _denies(before)  # else it may be a phrase that does
    if not (denies or isinstance(before, ast.Subject)) or not is_no_name(scope, name):
        return
    if not denies and not _denies(said_of(scope, before) or before):
        return
    if (
        denies
        and isinstance(before, ast.Subject)
        and isinstance(before.head, ast.Name)
        and is_no_name(scope, before.head)
    ):
        return  # a verb with a thing: what else is denied had the same done to it
    thing_alone = ast.Subject(name, span=name.span)
    if done := with_its_verb(scope, before, thing_alone, events=True):
        said = [("", say("NEVER {}", format_(done)))]  # one verb for both, and its denial
    elif isinstance(thing := with_its_verb(scope, before, thing_alone), ast.Subject) and thing.where:
        said = [("", say("NEVER {}", format_(thing)))]
    elif channel := channel_of(scope.catalog, name.text):
        if isinstance(said_of(scope, before), ast.Subject):  # something happened: consent is another thing
            fail("mixed-and-or", f"Whether `{name.text}` is denied as well, nobody can tell.", name.span)
        may = "" if re.match(r"(?:can|may)", before.span.text, re.IGNORECASE) else say("CAN_RECEIVE {}", channel)
        said = [(may, say("CANNOT_RECEIVE {}", channel))]
    else:
        said = [(one, f"{word('NOT')} {one}") for one in _of_its_verb(scope, name.text)]
    whole = before.span.to(after.span)
    alone = whole.text.strip() == whole.source.text.strip()
    rest = Span(name.span.source, name.span.end, after.span.end).text
    shared = rest if not said[:1] or not said[0][0] else ""  # the verb of both, and its window
    texts = [f"{before.span.text}{shared} {word('AND')} {denied}{rest}" for _, denied in said]
    texts += [f"{before.span.text} {word('OR')} {one}{rest}" for one, _ in said if one]
    if texts:
        fail("mixed-and-or", f"Whether `{name.text}` is denied as well, nobody can tell.", name.span, "say which:",
             *(Fix(whole, text if alone else f"({text})") for text in texts))  # fmt: skip


def _of_its_verb(scope: Scope, said: str) -> list[str]:
    """What a value says, `beans`; behind a verb, `order beans`, of the events that begin with it, and none else."""
    found, first = through(scope.catalog, said), {*bases(fold(said.split(maxsplit=1)[0]))}
    value = through(scope.catalog, said.split(" ", 1)[1]) if " " in said else []
    if not value or value != found:
        return found
    begun = [
        format_name(name)
        for name, event in scope.catalog.events.items()
        if any(not first.isdisjoint(bases(fold(one).split()[0])) for one in (name, *event.also))
    ]
    return [one for one in found if any(one.startswith(f"{event} ") for event in begun)]


def what_is_taken(scope: Scope, before: ast.Rule, after: ast.Rule, every: bool) -> None:
    """`not in list Newsletter or VIP club`: whether what stands behind a denial by its name alone is denied as well."""
    taken = scope.work.taken
    said, spoken = taken.get(after, after), after in taken or (not every and _inside(before) in taken)
    if not spoken or not isinstance(after, ast.Subject) or not isinstance(after.head, ast.Name):
        return
    first, other = before.span.text, format_(said)
    if after != ast.Subject(after.head) or not _is_named(scope, after.head, said, other):
        return
    denied = as_taken(scope, before)
    if not _denies(denied) or between(before, after) in spellings("BUT") or first.endswith(")"):
        return
    whole, link = before.span.to(after.span), word("AND" if every else "OR")
    texts = [f"{first} {word('AND')} {word('NOT')} {other}", f"({first}) {link} {other}"]
    if every and isinstance(denied, ast.Not) and fold(first).startswith(word("NOT")):
        texts.append(format_(ast.Not(ast.All((denied.part, said)))))
    alone = whole.text.strip() == whole.source.text.strip()
    fail("mixed-and-or", f"Whether `{after.span.text}` is denied as well, nobody can tell.", after.span, "say which:",
         *(Fix(whole, text if alone else f"({text})") for text in texts))  # fmt: skip


def whose_place(scope: Scope, before: ast.Rule, after: ast.Rule) -> None:
    """`newsletter subscribers or vips in Germany`: whether the place behind two kinds of people is that of both."""
    if not isinstance(before, ast.Subject) or not isinstance(after, ast.Subject):
        return
    heads = (before.head, after.head)
    if not isinstance(after.comparison, ast.InName) or before != ast.Subject(before.head):
        return
    if not all(isinstance(one, ast.Name) and _PEOPLE.search(fold(one.text)) for one in heads):
        return
    there, known = located(scope, after), said_of(scope, before)
    if not isinstance(there, ast.All) or len(there.parts) != 2 or known is None:
        return
    if "(" in Span(before.span.source, before.span.end, after.span.start).text:
        return
    (kind, place), first = map(format_, there.parts), format_(known)
    whole, and_, or_ = before.span.to(after.span), word("AND"), word("OR")
    texts = f"{first} {or_} ({kind} {and_} {place})", f"({first} {or_} {kind}) {and_} {place}"
    alone = whole.text.strip() == whole.source.text.strip()
    fail("mixed-and-or", "Whether the place is that of both, nobody can tell.", whole, "say which:",
         *(Fix(whole, text if alone else f"({text})") for text in texts))  # fmt: skip


def _inside(rule: ast.Rule) -> ast.Rule:
    return rule.part if isinstance(rule, ast.Not) else rule


def _is_named(scope: Scope, name: ast.Name, said: ast.Rule, text: str) -> bool:
    """Whether a list, a segment or what somebody is stands there by its name alone, without a verb of its own."""
    if _PEOPLE.search(fold(name.text)):
        return True
    if fold(name.text.split()[0]) not in re.findall(r"\w+", fold(text)):
        return False
    try:
        return isinstance(said, ast.InList | ast.InSegment) or (
            isinstance(said, ast.Subject) and isinstance(resolve(scope, said.head), Field)
        )
    except SegQLError:
        return False


def not_even_once(part: ast.Rule, span: Span) -> None:
    """Raises SegQLError for `not once ordered`, which is never to most, and by its words any other number."""
    if not isinstance(part, ast.Subject) or part.quantity is None or not isinstance(part.head, ast.Name):
        return
    often, name = part.quantity.span, part.head.span
    if often.end <= name.start and fold(often.text) in (*spellings("ONCE"), *spellings("TWICE")):
        once = replace(part, quantity=None, comments=())
        fewer = replace(part, quantity=ast.Quantity("<", part.quantity.count), comments=())
        less = say("NEVER {}", format_(once)) if part.quantity.count == _ONE else format_(fewer)
        other = format_(ast.Not(replace(part, comments=())))
        fail("syntax", f"Not {fold(often.text)}: less often, or more often as well?", span, "Write",
             Fix(span, less), Fix(span, other))  # fmt: skip


_TURNED: Mapping[str, ast.Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def not_so_many(scope: Scope, part: ast.Rule, span: Span) -> None:
    """Raises SegQLError for `not less than 50 points`: who has none known is in it, and not by its words."""
    if not isinstance(part, ast.Subject) or part.quantity is None or not isinstance(part.head, ast.Name):
        return
    many = part.quantity
    if many.op not in _TURNED or many.span.end > part.head.span.start or part != ast.Subject(part.head, many):
        return
    if not span.start < many.span.start:
        return  # `except customers with more than 100 points`
    if isinstance(resolve(scope, part.head), Field):
        name, count = format_(ast.Subject(part.head)), format_(replace(part, comments=()))
        turned = format_(ast.Subject(part.head, replace(many, op=_TURNED[many.op])))
        fail("syntax", f"Who has no {name} known: is that one as well?", span, "Write", Fix(span, turned),
             Fix(span, f"{word('NOT')} {count}", "and who has none known"))  # fmt: skip


def _denies(rule: ast.Rule) -> bool:
    """Whether the last that it says is that something is not so."""
    match rule:
        case ast.Not():
            return True
        case ast.All(parts=(*_, last)):
            return _denies(last)
        case ast.CanReceive(negated=negated):
            return negated
        case ast.Subject(quantity=quantity, comparison=comparison):
            return bool(getattr(comparison, "negated", False)) or (quantity is not None and quantity.count == _ZERO)
        case _:
            return False


def _is_denied(rule: ast.Subject) -> bool:
    never = rule.quantity
    return never is not None and never.count == _ZERO and fold(never.span.text) in spellings("DENIED")


def _is_event(scope: Scope, rule: ast.Subject) -> bool:
    try:
        head = resolve(scope, rule.head)
    except SegQLError:
        return False
    return isinstance(head, Events) and head.edge is None


def _is_base(scope: Scope, rule: ast.Subject) -> bool:
    """Whether an event is said in the form that stands behind `did not`, and is called otherwise."""
    return isinstance(rule.head, ast.Name) and not scope.catalog.find_event(rule.head.text)


def _is_finite(scope: Scope, rule: ast.Subject) -> bool:
    """Whether an event is said in another form than the one that stands behind `did not`."""
    if not isinstance(rule.head, ast.Name) or not scope.catalog.find_event(rule.head.text):
        return False
    return len(bases(fold(rule.head.text).split()[0])) > 1
