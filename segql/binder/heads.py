"""What the head of a phrase is: an event, a measure, a property.

The whole name first, then the words that may begin it: `first`, `last`, `number of`, ..
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Literal, NoReturn, TypeAlias

from .. import ast, parser
from ..catalog import Catalog, fold
from ..conditions import Field
from ..errors import Fix, SegQLError, problem
from ..formatter import format as format_
from ..formatter import format_name
from ..plain import dataclass
from ..source import Span
from ..words import pattern, say, spellings, word
from .advice.names import alike
from .advice.phrases import begun as begun_with
from .advice.phrases import phrased
from .advice.suggestions import meant
from .advice.things import of_people, through
from .dates import part_of
from .openings import openings, opens
from .rows import PROFILE
from .scope import Scope, Together, fail, listed, unknown
from .taken import keeping

EdgeWord = Literal["first", "last", "every", "no"]

_PARTED = r"\s+(?:<WHERE>|<HAS>|<IN>|<ON>|<WITHIN>|<THEN>|<RELATIVE>)\s+(?P<rest>\w+)"


@dataclass(frozen=True, slots=True)
class Events:
    """One event or several pooled, by leaf; the events alone as the rule says them, and the word before them."""

    names: tuple[str, ...]
    of: ast.Name | ast.Either
    said: str
    edge: EdgeWord | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """`sum of total of placed order`, `number of placed order`, ..; `most common brand of placed order`, no number."""

    aggregate: ast.Aggregate
    events: Events


@dataclass(frozen=True, slots=True)
class Shared:
    """`at least 80% of placed order`."""

    share: ast.Share
    events: Events


@dataclass(frozen=True, slots=True)
class MetricHead:
    """A metric of the catalog, by its spelling there."""

    name: str


BoundHead: TypeAlias = Events | Measured | Shared | MetricHead | Field | ast.Terms


def resolve(scope: Scope, head: ast.Head) -> BoundHead:
    """What the catalog says a head is. Raises SegQLError for names that it does not know."""
    match head:
        case ast.Name():
            return _name(scope, head)
        case ast.Either():
            return events(scope, head)
        case ast.AllOf():
            fail("not-an-event", "`all of (..)` is a condition of its own.", head.span, "join it by `and`")
        case ast.Edge(word=edge, of=of):
            return replace(events(scope, of), edge=edge)
        case ast.Aggregate(of=of):
            return Measured(head, events(scope, of))
        case ast.DatePart(part=part, property=name) if _of_event(scope, name):
            return resolve(scope, replace(name, words=f"{word('DATE_PART_OF', part)} {name.words}", span=head.span))
        case ast.DatePart() | ast.DaysFrom():
            return part_of(scope, head, PROFILE)
        case ast.Terms():
            return head
        case ast.Anniversary():
            fail("not-a-measure", "An anniversary is a day of each year, and no number.", head.span,
                 f"say when it is: `{format_(ast.Subject(head))} in the next 7 days`")  # fmt: skip
        case ast.Share(of=of):
            return Shared(head, events(scope, of))


def _of_event(scope: Scope, name: ast.Name) -> bool:
    """`weekday of last placed order`: of the event's own time, and of no date of the profile's."""
    found = None if PROFILE.field(scope, name) else opened(scope, name)
    return isinstance(found, Events) and found.edge in ("first", "last")


def events(scope: Scope, of: ast.Name | ast.Either) -> Events:
    """The leaf events of a name that must be an event, or of `any of (..)`."""
    if isinstance(of, ast.Name):
        found = scope.catalog.find_event(of.text) or _event_meant(scope, of)
        if found is None:
            kind = (
                "a property" if PROFILE.field(scope, of) else "a metric" if scope.catalog.find_metric(of.text) else ""
            )
            unknown("event", of, event_names(scope), f"`{of.text}` is {kind}" if kind else "")
        return Events(scope.catalog.leaf_events(found), of, found)
    together = Together()
    every: list[Events] = []
    for one in of.events:
        with together:
            assert isinstance(one.head, ast.Name)
            every.append(events(scope, one.head))
    together.done()
    leaves = tuple(dict.fromkeys(leaf for one in every for leaf in one.names))
    return Events(leaves, of, say("ANY_OF ({})", ", ".join(format_name(one.said) for one in every)))


def _event_meant(scope: Scope, name: ast.Name) -> str | None:
    """The event that a name is about in other forms of its words: `open an email`. Raises SegQLError for several."""
    if name.words and name.quoted is not None:
        return None
    found = scope.catalog.events_meant(name.text)
    if len(found) > 1:
        fail("ambiguous-name", f"`{name.text}` may be {listed(found, word('OR'))}.", name.span, "say which:",
             *map(format_name, found))  # fmt: skip
    return found[0] if found else None


def without_article(name: ast.Name) -> ast.Name | None:
    """`a birthday` is `birthday`."""
    first, _, rest = name.words.partition(" ")
    return replace(name, words=rest) if rest and name.quoted is None and fold(first) in spellings("ARTICLE") else None


def event_names(scope: Scope) -> Iterable[str]:
    """Every name of an event, its other ones too."""
    for key, event in scope.catalog.events.items():
        yield key
        yield from event.also


def _name(scope: Scope, name: ast.Name) -> BoundHead:
    catalog, text = scope.catalog, name.text
    reading = opened(scope, name)
    if name.words and name.quoted is not None:
        # `last "seen"`: only the word and the event.
        if reading is None and (number := PROFILE.field(scope, name)) is not None:
            return number
        if reading is None:
            if opens(name.words):
                unknown("event", ast.Name("", name.quoted, name.span), event_names(scope))
            fail("unknown-name", f"`{name.words}` says nothing before a quoted name.", name.span,
                 *(meant(scope, name) or ("quote the whole name:", f'"{text}"')))  # fmt: skip
        return reading
    whole: BoundHead | None
    if event := catalog.find_event(text):
        whole = Events(catalog.leaf_events(event), name, event)
    elif metric := catalog.find_metric(text):
        whole = MetricHead(metric)
    else:
        whole = PROFILE.field(scope, name)
    if whole is not None and reading is not None and _has_it(scope, reading):
        one = next(iter(openings(name)))
        fail("ambiguous-name", f"`{text}` is a name in the catalog, and `{one.rest}` is an event of its own.",
             name.span, "say which:", Fix(name.span, f'"{text}"', "the name"),
             Fix(name.span, f'{one.words} "{one.rest}"', "the event"))  # fmt: skip
    return whole or reading or _meant(scope, name) or _unknown(scope, name)


def _has_it(scope: Scope, reading: Events | Measured) -> bool:
    """`date of first purchase` is a name, where the event has no such property."""
    if isinstance(reading, Events) or (name := reading.aggregate.property) is None:
        return True
    return any(scope.catalog.find_event_property(event, name.text) for event in reading.events.names)


def _meant(scope: Scope, name: ast.Name) -> BoundHead | None:
    """What a name is about that nothing has as it is written: without its article, in other forms of its words."""
    if (bare := without_article(name)) and (field := PROFILE.field(scope, bare)):
        return field
    if bare and (metric := scope.catalog.find_metric(bare.text)):
        return MetricHead(metric)
    if event := _event_meant(scope, name):
        return Events(scope.catalog.leaf_events(event), name, event)
    if plain := _plain_edge(name):
        return opened(scope, plain) or opened(scope, plain, _event_meant)
    return opened(scope, name, _event_meant)


def _plain_edge(name: ast.Name) -> ast.Name | None:
    """`the last placed order` and `days since their last order`, without what stands before `last`."""
    plain = re.sub(pattern(_BEFORE_EDGE), "", name.words, flags=re.IGNORECASE)
    return replace(name, words=plain) if plain != name.words else None


_BEFORE_EDGE = r"\b(?:<ARTICLE>|<THEIR>) (?=(?:<EDGE.first>|<EDGE.last>)\b)"


def _event_named(scope: Scope, name: ast.Name) -> str | None:
    return scope.catalog.find_event(name.text)


def opened(
    scope: Scope, name: ast.Name, find: Callable[[Scope, ast.Name], str | None] = _event_named
) -> Events | Measured | None:
    """The reading of a name as words of the language before an event."""
    for one in openings(name):
        if one.kind == "OF_EDGE" and _is_several(scope, one.rest):
            continue  # `number of last orders`: one is the last
        of = ast.Name("", one.rest, name.span) if name.quoted is not None else ast.Name(one.rest, None, name.span)
        if found := find(scope, of):
            these = Events(scope.catalog.leaf_events(found), of, found)
            if one.kind == "EDGE":
                return replace(these, edge=one.sense)
            property_ = None if one.property is None else ast.Name(one.property, None, _beginning(name, one.property))
            return Measured(ast.Aggregate(one.sense, property_, of, name.span), these)
    return None


_SEVERAL = re.compile("[sS]$")


def _is_several(scope: Scope, said: str) -> bool:
    return (
        _SEVERAL.search(said) is not None
        and scope.catalog.find_event(said) is None
        and (scope.catalog.find_event(said[:-1]) is not None or bool(scope.catalog.events_meant(said[:-1])))
    )


def _beginning(name: ast.Name, words: str) -> Span:
    """Where the words stand that a name begins with."""
    span = name.span
    return replace(span, end=span.start + len(words)) if span.text.startswith(words) else span


_MOST = 4
"""Events of which one may be meant."""


def _everything(scope: Scope) -> Iterable[str]:
    catalog = scope.catalog
    yield from event_names(scope)
    for kind in (catalog.profiles.properties, catalog.metrics):
        for key, part in kind.items():
            yield key
            yield from part.also


def _cut(scope: Scope, name: ast.Name) -> Fix | None:
    """`total where spent`: a word of the language parts a name that is known without it."""
    found = re.compile(pattern(_PARTED), re.IGNORECASE).match(name.span.source.text, name.span.end)
    if found is None or name.quoted is not None:
        return None
    whole, catalog = f"{name.words} {found['rest']}", scope.catalog
    return Fix(replace(name.span, end=found.end()), whole) if _known(catalog, whole) else None


_SIGNS = {"minus": "MINUS", "less": "MINUS", "net of": "MINUS", "without": "MINUS", "plus": "PLUS"}


def _added(scope: Scope, name: ast.Name) -> Fix | None:
    """`total spent minus refunds`: words for a sign, between two names that are known."""
    if name.quoted is None:
        for words, sign in _SIGNS.items():
            one, between, other = name.words.partition(f" {words} ")
            if between and _resolves(scope, one) and _resolves(scope, other):
                return Fix(name.span, f"{one} {word(sign)} {other}")
    return None


def _resolves(scope: Scope, text: str) -> bool:
    """Whether the words are a measure, or what has a number."""
    try:
        said = parser.parse_rule(text)
        return isinstance(said, ast.Subject) and not isinstance(resolve(scope, said.head), Events)
    except SegQLError:
        return False


def _known(catalog: Catalog, name: str) -> str | None:
    return catalog.find_event(name) or catalog.find_property(name) or catalog.find_metric(name)


def _lists(scope: Scope, words: str) -> Iterable[str]:
    """The lists of the profile, whose number may be asked for."""
    return [n for n in PROFILE.names(scope) if PROFILE.field(scope, ast.Name(f"{words} {n}")) is not None]


def _fail(scope: Scope, name: ast.Name, message: str, words: str, fixes: list[Fix]) -> NoReturn:
    """With those of the fixes that lose no word; where all do, the words lead nowhere."""
    words, *kept = keeping(scope, words, fixes)
    found = problem("unknown-name", message, name.span, words, *kept)
    raise SegQLError([replace(found, open=bool(fixes) and not kept)])


def _unknown(scope: Scope, name: ast.Name) -> NoReturn:
    """What else the name might be."""
    what = "event, property or metric"

    def unlike(words: str, *fixes: Fix | str) -> NoReturn:
        said = [fix if isinstance(fix, Fix) else Fix(name.span, fix) for fix in fixes]
        _fail(scope, name, f"There is no {what} called `{name.text}`.", words, said)

    if (before := name.span.text) != name.text and _event_named(scope, ast.Name(before)):
        unlike(f"How often stands behind an event; another condition follows after `{word('AND')}`, and a name that "
             "holds a word of the language is quoted as a whole.")  # fmt: skip
    if who := of_people(scope.catalog, name):
        unlike("say", *who)
    before, _, last = name.words.rpartition(" ")
    behind = name.span.source.text[name.span.end :].split()[:1]
    if name.quoted is None and fold(last) == word("IN") and behind != ["less"] and _known(scope.catalog, before):
        unlike("say", before)  # `in this year`; not `in less than a week`
    if cut := _cut(scope, name):
        unlike("did you mean?", cut)
    if added := _added(scope, name):
        unlike("measures are added by signs:", added)
    for one in openings(name):
        if name.quoted is None and (close := alike(one.rest, [*event_names(scope), *_lists(scope, one.words)])):
            unlike("did you mean?", *(f"{one.words} {format_name(n)}" for n in close))
    bare = (without_article(name) or name).text
    for before, known in (
        (word("IN_LIST"), scope.catalog.find_list(name.text)),
        (word("CAN_RECEIVE"), scope.catalog.find_channel(bare)),
        (word("IN_SEGMENT"), scope.segments.get(fold(name.text)) and name.text),
    ):
        if known:
            # `clicked sms or an email`: the event may be meant as well.
            events = [n for n in scope.catalog.events if fold(n).endswith(f" {fold(bare)}")]
            others: list[Fix | str] = [*map(format_name, events[:_MOST]), *phrased(scope, name)]
            if re.search(r"\b(?:subscribed|opted)\b", name.span.source.text[: name.span.start], re.IGNORECASE):
                others = []  # consent was spoken of
            sure = not others and before != word("CAN_RECEIVE")
            unlike("say", *others, Fix(name.span, f"{before} {format_name(known)}", sure=sure))
    begun = [n for n in scope.catalog.events if fold(n).startswith(f"{fold(name.text)} ")]
    if begun := begun or (begun_with(scope.catalog, name.text) if name.text.isalpha() else []):
        unlike("did you mean?", *map(format_name, begun[:_MOST]))
    owners = [
        event
        for event in scope.catalog.events
        if scope.catalog.find_event_property(event, name.text) or scope.catalog.find_item_property(event, name.text)
    ]
    if owners:
        # It is no slip for another name, but it may be a part of one.
        close = [one for one in alike(name.text, _everything(scope)) if fold(name.text) in fold(one)]
        wheres = phrased(scope, name)
        where = f"in a `{word('WHERE')}`: `{say('{} WHERE ({} ..)', format_name(owners[0]), format_name(name.text))}`"
        fail("unknown-name", f"There is no {what} called `{name.text}`, but a property of {listed(owners)}.", name.span,
             "did you mean?\n" * bool(close) + (f"say which by `{word('WHERE')}`:" if wheres else where),
             *map(format_name, close), *wheres)  # fmt: skip
    if said := phrased(scope, name):
        unlike("say", *said)
    if help_ := meant(scope, name):
        unlike(*help_)
    if (name.quoted is None or not name.words) and (held := through(scope.catalog, name.text)):
        said_of = [Fix(name.span, one) for one in held]
        _fail(scope, name, f"`{name.text}` is no name that a condition begins with.", "say of what:", said_of)
    unknown(what, name, _everything(scope))
