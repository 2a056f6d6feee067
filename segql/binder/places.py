"""`within 20 km of PLACE`, and `random 10%`: where profiles are, and chance."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from .. import ast
from ..ast import Tree
from ..catalog import fold
from ..conditions import Condition, Field, Near, Nearest, Random, Type
from ..formatter import format_name
from ..source import Span
from ..words import spellings
from .advice.held import hint_unheld
from .heads import without_article
from .scope import Scope, fail, unknown

_METRES = {"km": Decimal(1000), "miles": Decimal("1609.344")}
_FURTHEST = Decimal(20_015_000)
"""In metres: half of the way around the earth."""


def near(scope: Scope, given: ast.Near) -> Near:
    """The distance in metres; the place is a place of the catalog, coordinates, or None for any store."""
    catalog = scope.catalog
    field = _position(scope, given.span)
    metres = given.distance * _METRES[given.unit]
    if not 0 < metres <= _FURTHEST:
        fail("bad-number", "A distance is more than 0 km and at most 20,015 km, halfway around the earth.", given.span,
             "for example `within 20 km of ..`")  # fmt: skip
    scope.three_decimals(given.span)
    place, label = None, ""
    match given.place:
        case ast.Name() as name:
            place, label = _place(scope, name, "give its latitude and longitude: `of (52.37, 4.89)`")
        case None:
            if catalog.stores is None:
                of = next(map(format_name, catalog.places), "(52.37, 4.89)")
                said = f"within {given.distance:f} {given.unit} of {of}"
                fail("unknown-name", "The catalog knows no stores.", given.span,
                     f"add `stores:` to it, or name a place: `{said}`")  # fmt: skip
        case coordinates:
            place = coordinates
    return Near(field, place, metres, given.span, label)


def _position(scope: Scope, span: Span) -> Field:
    """Where profiles are: the catalog has one position at most."""
    properties = scope.catalog.profiles.properties
    field = next((name for name, one in properties.items() if one.type == "position"), None)
    if field is None:
        fail("unknown-name", "The catalog does not say where profiles are.", span,
             "add a property to the profiles: `position: {latitude: .., longitude: ..}`")  # fmt: skip
    return Field("profile", field, Type.POSITION)


def _place(scope: Scope, name: ast.Name, otherwise: str) -> tuple[tuple[Decimal, Decimal], str]:
    """A place of the catalog, and its name there."""
    known = scope.catalog.find_place(name.text) or scope.catalog.find_place((without_article(name) or name).text)
    if known is None:
        unknown("place", name, scope.catalog.places, otherwise)
    latitude, longitude = scope.catalog.places[known]
    return (_degrees(latitude), _degrees(longitude)), known


NEAREST_STORE = "nearest store"
"""What every profile has where the catalog has stores, unless it has that name itself."""


def is_nearest(scope: Scope, given: ast.Subject) -> bool:
    """Whether it is about the nearest store, and not about what the catalog calls so."""
    head, catalog = given.head, scope.catalog
    if not isinstance(head, ast.Name) or head.quoted is not None:
        return False
    first, _, rest = fold(head.words).partition(" ")
    if NEAREST_STORE not in (fold(head.words), rest if first in (*spellings("ARTICLE"), *spellings("THEIR")) else ""):
        return False
    return not any(find(head.text) for find in (catalog.find_event, catalog.find_property, catalog.find_metric))


def nearest(scope: Scope, given: ast.Subject) -> Tree[Condition]:
    """`nearest store is Utrecht store`, `is not "Utrecht"`, `in (..)`: places of the catalog, and names of stores."""
    match given.comparison:
        case ast.Compare("=" | "!=" as op, ast.Text() | ast.Name() as one):
            values: tuple[object, ...] = (one,)
            negated = op == "!="
        case ast.In(values, negated):
            pass
        case _:
            fail("incomplete", "The nearest store is compared with a place, or with the name of a store.", given.span,
                 *_for_example(scope))  # fmt: skip
    if given != ast.Subject(given.head, comparison=given.comparison, span=given.span):
        fail("not-an-event", "The nearest store takes a comparison, and nothing else.", given.span,
             "what else is meant is a condition of its own, joined by `and`")  # fmt: skip
    field = _position(scope, given.span)
    if scope.catalog.stores is None:
        fail("unknown-name", "The catalog knows no stores.", given.span, "add `stores:` to it")
    names, places, labels = [], [], []
    for said in values:
        value = (scope.value(said) or said) if isinstance(said, ast.Name) else said
        match value:
            case ast.Text(text):
                _store(scope, value)
                names.append(text)
            case ast.Name():
                place, label = _place(scope, value, f'the name of a store is a text: `"{value.text}"`')
                places.append(place)
                labels.append(label)
            case _:
                fail("wrong-type", "A store has a text as its name.", given.span, *_for_example(scope))
    found = Nearest(field, tuple(names), tuple(places), given.span, tuple(labels))
    return ast.Not(found, given.span) if negated else found


def _store(scope: Scope, name: ast.Text) -> None:
    """Raises SegQLError where the text is the name of a place; a hint where no store is known to be called so."""
    stores = scope.catalog.stores
    known = stores.values if stores is not None else ()
    if name.value in known:
        return
    if (place := scope.catalog.find_place(name.value)) is not None:
        fail("ambiguous-name", f'"{name.value}" in quotes is the name of a store, and `{place}` is a place.', name.span,
             "did you mean the place?\nor list the store among the `values` of `stores:` in the catalog",
             format_name(place))  # fmt: skip
    if known:
        hint_unheld(scope, "the stores", name, known, sets=False)


def _for_example(scope: Scope) -> tuple[str]:
    place = next(map(format_name, scope.catalog.places), '"Utrecht"')
    return (f"for example `{NEAREST_STORE} is {place}`",)


def _degrees(value: float) -> Decimal:
    return Decimal(repr(value))


def random(given: ast.Random) -> Random:
    """The share as a bound of hashes, rounded down."""
    share = given.percent.value
    below = None if share == 100 else f"{int(Fraction(share) * 16**8 / 100):08x}"
    return Random(given.seed.value if given.seed is not None else "", below, given.span)
