"""The forms of the word-level grammar, by what they are said of: `{p}` is a property, `{v}` a value, `{e}` an event.

`<..>` are productions, `[..]` may be left out; see `productions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Forms: TypeAlias = Mapping[str, tuple[str, ...]]
"""Forms by the type of a property."""

AHEAD = (
    "{p} in the last <MANY> <long>",
    "{p} in the next <MANY> <long>",
    "{p} <period>",
    "{p} next <calendar>",
    "{p} tomorrow",
    "{p} since <day_moment>",
    "{p} before <day_moment>",
    "{p} after <day_moment>",
    "{p} on <DATE>",
    "{p} between <date_pair>",
    "{p} more than <MANY> <long> ago",
    "{p} before <MANY> <long> from now",
    "{p} in the last <MANY> whole <whole>",
)
"""Of a date that may lie ahead; of a time, in shorter units, too."""
OF_TYPE: dict[str, tuple[str, ...]] = {
    "text": (
        "{p} is {v}",
        "{p} is not {v}",
        "{p} in ({v}, {v})",
        "{p} in ({v}, {v}, {v})",
        "{p} not in ({v}, {v})",
        "{p} in <set>",
        "{p} not in <set>",
        "{p} contains <TEXT>",
        "{p} does not contain <TEXT>",
        "{p} starts with <TEXT>",
        "{p} ends with <TEXT>",
        "{p} does not start with <TEXT>",
        "{p} does not end with <TEXT>",
        "{p} matches <PATTERN>",
    ),
    "number": (
        "{p} <below> {v}",
        "{p} between <number_pair>",
        "{p} in (<NUMBER>, <NUMBER>)",
        "{p} <below> <number_constant>",
    ),
    "boolean": ("{p}", "{p} is true", "{p} is false"),
    "date": (
        *AHEAD,
        "weekday of {p} is <weekday>",
        "weekday of {p} is not <weekday>",
        "weekday of {p} in (<weekday>, <weekday>)",
        "month of {p} <below> <MONTH>",
        "month of {p} in (<MONTH>, <MONTH>)",
        "day of {p} <below> <DAY>",
        "year of {p} <below> <YEAR>",
    ),
    "month-day": ("month of {p} <below> <MONTH>", "day of {p} <below> <DAY>"),
    "list of text": (
        "number of {p} <below> <COUNT>",
        "{p} includes {v}",
        "{p} does not include {v}",
        "{p} include any of ({v}, {v})",
        "{p} include all of ({v}, {v})",
        "{p} include none of ({v}, {v})",
        "{p} include any containing <TEXT>",
        "{p} include any starting with <TEXT>",
        "{p} include none starting with <TEXT>",
        "{p} include all ending with <TEXT>",
    ),
    "list of number": (
        "number of {p} <below> <COUNT>",
        "{p} includes <NUMBER>",
        "{p} does not include <NUMBER>",
        "{p} include any of (<NUMBER>, <NUMBER>)",
    ),
    "position": ("latitude of {p} <below> <DEGREES>", "longitude of {p} <below> <LONGITUDE>"),
}
OF_TYPE["money"] = (*OF_TYPE["number"], "{p} <below> <money>")
OF_TYPE["time"] = tuple(one.replace("long>", "units>").replace("day_moment", "moment") for one in OF_TYPE["date"])
OF_ANY = ("{p} is set", "{p} is not set")
HAD = ("has {p}", "has no {p}")
OF_LETTERS = ("{p} is empty", "{p} is not empty")
OF_PROFILE: dict[str, tuple[str, ...]] = {
    "date": ("anniversary of {p} <ahead>",),
    "time": ("anniversary of {p} <ahead>",),
    "month-day": ("anniversary of {p} <ahead>",),
}
OF_MEASURE = (
    "{m} <below> <NUMBER>",
    "{m} between <number_pair>",
    "{m} <below> <number_constant>",
    "{m} <below> <money>",
)
OF_OTHERS = (
    "{m} <below> <statistic>",
    "{m} <below> <statistic> of segment <segment>",
    "{m} <below> <FACTOR> <statistic>",
    "{m} between <FACTOR> the average and <FACTOR_MORE> the average",
)
RANKED = (
    "<end> <size> by {m}[ <window>]",
    "<end> <size> by {m} among segment <segment>",
    "<end> <size> by {m} within each <each>",
)
OF_EVENT = (
    "{e}[ <times>][ <window>]",
    "never {e}[ <window>]",
    "last {e} <window>",
    "first {e} <window>",
    "last {e} more than <MANY> <units> ago",
    "{e} <habit>",
    "{e} <habit>",
    "{e} <window> <habit>",
    "{e} <times> in at least <of_last> weeks",
    "{e} <times> in each of the last <N1> <kinds>",
    "has {e}[ <window>]",
)
WITH_WHERE = (
    "{e}[ <times>][ <window>] where {w}",
    "never {e}[ <window>] where {w}",
    "last {e} <window> where {w}",
    "last {e} has {w}",
    "first {e} has {w}",
    "every {e} has {w}",
    "no {e} has {w}",
    "<share> <PERCENT> of {e}[ <window>] have {w}",
    "last {e} <window> has {w}",
    "every {e} <window> has {w}",
    "no {e} <window> has {w}",
)
NUMBER_OF_EVENT = (
    "number of {e}",
    "days since last {e}",
    "days since first {e}",
    "days between {e}",
)
NUMBER_OF_PROPERTY = (
    "sum of {p} of {e}",
    "average of {p} of {e}",
    "min of {p} of {e}",
    "max of {p} of {e}",
    "median of {p} of {e}",
)
ANY_OF = (
    "any of (<several>)[ <times>][ <window>]",
    "never any of (<several>)[ <window>]",
    "last any of (<several>) <window>",
    "first any of (<several>) <window>",
    "any of (<several>) <habit>",
    "number of any of (<several>) <below> <COUNT>[ <window>]",
    "days since last any of (<several>) <below> <COUNT>",
    "days since first any of (<several>) <below> <COUNT>",
)
STEPS = (
    "<step> then <later>",
    "<step> then <later> then <later>",
    "<step> then <later> then <later> all within <SHORT>",
    "<step> then <later> not followed by <timed>",
    "<step> then no <timed> then <later>",
    "<step> followed by <later>",
    "<step> not followed by <timed>",
    "<step> not followed by <timed> within <SHORT>",
)
NEAR = ("within {d} of {p}", "within {d} after {p}", "within {d} before {p}")
BUILT_IN = (
    "weekday is <weekday>",
    "weekday is not <weekday>",
    "weekday in (<weekday>, <weekday>)",
    "month in (<MONTH>, <MONTH>)",
    "hour <below> <HOUR>",
    "month <below> <MONTH>",
    "day <below> <DAY>",
    "year <below> <YEAR>",
)
