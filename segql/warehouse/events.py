"""The check of events: their names, their ids, their profiles, their items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlglot import exp

from ..catalog.checks.findings import called
from ..catalog.model import Event, Items, Lookup, Partition
from ..catalog.rownames import row_name
from ..dialects import NotInDialect
from ..emitter import PROFILE
from ..emitter import nodes as n
from ..emitter.opposites import opposite
from ..emitter.partitions import ended, read
from ..emitter.sources import counted_rows, events, item_ties, one_of
from ..emitter.times import micros
from ..nearest import nearest
from ..planner import slug
from . import contents
from .keys import check_currency, check_promise, of_profiles
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
    check_promise(survey, event.written, source, path)
    if event.name_column is not None and event.name:
        source = _named(survey, event, source, path)
    for column in event.group_by:
        survey.column(column, source, (*path, "group by"))
    check_properties(survey, event.properties, _grouped(survey, event, source), path)
    if event.id is not None and survey.column(event.id, source, (*path, "id")) is not None:
        _identity(survey, event, source, path)
    if event.profiles_complete and whose and profiles is not None:
        _complete(survey, profiles, path)
    if event.partition is not None and survey.column(event.partition.column, source, (*path, "partition")) is not None:
        _partitioned(survey, event.partition, source, path)
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
    """The rows of an event in a table of many; a hint for each of its names that never occurs."""
    column = str(event.name_column)
    if survey.column(column, source, (*path, "name column")) is None:
        return source
    names = source
    if event.names is not None:
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
        names = table
    for place, name in enumerate(event.name):
        at: Path = (*path, "name") if len(event.name) == 1 else (*path, "name", place)
        if event.names is not None:
            _one_id(survey, event.names, name, names, at)
        _occurs(survey, event, name, (source.among(_is_it(event, (name,), names)), names), at)
    return source.among(_is_it(event, event.name, names))


def _is_it(event: Event, wanted: Sequence[str], names: Surveyed) -> exp.Expr:
    """Whether a row has one of these names, which stand in a table of their own if there is one."""
    own = n.column("t", str(event.name_column))
    if event.names is None:
        return one_of(own, wanted)
    ids = names.select([n.column("t", event.names.id)], one_of(n.column("t", event.names.name), wanted))
    return exp.In(this=own, query=exp.Subquery(this=ids))


def _occurs(survey: Survey, event: Event, name: str, where: tuple[Surveyed, Surveyed], at: Path) -> None:
    """A hint where no row has a name: none of those that are called so, among all where names stand."""
    named, names = where
    if survey.rows(_first(named)):
        return
    column = str(event.name_column) if event.names is None else event.names.name
    known = replace(names, where=n.true()).select([n.cast(n.column("t", column), exp.DType.TEXT)])
    known.set("distinct", exp.Distinct())
    known.set("limit", exp.Limit(expression=exp.Literal.number(10_000)))
    others, wanted = [row[0] for row in survey.rows(known) if row[0]], row_name(name)
    near = nearest(wanted.text, others)
    hint = f"did you mean `{near[0]}`?" if near else ""
    if any(map(wanted.fits, others)):  # then it is the event that does not occur
        hint = "the name stands there, and no event that counts has its id" if event.names else ""
        hint = hint or "the name stands there, on rows that `where` leaves out"
    said = f'"{wanted.text}"'
    said = f"a `{column}` that begins with {said}" if wanted.begins else f"{said} in `{column}`"
    message = f"No row of {named.said} that counts has {said}."
    survey.wrong("name-never-occurs", at, message, hint, "hint")


def _one_id(survey: Survey, names: Lookup, name: str, table: Surveyed, path: Path) -> None:
    """A warning where several ids have the event's name: as a rule the exports of several programs."""
    if row_name(name).begins:  # many ids are meant
        return
    ids, named = n.column("t", names.id), one_of(n.column("t", names.name), (name,))
    values: list[exp.Expr] = [exp.Count(this=exp.Distinct(expressions=[ids]))]
    values += [kind(this=n.cast(ids.copy(), exp.DType.TEXT)) for kind in (exp.Min, exp.Max)]
    for count, one, other in survey.rows(table.select(values, named)):
        if count > 1:
            message = f'"{name}" is the name of {count:,} ids in {table.said}, such as {one} and {other}: their events'
            others = [column for column, _ in table.columns.values() if column not in (names.id, names.name)]
            said = f"{{table: {names.table}, where: {others[0] if others else '..'} = '..'}}"
            hint = f"if they are not one event, say which counts: names: {said}"
            survey.wrong("several-ids", path, f"{message} are added together.", hint, "warning")


def _identity(survey: Survey, event: Event, source: Surveyed, path: Path) -> None:
    """A problem where the id of an event is missing or not its own."""
    column, without = str(event.id), "leave `id` out"
    if event.items is not None and event.items.inside is not None:
        without = "its items are tied to it by `id`: make one in a `query`"
    at, what = (*path, "id"), f"`{column}` should tell the events apart"
    if contents.has_nulls(survey, column, source):
        message = f"{what}, and some rows of {called(path)} have none."
        survey.wrong(
            "null-key", at, message, f"{without}: then each row is one event" if event.items is None else without
        )
    if doubles := contents.repeated(survey, [column], source):
        message = f"{what}, and of {called(path)} {many(doubles[0], 'value')} in several rows, such as {doubles[1]}."
        survey.wrong(
            "not-unique", at, message, f"if the rows are parts of one event: group by: {column}; if not, {without}"
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


def _partitioned(survey: Survey, partition: Partition, source: Surveyed, path: Path) -> None:
    """A problem where a row lies further from its time than the slack: a window would not find it."""
    rows = events([str(path[-1])], "event_rows", survey.target)
    at = micros(rows.at(), rows.clock, survey.target.dialect)
    values = [rows.column(partition.column), exp.Min(this=at), exp.Max(this=at.copy())]
    found = survey.rows(rows.select(values, [n.is_set(rows.at())], [values[0].copy()]))
    start = datetime(1970, 1, 1, tzinfo=UTC)
    for value, *edges in found:
        begin = read(value, partition)
        if begin is None:
            said, hint = (
                "has no time that its format says",
                f"{partition.format or 'a date'} should be how it is written",
            )
        else:
            first, last = (begin - start) // timedelta(microseconds=1), ended(begin, partition)
            slack = partition.reach // timedelta(microseconds=1)
            over = max(first - slack - int(edges[0]), int(edges[1]) - slack - _micros(last, start) + 1)
            if over <= 0:
                continue
            more = timedelta(microseconds=over + slack)
            days = -(-more // timedelta(days=1))
            said, hint = f"holds rows whose time is {days} day{'s' * (days != 1)} from it", f"slack: {days}d"
        where = "without a value" if value is None else f"`{value}`"
        message = f"The partition {where} of {called(path)} {said}; a rule with a window would not see them."
        survey.wrong("beyond-slack", (*path, "partition"), message, hint)
        return


def _micros(at: datetime | None, since: datetime) -> int:
    return 10**18 if at is None else (at - since) // timedelta(microseconds=1)


def _items(survey: Survey, items: Items, event: Surveyed, event_path: Path) -> None:
    path = (*event_path, "items")
    if items.inside is not None:
        _elements(survey, items, event, event_path)
        return
    own = items.table is not None or items.query is not None
    lines = survey.source(items, path, otherwise=event)
    if lines is None:
        return
    for here, there in items.on.items():
        survey.column(here, event, (*path, "on"))
        survey.column(there, lines, (*path, "on"))
    if own:
        survey.hides(slug(str(event_path[-1])), lines, items, path)
        check_promise(survey, items.written, lines, path)
    lines = joined(survey, items.join, lines, path)
    check_properties(survey, items.properties, lines if own else replace(lines, group=()), path)


def _elements(survey: Survey, items: Items, event: Surveyed, event_path: Path) -> None:
    """Items that are the elements of a list in the event's row."""
    path, of_json = (*event_path, "items"), items.json_ is not None
    at, given = (*path, items.inside or ""), items.json_ or items.array or ""
    place, column = event.place(given)
    found = None if place is None else survey.column(column.split(".")[0], place, at)
    if found is None:
        return
    structs = found.family == "list" and found.element == "other"
    fit = (found.family in ("text", "other", "any"), structs or found.family == "any" or found.element == "any")
    if not fit[0 if of_json else 1]:
        wanted = "JSON" if of_json else "an array of structs"
        hint = f"items: {{array: {given}, ..}}" if structs else ""
        hint = f"items: {{json: {given}, ..}}" if fit[0] and not of_json else hint
        survey.wrong("column-type", at, f"`{given}` should be {wanted}, and in {event.said} it is {found}.", hint)
        return
    name = str(event_path[-1])
    try:
        rows = item_ties(events([name], "event_rows", survey.target), "item")[0]
    except NotInDialect as error:
        message = f"The SQL of {survey.warehouse.dialect} has no {error.what}."
        survey.wrong("not-in-dialect", at, message, "unfold the list in a `query: SELECT ..` of the items")
        return
    columns = survey.columns_of(rows.relation.this)
    if columns is None:
        survey.wrong("column-type", at, f"`{given}` of {event.said} is {found}, and no list that has items.", "")
        return
    lines = Surveyed(rows.relation, f"an element of `{given}`", columns)
    if items.where is not None and survey.condition(items.where, lines, (*path, "where")):
        lines = lines.among(survey.sql(items.where))
    if not survey.rows(_first(lines)) and survey.rows(_first(event)):
        survey.wrong("items-never-occur", at, f"No row of {called(event_path)} has items in `{given}`.", "", "hint")
    lines = joined(survey, items.join, lines, path, items.inside)
    check_properties(survey, rows.properties, lines, path)


def _first(rows: Surveyed) -> exp.Expr:
    one = rows.select([exp.Literal.number(1)])
    one.set("limit", exp.Limit(expression=exp.Literal.number(1)))
    return one
