"""The English of kinds of people: a pattern a line, as in `table`."""

from __future__ import annotations

from . import belonging, consents, deeds, kinds, ranks
from . import sayings as says
from .sayings import Says

KINDS: tuple[tuple[str, Says], ...] = (
    ("[all|the|our] {c:compared} year_olds", says.aged(None)),
    ("[all|the|our] non {t:truth} [people|customers|users|members|shoppers]", says.written("NOT {}", "t")),
    ("[a|an|the|all|our] {s:sex}", says.kept("s")),
    ("[a|an|the|all|our] {t:truth} [people|customers|users|members|shoppers|customer|clients|profiles|contacts]",
     says.written("{}", "t")),
    ("[all|the|our] {n:nation} people|customers|users|members|shoppers|clients|ones|buyers", says.kept("n")),
    ("[all|the|our] {n:nation} or|and {m:nation} people|customers|users|members|shoppers|clients|ones|buyers",
     kinds.of_nations),
    ("[all|the|our] {n:nations}", says.kept("n")),
    ("[is|are|was|were] {n:native}", says.kept("n")),
    ("[is|are|was|were] {n:native} or {m:native}", kinds.of_nations),
    ("[all|the|our] {n:nations} or|and [the] {m:nations}", kinds.of_nations),
    ("[all|the|our] {t:truth} {n:nations}", kinds.of_a_nation),
    ("[all|the|our] {v:value} people|customers|users|members|shoppers|clients", says.kept("v")),
    ("[all|the|our] {l:list} [list] [members|subscribers|people|readers|customers]", says.written("IN_LIST {}", "l")),
    ("[all|the|our] [people|customers|those|members|everyone] in|on {l:list} [list]", says.written("IN_LIST {}", "l")),
    ("[all|the|our] {g:segment} [segment]", says.written("IN_SEGMENT {}", "g")),
    ("[all|the|our] subscribers|members|readers|people of|to|in|on [the] {l:list} [list]",
     says.written("IN_LIST {}", "l")),
    ("new {l:list} members|subscribers|readers {w:window}", says.written("JOINED_LIST {} {}", "l", "w")),
    ("[all|the|our] {n:nation} {k:kind}", kinds.both("n")),
    ("[all|the|our] subscribers", consents.subscribers),
    ("[all|the|our] {c:channel} subscribers|opt-ins|opt-in", says.written("CAN_RECEIVE {}", "c")),
    ("[all|the|our] {c:channel} opt-outs|opt-out|unsubscribers", says.written("CANNOT_RECEIVE {}", "c")),
    ("{l:language} speaking|speakers|speaker [people|customers|users|members|shoppers|clients]", says.kept("l")),
    ("[all|the|our] {s:activity} [people|customers|users|members|shoppers|clients|buyers]", kinds.idle_kind),
    ("[all|the|our] big|high|heavy|top|best|highest|biggest|largest {who:agent}", ranks.vague),
    ("[all|the|our] frequent|regular|loyal {who:agent}", kinds.frequent),
    ("[all|the|our] {who:lead}", belonging.leads),
    ("[all|the|our] [most] frequent|regular|loyal|faithful customers|customer|shoppers|clients|client|users|fans",
     kinds.frequent_customers),
    ("[all|the|our] one-time|onetime|single|single-purchase|first-time customers|customer|shoppers|clients|users",
     kinds.customers_of("exactly once")),
    ("[all|the|our] high|high-value|valuable|best|top|biggest|big [value|spending] customers|customer|shoppers|clients",
     ranks.vague_customers),
    ("only|just [the|our] {k:kind}", deeds.kind_alone),
    ("only [the|our] {c:channel} subscribers|opt-ins|opt-in", consents.by_one_alone),
    ("{k:kind_only} only", deeds.kind_alone),
    ("[all|the|our] {g:labels_said} [people|customers|users|members|clients]", kinds.labels_said),
    ("[all|the|our] {v:thing_of} buyers|owners|customers|shoppers|lovers|fans|drinkers", belonging.of_thing),
    ("[all|the|our] {h:held} users|user|redeemers", deeds.with_held),
    ("[all|the|our] repeat|returning {who:agent}", kinds.buyers("at least twice")),
    ("[all|the|our] repeat|returning customers|customer|shoppers|clients|client|users", kinds.returning),
    ("[all|the|our] repeat|returning customers|customer|shoppers|clients|client|users {w:window}", kinds.returning),
    ("[all|the|our] one-time|onetime|single {who:agent}", kinds.buyers("exactly once")),
    ("[all|the|our] {who:agent}", kinds.buyers("")),
)  # fmt: skip
"""Kinds of people: what may stand before `who ..`, `in ..`, `with ..`."""

__all__ = ["KINDS"]
