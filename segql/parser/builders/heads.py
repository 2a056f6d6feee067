"""What a condition begins with: events, aggregates, consent, lists, segments, ranks, places, items."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, cast

from ... import ast, words
from ...source import Span
from ..checks import ascending, at, count_token, fail, percent
from ..engine.lexer import Token, in_digits
from .boolean import finish
from .comparisons import OPS, or_more, times_of
from .contexts import of_a_row
from .literals import decimal, split
from .parts import Counted
from .things import no_share
from .values import Values, duration, sense, text


def aggregate(v: Values, span: Span) -> ast.Aggregate:
    """`sum of total of placed order`."""
    return ast.Aggregate(sense(v[0]), v[1], v[3], span)


def aggregate_any(v: Values, span: Span) -> ast.Aggregate:
    """`number of any of (opened email, clicked email)`: a measure without a property."""
    return ast.Aggregate(sense(v[0]), None, v[1], span)


def date_part(v: Values, span: Span) -> ast.DatePart:
    """`month of birthday`."""
    return ast.DatePart(sense(v[0]), v[1], span)


def share(v: Values, span: Span) -> ast.Share:
    """`at least 80% of placed order`; what they `have` comes as a part."""
    return ast.Share(OPS[v[0].type], percent(v[1], span, zero=True), v[3], None, span)


def share_between(v: Values, span: Span) -> ast.Share:
    """`between 10% and 20% of placed order`."""
    low, high = percent(v[1], span, zero=True), percent(v[3], span, zero=True)
    ascending(low, high, span)
    return ast.Share("between", low, v[5], high, span)


def counted(v: Values, span: Span) -> Counted:
    """`at least 3 placed order`, `twice clicked sms`."""
    of = v[-1]
    if isinstance(of, ast.Name):
        no_share(of.words, span)
    compared = v[0].type in OPS
    op: ast.Op = OPS[v[0].type] if compared else or_more(v[:-1])
    number = v[1 if compared else 0]
    return Counted(
        v[-1], ast.Quantity(op, times_of(number, span), None, Span(span.source, span.start, v[-1].span.start)), span
    )


def counted_between(v: Values, span: Span) -> Counted:
    """`between 2 and 5 placed order`."""
    low, high = count_token(v[1], span), count_token(v[3], span)
    said = Span(span.source, span.start, v[-1].span.start)
    ascending(low, high, said)
    return Counted(v[-1], ast.Quantity("between", low, high, said), span)


def can_receive(v: Values, span: Span) -> ast.CanReceive:
    """`can receive sms`, `cannot receive email`."""
    return ast.CanReceive(v[1], None, None, v[0].type == "CANNOT_RECEIVE", span)


def in_list(v: Values, span: Span) -> ast.InList:
    """`in list Newsletter`, `joined list Newsletter`."""
    return ast.InList(v[1], v[0].type == "JOINED_LIST", None, span)


def segment_ref(v: Values, span: Span) -> ast.SegmentRef:
    """`VIP`, `"High rollers" (aov = $200)`: a segment and its arguments."""
    return ast.SegmentRef(v[0], tuple(v[2]) if len(v) > 1 else (), span)


_OF_SEGMENT: dict[str, Literal["in", "was in"]] = {"IN_SEGMENT": "in", "WAS_IN_SEGMENT": "was in"}


def in_segment(v: Values, span: Span) -> ast.InSegment:
    """`in`, `was in` .. `ago`, `entered` and `left` with a window, in which a length is written out."""
    word = _OF_SEGMENT.get(v[0].type) or sense(v[0])
    if word in ("in", "was in"):
        return ast.InSegment(word, v[1], duration(v[2], span) if len(v) > 2 else None, None, span)
    match v[2]:
        case ast.InLast(length=ast.Name() as name):
            fail(
                "bad-duration",
                f"`{name.span.text}` is no duration as written.",
                name.span,
                "A duration is written there: 30 days",
            )
        case ast.InLast(length=length):
            return ast.InSegment(word, v[1], None, ast.InLast(length, span=v[2].span), span)
        case ast.Between() | ast.Quantity():
            fail("bad-window", "Between two values lies no time.", v[2].span, "Its form is: in 30d, since 2025-11-01")
    return ast.InSegment(word, v[1], None, v[2], span)


def rank(v: Values, span: Span) -> ast.Rank:
    """`top 10% by total spent`, `bottom 100 by number of placed order`."""
    token: Token = v[1]
    if token.type == "PERCENT":
        size: ast.Number | ast.Percent = percent(token, span)
    else:
        size = count_token(token, span)
        if size.value == 0:
            fail("bad-count", "A rank holds at least one profile.", size.span)
    return ast.Rank(sense(v[0]), size, ast.Subject(v[3], span=v[3].span), span=span)


def near(v: Values, span: Span) -> ast.Near:
    """`within 20 km of Amsterdam store`, `within 3 miles of any store`, `within 5 km of (-33.86, 151.2)`."""
    number, unit = split(v[1].text)
    place: Any = None if isinstance(v[3], Token) else v[3]
    return ast.Near(decimal(number), cast(Literal["km", "miles"], words.sense("DISTANCE", unit)), place, span)


def coordinates(v: Values, span: Span) -> tuple[Decimal, Decimal]:
    """`(-33.86, 151.2)`: latitude and longitude, in degrees."""
    latitude, longitude = decimal(v[1].text), decimal(v[3].text)
    if abs(latitude) > 90 or abs(longitude) > 180:
        fail(
            "bad-number", "Latitudes run from -90 to 90, longitudes from -180 to 180; latitude comes first.", span,
            *(("Write", f"({v[3].text}, {v[1].text})") if abs(longitude) <= 90 and abs(latitude) <= 180 else ()),
        )  # fmt: skip
    return latitude, longitude


def random(v: Values, span: Span) -> ast.Random:
    """`random 10%`, `random 10% seed "B"`."""
    return ast.Random(percent(v[1], span), text(v[3], span) if len(v) > 2 else None, span)


def items(v: Values, span: Span) -> ast.Items:
    """`any item (price > $10)`, `every item (..)`, `no item (..)`."""
    return ast.Items(sense(v[0]), of_a_row(finish(v[2])), None, span)


def items_count(v: Values, span: Span) -> ast.Items | Counted:
    """`at least 4 items (..)`, also with the name of a number; `at least three placed order`."""
    if isinstance(v[1], ast.Name) and len(v) == 2 and (said := _counted_name(v[1])):
        number, name = said
        before = Span(span.source, span.start, name.span.start)
        return Counted(name, ast.Quantity(OPS[v[0].type], number, None, before), span)
    if isinstance(v[1], ast.Name):
        count: ast.Number | ast.Name = _few_items(v[1], at(v[0], span).text)
        rest = v[2:]
    else:
        count, rest = count_token(v[1], span), v[3:]
    where = of_a_row(finish(rest[1])) if rest else None
    return ast.Items("count", where, ast.Quantity(OPS[v[0].type], count, None, span), span)


def items_between(v: Values, span: Span) -> ast.Items:
    """`between 2 and 4 items (price > 10)`."""
    low, high = count_token(v[1], span), count_token(v[3], span)
    ascending(low, high, span)
    where = of_a_row(finish(v[6])) if len(v) > 5 else None
    return ast.Items("count", where, ast.Quantity("between", low, high, span), span)


def _counted_name(name: ast.Name) -> tuple[ast.Number, ast.Name] | None:
    """`three placed order`."""
    first, _, rest = name.words.partition(" ")
    if name.quoted is not None or not rest or (digits := in_digits(first)) == first:
        return None
    text, start = name.span.text, name.span.start
    begins = start + len(text) - len(text[len(first) :].lstrip())
    number = ast.Number(Decimal(digits), Span(name.span.source, start, start + len(first)))
    return number, ast.Name(rest, None, Span(name.span.source, begins, name.span.end))


def _few_items(name: ast.Name, compared: str) -> ast.Name:
    """`few items` is the parameter `few` and the word `items`."""
    parts = name.words.split(" ")
    if name.quoted is not None or len(parts) < 2 or parts[-1].lower() not in words.spellings("ITEMS"):
        fail(
            "syntax", f"Nothing stands before `{compared}` that could be compared.", name.span,
            f"Begin with a name: age {compared} {name.span.text}",
        )  # fmt: skip
    return ast.Name(" ".join(parts[:-1]), None, name.span)
