"""Phrases that are no names, and yet have one reading: taken as what they say in words of SegQL."""

from __future__ import annotations

import re
from dataclasses import replace

from .. import ast, parser
from ..catalog import fold
from ..catalog.forms import bases
from ..errors import Fix, SegQLError
from ..formatter import format_name
from ..words import word, words
from .advice.things import holders
from .scope import Scope


def in_words(scope: Scope, rule: ast.Phrase, error: SegQLError) -> ast.Rule | None:
    """What a condition says whose names alone are wrong, where each of them has a fix that is sure."""
    from ..parser.mistakes.kept import keeps  # here: a rule without such phrases needs none of it

    span, text, longer = rule.span, rule.span.source.text, 0
    for problem in sorted(error.problems, key=lambda problem: -problem.span.start):
        fix = problem.fixes[0] if len(problem.fixes) == 1 else None
        if fix is None or not fix.sure or fix.span.source is not span.source:
            return None
        inside = span.start <= fix.span.start <= fix.span.end <= span.end
        if not inside or not keeps(fix.span.text, fix.text) or unsaid(scope, fix):
            return None
        text, longer = fix.applied(text), longer + len(fix.text) - len(fix.span.text)
    try:
        # Nothing but spaces before it, so that what is said of it has its place.
        mended = " " * span.start + text[span.start : span.end + longer]
        said = parser.parse_rule(mended, span.source.name, start=span.start)
        if isinstance(said, ast.Not) and isinstance(parser.parse_rule(span.text), ast.Not):
            said = said.part  # `haven't bought beans at least 3 times`: its denial is around the condition already
    except SegQLError:
        return None
    if isinstance(said, ast.All | ast.AnyOf | ast.Not):
        return said
    if isinstance(said, ast.Subject) and said.has and said.window and not _VERB.search(span.text):
        return None  # `first order with a coupon this year`: the first of all of that time, or of those
    return replace(said, comments=rule.comments)


_VERB = re.compile(r"\b(?:had|has|have|was|were|is|used|contained|included)\b", re.IGNORECASE)
"""Words behind which begins what is said of one event: what stands before them says which."""

_FILLERS = frozenset(
    re.findall(
        r"\w+",
        """about via through into a an the any some their his her our us with from in on of for to at by and who
        that which did do does have has had having is are was were be been ever least yet only just exclusively
        contain contains contained include includes included product products item items use uses used using
        live lives living located based resides reside thing things something anything people customer customers
        user users""",
    )
)
"""Words around a value that narrow nothing."""


def unsaid(scope: Scope, fix: Fix) -> tuple[str, ...]:
    """The words that are not in what it is taken for, where that has a value: `decaf` of `decaf beans`."""
    if '"' not in fix.text:
        return ()
    from ..parser.mistakes.kept import undenied

    catalog, told = scope.catalog, fix.text
    for name, event in catalog.events.items():
        if format_name(name) in fix.text:
            told = " ".join([told, *event.also])
            parts = {**event.properties, **(event.items.properties if event.items else {})}
            for one, part in parts.items():
                if re.search(rf"\b{re.escape(format_name(one))}\b", fix.text):
                    told = " ".join([told, *part.also])
    for one, part in catalog.profiles.properties.items():
        if format_name(one) in fix.text:
            told = " ".join([told, *part.also])
    known = {base for word in re.findall(r"\w+", fold(told)) for base in bases(word)}
    said = re.findall(r"[\w']+", fold(undenied(fix.span.text)))
    fillers = _FILLERS - {"about"} if f" {word('WHERE')} " in fix.text else _FILLERS  # `about "Beans" twice`
    return tuple(one for one in said
                 if not (one in fillers or one.isdigit() or not known.isdisjoint(bases(one))))  # fmt: skip


def keeping(scope: Scope, said: str, fixes: list[Fix]) -> tuple[str, *tuple[Fix, ...]]:
    """Those of some fixes that lose no word; where all do, which word it is that nothing here has."""
    values = {fold(one) for _, _, values in holders(scope.catalog) for one in values}
    told = {word for one in values for word in one.split()} - values
    lost = [set(unsaid(scope, fix)) - told for fix in fixes]
    if kept := tuple(fix for fix, losing in zip(fixes, lost, strict=True) if not losing):
        return said, *kept
    if not fixes:
        return (said,)
    nothing = [one for one in unsaid(scope, fixes[0]) if one in lost[0] and not _is_known(scope, one)]
    told_of = " and ".join(f"`{one}`" for one in nothing)
    return (f"{told_of} {'says' if len(nothing) == 1 else 'say'} nothing in this catalog" if nothing else "",)


def _is_known(scope: Scope, said: str) -> bool:
    """Whether a word is one of the language, or of some name: it says something, but not together with the others."""
    catalog = scope.catalog
    parts = [*catalog.profiles.properties.items(), *catalog.metrics.items(), *catalog.events.items()]
    parts += [one for event in catalog.events.values() for one in event.properties.items()]
    named = {word for name, part in parts for one in (name, *part.also) for word in fold(one).split()}
    spelled = {word for kind in words().senses.values() for one in kind for word in one.split()}
    return not (named | spelled).isdisjoint({said, *bases(said)})


def as_taken(scope: Scope, rule: ast.Rule) -> ast.Rule:
    """A rule with what its conditions were taken for."""
    if (said := scope.work.taken.get(rule)) is not None:
        return as_taken(scope, said)
    match rule:
        case ast.All(parts=parts) | ast.AnyOf(parts=parts):
            return replace(rule, parts=tuple(as_taken(scope, part) for part in parts))
        case ast.Not(part=part):
            return replace(rule, part=as_taken(scope, part))
        case _:
            return rule
