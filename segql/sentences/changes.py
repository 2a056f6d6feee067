"""More or less than before: `more orders than last year`, `spent half of what they spent last year`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..formatter import format_name
from ..words import word
from .people import People
from .said import Said
from .verbs import Verbs

_AGO = re.compile(r"(?P<length>\d+ [a-z]+|an? [a-z]+) ago")


def now_and_then(said: str) -> tuple[str, str, bool] | None:
    """Of a time that something is compared with: the time that is compared, that one, and whether they are known."""
    which, _, rest = said.partition(" ")
    if which == "last" and rest in ("day", "week", "month", "quarter", "year"):
        return f"this {rest}", f"last {rest}", True
    if said == "yesterday":
        return "today", said, True
    if found := _AGO.fullmatch(said):
        number, _, unit = found["length"].partition(" ")
        if number in ("a", "an"):
            return f"this {unit}", f"last {unit}", False
        return f"in the last {found['length']}", f"between {2 * int(number)} and {number} {unit} ago", False
    return None


def _measured(found: Mapping[str, Any]) -> str:
    if "m" in found:
        return format_name(found["m"])
    event = found["s"][0] if "s" in found else found["e"]
    return f"{word('MEASURE_OF', 'number')} {format_name(event)}"


def than(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`more orders than last year`: of this year so far, and of the whole last one."""
    sign = found["s"][1] if "s" in found else found["y"]
    now, then, is_known = found["v"]
    measure = _measured(found)
    note = "so far, and all of it" if is_known else "for example"
    yield Said(f"{measure} {now} {sign} {measure} {then}", "", False, note)


def times_as_much(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`ordered twice as often as last year`: so much at least, or just so much; of a half, so much at most."""
    now, then, is_known = found["v"] if "v" in found else (found["w"], found["o"], True)
    if "v" in found and "w" in found:
        now = found["w"]
    event, sign, factor = found["q"] if "q" in found else ("", *found["f"])
    measure = _measured({**found, "e": event} if event else found)
    note = "" if is_known else "for example"
    least = ("<=", "or less") if float(factor) < 1 else (">=", "or more")
    for one, which in (least, ("=", "just so much")) if sign == "*" else ((sign, ""),):
        said = "; ".join(filter(None, (which, note)))
        yield Said(f"{measure} {now} {one} {factor} x {measure} {then}", "", bool("o" in found and not said), said)


_AS = "as [in|during|they_did_in|they_did|they_spent_in|they_spent] {o:window}"
_HAD = "[has|have|had|with|made|placed]"
CHANGES = (
    ("[has|have|had|with|made|placed] {y:way} {e:noun} than [in|they_did|they_had] {v:then}", than),
    ("{e:event} {y:way} [often|frequently] than {v:then}", than),
    ("{s:split} than [in] {v:then}", than),
    ("{m:measure} [is|was] {y:way} than [they_did|they_spent] {v:then}", than),
    ("{e:event} {f:factored} as_often|as_much|as_frequently as [in|they_did] {v:then}", times_as_much),
    ("{e:event} {w:window} {f:factored} as_often|as_much|as_frequently as [in|they_did] {v:then}", times_as_much),
    (
        "{m:measure} [is|was|are|were] {f:factored} as_high|as_much|as_many as [in|it_was|they_were] {v:then}",
        times_as_much,
    ),
    ("{m:measure} {f:factored} as_much as|of [what_they_spent|they_did|they_spent] {v:then}", times_as_much),
    ("{m:measure} {f:factored} [of] what_they_spent|what_they_did|the_amount_of {v:then}", times_as_much),
    ("{m:measure} {f:factored} what_they_spent|what_they_did {v:then}", times_as_much),
    (f"{_HAD} {{f:factored}} as_many {{e:noun}} as [in|they_had|they_did] {{v:then}}", times_as_much),
    # two times, both said: `spent twice as much this year as last year`
    (f"{{m:measure}} [is|was] {{f:factored}} as_much|as_high {{w:window}} {_AS}", times_as_much),
    (f"{{m:measure}} {{w:window}} [is|was] {{f:factored}} as_much|as_high {_AS}", times_as_much),
    (f"{{e:event}} {{f:factored}} as_often|as_much|as_frequently|as_many_times {{w:window}} {_AS}", times_as_much),
    (f"{{e:event}} {{w:window}} {{f:factored}} as_often|as_much|as_frequently|as_many_times {_AS}", times_as_much),
    (f"{_HAD} {{f:factored}} as_many {{e:noun}} {{w:window}} {_AS}", times_as_much),
    (f"{{q:as_many}} {{w:window}} {_AS}", times_as_much),
)

__all__ = ["CHANGES"]
