"""The English of single conditions: one pattern a line, and what it says. `forms` reads the patterns."""

from __future__ import annotations

from . import sayings as says
from .sayings import Says

_IS = "[is|are|was|were|be|being]"
_HAS = "[has|have|had|having|with]"

CONDITIONS: tuple[tuple[str, Says], ...] = (
    # how old
    (f"{_IS} older than {{n:number}} [years_old|years]", says.aged(">")),
    (f"{_IS} younger than {{n:number}} [years_old|years]", says.aged("<")),
    (f"{_IS} [aged] {{c:compared}} years old", says.aged(None)),
    (f"{_IS} [aged] {{c:compared}} years of age", says.aged(None)),
    (f"{_IS} aged {{c:compared}}", says.aged(None)),
    # where, and what they speak
    ("[live|lives|living|based|located|residing|is|are|only] [only] in|from {p:where} [only]", says.living),
    ("[live|lives|living|based|located|is|are] outside [of] {p:where}", says.outside),
    ("[live|lives|living|based|located|is|are] not in|from {p:where}", says.outside),
    ("speak|speaks|speaking|spoke {l:language}", says.kept("l")),
    # what they have
    (f"{_HAS} {{c:compared}} {{m:measure}}", says.had),
    (f"{_HAS} {{m:measure}} {_IS} [of] {{c:strictly}}", says.had),
    (f"{_HAS} {{m:measure}} {_IS} [of] {{c:strictly}} in_total|altogether|overall|so_far|to_date|ever", says.had),
    (f"{_HAS} {{m:measure}} {_IS} [of] {{c:strictly}} {{w:window}}", says.had),
    (f"{_HAS} {{m:measure}} {{w:window}} {_IS} [of] {{c:strictly}}", says.had),
    (f"{_HAS} no|zero {{p:property}}", says.lacking),
    ("without|lack|lacks|lacking [a|an|any] {p:property}", says.lacking),
    ("[has|have|had|having|with] [a|the] {l:tagging} {v:free}", says.tagged),
    ("[is|are|was|were] {l:tagging} [as|with|a] {v:free}", says.tagged),
    # what they did, by its noun
    ("[has|have|had|having|with|made|placed|did] {c:compared} {d:deed}", says.counted),
    ("[has|have|had|having|with|made|placed] no|zero {d:deed}", says.no_deed),
    ("without [a|an|any] {d:deed}", says.no_deed),
    ("{h:having} {d:deed}", says.deed),
    ("{d:deed}", says.deed),
    ("[whose|their|the] {edge:edge} {e:noun} was|is|were [of|for|worth] {c:strictly}", says.edge_amount),
    ("{e:event} nothing|none [at_all|ever|yet|so_far]", says.nothing),
    ("{e:event} nothing|none [at_all|ever|yet] {w:window}", says.nothing),
    ("{e:something}", says.some),
    ("{e:something} {w:window}", says.some),
    ("{no:denial} {e:something}", says.denied),
    ("{no:denial} {e:something} {w:window}", says.denied),
    ("{no:denial} {e:event} for {d:duration}", says.not_for),
    # how they stand
    ("{j:began} {w:window}", says.since),
    ("[been|is|are] [a] {j:member} for {c:strictly} years|months|weeks|days", says.been),
    ("[been|is|are] [a] {j:member} {w:window}", says.member_since),
    ("new {who:people} {w:window}", says.new),
    ("new {who:people}", says.new),
    ("[is|are|was|were|been] {s:activity} for|since {d:duration}", says.standing),
    ("[is|are|was|were|been] {s:activity} {w:window}", says.standing),
    ("{no:denial} [been] {s:activity} for {d:duration}", says.not_standing),
    ("{no:denial} [been] {s:activity} {w:window}", says.not_standing),
    ("[live|lives|living|based|located|is|are|is|are] near|nearby|around|close_to|near_to [to] {p:site}", says.near),
    ("live|lives|living|based|located {r:around_place}", says.kept("r")),
    # what may reach them
    ("[has|have] opted in to|for {c:channels}", says.reached),
    ("[has|have] opted out of {n:channels}", says.reached),
    ("accept|accepts|allow|allows|want|wants {c:channels}", says.reached),
    ("[has|have|is|are] subscribed|signed_up to|for {l:list} [list]", says.written("IN_LIST {}", "l")),
    ("[has|have] subscribed|signed_up to|for {l:list} [list] {w:window}", says.written("JOINED_LIST {} {}", "l", "w")),
    ("[whose|their|the] {edge:edge} {e:noun} was|is|were {w:window}", says.edge),
    # never again
    ("{e:event} {w:window} [,] [and|but|then] never|not again", says.never_again),
    ("{e:event} {t:times} [,] [and|but|then] never|not again", says.no_more),
    ("{e:event} {t:times} {w:window} [,] [and|but|then] never|not again", says.no_more),
    ("{e:event} {w:window} {t:times} [,] [and|but|then] never|not again", says.no_more),
    ("abandoned|left [a|the|their] {e:abandoned}", says.abandoned),
    ("abandoned|left [a|the|their] {e:abandoned} {w:window}", says.abandoned),
    ("{edge:edge} {e:event} {w:window} [,] [and|but|then] never|not again", says.never_again),
    ("{e:event} [only|just|exactly] once [,] [and|but|then] [and|but|then] never|not again", says.never_again),
    ("{e:event} [only|just|exactly] once [,] [and|but|then] never came|bought|ordered|returned|come [back|again]",
     says.never_again),
    ("[has|have|had] only|just {e:event} {t:times}", says.exactly),
    # one after another
    ("{b:event} within {d:duration} of|after {a:event}", says.sequence),
    ("{a:did} {x:around} [,] but|and {no:denial} {b:did} it|them|one|any", says.same_thing),
    ("{a:event} {x:around} [,] but|and {no:denial} {b:event} within {d:duration} [of_it|of_that|afterwards]",
     says.in_time),
    ("{a:event} {x:around} [,] but|and not {w:window}", says.not_then),
    ("{a:event} {x:around} [,] but|and {no:denial} {b:did} again|since|afterwards", says.not_after),
    ("{a:event} {x:around} every|each {u:unit} for|in|over [the] [last|past] {n:number} days|weeks|months",
     says.in_each),
    ("stopped|quit {e:event}", says.stopped),
    ("[with|has|have] {c:channel} enabled|allowed|consent|turned_on", says.written("CAN_RECEIVE {}", "c", sure=False)),
    ("{a:did} {x:around} without {b:did} it|them|one|any", says.same_thing),
    ("{a:event} {x:around} [,] but|and no|not {y:rest}", says.but_no),
    ("{e:event} neither {x:one} nor {y:one}", says.neither),
    # ranks and shares
    ("[the] {edge:top} {n:share} [of] [the|our|all] {who:crowd}", says.ranked),
    ("[the] {edge:top} {n:share} by {m:measure}", says.ranked),
    ("[the] {edge:top} {n:share} [of] [the|our|all] {who:crowd} by {m:measure}", says.ranked),
    ("[a] [random] {n:percent} [random] [sample] of [the|our|all] {who:people}", says.share),
    ("[a] [random] {n:percent} random|sample [sample]", says.share),
    ("[a] random {n:percent}", says.share),
    ("[a] [random] {n:percent} [random] [sample] of {k:kind}", says.share_of),
)  # fmt: skip

KINDS: tuple[tuple[str, Says], ...] = (
    ("[a|an|the|all|our] {s:sex}", says.kept("s")),
    ("[a|an|the|all|our] {t:truth} [people|customers|users|members|shoppers|customer|clients|profiles|contacts]",
     says.written("{}", "t")),
    ("[all|the|our] {n:nation} people|customers|users|members|shoppers|clients", says.kept("n")),
    ("[all|the|our] {v:value} people|customers|users|members|shoppers|clients", says.kept("v")),
    ("[all|the|our] {l:list} [list] [members|subscribers|people|readers|customers]", says.written("IN_LIST {}", "l")),
    ("[all|the|our] [people|customers|those|members|everyone] in|on {l:list} [list]", says.written("IN_LIST {}", "l")),
    ("[all|the|our] {g:segment} [segment]", says.written("IN_SEGMENT {}", "g")),
    ("[all|the|our] subscribers", says.subscribers),
    ("[all|the|our] {c:channel} subscribers|opt-ins|opt-in", says.written("CAN_RECEIVE {}", "c")),
    ("[all|the|our] {c:channel} opt-outs|opt-out|unsubscribers", says.written("CANNOT_RECEIVE {}", "c")),
    ("{l:language} speaking|speakers|speaker [people|customers|users|members|shoppers|clients]", says.kept("l")),
    ("[all|the|our] {s:activity} [people|customers|users|members|shoppers|clients|buyers]", says.idle_kind),
    ("[all|the|our] big|high|heavy|top|best {who:agent}", says.vague),
    ("[all|the|our] frequent|regular|loyal {who:agent}", says.frequent),
    ("[all|the|our] repeat|returning {who:agent}", says.buyers("at least twice")),
    ("[all|the|our] one-time|onetime|single {who:agent}", says.buyers("exactly once")),
    ("[all|the|our] {who:agent}", says.buyers("")),
)  # fmt: skip
"""Kinds of people: what may stand before `who ..`, `in ..`, `with ..`."""

__all__ = ["CONDITIONS", "KINDS"]
