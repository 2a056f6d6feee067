"""The check of profiles, and of the columns that say whose a row is, and in which currency."""

from __future__ import annotations

from sqlglot import exp

from ..catalog.checks.findings import called
from ..catalog.model import Given, Identities, Written
from ..dialects import known_or_plain
from ..emitter import nodes as n
from ..emitter import sources
from ..emitter.rows import IDENTITY, Rows, latest_identities
from . import contents
from .properties import check_properties, joined
from .survey import Survey
from .surveyed import Path, Surveyed, many
from .types import ColumnType


def check_profiles(survey: Survey) -> Surveyed | None:
    """The rows of the profiles; None where there are none to look at."""
    profiles = survey.catalog.profiles
    source = survey.source(profiles, ("profiles",))
    if source is None:
        return None
    at: Path = ("profiles", "key")
    found = survey.column(profiles.key, source, at)
    if found is not None and _key_fits(survey, found, profiles.key, source, at):
        if contents.has_nulls(survey, profiles.key, source):
            message = f"Some rows of {source.said} have no `{profiles.key}`: nobody can tell who they are."
            survey.wrong("null-key", at, message, f"where: {profiles.key} IS NOT NULL")
        if doubles := contents.repeated(survey, [profiles.key], source):
            message = f"Each row of {source.said} should be one profile, and {many(doubles[0], 'key')} in several rows"
            hint = "name the column that is unique, or narrow the rows by `where`"
            survey.wrong("not-unique", at, f"{message}, such as {doubles[1]}.", hint)
    source = joined(survey, profiles.join, source, ("profiles",))
    check_properties(survey, profiles.properties, source, ("profiles",))
    check_promise(survey, profiles.written, source, ("profiles",))
    if profiles.currency is not None:
        check_currency(survey, profiles.currency, sources.profiles(survey.target), source, ("profiles",))
    return source


def _key_fits(survey: Survey, found: ColumnType, column: str, source: Surveyed, path: Path) -> bool:
    """Whether a column holds keys of profiles of their type."""
    wanted, kind = survey.key_type, found.family
    if kind == "any":
        return True
    if kind == wanted:
        if wanted == "text":
            contents.compares_exactly(survey, column, source, path)
        return True
    said = f"and `{column}` of {source.said} is {found}."
    if path == ("profiles", "key"):
        hint = f"key type: {kind}" if kind in _SQL_TYPES else _cast(survey, column, "text", source)
        survey.wrong("column-type", path, f"The key of the profiles should be {wanted}, {said}", hint)
    else:
        hint = _cast(survey, column, wanted, source)
        survey.wrong("column-type", path, f"The keys of profiles are {wanted}, {said}", hint)
    return False


def key_type(survey: Survey, profiles: Surveyed | None) -> str:
    """The type of keys once that of the profiles' own is mended: then nothing is wrong with others that are like it."""
    found = profiles.columns.get(survey.looked_up(survey.catalog.profiles.key)) if profiles is not None else None
    kind = "any" if found is None else found[1].family
    return survey.key_type if kind == "any" else kind if kind in _SQL_TYPES else "text"


_SQL_TYPES = {"text": "VARCHAR", "integer": "BIGINT", "uuid": "UUID"}


def _cast(survey: Survey, column: str, wanted: str, source: Surveyed) -> str:
    cast = f"CAST({column} AS {_SQL_TYPES[wanted]}) AS {column}"
    replaces = known_or_plain(survey.catalog.sql_dialect).replaces_columns
    table = source.relation.sql() if isinstance(source.relation, exp.Table) else ".."
    return f"cast it: query: SELECT {f'* REPLACE ({cast})' if replaces else f'{cast}, ..'} FROM {table}"


def of_profiles(survey: Survey, given: Given | None, source: Surveyed, path: Path) -> bool:
    """Whether rows say whose they are, in columns of keys of profiles; a problem where not."""
    if given is None:
        return False
    at = (*path, "profile")
    fit = []
    for column in given.column:
        place, name = source.place(column)
        found = survey.column(name, place, at) if place is not None else None
        fit.append(found is not None and place is not None and _key_fits(survey, found, name, place, at))
    if given.sql is not None and (found := survey.value_type(given.sql, source, (*at, "sql"))) is not None:
        fit.append(found.family in (survey.key_type, "any"))
        if not fit[-1]:
            message = f"The keys of profiles are {survey.key_type}, and this SQL gives {found}."
            survey.wrong("column-type", (*at, "sql"), message, f"CAST(.. AS {_SQL_TYPES[survey.key_type]})")
    return bool(fit) and all(fit)


def check_promise(survey: Survey, written: Written | None, source: Surveyed, path: Path) -> None:
    """The columns that say when a row was written, and the rows that tell of those which were deleted."""
    if written is None:
        return
    path = (*path, "written")
    survey.moment(written, source, path)
    if (deleted := written.deleted) is not None and (told := survey.source(deleted, (*path, "deleted"))) is not None:
        of_profiles(survey, deleted.profile, told, (*path, "deleted"))
        survey.moment(deleted.time, told, (*path, "deleted", "time"))


def check_identities(survey: Survey, known: Identities, path: Path) -> None:
    """The columns of a map of identities; a warning where rows that tie say that a key is several profiles."""
    source = survey.source(known, path)
    if source is None:
        return
    survey.hides(IDENTITY, source, known, path)
    fit = []
    for name, column in (("anonymous", known.anonymous), ("known", known.known)):
        found = survey.column(column, source, (*path, name))
        fit.append(found is not None and _key_fits(survey, found, column, source, (*path, name)))
    if known.time is not None:
        fit.append(survey.moment(known.time, source, (*path, "time")))
    if not all(fit):
        return
    key, whom, latest = latest_identities(known, survey.target)
    ends = [end(this=n.cast(whom.copy(), exp.DType.TEXT)) for end in (exp.Min, exp.Max)]
    latest.set("expressions", [n.named(n.cast(key, exp.DType.TEXT), "twofold")])
    latest.set("group", exp.Group(expressions=[key.copy()]))
    latest.set("having", exp.Having(this=exp.NEQ(this=ends[0], expression=ends[1])))
    twofold = n.column("doubles", "twofold")
    among = n.aliased(exp.Subquery(this=latest), "doubles")
    for count, one in survey.rows(n.select([exp.Count(this=exp.Star()), exp.Min(this=twofold)], among)):
        if count:
            are = "1 key is" if count == 1 else f"{count:,} keys are"
            last = "" if known.time is None else " at the same last time"
            message = f"By {called(path)} {are} known as several profiles{last}, such as {one}: then it is nobody's."
            hint = "say when a row was written (`time: ..`), or which rows count by `where`"
            survey.wrong("not-unique", (*path, "anonymous"), message, hint, "warning")


_MOST = 3
"""So many currencies are said by name."""


def check_currency(survey: Survey, column: str, rows: Rows, source: Surveyed, path: Path) -> None:
    """A problem where rows that count are in another currency than the catalog's, or in none."""
    at, own = (*path, "currency"), survey.catalog.currency
    place, name = source.place(column)
    if place is None or survey.column(name, place, at) is None:
        return
    code, count = rows.column(column), exp.Count(this=exp.Star())
    other = n.either([exp.NEQ(this=code, expression=n.text(own)), n.is_null(code.copy())])
    found = rows.select([n.named(code.copy(), "code"), n.named(count, "often")], [other], [code.copy()])
    found.set("order", exp.Order(expressions=[exp.Ordered(this=count.copy(), desc=True)]))
    if others := survey.rows(found):
        said = ", ".join(f"{often:,} in {code or 'none'}" for code, often in others[:_MOST])
        more = f" and {len(others) - _MOST} currencies more" if len(others) > _MOST else ""
        message = f"All money is {own}, and of {called(path)} there are rows in others by `{column}`: {said}{more}."
        rates = f"join: {{rates: {column}}}, and of each money sql: .. * rates.rate"
        survey.wrong("other-currency", at, message, f"where: {column} = '{own}' leaves them out; or convert: {rates}")
