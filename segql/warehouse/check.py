"""Compares a catalog with a warehouse (`segql catalog check`): every problem at once, each at its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlglot import exp

from ..catalog import Catalog
from ..catalog.checks.findings import begun, called
from ..catalog.model import Channel, Event, Items, List, Lookup, Named, Stores
from ..dialects import dialect as dialect_of
from ..dialects import known_or_plain
from ..emitter import PROFILE, sql_text, times
from ..emitter import nodes as n
from ..emitter.bounds import EXACT
from ..emitter.opposites import opposite
from ..errors import Problem
from ..formatter import format_name
from ..nearest import nearest
from ..parser.names import is_bare
from ..planner import slug
from .connection import Warehouse
from .properties import check_axes, check_properties, joined
from .survey import Survey
from .surveyed import Path, Surveyed, many
from .types import ColumnType


def check_catalog(
    warehouse: Warehouse, catalog: Catalog, progress: Callable[[str], None] | None = None
) -> list[Problem]:
    """What differs between a catalog and the tables of a warehouse, in the order of the catalog's file.

    Reads whole tables where it looks for doubles. `progress` hears which part is at hand.
    Raises WarehouseError when the warehouse does not answer at all.
    """
    warehouse.rows(_today(catalog, warehouse.dialect))
    survey, say = Survey(warehouse, catalog, catalog.profiles.key_type), progress or (lambda part: None)
    say("profiles")
    profiles = _profiles(survey)
    survey = replace(survey, key_type=_key_type(survey, profiles))
    for name, channel in catalog.channels.items():
        say(f"channel {name}")
        _channel(survey, channel, ("channels", name), profiles)
    for name, event in catalog.events.items():
        if not event.any_of:
            say(f"event {name}")
            _event(survey, event, ("events", name), profiles)
    for name, list_ in catalog.lists.items():
        say(f"list {name}")
        _list(survey, list_, ("lists", name))
    if catalog.stores is not None:
        _stores(survey, catalog.stores, ("stores",))
    _names(survey)
    return sorted(survey.problems, key=lambda problem: problem.span.start)


def _today(catalog: Catalog, dialect: str) -> str:
    """A statement that fails where the warehouse does not know the catalog's time zone."""
    wall = times.wall(exp.CurrentTimestamp(), EXACT, catalog.timezone, dialect_of(dialect))
    return sql_text(exp.Select(expressions=[n.named(n.cast(wall, exp.DType.DATE), "today")]), dialect)


def _names(survey: Survey) -> None:
    """A hint where a rule can name something in quotes only."""
    catalog = survey.catalog
    owners: dict[Path, Mapping[str, Named]] = {
        ("events",): catalog.events, ("metrics",): catalog.metrics, ("lists",): catalog.lists,
        ("channels",): catalog.channels, ("profiles", "properties"): catalog.profiles.properties,
    }  # fmt: skip
    for name, event in catalog.events.items():
        owners["events", name, "properties"] = event.properties
        if event.items is not None:
            owners["events", name, "items", "properties"] = event.items.properties
    for path, named in owners.items():
        for name, part in named.items():
            if not any(map(is_bare, (name, *part.also))):
                message = (
                    f"{begun((*path, name))} stands in quotes in a rule: it holds a word or a sign of the language."
                )
                hint = f"write {format_name(name)}, or give it another name by `also: [..]`"
                survey.wrong("quoted-name", (*path, name), message, hint, "hint")


def _profiles(survey: Survey) -> Surveyed | None:
    profiles = survey.catalog.profiles
    source = survey.source(profiles, ("profiles",))
    if source is None:
        return None
    at: Path = ("profiles", "key")
    found = survey.column(profiles.key, source, at)
    if found is not None and _key_fits(survey, found, profiles.key, source, at):
        if survey.has_nulls(profiles.key, source):
            message = f"Some rows of {source.said} have no `{profiles.key}`: nobody can tell who they are."
            survey.wrong("null-key", at, message, f"where: {profiles.key} IS NOT NULL")
        if doubles := survey.repeated([profiles.key], source):
            message = f"Each row of {source.said} should be one profile, and {many(doubles[0], 'key')} in several rows"
            hint = "name the column that is unique, or narrow the rows by `where`"
            survey.wrong("not-unique", at, f"{message}, such as {doubles[1]}.", hint)
    check_properties(survey, profiles.properties, source, ("profiles",))
    return source


def _key_fits(survey: Survey, found: ColumnType, column: str, source: Surveyed, path: Path) -> bool:
    """Whether a column holds keys of profiles of their type."""
    wanted, kind = survey.key_type, found.family
    if kind == "any":
        return True
    if kind == wanted:
        if wanted == "text":
            survey.compares_exactly(column, source, path)
        return True
    said = f"and `{column}` of {source.said} is {found}."
    if path == ("profiles", "key"):
        hint = f"key type: {kind}" if kind in _SQL_TYPES else _cast(survey, column, "text", source)
        survey.wrong("column-type", path, f"The key of the profiles should be {wanted}, {said}", hint)
    else:
        hint = _cast(survey, column, wanted, source)
        survey.wrong("column-type", path, f"The keys of profiles are {wanted}, {said}", hint)
    return False


def _key_type(survey: Survey, profiles: Surveyed | None) -> str:
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


def _profile(survey: Survey, column: str | None, source: Surveyed, path: Path) -> bool:
    """Whether rows say whose they are."""
    found = survey.column(column, source, (*path, "profile")) if column else None
    return found is not None and _key_fits(survey, found, str(column), source, (*path, "profile"))


def _event(survey: Survey, event: Event, path: Path, profiles: Surveyed | None) -> None:
    source = survey.source(event, path)
    if source is None:
        return
    whose = _profile(survey, event.profile, source, path)
    survey.hides("line" if event.group_by else PROFILE, source, event, path, event.profile)
    if event.time is not None:
        survey.moment(event.time, source, (*path, "time"))
    if event.arrived is not None:
        survey.moment(event.arrived, source, (*path, "arrived"))
    if event.name_column is not None and event.name is not None:
        source = _named(survey, event, source, path)
    for column in event.group_by:
        survey.column(column, source, (*path, "group by"))
    source = joined(survey, event.join, source, path)
    check_properties(survey, event.properties, _grouped(event, source), path)
    if event.id is not None and survey.column(event.id, source, (*path, "id")) is not None:
        _identity(survey, event.id, source, path)
    if event.profiles_complete and whose and profiles is not None:
        _complete(survey, str(event.profile), source, profiles, path)
    if event.items is not None:
        _items(survey, event.items, source, path)


def _grouped(event: Event, source: Surveyed) -> Surveyed:
    """The source, its rows in the groups that are one event each."""
    columns = dict.fromkeys((event.profile, *event.group_by)) if event.group_by else {}
    return replace(source, group=tuple(name for name in columns if name))


def _named(survey: Survey, event: Event, source: Surveyed, path: Path) -> Surveyed:
    """The rows of an event in a table of many; a hint when its name never occurs."""
    column, name = str(event.name_column), str(event.name)
    if survey.column(column, source, (*path, "name column")) is None:
        return source
    own, names = n.column("t", column), source
    if event.names is None:
        is_it = n.compare(own, "=", n.text(name))
    else:
        table = survey.table(event.names.table, (*path, "names"))
        if table is None or None in [
            survey.column(c, table, (*path, "names")) for c in (event.names.id, event.names.name)
        ]:
            return source
        where = event.names.where
        if where is not None:
            if not survey.condition(where, table, (*path, "names", "where")):
                return source
            table = table.among(survey.sql(where))
        _one_id(survey, event.names, name, table, path)
        ids = table.select(
            [n.column("t", event.names.id)], n.compare(n.column("t", event.names.name), "=", n.text(name))
        )
        is_it = exp.In(this=own, query=exp.Subquery(this=ids))
        names, column = table, event.names.name
    named = source.among(is_it)
    some = named.select([exp.Literal.number(1)])
    some.set("limit", exp.Limit(expression=exp.Literal.number(1)))
    if not survey.rows(some):
        known = replace(names, where=n.true()).select([n.cast(n.column("t", column), exp.DType.TEXT)])
        known.set("distinct", exp.Distinct())
        known.set("limit", exp.Limit(expression=exp.Literal.number(10_000)))
        others = [row[0] for row in survey.rows(known) if row[0]]
        near = nearest(name, others)
        hint = f"did you mean `{near[0]}`?" if near else ""
        if name in others:  # then it is the event that does not occur
            hint = "the name stands there, and no event that counts has its id" if event.names else ""
            hint = hint or "the name stands there, on rows that `where` leaves out"
        message = f'No row of {source.said} that counts has "{name}" in `{column}`.'
        survey.wrong("name-never-occurs", (*path, "name"), message, hint, "hint")
    return named


def _one_id(survey: Survey, names: Lookup, name: str, table: Surveyed, path: Path) -> None:
    """A warning where several ids have the event's name: as a rule the exports of several programs."""
    ids, named = n.column("t", names.id), n.compare(n.column("t", names.name), "=", n.text(name))
    values: list[exp.Expr] = [exp.Count(this=exp.Distinct(expressions=[ids]))]
    values += [kind(this=n.cast(ids.copy(), exp.DType.TEXT)) for kind in (exp.Min, exp.Max)]
    for count, one, other in survey.rows(table.select(values, named)):
        if count > 1:
            message = f'"{name}" is the name of {count:,} ids in {table.said}, such as {one} and {other}: their events'
            others = [column for column, _ in table.columns.values() if column not in (names.id, names.name)]
            said = f"{{table: {names.table}, where: {others[0] if others else '..'} = '..'}}"
            hint = f"if they are not one event, say which counts: names: {said}"
            survey.wrong("several-ids", (*path, "name"), f"{message} are added together.", hint, "warning")


def _identity(survey: Survey, column: str, source: Surveyed, path: Path) -> None:
    """A problem where the id of an event is missing or not its own."""
    at, what = (*path, "id"), f"`{column}` should tell the events apart"
    if survey.has_nulls(column, source):
        message = f"{what}, and some rows of {called(path)} have none."
        survey.wrong("null-key", at, message, "leave `id` out: then each row is one event")
    if doubles := survey.repeated([column], source):
        message = f"{what}, and of {called(path)} {many(doubles[0], 'value')} in several rows, such as {doubles[1]}."
        survey.wrong(
            "not-unique", at, message, f"if the rows are parts of one event: group by: {column}; if not, leave `id` out"
        )


def _complete(survey: Survey, column: str, source: Surveyed, profiles: Surveyed, path: Path) -> None:
    """A problem where a row's profile does not exist, though the catalog says that it does."""
    key = survey.catalog.profiles.key
    keys = profiles.select([n.column("t", key)], n.is_set(n.column("t", key)))
    unknown = opposite(exp.In(this=n.column("t", column), query=exp.Subquery(this=keys)))
    found = survey.rows(source.select([exp.Count(this=exp.Star())], unknown))
    if found and found[0][0]:
        rows = f"{found[0][0]:,} rows are" if found[0][0] != 1 else "1 row is"
        message = (
            f"`profiles complete` says that every row of {called(path)} has a known profile, and {rows} of others."
        )
        survey.wrong("unknown-profiles", (*path, "profiles complete"), message, "profiles complete: false")


def _items(survey: Survey, items: Items, event: Surveyed, event_path: Path) -> None:
    path = (*event_path, "items")
    own = items.table is not None or items.query is not None
    lines = survey.source(items, path, otherwise=event)
    if lines is None:
        return
    for here, there in items.on.items():
        survey.column(here, event, (*path, "on"))
        survey.column(there, lines, (*path, "on"))
    if own:
        survey.hides(slug(str(event_path[-1])), lines, items, path)
    lines = joined(survey, items.join, lines, path)
    check_properties(survey, items.properties, lines if own else replace(lines, group=()), path)


def _channel(survey: Survey, channel: Channel, path: Path, profiles: Surveyed | None) -> None:
    source = survey.source(channel, path, otherwise=profiles)
    if source is None:
        return
    if channel.table is not None or channel.query is not None:
        _profile(survey, channel.profile, source, path)
        survey.hides(PROFILE, source, channel, path, channel.profile)
    survey.condition(channel.receives_when, source, (*path, "receives when"))
    if channel.reason is not None:
        found = survey.column(channel.reason, source, (*path, "reason"))
        if found is not None and found.family not in ("text", "any"):
            message = f"A reason is text, and `{channel.reason}` of {source.said} is {found}."
            survey.wrong("column-type", (*path, "reason"), message, "cast it in a `query: SELECT ..`")
    if channel.time is not None:
        survey.moment(channel.time, source, (*path, "time"))


def _list(survey: Survey, given: List, path: Path) -> None:
    source = survey.source(given, path)
    if source is not None:
        _profile(survey, given.profile, source, path)
        survey.hides(PROFILE, source, given, path, given.profile)
        if given.time is not None:
            survey.moment(given.time, source, (*path, "time"))


def _stores(survey: Survey, stores: Stores, path: Path) -> None:
    source = survey.source(stores, path)
    if source is not None:
        survey.column(stores.name, source, (*path, "name"))
        check_axes(survey, {"latitude": stores.latitude, "longitude": stores.longitude}, source, path)
