"""The shape of a catalog's parts, for pydantic: what may be given for each field, in which shorthands.

It is loaded where something is validated, and for the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar, get_type_hints

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
    Tag,
    TypeAdapter,
    create_model,
)
from pydantic_core import CoreSchema, core_schema

from .parts import NEEDED, CatalogPart, Join, spelled

Part = TypeVar("Part", bound=CatalogPart)

ONE, BY_DIALECT = "\0one", "\0by dialect"
"""Which of the two forms SQL has; pydantic puts them into the paths of its errors."""


def _one_or_more(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


def _same_column(given: Any) -> Any:
    return {given: given} if isinstance(given, str) else given


def _unfold_joins(given: Any) -> Any:
    """`{products: product_id}` and `{products: {product_id: id}}`: the table has the name of the join."""
    if not isinstance(given, Mapping):
        return given
    unfolded = {}
    for name, join in given.items():
        short = isinstance(join, str) or (isinstance(join, Mapping) and not {"table", "on"} & join.keys())
        unfolded[name] = {"table": name, "on": join} if short else join
    return unfolded


def _iso(given: Any) -> Any:
    return given.isoformat() if isinstance(given, date) else given


def _pair(given: Any) -> Any:
    """`{latitude: 52.37, longitude: 4.89}` is `[52.37, 4.89]`."""
    if isinstance(given, Mapping) and set(given) == {"latitude", "longitude"}:
        return (given["latitude"], given["longitude"])
    return given


def _segql(given: Any) -> Any:
    """A Python value as SegQL writes it."""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, int | float | Decimal):
        return format(Decimal(str(given)), "f")
    return _iso(given)


_Word = Annotated[str, StringConstraints(pattern=r"\S")]
_GIVEN: dict[str, Any] = {
    "Word": _Word,
    "Words": Annotated[tuple[_Word, ...], BeforeValidator(_one_or_more)],
    "Columns": Annotated[dict[_Word, _Word], BeforeValidator(_same_column)],
    "SQL": Annotated[
        Annotated[_Word, Tag(ONE)] | Annotated[dict[_Word, _Word], Field(min_length=1), Tag(BY_DIALECT)],
        Discriminator(lambda given: BY_DIALECT if isinstance(given, Mapping) else ONE),
    ],
    "Joins": Annotated[dict[_Word, Join], BeforeValidator(_unfold_joins)],
    "Day": Annotated[_Word, BeforeValidator(_iso)],
    "Place": Annotated[tuple[float, float], BeforeValidator(_pair)],
    "Constant": Annotated[_Word, BeforeValidator(_segql)],
}
"""The types that declarations name, each with what is understood for it."""

_CONFIG = ConfigDict(extra="forbid", populate_by_name=True, alias_generator=spelled, defer_build=True)


@cache
def model(part: Any) -> type[BaseModel]:
    """The fields of a part as pydantic knows them."""
    types = get_type_hints(part, localns=_GIVEN, include_extras=True)
    fields: dict[str, Any] = {}
    for name, (default, factory, description, limits) in part.fields.items():
        said: dict[str, Any] = {"description": description, **limits}
        if factory is not None:
            said["default_factory"] = factory
        elif default is not NEEDED:
            said["default"] = default
        fields[name] = (types[name], Field(**said))
    made: type[BaseModel] = create_model(part.__name__, __config__=_CONFIG, __doc__=part.__doc__, **fields)
    return made


def schema(part: type[CatalogPart], handler: GetCoreSchemaHandler) -> CoreSchema:
    """How pydantic makes a part: from one, or from a mapping or a shorthand."""

    def made(given: Any, validated: core_schema.ValidatorFunctionWrapHandler) -> CatalogPart:
        return given if isinstance(given, part) else part.of(vars(validated(part.unfolded(given))))

    return core_schema.no_info_wrap_validator_function(made, handler.generate_schema(model(part)))  # type: ignore[arg-type]  # mypy asks for the hash of a part


def validated(part: type[Part], given: Any) -> Part:
    """A part of what is given. Raises pydantic's ValidationError."""
    found: Part = _adapter(part).validate_python(given)  # type: ignore[arg-type]
    return found


@cache
def _adapter(part: Any) -> TypeAdapter[Any]:
    return TypeAdapter(part)
