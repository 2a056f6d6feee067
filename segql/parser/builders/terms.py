"""Measures that are added and subtracted: which parts are whose, and one head of them all in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, NoReturn

from ... import ast
from ...errors import Fix
from ...source import Span
from ...words import words
from ..checks import at, fail
from .fields import Fields, misplaced, twice
from .parts import Counted, Never, Term
from .values import Values, name, sense

_MOST = 8
_OWN = ("window", "where", "close_to")
"""What a measure has of its own."""


def plus(v: Values, span: Span) -> Term:
    """`- total spent`: what follows it is its own."""
    return Term("+" if v[0].type == "PLUS" else "-", v[1], span)


def of_edge(v: Values, span: Span) -> ast.Aggregate:
    """`"unit price" of last placed order`; without the quotes it is a name, which the binder splits."""
    return ast.Aggregate(sense(v[1]), name(v[:1], at(v[0], span)), v[2], span)


def of_edge_any(v: Values, span: Span) -> ast.Aggregate:
    """`total of last any of (placed order, viewed product)`."""
    text = v[0].text
    for said, edge in words().senses["OF_EDGE"].items():
        if text.lower().endswith(f" {said}"):
            property_ = ast.Name(text[: -len(said) - 1], None, at(v[0], span))
            return ast.Aggregate(edge, property_, v[1], span)  # type: ignore[arg-type]
    fail("syntax", f"`{text}` says nothing before `any of (..)`.", at(v[0], span),
         "What goes before it is, for example, `number of`, or `total of last`.")  # fmt: skip


def of_edge_part(v: Values, span: Span) -> ast.Aggregate:
    """`weekday of last any of (placed order, viewed product)`."""
    if (edge := sense(v[1])) not in ("first", "last"):
        fail("syntax", f"`{v[1].text}` is no single event.", at(v[1], span), "Its form is: weekday of last any of (..)")
    return ast.Aggregate(edge, ast.Name(v[0].text.rpartition(" ")[0], None, at(v[0], span)), v[2], span)


def next_term(fields: Fields, part: Term) -> Fields:
    """The fields of the next measure, behind the one at hand."""
    head = fields["head"]
    if isinstance(head, Never | Counted) or not fields.keys() <= {"head", "sign", "before", *_OWN}:
        misplaced(part)
    if isinstance(where := fields.get("where"), dict):
        inner: Span = where["inner"]
        whole = Span(inner.source, inner.start, part.span.start)
        text = whole.text.rstrip()
        fail("syntax", f"`{part.sign}` goes between measures, and what stands before it is a test of an event.",
             part.span, "If the `where` ends here, put its test in parentheses:",
             Fix(Span(inner.source, inner.start, inner.start + len(text)), f"({text})"))  # fmt: skip
    return {"head": part.of, "sign": part.sign, "before": fields}


def behind_a_value(compared: Any, part: Term) -> NoReturn:
    """A comparison with a value has been said, or one that takes no measure."""
    if isinstance(compared, ast.Compare) and isinstance(compared.right, ast.Scaled) and compared.right.factor != 1:
        fail("misplaced", "A factor goes with one measure, not with a sum of them.", compared.right.span,
             "Make the sum a metric of the catalog, and multiply that.")  # fmt: skip
    fail("misplaced", f"`{part.sign}` goes between measures, and what stands before it is none.", part.span,
         "Bring all measures to one side, and leave the value alone: A - B > 100")  # fmt: skip


def as_measure(compared: Any) -> Any:
    """`> "total spent" - refunds`: what is added can only be a name, or days from one date to another."""
    match compared:
        case ast.Compare(right=ast.Text(value=text, span=span)):
            return replace(compared, right=ast.Name("", text, span))
        case ast.Compare(right=ast.DaysFrom() as days):
            return replace(compared, right=ast.Scaled(Decimal(1), ast.Subject(days, span=days.span), days.span))
        case _:
            return compared


def shared(fields: Fields) -> Fields:
    """Where the parts behind the comparison go: they are meant for each of the measures."""
    if "before" not in fields or not isinstance(fields.get("comparison"), ast.Compare | ast.Between):
        return fields
    return fields.setdefault("all", {"head": fields["head"]})  # type: ignore[no-any-return]


def joined(fields: Fields, finish: Callable[[Fields], Fields]) -> Fields:
    """The fields of a condition; where it is about several measures, they become its head."""
    if "before" not in fields:
        return finish(fields)
    every = finish(fields.pop("all", {"head": fields["head"]}))
    rest = finish({name: part for name, part in fields.items() if name not in ("sign", "before", *_OWN)})
    del rest["head"]
    run = [fields]
    while "before" in run[-1]:
        run.append(run[-1].pop("before"))
    if len(run) > _MOST:
        fail("too-long", f"So many measures are not added: at most {_MOST} are.", fields["head"].span)
    terms, signs = [], []
    for one in reversed(run):
        if sign := one.get("sign"):
            signs.append(sign)
        own = finish({name: part for name, part in one.items() if name in ("head", *_OWN)})
        for what in every.keys() & set(_OWN):
            if what in own:
                twice(what, every[what].span)
            own[what] = every[what]
        last = max((part.span for part in own.values()), key=lambda span: span.end)
        terms.append(ast.Subject(**own, span=own["head"].span.to(last)))
    return {"head": ast.Terms(tuple(terms), tuple(signs), terms[0].span.to(terms[-1].span)), **rest}


def factor_of(compared: Any) -> Decimal:
    """What the right side is multiplied by, unless it is a number about a population."""
    return compared.right.factor if isinstance(getattr(compared, "right", None), ast.Scaled) else Decimal(1)
