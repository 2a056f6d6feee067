"""Compares the properties of profiles, events and items, and the joins that they stand on, with the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..catalog.checks.findings import called
from ..catalog.model import Join, Property
from ..dialects import dialect as dialect_of
from ..emitter.elements import ELEMENT
from . import contents
from .survey import Survey
from .surveyed import Path, Surveyed, many
from .types import ColumnType, declared_as, fits


def joined(
    survey: Survey, joins: Mapping[str, Join], source: Surveyed, path: Path, inside: str | None = None
) -> Surveyed:
    """The source with its joined tables by name (None: there is no such table). A join that multiplies is a problem.

    `inside` of what the rows are elements, where they are: a key in JSON need not be anywhere.
    """
    found = dict(source.joins)
    for name, join in joins.items():
        at = (*path, "join", name)
        found[name] = table = survey.table(join.table, (*at, "table"))
        if table is None:
            continue
        own = () if inside == "json" else (f"{ELEMENT}.{one}" if inside else one for one in join.on)
        here = [survey.column(column, source, (*at, "on")) for column in own]
        there = [survey.column(column, table, (*at, "on")) for column in join.on.values()]
        _promise(survey, join, table, None if inside else source, (*at, "written"))
        if None not in here + there and (doubles := contents.repeated(survey, list(join.on.values()), table)):
            columns = ", ".join(join.on.values())
            several = f"{many(doubles[0], 'value', f' of `{columns}`')} in several rows, such as {doubles[1]}"
            message = f"The join should find at most one row of {table.said}, and {several}."
            survey.wrong("join-multiplies", at, message, "join by a column that is unique there")
    return replace(source, joins=found)


def _promise(survey: Survey, join: Join, table: Surveyed, source: Surveyed | None, path: Path) -> None:
    """The columns that say when a joined row was written, and those that tell of the ones which were deleted.

    Without the source, where what it is joined by are no columns.
    """
    if join.written is None:
        return
    survey.moment(join.written, table, path)
    path = (*path, "deleted")
    if (deleted := join.written.deleted) is not None and (told := survey.source(deleted, path)) is not None:
        for here, there in (deleted.on or join.on).items():
            if source is not None:
                survey.column(here, source, (*path, "on"))
            survey.column(there, told, (*path, "on"))
        survey.moment(deleted.time, told, (*path, "time"))


def check_properties(survey: Survey, properties: Mapping[str, Property], source: Surveyed, path: Path) -> None:
    """Whether each property can be read, and has the declared type."""
    for name, given in properties.items():
        _property(survey, given, source, (*path, "properties", name))


def check_axes(survey: Survey, axes: Mapping[str, str | None], source: Surveyed, path: Path) -> None:
    """Whether latitude and longitude are numbers."""
    for axis, column in axes.items():
        found = survey.column(column, source, (*path, axis)) if column else None
        if found is not None and found.family not in ("integer", "number", "any"):
            message = f"A {axis} is a number, and `{column}` of {source.said} is {found}."
            survey.wrong("column-type", (*path, axis), message, "cast it in a `query: SELECT ..`")


def _property(survey: Survey, given: Property, source: Surveyed, path: Path) -> None:
    if given.column is not None:
        _column(survey, given, given.column, source, path)
    elif given.sql is not None:
        found = survey.value_type(given.sql, source, (*path, "sql"))
        if found is not None:
            _fits(survey, given, found, f"its SQL gives {found}", path)
    elif given.json_ is not None:
        _document(survey, given, given.json_, source, path)
    elif given.entry is not None:
        survey.column(given.entry.array, source, (*path, "entry"))
    else:
        axes = {"latitude": given.latitude, "longitude": given.longitude}
        check_axes(survey, axes, source, path)
        for axis, column in axes.items() if given.stored == "float" else ():
            found = survey.column(column, source, (*path, axis)) if column else None
            if found is not None and (
                found.said.upper() not in _FLOATS or contents.differs(survey, column or "", 9, source)
            ):
                message = f"Some rows of {source.said} have a `{column}` that is no float of nine decimals at most."
                survey.wrong("column-type", (*path, "stored"), message, "leave `stored` out")


def _document(survey: Survey, given: Property, path_in_it: str, source: Surveyed, path: Path) -> None:
    place, column = source.place(path_in_it)
    found = survey.column(column.split(".", maxsplit=1)[0], place, (*path, "json")) if place else None
    if found is not None and found.family == "list" and found.element != "any":
        message = f"`{path_in_it}` should be JSON, and in {source.said} it is {found}, a list of the warehouse's own."
        survey.wrong("column-type", (*path, "json"), message, f"{{column: {path_in_it}, type: {given.type}}}")


def _column(survey: Survey, given: Property, column: str, source: Surveyed, path: Path) -> None:
    place, column = source.place(column)
    if place is None:
        return
    source = place
    found = survey.column(column, source, (*path, "column"))
    if found is None or not _fits(survey, given, found, f"`{column}` of {source.said} is {found}", path):
        return
    if given.stored == "decimal" and found.decimals is None and contents.differs(survey, column, given.scale, source):
        message = f"Some rows of {source.said} have a `{column}` that is no decimal with a scale of {given.scale}."
        survey.wrong("column-type", (*path, "stored"), message, "leave `stored` out")
    if given.stored == "digits" and contents.no_digits(survey, column, source):
        message = f"Some rows of {source.said} have a `{column}` that is not the four digits of a month and a day."
        survey.wrong("column-type", (*path, "stored"), message, "leave `stored` out")
    if given.type in ("date", "time"):
        hint = f"leave them out: sql: CASE WHEN {column} BETWEEN '0001-01-01' AND '9999-12-31' THEN {column} END"
        survey.on_calendar(column, source, (*path, "column"), hint, of_property=True)
    told = dialect_of(survey.warehouse.dialect).collated  # by the SQL, beside each text
    if given.type == "text" and not told and survey.looked_up(column) in source.columns:
        contents.compares_exactly(survey, column, source, path)


def _fits(survey: Survey, given: Property, found: ColumnType, said: str, path: Path) -> bool:
    """Whether a value of the found type can be the property."""
    if given.stored in ("decimal", "integer"):
        return _kept(survey, given, found, said, path)
    kept = _KEPT.get(given.type) if given.stored in (None, "digits", "float") else given.stored
    if not (fits(found, given.type) if kept is None else found.family in (*_FAMILIES.get(kept, ("integer",)), "any")):
        named, of = (
            called(path),
            "" if given.stored is None else f", stored as {_SAID.get(kept or '', 'a whole number')}",
        )
        message = f"{named[:1].upper()}{named[1:]} should be {given.type}{of}, and {said}."
        survey.wrong("column-type", (*path, "type"), message, _mended(given, found))
        return False
    if kept == "timestamp":
        return survey.zone(found.family, given.zone, said, f"zone: {survey.catalog.timezone}", path)
    return True


def _kept(survey: Survey, given: Property, found: ColumnType, said: str, path: Path) -> bool:
    """Whether a number is stored as one that needs no cast."""
    if found.family == "any" or (given.stored == "integer" and found.family == "integer" and "HUGE" not in found.said):
        return True
    if given.stored == "decimal" and found.is_decimal and (found.decimals or 0) <= given.scale:
        return True
    if given.stored == "decimal" and found.is_decimal and (found.decimals or 0) <= 9:
        hint = f"scale: {found.decimals}"
    elif fits(found, given.type):
        hint = "leave `stored` out"
    else:
        hint = _mended(given, found)
    wanted = (
        f"with a scale of {given.scale}, stored as a decimal" if given.stored == "decimal" else "stored as an integer"
    )
    message = f"{called(path)[:1].upper()}{called(path)[1:]} should be {given.type} {wanted}, and {said}."
    survey.wrong("column-type", (*path, "stored"), message, hint)
    return False


_KEPT = {"time": "timestamp", "date": "date"}
"""How types are stored where it is not said."""
_FAMILIES = {"timestamp": ("timestamp", "timestamp with zone"), "date": ("date",)}
_SAID = {"timestamp": "a timestamp", "date": "a date"}


_FLOATS = ("DOUBLE", "DOUBLE PRECISION", "FLOAT8", "FLOAT64")
"""Floats of 64 bits."""
_CASTS = {
    "number": "DECIMAL(18, 4)",
    "money": "DECIMAL(18, 2)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "text": "VARCHAR",
}


def _mended(given: Property, found: ColumnType) -> str:
    """What to write: the type that the column has; or a cast, where it holds text that should be something else."""
    better = declared_as(found)
    if better in _KEPT and given.type in (better, "date"):
        return f"stored: {_KEPT[better]}"
    if given.column is not None and given.type in _CASTS and better in ("text", ""):
        return f"sql: CAST({given.column} AS {_CASTS[given.type]})"
    return f"type: {better}" if better else "cast it by `sql: ..`"
