"""`and`, `or`, `not` and parentheses: flat runs of operands become boolean nodes."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ...ast import All, AnyOf, Name, Not, Number, Period, Quantity, Subject
from ...errors import Fix, Problem, SegQLError, problem
from ...source import Span
from ...words import sense, spellings, word
from ..checks import fail
from ..engine.lexer import folded


def tree_first(v: list[Any], span: Span) -> list[Any]:
    """A run of one operand. An entry is the link before it (none at first), the operand, and where it stands."""
    return [(None, v[0], span)]


def tree_more(v: list[Any], span: Span) -> list[Any]:
    """`.. and age > 18`, `.. or age > 18`: the run so far and one more operand."""
    run: list[Any] = v[0]
    link, operand = v[1], v[2]
    place = _behind(link, span)  # parentheses around it are its own
    if _all_but(run, link, operand):
        link = link._replace(type="EXCEPT")
    if link.type == "WHO" and not (run[-1][0] and run[-1][0].type == "EXCEPT"):
        _denied_who(run[-1], place)
    if period := _period(run, operand):
        operand = _once_more(run, period, place)
    run.append((link, Not(operand, operand.span) if link.type == "EXCEPT" else operand, place))
    return run


def _behind(link: Any, span: Span) -> Span:
    """Where stands what a link joins."""
    text = span.source.text
    gap = len(text[link.end : span.end]) - len(text[link.end : span.end].lstrip())
    return Span(span.source, link.end + gap, span.end)


def again(v: list[Any], span: Span) -> list[Any]:
    """`placed order in 90d but not in 30d`: the same event, with a window of its own."""
    run: list[Any] = v[0]
    place = _behind(v[1], span)
    run.append((v[1], _once_more(run, v[3], place), place))
    return run


def compared_again(v: list[Any], span: Span) -> list[Any]:
    """`points > 100 and < 500`: what was compared before is compared once more."""
    run: list[Any] = v[0]
    link, compared, *window = v[1:]
    place = _behind(link, span)
    before = run[-1][1]
    if isinstance(before, Subject) and isinstance(where := before.where, Subject) and where.comparison:
        inside = Span(span.source, where.span.start, span.end)
        fail("syntax", "What is compared twice behind `where` stands in parentheses.", place, "Write",
             Fix(inside, f"({folded(inside.text)})"))  # fmt: skip
    if not isinstance(before, Subject) or not (before.comparison or before.quantity):
        fail("syntax", "A comparison alone is about what was compared before it, and nothing was.", place,
             "Say what is compared.")  # fmt: skip
    if before != Subject(before.head, before.quantity, before.comparison, before.window):
        fail("syntax", f"`{folded(before.span.text)}` says more than what is compared, and when.", place,
             "Say what is compared.")  # fmt: skip
    if window:
        said, when = Span(span.source, before.span.start, span.end), window[0].span.text
        both = f"{before.span.text} {when} {link.text} {compared.span.text}"
        alone = f"{before.span.text} {link.text} {before.head.span.text} {compared.span.text} {when}"
        fail("syntax", "Is the window of both comparisons?", place, "Write",
             *(Fix(said, one) for one in (both, alone)))  # fmt: skip
    how = "quantity" if isinstance(compared, Quantity) else "comparison"
    run.append((link, Subject(before.head, window=before.window, span=place, **{how: compared}), place))
    return run


def _all_but(run: list[Any], link: Any, operand: Any) -> bool:
    """`everyone but vip`."""
    return link.type == "BUT" and len(run) == 1 and run[0][1] == All(()) and not isinstance(operand, Not)


_NOBODY = re.compile(
    r"nobody|no-?one|none|no (?:one|customers|people|users)|not (?:everyone|everybody|all)(?: .*)?", re.I
)


def _denied_who(before: tuple[Any, Any, Span], place: Span) -> None:
    """`not vip customers who ordered`: are those who ordered left out, or meant? `nobody who ordered` did not."""
    start = before[2].start + len(before[2].text) - len(before[2].text.lstrip())
    whole = replace(place, start=start)
    said, rest, no = folded(before[2].text), folded(place.text), word("NOT")
    alone = whole.text.strip() == whole.source.text.strip()
    if _NOBODY.fullmatch(said):
        fail("syntax", "A condition is about each customer: they did it, or did not.", whole, "for those who did not:",
             Fix(whole, f"{no} {rest}"))  # fmt: skip
    if isinstance(before[1], Not):
        fixes = [f"{no} ({said.removeprefix(f'{no} ')} {word('AND')} {rest})", f"{said} {word('AND')} {rest}"]
        fail("mixed-and-or", f"Whether `{no}` denies `{rest}` as well, nobody can tell.", whole, "Write",
             *(Fix(whole, text if alone or not i else f"({text})") for i, text in enumerate(fixes)))  # fmt: skip


def _period(run: list[Any], operand: Any) -> Period | None:
    """`and not last week`, which begins as a name would, behind a condition with a window."""
    match operand, run[-1][1]:
        case Not(Subject(head=Name(words=said, quoted=None) as name) as alone), Subject(window=window) if (
            window is not None and alone == Subject(name) and said.lower() in spellings("PERIOD")
        ):
            which, _, unit = sense("PERIOD", said).partition(" ")
            return Period(which, unit, span=name.span)  # type: ignore[arg-type]
    return None


def _once_more(run: list[Any], window: Any, span: Span) -> Not[Any]:
    """The condition before, denied in another window."""
    before = run[-1][1]
    said = Span(span.source, before.span.start, span.end)
    if not isinstance(before, Subject) or before.window is None:
        alone = isinstance(before, Subject) and before == Subject(before.head)
        again = f"{before.span.text} {word('AND')} {word('NOT')} {before.span.text} {window.span.text}"
        if alone:
            fail("syntax", "A window alone is denied behind a condition that has a window, which is meant again.", said,
                 "Write", Fix(said, again))  # fmt: skip
        fail("syntax", "A window alone is denied behind a condition that has a window, which is meant again.", span,
             "Say of what it is the window.")  # fmt: skip
    if any(isinstance(one, Subject) and one.window for _, one, _ in run[:-1]):
        fail("syntax", "Several conditions have a window before this, and either may be meant again.", span,
             "Say of which it is the window.")  # fmt: skip
    name, link = before.head.span.text, word("AND")
    once = f"{word('NOT')} {name} {window.span.text}"
    if before.quantity and before.quantity.count == Number(Decimal(0)):
        fail("syntax", "What never happened in one window cannot be denied in another.", said)
    if before != Subject(before.head, window=before.window):
        kept = f"{before.span.text[: before.window.span.start - before.span.start]}{window.span.text}"
        kept += before.span.text[before.window.span.end - before.span.start :]
        fail("syntax", f"`{folded(before.span.text)}` says more than an event and a window: is all of it meant again?",
             said, "Write", Fix(said, f"{before.span.text} {link} {once}"),
             Fix(said, f"{before.span.text} {link} {word('NOT')} {kept}"))  # fmt: skip
    return Not(Subject(before.head, window=window, span=span), span)


def finish(run: list[Any]) -> Any:
    """A run of operands as one node; `and` and `or` do not mix in it."""
    if len(run) == 1:
        return run[0][1]
    span = run[0][2].to(run[-1][2])
    links = [link.type for link, _, _ in run[1:]]
    if "EXCEPT" in links[:-1]:
        raise SegQLError([_open_except(run, links.index("EXCEPT") + 1, span)])
    words = {"OR" if link == "OR" else "AND" for link in links}
    if len(words) > 1:
        raise SegQLError([_mixed(run, span)])
    parts = tuple(operand for _, operand, _ in run)
    if links == ["EXCEPT"] and parts[0] == All(()):
        return parts[1]
    return All(parts, span) if words == {"AND"} else AnyOf(parts, span)


def group(v: list[Any], span: Span) -> Any:
    """What parentheses hold. They vanish, but a boolean node keeps their place."""
    node = finish(v[1])
    return replace(node, span=span) if isinstance(node, All | AnyOf | Not) else node


def negation(v: list[Any], span: Span) -> Not[Any]:
    """`not placed order`."""
    return Not(v[1], span)


def _mixed(run: list[Any], span: Span) -> Problem:
    """Both readings, in the words of the text; what is said behind `who` is all of it said of them."""
    links = [link.type for link, _, _ in run if link is not None]
    if links[0] == "WHO" and "WHO" not in links[1:]:
        (_, first, place), (_, *second), *rest = run
        head = f"{_said(None, first, place)} {word('AND')} "
        readings = [f"{head}({one})" for one in _readings([(None, *second), *rest])]
    else:
        readings = _readings(run)
    if len(readings) == 1:
        message = "`and` and `or` stand side by side: parentheses say what belongs together."
    else:
        message = "`and` and `or` stand side by side, and this has two readings. Parentheses say which one is meant."
    return problem("mixed-and-or", message, span, "Write", *readings)


def _readings(run: list[Any]) -> list[str]:
    readings = []
    for tight in ("AND", "OR"):
        groups: list[list[str]] = [[]]
        words: list[str] = []
        for link, operand, place in run:
            kind = None if link is None else "OR" if link.type == "OR" else "AND"
            if kind is not None and kind != tight:
                words.append(kind.lower())
                groups.append([])
            groups[-1].append(_said(link, operand, place))
        inner = f" {tight.lower()} "
        shown = [f"({inner.join(g)})" if len(g) > 1 else g[0] for g in groups]
        readings.append("".join(w + t for w, t in zip(["", *(f" {w} " for w in words)], shown, strict=True)))
    return list(dict.fromkeys(readings))


def _said(link: Any, operand: Any, place: Span) -> str:
    """An operand in the words of the text, as it is said behind `and`."""
    text = folded(place.text)
    if (
        isinstance(operand, Not)
        and isinstance(again := operand.part, Subject)
        and again.window
        and operand.span == place
    ):
        return f"{word('NOT')} {folded(again.head.span.text)} {folded(again.window.span.text)}"  # an event meant again
    if link is None or link.type != "EXCEPT":
        return text
    return f"{word('NOT')} ({text})" if not isinstance(operand.part, Subject) else f"{word('NOT')} {text}"


def _open_except(run: list[Any], at: int, span: Span) -> Problem:
    """`vip except a or b`: whether `b` is left out as well, nobody can tell."""
    link, left, place = run[at]
    before = " ".join(_linked(run[:at]))
    links = _linked(run[at + 1 :])
    rest = " ".join(links)
    more = [rest]
    if word("OR") not in links:  # `everyone except vips and members`: neither of them, or nobody who is both
        more.insert(0, " ".join(word("OR") if one == word("AND") else one for one in links))
    out = folded(place.text)
    if run[:at] == run[:1] and run[0][1] == All(()):
        alone, start = f"({_said(link, left, place)}) {rest}", ""
    else:
        alone = f"({before} {word('AND')} {_said(link, left, place)}) {rest}"
        start = f"({before}) {word('AND')} "
    all_ = [f"{start}{word('NOT')} ({out} {one})" for one in more]
    return problem(
        "mixed-and-or", "What is left out is followed by more: is that left out as well?", span, "Write", alone, *all_
    )


def _linked(run: list[Any]) -> list[str]:
    found = []
    for link, operand, place in run:
        if link is not None:
            found.append(word("OR" if link.type == "OR" else "AND"))
        found.append(_said(link, operand, place))
    return found
