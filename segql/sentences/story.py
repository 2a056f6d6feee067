"""What somebody did in which order, told step by step: `viewed a product, then added it to the cart`.

The last resort of a sentence that no pattern reads: it is cut where words say what came after what, each step is read
alone, and `it` is the thing of the step before. Each word has to go into a step, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from ..formatter import format_name
from ..plain import dataclass
from ..words import say, word
from . import anchors, denials
from .lexicon import is_article
from .people import People, never
from .said import Said, joined
from .telling import Around, told
from .verbs import Verbs

_THEN = (("then",), ("followed", "by"), ("and", "later"), ("and", "afterwards"), (",", "later"), (",", "afterwards"))
_AND = ((",", "and"), (",", "but"), ("and",), ("but",), (",",))
_WITHOUT = (("without", "ever"), ("without",))
_IT = frozenset({"it", "them", "one", "that", "this", "any", "those", "these"})
_THAT = (("of", "that"), ("of", "it"), ("after", "that"), ("afterwards",), ("later",), ("of", "them"))
_SINCE = (("since", "then"), ("since",), ("ever", "since"), ("after", "that"), ("afterwards",), ("later",),
          ("thereafter",))  # fmt: skip
_BACK = (("come", "back"), ("came", "back"), ("been", "back"), ("return",), ("returned",), ("coming", "back"))
_TELLS = frozenset({"then", "after", "before", "without", "afterwards", "later", "since", "followed", "thereafter",
                    "it", "them", "one", "never", "not", "within"})  # fmt: skip
"""Words one of which a story has."""

_MOST_STEPS, _MOST = 4, 4


@dataclass(frozen=True, slots=True)
class Step:
    """One deed: the event with what is said of it, denied or not, how soon after the one before, of the same thing.

    `edge` is the first or last there was, or its number; `bound` is in words of SegQL. `is_since` says in words that it
    came after the one before.
    """

    event: str
    around: Around = Around()
    edge: str = ""
    denied: bool = False
    bound: str = ""
    same: bool = False
    is_since: bool = False
    note: str = ""


class Story:
    """The steps of one sentence. `before` reads what stands in front of them as conditions of their own."""

    def __init__(self, verbs: Verbs, people: People, before: Callable[[int, int], tuple[Said, ...]]) -> None:
        self.verbs, self.people, self.before = verbs, people, before
        self.lexicon, self.slots, self.tokens = verbs.lexicon, verbs.slots, verbs.tokens

    def said(self, at: int, stop: int) -> Iterator[Said]:
        """What the whole sentence says, also behind words for people and behind other conditions."""
        if self.tokens[stop - 1].text in ".?!":
            stop -= 1
        said = {token.folded for token in self.tokens}
        if said.isdisjoint(_TELLS) and not any(one.endswith("n't") for one in said):
            return
        if any(self._is(i, ("then", no)) for i in range(at, stop) for no in ("not", "never")):
            return  # the help of the error says it
        if self._is_denied_on(at, stop):
            return
        for end, _ in (*self.people.people(at, stop), (at, "")):
            start = end + (end < stop and self._folded(end) in ("who", "that"))
            if start < stop:
                yield from self._told(start, stop)
        for link in range(at + 1, stop - 1):
            if self._folded(link) in ("and", "who", "but"):
                for told_ in islice(self._told(link + 1, stop), _MOST):
                    for first in self.before(at, link):
                        yield joined((first, told_), "AND")

    def _is_denied_on(self, at: int, stop: int) -> bool:
        """`did not open and click`: the second verb stands in its base form behind the same denial."""
        ands = [i for i in range(at, stop - 1) if self._folded(i) == "and"]
        verbs = any(self.lexicon.is_verb(self._folded(i + 1)) and not self.verbs.is_past(i + 1) for i in ands)
        said = [self._folded(i) for i in range(at, stop)]
        return verbs and ("didn't" in said or any(said[i : i + 2] == ["did", "not"] for i in range(len(said))))

    def _told(self, at: int, stop: int) -> Iterator[Said]:
        for mid, length, is_first in self._turned(at, stop):
            edges = [] if is_first else [Step(*one) for one in anchors.edges(self.verbs, self.people, mid + 1, stop)]
            for first in edges or self._steps(mid + 1, stop, "")[:_MOST] or self._of_verb(at, mid - length, stop):
                for second in self._steps(at, mid - length, first.event)[:_MOST]:
                    for bound, note in anchors.bounds(self.slots, mid - length, mid, True) or [("", "")]:
                        if is_first:
                            yield from self._sequence((second, replace(first, bound=first.bound or bound)), ("then",))
                            continue
                        then = replace(second, bound=second.bound or bound, note=second.note or note)
                        told_ = self._after(first, then, self._folded(mid))
                        yield from (one.unsure(one.note) if len(edges) > 1 else one for one in told_)
        for steps, links in self._chains(at, stop):
            yield from self._sequence(steps, links)

    def _of_verb(self, at: int, mid: int, stop: int) -> list[Step]:
        """`bought beans before winter gifts`: the same was done with another thing."""
        events = dict.fromkeys(one.event for one in self._steps(at, mid, ""))
        start = mid + (self._folded(mid) in ("after", "before"))
        found = [one for event in events for one in self._steps(start, stop, event) if one.event == event]
        return [one for one in found if one.around.tests and not (one.denied or one.around.window)][:_MOST]

    def _after(self, first: Step, then: Step, link: str) -> Iterator[Said]:
        """What came `after` something, or `since`; so often, too."""
        if then.around.times:
            one = self._alone(replace(then, around=replace(then.around, times="")), is_first=False)
            if not then.denied and not then.bound:
                yield from anchors.so_often(self._alone(first), one, then.around.times)
            return
        told_ = self._sequence((first, then), ("then",))
        if then.denied and not first.edge and link in ("after", "of"):
            no = self._alone(replace(then, denied=False))
            yield from anchors.after_none(told_, self._alone(first), no, then.bound, bool(first.around.window))
        else:
            yield from told_

    def _turned(self, at: int, stop: int) -> Iterator[tuple[int, int, bool]]:
        """Where `after` or `before` stands between two deeds, how long the bound before it is, and which."""
        for mid in range(at + 1, stop - 1):
            said = self._folded(mid)
            if said in ("after", "before", "of", "since"):
                if said != "of":
                    yield mid, int(self._folded(mid - 1) == "ever"), said == "before"
                for length in (2, 3, 4, 5):
                    if (
                        said != "before"
                        and mid - length > at
                        and anchors.bounds(self.slots, mid - length, mid, said == "after")
                    ):
                        yield mid, length, False

    def _chains(self, at: int, stop: int) -> Iterator[tuple[tuple[Step, ...], tuple[str, ...]]]:
        """Steps that follow each other in the sentence, and what links each to the one before."""

        def rest(start: int, steps: tuple[Step, ...], links: tuple[str, ...]):  # type: ignore[no-untyped-def]
            for end in range(start + 1, stop + 1):
                links_here = self._links(end, stop) if end < stop else ((stop, ""),)
                for after, link in links_here if end == stop or len(steps) < _MOST_STEPS - 1 else ():
                    for step in self._steps(start, end, steps[-1].event if steps else "")[:_MOST]:
                        if end == stop:
                            if steps:
                                yield (*steps, step), links
                        else:
                            yield from rest(after, (*steps, step), (*links, link))

        yield from islice(rest(at, (), ()), 3 * _MOST)

    def _links(self, at: int, stop: int) -> tuple[tuple[int, str], ...]:
        for kind, forms in (("then", _THEN), ("without", _WITHOUT), ("and", _AND)):
            for form in forms:
                if at + len(form) < stop and self._is(at, form):
                    return ((at + len(form), kind),)
        return ()

    # --- one step ---------------------------------------------------------------------------------------------------

    def _steps(self, at: int, stop: int, previous: str) -> list[Step]:
        """Each way to read one deed."""
        return list(dict.fromkeys(islice(self._read(at, stop, previous), _MOST)))

    def _read(self, at: int, stop: int, previous: str) -> Iterator[Step]:
        if not previous and stop - at > 1 and self._folded(at) == "first" and self.verbs.is_past(at + 1):
            for step in self._read(at + 1, stop, previous):
                yield replace(step, note="in this order") if not step.denied else step
                yield replace(step, edge="first", note="the very first") if not step.denied else step
            return
        start = at + (self._folded(at) in ("made", "placed"))
        if previous and self._folded(start) == "no" and start + 1 < stop:
            for event, around in anchors.events(self.verbs, self.people, start + 1, stop):
                yield Step(event, around, denied=True)
        for start, denied in ((at, False), *((end, True) for end, _ in self.verbs.denial(at, stop))):
            for end, (bound, note), since in self._tails(start, stop):
                for step in self._deed(start, end, previous):
                    is_since, noted = bool(bound) or since, step.note or note
                    yield replace(step, denied=denied, bound=bound, is_since=is_since, note=noted)

    def _tails(self, at: int, stop: int) -> Iterator[tuple[int, tuple[str, str], bool]]:
        """Where the deed ends, how soon it was, and whether words say that it came after the one before."""
        yield stop, ("", ""), False
        for form in _SINCE:
            if stop - len(form) > at and self._is(stop - len(form), form):
                yield stop - len(form), ("", ""), True
                break
        for size, said in ((0, ()), *((len(one), one) for one in _THAT)):
            end = stop - size
            for start in (end - 4, end - 3, end - 2):
                if start > at and self._is(end, said):
                    yield from ((start, bound, True) for bound in anchors.bounds(self.slots, start, end, bool(said)))

    def _deed(self, at: int, stop: int, previous: str) -> Iterator[Step]:
        if at >= stop:
            return
        if stop - at > 1 and self._folded(stop - 1) == "again":
            yield from self._deed(at, stop - 1, previous)
        for event, around in denials.deeds(self.verbs, at, stop):
            yield Step(event, around)
        yield from self._of_it(at, stop, previous)
        for end, (event, around) in self._put(at, stop):
            if end == stop:
                yield Step(event, around)
        start = at + (self._folded(at) in ("placed", "made", "did", "place", "make", "the", "their", "a", "an"))
        start += start < stop and is_article(self._folded(start))
        if start < stop - 1 and self._folded(start) in ("first", "last", "second", "third"):
            for end, event in self.lexicon.nouns(start + 1, stop):
                if end == stop:
                    yield Step(event, edge=self._folded(start))
        elif start > at or stop - at <= 2:
            for end, event in self.lexicon.nouns(start, stop):
                if end == stop and not self.verbs.is_past(at):
                    yield Step(event)
        if previous and any(self._is(at, form) and at + len(form) == stop for form in _BACK):
            for event in dict.fromkeys((*self.people.standing.purchases()[:1], *self.people.standing.visits()[:1])):
                yield Step(event, note=f'"{self.lexicon.words(at, stop)}" read as {format_name(event)}')

    def _of_it(self, at: int, stop: int, previous: str) -> Iterator[Step]:
        """`bought it`, `added it to the cart`, `clicked`: of what was spoken of before."""
        if not previous:
            return
        noun = previous.partition(" ")[2].casefold()
        start = at + (self._folded(at) in ("have", "has", "had"))
        is_it = start + 1 < stop and self._folded(start + 1) in _IT
        for end in (start + 1, start + 2) if is_it else (start + 1,):
            if end == stop:
                called = self.lexicon.events_called(self.tokens[start].text)
                begun = [] if called else self.lexicon.begun(self._folded(start))
                of_it = [one for one in begun if one.partition(" ")[2].casefold() == noun]
                for event in called or of_it or (begun[:1] if len(begun) == 1 else ()):
                    if is_it or event in of_it:
                        yield Step(event, same=is_it)
        if is_it and start + 2 < stop:
            words = [self.tokens[start].text, *(one.text for one in self.tokens[start + 2 : stop]
                                                if not is_article(one.folded))]  # fmt: skip
            yield from (Step(event, same=True) for event in self.lexicon.events_called(" ".join(words)))

    def _put(self, at: int, stop: int) -> Iterator[tuple[int, tuple[str, Around]]]:
        """`added Molen to the cart`."""
        for mid in range(at + 2, stop - 1):
            if self._folded(mid) in ("to", "in", "into"):
                rest = [one.text for one in self.tokens[mid:stop] if not is_article(one.folded)]
                for event in self.lexicon.events_called(" ".join((self.tokens[at].text, *rest))):
                    yield from ((stop, (event, around)) for around in self.verbs.around(event, at + 1, mid))

    # --- what they say ----------------------------------------------------------------------------------------------

    def _sequence(self, steps: tuple[Step, ...], links: tuple[str, ...]) -> Iterator[Said]:
        """The steps in their order; where nothing says that there is one, also as conditions side by side."""
        first, *others = steps
        if first.around.times and len(others) == 1 and not first.denied:
            yield from self._so_often(first, others[0], others[0].denied or links[-1] == "without")
            return
        if first.denied and len(others) == 1 and not others[0].denied and links[-1] == "then":
            then = others[0]
            if not (first.edge or first.bound or then.edge) and then.around.is_bare:
                yield from anchors.not_before(self._alone(first), self._alone(then), format_name(then.event))
        if first.denied or any(one.edge in ("second", "third", "last") for one in others):
            return
        if any(one.denied for one in others[:-1]) or any(link == "without" for link in links[:-1]):
            return
        if any(one.around.each or one.around.times or one.around.either for one in steps) or first.bound:
            return
        last = others[-1]
        no = last.denied or links[-1] == "without"
        notes = [one.note for one in steps if one.note]
        vague = [link != "then" and not one.is_since for link, one in zip(links, others, strict=True)]
        sure = not notes and not any(vague) and all(one.around.sure for one in steps)
        if not no and any(vague) and not any(one.same or one.is_since for one in others):
            return  # `and` alone joins conditions
        for text, note in self._ordered(first, others, no):
            said = "; ".join(filter(None, (*notes, note, "not afterwards" if no and any(vague) else "")))
            yield Said(text, "", sure and not note, said)
        if any(vague) and all(vague):
            parts = [self._alone(one, no and one is last) for one in steps]
            if all(parts):
                note = "; ".join(filter(None, (*notes, "at no time" if no else "in any order")))
                yield joined((Said(one) for one in parts), "AND").unsure(note)

    def _so_often(self, first: Step, last: Step, no: bool) -> Iterator[Said]:
        """`viewed a product 5 times without buying it`: of one or of any; which of them was bought cannot be told."""
        if not no or first.edge or last.edge or last.bound or not last.around.is_bare or first.around.each:
            return
        often, shared = first.around.times, self.verbs.with_the_same(first.event, last.event) if last.same else ""
        denied = f"{never(last.event)} {first.around.window}".rstrip()
        is_bare = not any(one.folded in ("exactly", "only", "just") for one in self.tokens)
        for times in dict.fromkeys((often, often.replace("exactly", "at least") if is_bare else often)):
            for same in dict.fromkeys(("", shared)):
                for one in told(first.event, replace(first.around, times=times + same)):
                    note = f"{same.strip()}, and nothing of the other kind at all" if same else "at no time"
                    yield joined((one, Said(denied)), "AND").unsure(note if last.same else "at no time")

    def _ordered(self, first: Step, others: list[Step], no: bool) -> Iterator[tuple[str, str]]:
        text = self._alone(first)
        before, note, shared = first, "", ""
        for one in others:
            here = self._alone(one, is_first=False)
            if not text or not here:
                return
            link = word("NOT_FOLLOWED_BY") if no and one is others[-1] else word("THEN")
            bound = f" {one.bound}" if one.bound else ""
            shared = self.verbs.with_the_same(before.event, one.event) if one.same else ""
            if one.same and not shared and before.event.split()[-1] != one.event.split()[-1]:
                return
            text = f"{text} {link} {here}{bound}{shared}"
            before = one
        yield text, note

    def _alone(self, one: Step, no: bool = False, is_first: bool = True) -> str:
        """A step as a condition; the first of all, behind another step, is the one of that number."""
        if one.edge in ("first", "last") and is_first and not no:
            return next((f"{word('EDGE', one.edge)} {said.text}" for said in told(one.event, one.around)), "")
        if one.edge.isdigit() and is_first and not no:
            around = replace(one.around, tests=(f"number = {one.edge}", *one.around.tests))
            return next((said.text for said in told(one.event, around)), "")
        if one.edge == "first" and not one.around.tests:
            return never(one.event) if no else say("{} WHERE {}", format_name(one.event), "number = 1")
        if one.edge:
            return ""
        return next((said.text for said in told(one.event, one.around, denied=no)), "")

    def _folded(self, at: int) -> str:
        return self.tokens[at].folded if at < len(self.tokens) else ""

    def _is(self, at: int, form: tuple[str, ...]) -> bool:
        return tuple(one.folded for one in self.tokens[at : at + len(form)]) == form


__all__ = ["Story"]
