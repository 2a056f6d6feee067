"""Words that stand once and are meant twice: `opened but never clicked an email`, `viewed or bought beans`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .. import ast, parser
from ..errors import SegQLError
from ..words import word
from .lexicon import Lexicon
from .said import Said
from .slots import Slots, is_end
from .tokens import Token
from .verbs import Verbs

_WINDOW = re.compile(
    r"(?:in the last (?:\w+ )?[a-z]+|in \d+[a-z]+|(?:this|last) (?:week|month|quarter|year)|today|yesterday|"
    r"(?:more|less) than \w+ [a-z]+ ago|between \d+ and \d+ [a-z]+ ago|between [\d-]{10} and [\d-]{10}|"
    r"(?:in|on|before|after|since) \d{4}(?:-\d\d-\d\d)?)$"
)
_BEHIND = re.compile(rf"{_WINDOW.pattern[:-2]}|in 20\d\d|since [^ ]+(?: [^ ]+){{0,3}})$")
_FEW = 3
"""Words of a date that stands alone: `signed up`."""
_STANDS = re.compile(rf" {word('THEN')} |[()]|^(?:{word('NOT')}|{word('NEVER')}) ")
"""What no step of a sequence is made of."""
_JOINED = re.compile(r" (?:and|or|then|where|not followed by) |\(")


def written_out(text: str, lexicon: Lexicon, slots: Slots, verbs: Verbs) -> Iterator[tuple[str, bool, int]]:
    """The sentence with what follows the second verb behind the first as well; whether that says no more than it did.

    The first verb has to begin events and to be none by itself; a window may be meant once or twice. At last where the
    word is that joins both behind one denial, else 0.
    """
    tokens = lexicon.tokens
    for link in range(1, len(tokens) - 1):
        if not is_end(tokens[link].folded) or not _is_open(lexicon, link - 1):
            continue
        start = link + 1
        if tokens[link].text == "," and is_end(tokens[start].folded):
            start += 1
        denied = next((end for end, _ in verbs.denial(start, len(tokens))), 0)
        start = denied or start
        if start + 1 >= len(tokens) or not lexicon.begun(tokens[start].folded):
            continue
        end = start + 1
        while end < len(tokens) and not is_end(tokens[end].folded):
            window = any(slots.window(end, len(tokens)))
            if end > start + 1 and window and denied:
                yield _with(text, lexicon, link - 1, start + 1, end), False, 0
                break
            end += 1
        while end < len(tokens) and not is_end(tokens[end].folded):
            end += 1
        before = range(max(0, link - 4), link - 1)
        no = not denied and any(end == link - 1 for i in before for end, _ in verbs.denial(i, link))
        together = link + end - start - 1 if no and tokens[link].folded == "and" else 0
        yield _with(text, lexicon, link - 1, start + 1, end), True, together
        return


def _is_open(lexicon: Lexicon, at: int) -> bool:
    """Whether a verb stands there that needs more to be an event."""
    said = lexicon.tokens[at]
    return lexicon.is_verb(said.folded) and not lexicon.events_called(said.text)


def _with(text: str, lexicon: Lexicon, verb: int, start: int, end: int) -> str:
    at, tokens = lexicon.tokens[verb].end, lexicon.tokens
    return f"{text[:at]} {text[tokens[start].start : tokens[end - 1].end]}{text[at:]}"


def of_both(before: Said, last: Said, said: Sequence[Token]) -> Iterator[Said]:
    """What the second of two comes after, or before, may be meant of the first: `bought beans or opened an email after
    ordering`. `said` are the words of the second.
    """
    then, links = f" {word('THEN')} ", {one.folded for one in said} & {"after", "before"}
    if before.join or last.join or len(links) != 1 or last.text.count(then) != 1 or then in before.text:
        return
    (link,), (first, second) = links, last.text.split(then)
    other = f"{before.text}{then}{second}" if link == "before" else f"{first}{then}{before.text}"
    yield Said(other, "", False, "of both")


def known_then(before: Said, last: Said, said: Sequence[Token]) -> Iterator[Said]:
    """`signed up and ordered in 2026`: a date that everybody has says nothing alone, and may be in the time of the
    second. `said` are the words of the first.
    """
    is_set, window = f" {word('IS_SET', 'set')}", _BEHIND.search(last.text)
    is_bare = len(said) <= _FEW and not {one.folded for one in said} & {"is", "has", "have", "with", "set", "known"}
    if window and is_bare and not before.join and not last.join and before.text.endswith(is_set):
        yield Said(f"{before.text.removesuffix(is_set)} {window[0]}", "", False, "both in that time")


def in_order(before: Said, last: Said) -> Said | None:
    """`visited the site, opened an email, then ordered`: what stands before the last two are steps."""
    then, steps = f" {word('THEN')} ", before.text.split(f" {word('AND')} ") if before.join == "AND" else [before.text]
    if last.join or then not in last.text or before.join == "OR" or any(_STANDS.search(one) for one in steps):
        return None
    return Said(then.join((*steps, last.text)), "", False, "each after the one before")


def of_both_times(before: Said, last: Said) -> Iterator[Said]:
    """`neither bought nor viewed a product in 10d`: the first in the time of the second."""
    window = _window(last)
    if window and _window(before) == "":
        yield Said(f"{before.text} {window}", "", False, "both in that time")


def _window(said: Said) -> str | None:
    """The window of one condition: empty where it may have one, None where it may not."""
    try:
        rule = parser.parse_rule(said.text)
    except SegQLError:
        return None
    if not isinstance(rule, ast.Subject):
        return None
    return "" if rule.window is None else rule.window.span.text


def bracketed(both: Said) -> Iterator[Said]:
    """`either bought beans or clicked an sms in 10d`: the time behind two in one bracket may be that of both."""
    first, link, second = both.text.partition(f" {word(both.join)} ") if both.join else ("", "", "")
    shared = [*of_both_times(Said(first), Said(second))] if link else []
    for one in shared:
        yield Said(f"{one.text}{link}{second}", both.join, False, one.note)
    yield both.unsure("of the second alone") if shared else both


def in_that_time(canonical: str) -> str:
    """`added to cart in 2d and never placed order` with that time for what did not happen; empty for other texts."""
    first, link, denied = canonical.rpartition(f" {word('AND')} {word('NEVER')} ")
    found = _WINDOW.search(first)
    is_bare = found and not _WINDOW.search(denied) and not _JOINED.search(first) and not _JOINED.search(denied)
    return f"{canonical} {found[0]}" if link and found and is_bare else ""
