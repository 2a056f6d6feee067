"""The shape of the SQL: what is asked as EXISTS, and what is counted in one grouped pass that several conditions share.

A plan is still plain data over the bound conditions. It knows which events belong to one stream, and no SQL.

- Existence and absence are `Exists` tests: semi- and anti-joins.
- Every other number of a profile is a `Need`; needs over the same events are columns of one `Grouped` pass, which reads
  the union of their windows and what their filters have in common.
- Where a rule demands an event of a short window, its passes leave out whoever lacks it: they need not group the rest.
- Dated consent is a pass over the channel's records (`Records`), days between events one over the event's instants
  (`Gaps`).
"""

from __future__ import annotations

from datetime import datetime

from ..ast import Tree
from ..catalog.model import Catalog
from ..conditions import (
    Condition,
    Consent,
    DaysBetween,
    EdgeOccurrence,
    InSequence,
    MeasureComparison,
    MostCommon,
    NotFollowed,
    Occurrences,
    Occurs,
    OnDifferent,
    Regular,
    Repeats,
    Share,
)
from .driver import driven, driver
from .existence import shape
from .names import events_slug, free, named, slug, slug_of, table_names
from .passes import grouped, parts_of, residual
from .shapes import (
    Exists,
    Gaps,
    Grouped,
    Keys,
    Listed,
    Need,
    Pass,
    Plan,
    Records,
    Test,
    edge_need,
    fields_of,
    leaves,
    mentions_items,
    needs_of,
    numbered,
    stands_alone,
)

__all__ = [
    "Exists", "Gaps", "Grouped", "Keys", "Listed", "Need", "Pass", "Plan", "Records", "Test", "edge_need",
    "events_slug", "fields_of", "mentions_items", "needs_of", "numbered", "plan", "residual", "slug", "stands_alone",
]  # fmt: skip


def plan(rule: Tree[Condition], catalog: Catalog, now: datetime) -> Plan:
    """The plan of a bound rule; `now` is the aware instant that it was bound for."""
    tests = shape(rule)
    needs: dict[Need, None] = {}
    gaps: dict[Occurrences, None] = {}
    consents: dict[str, dict[Consent, None]] = {}
    listed: dict[Listed, None] = {}
    for test in leaves(tests):
        match test:
            case Occurs(of=of):
                needs[Need("count", of)] = None
            case MeasureComparison(left=left, right=right):
                for side in (left, right):
                    for part in parts_of(side):
                        if isinstance(part, DaysBetween):
                            gaps[part.of] = None
                        else:
                            needs.update(dict.fromkeys(needs_of(part)))
            case EdgeOccurrence():
                needs[edge_need(test)] = None
            case Consent(channel=name) if stands_alone(name, catalog) and catalog.channels[name].time is not None:
                consents.setdefault(name, {})[test] = None
            case Share() | Regular() | OnDifferent() | Repeats() | MostCommon() | InSequence() | NotFollowed():
                listed[test] = None
            case _:
                pass
    if not (needs or gaps or consents or listed):
        return Plan(tests, (), now)
    taken = table_names(catalog)
    only = driver(tests, catalog)
    passes: list[Pass] = [*grouped(needs, catalog, taken)]
    passes += [Gaps(free(f"days_between_{events_slug(of.events)}", taken), of) for of in gaps]
    passes += [Keys(free(slug_of(one), taken), one) for one in listed]
    for channel, wanted in consents.items():
        columns = named({one: "receives" if one.given else "withdrew" for one in wanted}, catalog.profiles.key)
        passes.append(Records(free(f"{slug(channel)}_consent", taken), channel, columns))
    return Plan(tests, tuple(driven(one, only) for one in passes), now)
