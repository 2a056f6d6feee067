"""The check of events: their names, their ids, their profiles, their items."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from ..catalog.checks.findings import called
from ..catalog.model import Event, Items, Lookup
from ..emitter import PROFILE
from ..emitter import nodes as n
from ..emitter.opposites import opposite
from ..emitter.sources import counted_rows
from ..nearest import nearest
from ..planner import slug
from .keys import check_currency, of_profiles
from .properties import check_properties, joined
from .survey import Survey
from .surveyed import Path, Surveyed, many


def check_event(survey: Survey, event: Event, path: Path, profiles: Surveyed | None) -> None:
    """An event with rows of its own; `profiles` are those whose keys it may have to know."""
    source = survey.source(event, path)
    if source is None:
        return
    source = joined(survey, event.join, source, path)
    whose = of_profiles(survey, event.profile, source, path)
    survey.hides("line" if event.group_by else PROFILE, source, event, path, event.profile)
    if event.time is not None:
        survey.moment(event.time, source, (*path, "time"))
    if event.arrived is not None:
        survey.moment(event.arrived, source, (*path, "arrived"))
    if event.name_column is not None and event.name is not None:
        source = _named(survey, event, source, path)
    for column in event.group_by:
        survey.column(column, source, (*path, "group by"))
    check_properties(survey, event.properties, _grouped(survey, event, source), path)
    if event.id is not None and survey.column(event.id, source, (*path, "id")) is not None:
        _identity(survey, event.id, source, path)
    if event.profiles_complete and whose and profiles is not None:
        _complete(survey, profiles, path)
    if event.currency is not None:
        check_currency(survey, event.currency, counted_rows(str(path[-1]), survey.target), source, path)
    if event.items is not None:
        _items(survey, event.items, source, path)


def _grouped(survey: Survey, event: Event, source: Surveyed) -> Surveyed:
    """The source, its rows in the groups that are one event each."""
    whose = event.profile.column if event.profile is not None else ()
    columns = dict.fromkeys((*whose, *event.group_by)) if event.group_by else {}
    return replace(source, group=tuple(name for name in columns if survey.looked_up(name) in source.columns))


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


def _complete(survey: Survey, profiles: Surveyed, path: Path) -> None:
    """A problem where a row's profile does not exist, though the catalog says that it does."""
    key = survey.catalog.profiles.key
    keys = profiles.select([n.column("t", key)], n.is_set(n.column("t", key)))
    every = counted_rows(str(path[-1]), survey.target)
    unknown = opposite(exp.In(this=every.key(), query=exp.Subquery(this=keys)))
    found = survey.rows(every.select([exp.Count(this=exp.Star())], [unknown]))
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
