"""Sentences put together by chance of people, deeds, quantities, windows and joints, with the rules that they may mean.

The rules are known by how a sentence was made. Where a composition leaves open what a word belongs to, each reading is
`meant`: none of them may be taken alone. What somebody might mean by it as well, `may` be offered.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product


@dataclass(frozen=True)
class Made:
    """A sentence, or a stretch of it."""

    said: str
    meant: tuple[str, ...]
    may: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """What somebody does, in the forms of its verb, and the rule of it."""

    past: str
    base: str
    done: str
    doing: str
    things: tuple[str, ...]
    event: str
    where: str = ""


@dataclass(frozen=True)
class Part:
    """A condition: in English and as a rule. One about a deed can be said with another window, or denied."""

    said: str
    event: str = ""
    often: str = ""
    window: str = ""
    where: str = ""
    denied: bool = False
    stand: str = ""
    act: Act | None = None
    thing: str = ""
    when: str = ""

    @property
    def rule(self) -> str:
        if self.stand:
            return self.stand
        tests = f" where {self.where}" if self.where else ""
        if self.denied and self.often:
            return f"not ({self.event}{self.often}{self.window}{tests})"
        return f"{'never ' * self.denied}{self.event}{self.often}{self.window}{tests}"


_BEANS, _GRINDER = 'any item (collection is "Beans")', 'any item (brand is "Molen" and collection is "Grinders")'
_ACTS = (
    Act("bought", "buy", "bought", "buying", ("beans",), "placed order", _BEANS),
    Act("ordered", "order", "ordered", "ordering", ("beans", "some beans"), "placed order", _BEANS),
    Act("purchased", "purchase", "purchased", "purchasing", ("a Molen grinder",), "placed order", _GRINDER),
    Act("placed", "place", "placed", "placing", ("an order",), "placed order"),
    Act("made", "make", "made", "making", ("a purchase",), "placed order"),
    Act("used", "use", "used", "using", ("a voucher", "a coupon"), "<order>", "coupon is set"),
    Act("cancelled", "cancel", "cancelled", "cancelling", ("an order",), "cancelled order"),
    Act("opened", "open", "opened", "opening", ("an email", "one of our mails"), "opened email"),
    Act("read", "read", "read", "reading", ("an email", "one of our emails"), "opened email"),
    Act("received", "receive", "received", "receiving", ("an sms",), "received sms"),
    Act("clicked", "click", "clicked", "clicking", ("a text message", "an sms"), "clicked sms"),
    Act("tapped on", "tap on", "tapped on", "tapping on", ("an sms",), "clicked sms"),
    Act("opened", "open", "opened", "opening", ("the app", "our app"), "opened app"),
    Act("launched", "launch", "launched", "launching", ("our app",), "opened app"),
    Act("visited", "visit", "visited", "visiting", ("the site", "our website"), "active on site"),
    Act("viewed", "view", "viewed", "viewing", ("a product",), "viewed product"),
    Act("looked at", "look at", "looked at", "looking at", ("grinders",), "<viewed>", 'collection is "Grinders"'),
    Act("started", "start", "started", "starting", ("a checkout",), "started checkout"),
)  # fmt: skip
_SEVERAL = {"<viewed>": ("viewed product", "viewed collection"),
            "<order>": ("placed order", "cancelled order", "refunded order")}  # fmt: skip
"""Kinds of events that have the same things; the first is meant, the others may be."""
_TIMES = {"twice": "exactly twice", "three times or more": "at least 3 times", "more than 4 times": "more than 4 times",
          "at least twice": "at least 2 times", "at most three times": "at most 3 times",
          "exactly once": "exactly once", "5 times": "exactly 5 times"}  # fmt: skip
_OVER = {"three times or more": "at least 3 times", "more than 4 times": "more than 4 times",
         "at least twice": "at least 2 times"}  # fmt: skip
_WHENS = {"over the past 6 weeks": "in the last 6 weeks", "during the last two months": "in the last 2 months",
          "in the last 90 days": "in the last 90 days", "since 1 March 2026": "since 2026-03-01",
          "this year": "this year", "last month": "last month", "in 2025": "in 2025",
          "in the past year": "in the last 1 year", "this month": "this month"}  # fmt: skip
_STANDS = (
    ("can get our emails", "can receive email"), ("can receive sms", "can receive sms"),
    ("live in Belgium", "country in Belgium"), ("spent over 200 dollars in total", "total spent > $200"),
    ("have more than 100 points", "points > 100"), ("are in the newsletter list", "in list Newsletter"),
    ("are subscribed to the newsletter", "in list Newsletter"), ("are vips", "vip"),
    ("aren't in the beta testers list", "not in list \"Beta testers\""), ("can't receive sms", "cannot receive sms"),
    ("speak Dutch", 'language is "nl"'), ("have at least 500 points", "points >= 500"),
    ("are not vips", "not vip"),
)  # fmt: skip
_KINDS = (("vips", "vip"), ("vip customers", "vip"), ("newsletter subscribers", "in list Newsletter"),
          ("customers in Germany", "country in Germany"), ("people from Belgium", "country in Belgium"),
          ("customers with more than 100 points", "points > 100"),
          ("subscribers of the newsletter", "in list Newsletter"))  # fmt: skip
_PEOPLE = ("people who {}", "customers that {}", "who {}?", "everybody who {}", "show me shoppers who {}",
           "those that {}", "all customers who {}", "anyone who {}", "find everyone who {}")  # fmt: skip


def _deed(draw: random.Random, *, when: float = 0.6, often: float = 0.3) -> Part:
    """Something that was done: `bought beans twice this year`."""
    act = draw.choice(_ACTS)
    thing = draw.choice(act.things)
    said, rule = ("", "") if draw.random() > often else draw.choice(list(_TIMES.items()))
    then, window = ("", "") if draw.random() > when else draw.choice(list(_WHENS.items()))
    rest = draw.choice(((said, then), (then, said)))
    words = " ".join(one for one in (act.past, thing, *rest) if one)
    return Part(words, act.event, f" {rule}" * bool(rule), f" {window}" * bool(window), act.where, act=act,
                thing=thing, when=then)  # fmt: skip


def _denied(draw: random.Random, *, when: float = 0.6, never: bool = True) -> Part:
    """Something that was not done: `haven't bought beans this year`."""
    part = replace(_deed(draw, when=when, often=0), denied=True)
    act, rest = part.act, f" {part.thing} {part.when}".rstrip()
    assert act
    forms = [f"didn't {act.base}{rest}", f"have not {act.done}{rest}", f"haven't {act.done}{rest}",
             f"did not {act.base}{rest}"]  # fmt: skip
    return replace(part, said=draw.choice([*forms, f"never {act.past}{rest}"] if never else forms))


def _stand(draw: random.Random) -> Part:
    said, rule = draw.choice(_STANDS)
    return Part(said, stand=rule)


def _any(draw: random.Random) -> Part:
    return draw.choice((_deed, _deed, _denied, _stand))(draw)


def _shared(parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    """The parts with windows of those behind them, where they have none."""
    for ways in product((False, True), repeat=len(parts) - 1):
        several = list(parts)
        for at in reversed(range(len(parts) - 1)):
            if ways[at] and several[at].event and not several[at].window and several[at + 1].window:
                several[at] = replace(several[at], window=several[at + 1].window)
        yield tuple(several)


def _rules(parts: tuple[Part, ...], join: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(join.join(f"({one.rule})" for one in way) for way in _shared(parts)))


def _alike(parts: tuple[Part, ...], join: str) -> tuple[str, ...]:
    """The same, with a window before in those behind it that have none."""
    found = []
    for ways in product((False, True), repeat=len(parts) - 1):
        several = list(parts)
        for at, way in enumerate(ways, 1):
            if way and several[at].event and not several[at].window and several[at - 1].window:
                several[at] = replace(several[at], window=several[at - 1].window)
        found.append(join.join(f"({one.rule})" for one in several))
    return tuple(dict.fromkeys(found))


# --- compositions ---------------------------------------------------------------------------------------------------


def _single(draw: random.Random) -> Made:
    one = _any(draw)
    return Made(one.said, (one.rule,))


def _seldom(draw: random.Random) -> Made:
    """`haven't opened the app more than 4 times this year`."""
    one = _denied(draw, never=False)
    said, often = draw.choice(list(_OVER.items()))
    one = replace(one, often=f" {often}")
    head = one.said.removesuffix(one.when).rstrip()
    return Made(" ".join((head, said, one.when)).rstrip(), (one.rule,))


def _two(draw: random.Random, link: str, join: str, one: Part, other: Part) -> Made:
    both = (one, other)
    own, *may = dict.fromkeys((*_rules(both, join), *_alike(both, join)))
    meant = _rules(both, join) if link in (" and ", " or ") and not (other.denied and not one.denied) else (own,)
    if one.denied and other.event and not other.denied and link == " and ":  # `didn't order and read our mails`
        may += [
            f"({one.rule}) and ({replace(other, denied=True).rule})",
            f"not ({replace(one, denied=False).rule} and {other.rule})",
        ]
        may += [f"({a.rule}) and ({replace(b, denied=True).rule})" for a, b in _shared(both)]
    if link == " or " and one.stand.startswith("not "):  # `not vips or Germans`: neither of them
        may.append(f"({one.rule}) and not ({other.rule})")
    if one.denied and other.event and not other.denied and link == " or ":
        neither = (one, replace(other, denied=True))
        meant = (*meant, *_rules(neither, " and "))
        may += _alike(neither, " and ")
    return Made(f"{one.said}{link}{other.said}", meant, tuple(may))


def _and(draw: random.Random) -> Made:
    link = draw.choice((" and ", " but ", ", and ", " and who ", " and also "))
    made = _two(draw, link, " and ", _any(draw), _any(draw))
    return replace(made, meant=made.meant[:1], may=(*made.meant[1:], *made.may)) if link != " and " else made


def _or(draw: random.Random) -> Made:
    first = draw.choice((_deed, _stand))(draw)
    return _two(draw, " or ", " or ", first, draw.choice((_deed, _stand, _denied))(draw))


def _either(draw: random.Random) -> Made:
    made = _or(draw)
    return replace(made, said=f"either {made.said}")


def _but_not(draw: random.Random) -> Made:
    """`opened an email this year but not in the last 6 weeks`."""
    one = _deed(draw, when=1, often=0.2)
    said, window = draw.choice(list(_WHENS.items()))
    while said == one.when or "year" not in one.window:
        one = _deed(draw, when=1, often=0.2)
    never = replace(one, denied=True, often="", window=f" {window}")
    may = (f"({one.rule}) and not ({replace(never, denied=False, often=one.often).rule})",)
    return Made(f"{one.said} but not {said}", (f"({one.rule}) and ({never.rule})",), may)


def _neither(draw: random.Random) -> Made:
    one, other = _deed(draw, when=0, often=0), _deed(draw, often=0)
    nor = tuple(replace(part, denied=True) for part in (one, other))
    return Made(f"neither {one.said} nor {other.said}", _rules(nor, " and "))


def _never_or(draw: random.Random) -> Made:
    """`haven't opened an email or clicked an sms this year`."""
    one, other = _denied(draw, when=0, never=False), _deed(draw, often=0)
    assert other.act
    verb = other.act.base if "did" in one.said else other.act.done
    said = f"{one.said} or {verb} {other.thing} {other.when}".rstrip()
    nor = (one, replace(other, denied=True))
    shared = tuple(_shared(nor))[-1]
    return Made(said, (" and ".join(f"({part.rule})" for part in shared),),
                (*_rules(nor, " and "), *_rules((one, other), " or ")))  # fmt: skip


def _without(draw: random.Random) -> Made:
    """`viewed a product without placing an order`."""
    one, other = _deed(draw, often=0.1), _denied(draw, when=0)
    while other.event == one.event:
        other = _denied(draw, when=0)
    assert other.act
    happened = replace(other, denied=False, window="").rule
    later = f"({replace(one, often='').rule.replace(' where', ' where')} not followed by {happened})"
    may = (later, f"({one.rule}) and ({replace(other, window=one.window).rule})")
    return Made(f"{one.said} without {other.act.doing} {other.thing}", (f"({one.rule}) and ({other.rule})",), may)


def _three(draw: random.Random) -> Made:
    parts = tuple(
        draw.choice((_deed, _denied, _stand))(
            draw,
        )
        for _ in range(3)
    )
    link = draw.choice((", ", " and ", ", and ", " but "))
    said = f"{parts[0].said}, {parts[1].said}{' and ' if link == ', ' else link}{parts[2].said}"
    meant, *more = dict.fromkeys((*_rules(parts, " and "), *_alike(parts, " and ")))
    may = [*more]
    if parts[0].event and parts[1].denied and not parts[1].window:
        later = f"{replace(parts[0], often='').rule} not followed by {replace(parts[1], denied=False).rule}"
        may.append(f"({later}) and ({parts[2].rule})")
    for denied in product((False, True), repeat=2):
        for way in _shared(parts):
            several = list(way)
            for at, no in enumerate(denied, 1):
                if no and several[at - 1].denied and several[at].event and not several[at].denied:
                    several[at] = replace(several[at], denied=True)
            may.append(" and ".join(f"({one.rule})" for one in several))
    return Made(said, (meant,), tuple(may))


def _mixed(draw: random.Random) -> Made:
    """`a and b or c`: both readings."""
    a, b, c = (draw.choice((_deed, _stand))(draw) for _ in range(3))
    first, then = draw.choice(((" and ", " or "), (" or ", " and ")))
    readings = (f"(({a.rule}){first}({b.rule})){then}({c.rule})", f"({a.rule}){first}(({b.rule}){then}({c.rule}))")
    may = []
    for x, y, z in _shared((a, b, c)):
        may += [f"(({x.rule}){first}({y.rule})){then}({z.rule})", f"({x.rule}){first}(({y.rule}){then}({z.rule}))"]
    return Made(f"{a.said}{first}{b.said}{then}{c.said}", readings, tuple(may))


def _plain(draw: random.Random) -> Made:
    return draw.choice((_single, _single, _seldom, _and, _and, _or, _either, _but_not, _neither, _never_or, _without,
                        _three, _mixed))(draw)  # fmt: skip


def _whole(draw: random.Random) -> Made:
    made = _plain(draw)
    return replace(made, said=draw.choice(_PEOPLE).format(made.said))


def _kind(draw: random.Random) -> Made:
    """`vips who ..`."""
    made, (said, kind) = draw.choice((_single, _single, _and, _but_not, _neither, _never_or))(draw), draw.choice(_KINDS)
    return Made(f"{said} who {made.said}", tuple(f"({kind}) and ({one})" for one in made.meant),
                tuple(f"({kind}) and ({one})" for one in made.may))  # fmt: skip


def _except(draw: random.Random) -> Made:
    (said, kind), one = draw.choice(_KINDS), draw.choice((_deed, _denied))(draw)
    word = draw.choice(("except", "excluding", "except for", "but not"))
    people = draw.choice(("people who", "everyone who", "customers who"))
    return Made(f"{people} {one.said} {word} {said}", (f"({one.rule}) and not ({kind})",))


def _all_but(draw: random.Random) -> Made:
    one = _deed(draw)
    people = draw.choice(("people who", "those who", "customers who"))
    return Made(f"everyone except {people} {one.said}", (f"not ({one.rule})",))


def _who_who(draw: random.Random) -> Made:
    """`people who .. and who ..`."""
    one, other = _any(draw), _any(draw)
    link = draw.choice((" and who ", ", who ", " who "))
    own, *may = dict.fromkeys((*_rules((one, other), " and "), *_alike((one, other), " and ")))
    return Made(f"people who {one.said}{link}{other.said}", (own,), tuple(may))


KINDS: tuple[Callable[[random.Random], Made], ...] = (
    _whole, _whole, _whole, _whole, _kind, _except, _all_but, _who_who,
)  # fmt: skip


def composed(seed: int) -> Made:
    """The sentence of a number."""
    draw = random.Random(seed)
    made = draw.choice(KINDS)(draw)
    while len(re.findall("<", max(made.meant, key=len))) > 1:
        made = draw.choice(KINDS)(draw)
    meant, *others = (_filled((*made.meant, *made.may), dict(zip(_SEVERAL, way, strict=True)))
                      for way in product(*_SEVERAL.values()))  # fmt: skip
    size = len(made.meant)
    return Made(made.said, meant[:size], tuple(dict.fromkeys((*meant[size:], *(one for may in others for one in may)))))


def _filled(rules: tuple[str, ...], way: dict[str, str]) -> tuple[str, ...]:
    for kind, event in way.items():
        rules = tuple(one.replace(kind, event) for one in rules)
    return rules
