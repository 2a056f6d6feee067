"""The shape of the SQL: what is asked as EXISTS, and what is counted in one grouped pass that several conditions share.

A plan is still plain data over the bound conditions. It knows which events belong to one stream, and no SQL.

- Existence and absence are `Exists` tests: semi- and anti-joins.
- Every other number of a profile is a `Need`; needs over the same events are columns of one `Grouped` pass, which reads
  the union of their windows and what their filters have in common.
- Where a rule demands an event of a short window, its passes leave out whoever lacks it: they need not group the rest.
- What is asked about other profiles (the members of a sampled segment, ranks, the average of everybody) is a `Question`
  of its own, over passes that leave nobody out.
- A sum of sums over several streams is one pass over the rows of all (`Net`).
- Dated consent is a pass over the channel's records (`ConsentRecords`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypeAlias, assert_never, cast

from .. import conditions as c
from ..ast import Tree
from ..catalog.model import Catalog
from ..conditions.walk import leaves
from .costs import COSTS, Costs, Engine
from .driver import driven, driver, without
from .existence import members, shape
from .names import events_slug, free, named, slug, table_names
from .passes import among_rows, counted, grouped, hull, parts_of, read_once, residual, told_by_rows, union
from .populations import (
    any_needs,
    around,
    asked,
    measure_needs,
    needs_around,
    nothing_fits,
    own_pool,
    pool,
    somebody,
    valued,
)
from .shapes import (
    NO_FILTER,
    Asked,
    ConsentRecords,
    Exists,
    Found,
    Grouped,
    InGroups,
    Keys,
    Listed,
    Members,
    Need,
    Net,
    Pass,
    Plan,
    Question,
    Test,
    Valued,
    edge_need,
    fields_of,
    mentions_items,
    needs_of,
    numbered,
    share_needs,
    stands_alone,
    summed,
)
from .sources import together

__all__ = [
    "NO_FILTER",
    "Asked",
    "ConsentRecords",
    "Engine",
    "Exists",
    "Found",
    "Grouped",
    "InGroups",
    "Keys",
    "Listed",
    "Members",
    "Need",
    "Net",
    "Pass",
    "Plan",
    "Question",
    "Test",
    "Valued",
    "among_rows",
    "any_needs",
    "behind",
    "edge_need",
    "events_slug",
    "fields_of",
    "free",
    "hull",
    "members",
    "mentions_items",
    "needs_of",
    "nothing_fits",
    "numbered",
    "own_pool",
    "passes_of",
    "plan",
    "pool",
    "residual",
    "share_needs",
    "slug",
    "stands_alone",
    "summed",
    "table_names",
    "together",
    "union",
    "valued",
    "wishes_of",
]  # fmt: skip


Wish: TypeAlias = Need | c.Terms | c.Consent | Listed
"""What a test reads of a pass; of terms their sum."""


def plan(
    rule: Tree[c.Condition], catalog: Catalog, now: datetime, sample: c.Sample | None = None, engine: Engine = "columns"
) -> Plan:
    """The plan of a bound rule for a kind of engine; `now` is the aware instant that it was bound for."""
    tests, costs = shape(rule), COSTS[engine]
    wishes, everybody = _wanted(tests, catalog)
    if costs.scans:
        tests = read_once(tests, _needs(wishes), catalog)
        wishes, everybody = _wanted(tests, catalog)
    if not wishes and not any(around(tests)):
        return Plan(tests, (), now, (), sample)
    taken = table_names(catalog)
    test = driver(tests, catalog, costs)
    only = None if test is None else Keys(free(f"has_{events_slug(test.events)}", taken), test)
    tests = counted(tests, _needs(wishes), test, costs)
    wishes, everybody = _wanted(tests, catalog)
    questions = dict.fromkeys(around(tests))
    numbers = {*wishes_of(tests, catalog), *(wish for question in questions for wish in _read_by(question, catalog))}
    passes = [told_by_rows(one, numbers) for one in passes_of(wishes, catalog, taken, costs)]
    if only is not None:
        some = [one if everybody.keys() & _read_of(one) else driven(one, only, costs) for one in passes]
        if some != passes:
            passes, tests = [only, *some], without(tests, only, some)
    return Plan(tests, tuple(passes), now, asked(questions, taken), sample)


def _wanted(tests: Tree[Test], catalog: Catalog) -> tuple[dict[Wish, None], dict[Wish, None]]:
    """What is read of passes, and what of it is asked of everybody: such passes leave nobody out."""
    questions = dict.fromkeys(around(tests))
    everybody: dict[Wish, None] = dict.fromkeys(wish for question in questions for wish in behind(question, catalog))
    return dict.fromkeys([*wishes_of(tests, catalog), *everybody]), everybody


def _needs(wishes: Iterable[Wish]) -> list[Need]:
    return [wish for wish in wishes if isinstance(wish, Need)]


def passes_of(wishes: Iterable[Wish], catalog: Catalog, taken: set[str], costs: Costs = COSTS["columns"]) -> list[Pass]:
    """The passes that hold what is wished for, over everybody; their names are `taken`."""
    wishes = list(wishes)
    passes: list[Pass] = [*grouped([wish for wish in wishes if isinstance(wish, Need)], catalog, taken, costs)]
    consents: dict[str, dict[c.Consent, None]] = {}
    for wish in wishes:
        match wish:
            case Need():
                pass
            case c.Terms():
                events = tuple(dict.fromkeys(event for part in summed(wish) for event in part.of.events))
                passes.append(Net(free(f"net_of_{events_slug(events)}", taken), wish))
            case c.Consent(channel=channel):
                consents.setdefault(channel, {})[wish] = None
            case _:
                passes.append(Keys(free(_slug_of(wish), taken), wish))
    for channel, wanted in consents.items():
        columns = named({one: "receives" if one.given else "withdrew" for one in wanted}, catalog.profiles.key)
        passes.append(ConsentRecords(free(f"{slug(channel)}_consent", taken), channel, columns))
    return passes


def wishes_of(tests: Tree[Test], catalog: Catalog) -> Iterator[Wish]:
    """What the tests read of passes."""
    for test in cast("Iterator[Test]", leaves(tests)):
        match test:
            case c.Occurs(of=of):
                yield Need("count", of)
            case Found(need=need):
                yield need
            case c.MeasureComparison(left=left, right=right):
                for side in (left, right):
                    for part in parts_of(side):
                        yield from measure_needs(part)
            case c.EdgeOccurrence():
                yield edge_need(test)
            case c.Consent(channel=name) if stands_alone(name, catalog) and catalog.channels[name].time is not None:
                yield test
            case c.Share():
                yield from share_needs(test)
            case c.Regular() | c.OnDifferent() | c.Repeats() | c.MostCommon() | c.InCommon():
                yield test
            case c.InSequence() | c.Near(place=None) | c.Nearest():
                yield test
            case Exists() | Members() | c.Rank() | c.Near() | c.Random() | c.Consent() | c.InList():
                pass
            case _ if isinstance(test, c.FieldCondition):
                pass
            case _:
                assert_never(test)


def _slug_of(one: Listed) -> str:
    """What the pass of such a condition is called."""
    match one:
        case c.Regular(of=of):
            return f"regular_{events_slug(of.events)}"
        case c.OnDifferent(of=of, unit=unit, in_a_row=in_a_row):
            return f"{unit}s_{'in_a_row_' if in_a_row else ''}of_{events_slug(of.events)}"
        case c.Repeats(of=of, fields=fields):
            return f"{events_slug(of.events)}_with_the_same_{'_and_'.join(slug(field.name) for field in fields)}"
        case c.MostCommon(of=of, field=field):
            return f"most_common_{slug(field.name)}_of_{events_slug(of.events)}"
        case c.InCommon(of=each, fields=fields):
            return f"{events_slug(each[0].events)}_and_others_with_the_same_{slug(fields[0][0].name)}"
        case c.InSequence(steps=steps):
            tie = "without" if one.never else "then"
            return f"{events_slug(steps[0].of.events)}_{tie}_{events_slug(steps[-1].of.events)}"
        case c.Near():
            return "near_a_store"
        case c.Nearest():
            return "nearest_store"
        case _:
            assert_never(one)


def behind(question: Question, catalog: Catalog) -> Iterator[Wish]:
    """What a question about other profiles reads of passes."""
    yield from _read_by(question, catalog)
    yield from somebody(question)


def _read_by(question: Question, catalog: Catalog) -> Iterator[Wish]:
    """The same without the counts of which it asks alone whether there are any."""
    if isinstance(question, Members):
        yield from wishes_of(question.rule, catalog)
    else:
        yield from needs_around(question)


def _read_of(one: Pass) -> set[Wish | Exists]:
    """What a pass is there for."""
    match one:
        case Grouped(columns=columns):
            return {need for _, need in columns}
        case ConsentRecords(columns=wanted):
            return {consent for _, consent in wanted}
        case Net(of=terms):
            return {terms}
        case Keys(of=condition):
            return {condition}
        case _:
            assert_never(one)
