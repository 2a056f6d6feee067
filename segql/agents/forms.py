"""The forms of the word-level grammar, by what they are said of: `{p}` is a property, `{v}` a value, `{e}` an event.

`<..>` are productions, `[..]` may be left out; see `productions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Forms: TypeAlias = Mapping[str, tuple[str, ...]]
"""Forms by the type of a property."""

NUMBER = ("{p} <below> <NUMBER>", "{p} between <any_pair>", "{p} in (<number_list>)", "{p} <below> <number_constant>")
DATE_PART = (
    "weekday of {p} is[ not] <weekday>",
    "weekday of {p}[ not] in (<weekday_list>)",
    "weekday of {p} starts with <TEXT>",
    "weekday of {p} = weekday of <date_property>",
    "weekday of {p} is set",
)
MONTH_DAY = (
    "month of {p} <below> <MONTH>",
    "month of {p} <over> <NUMBER>",
    "month of {p} between <number_pair>",
    "month of {p}[ not] in (<month_list>)",
    "month of {p} <below> month of <date_property>",
    "day of {p} <below> <DAY>",
    "day of {p} between <number_pair>",
    "day of {p} <below> day of <date_property>",
    "month of {p} <below> <number_property>",
    "day of {p} <below> <number_property>",
    "<own_property> = month of {p}",
    "<own_property> = day of {p}",
    "month of {p} is set",
)
DATE = (
    "{p} in the last <MANY> <long>",
    "{p} in the last <MANY> years",
    "{p} in the next <MANY> <long>",
    "{p} in the next <soon>",
    "{p} <period>",
    "{p} next <calendar>",
    "{p} tomorrow",
    "{p} since <day_moment>",
    "{p} before <day_moment>",
    "{p} after <day_moment>",
    "{p} on <DATE>",
    "{p} between <date_pair>",
    "{p} between <days_ago>",
    "{p} between tomorrow and <later_on> from now",
    "{p} between <days_long> and <days_long> ago",
    "{p} more than <days_long> ago",
    "{p} in the last <SEVERAL> whole <whole>",
    "{p} <below> <like_property>",
    *DATE_PART,
    *MONTH_DAY,
    "year of {p} <below> <YEAR>",
    "year of {p} between <years>",
    "year of {p} is set",
    "days from {p} to <date_property> <below> <NUMBER>",
    "days from {p} to <date_property> between <any_pair>",
    "{p} more than <duration_constant> ago",
    "anniversary of {p} <ahead>",
)
LIST = tuple(
    f"{{p}} include {which} {how}"
    for which in ("any", "all", "none")
    for how in (
        "containing <TEXT>",
        "starting with <TEXT>",
        "ending with <TEXT>",
        "matching <TEXT>",
        "matching regex <REGEX>",
    )
)
OF_TYPE: dict[str, tuple[str, ...]] = {
    "text": (
        "{p} is[ not] {v}",
        "{p}[ not] in ({v_list})",
        "{p}[ not] in <set>",
        "{p} is[ not] <text_property>",
        "{p} is[ not] <text_constant>",
        "{p} contains <text>",
        "{p} does not contain <TEXT>",
        "{p} starts with <TEXT>",
        "{p} ends with <TEXT>",
        "{p} does not start with <TEXT>",
        "{p} does not end with <TEXT>",
        "{p} matches <TEXT>",
        "{p} does not match <TEXT>",
        "{p} matches regex <REGEX>",
        "{p} does not match regex <REGEX>",
    ),
    "number": (*NUMBER, "{p} <below> <number_property>", "{p} is[ not] <number_property>"),
    "boolean": ("{p}", "{p} is true", "{p} is false", "{p} is not true", "{p} is not false"),
    "date": DATE,
    "month-day": ("{p} next week", "{p} this month", "anniversary of {p} <ahead>", *MONTH_DAY),
    "list of text": (
        "{p} includes {v}",
        "{p} does not include {v}",
        "{p} include any of ({v_list})",
        "{p} include all of ({v_list})",
        "{p} include none of ({v_list})",
        "number of {p} <below> <COUNT>",
        *LIST,
    ),
    "list of number": (
        "{p} includes <NUMBER>",
        "{p} does not include <NUMBER>",
        "{p} include any of (<number_list>)",
        "number of {p} <below> <COUNT>",
    ),
    "position": (
        "latitude of {p} <below> <DEGREES>",
        "longitude of {p} <below> <LONGITUDE>",
        "latitude of {p} between <number_pair>",
        "longitude of {p} between <number_pair>",
        "{p} is empty",
    ),
}
OF_TYPE["money"] = (*OF_TYPE["number"], "{p} <below> <money>", "{p} in (<money_list>)", "{p} between <money_pair>")
OF_TYPE["time"] = tuple(
    one.replace("days_ago>", "ago>")
    .replace("long>", "units>")
    .replace("day_moment", "moment")
    .replace("<days_units>", "<length>")
    for one in DATE
)
OF_ANY = ("{p} is set", "{p} is not set")
OF_LETTERS = ("{p} is empty", "{p} is not empty")
HAD = ("has {p}", "has no {p}", "has {p} next week", "has {p} this month")
CHANNEL = tuple(
    f"{can} receive {{p}}{rest}"
    for can in ("can", "cannot")
    for rest in ("[ <window>]", " because <TEXT>[ <window>]", " because <TEXT>")
)
SEGMENT = (
    "in segment {p}",
    "was in segment {p} <length> ago",
    "entered segment {p} <lately>",
    "left segment {p} <lately>",
)
ALONE = (
    "in segment <segment>",
    "within <distance> of <place>",
    "within <distance> of (<DEGREES>, <LONGITUDE>)",
    "nearest store is <store>",
    "nearest store[ not] in (<store_list>)",
    "random <PERCENT>",
    "random <PERCENT> seed <TEXT>",
    "everyone",
    "no one",
)

# --- numbers: `{m}` is a measure of one kind, with its window, `{w}` what is asked of its rows

OF_MEASURE = (
    "{m} <below> <NUMBER>",
    "{m} between <any_pair>",
    "{m} <below> <number_constant>",
)
OF_MONEY = ("{m} <below> <money>", "{m} between <money_pair>")
OF_OVERALL = (
    "{m} <below> the overall average[ <among>]",
    "{m} <below> the overall median[ <among>]",
)
OPEN = ("{m} <below> <figure_open>", "{m} <below> <FACTOR> x <figure_open>")
RANK_OPEN = "<end> <size> by <figure_open>"
OF_SUM = (
    "{m} <below> <sum>",
    "{m} is <sum>",
    "{m} <below> <FACTOR> x <figure>",
    "{m} <below> their <profile_number>",
    "{m} <below> the overall average of <pooled>",
    "{m} <below> <date_part>",
    "{m} <below> <statistic>[ <among>]",
    "{m} <below> <FACTOR> x <statistic>[ <among>]",
    "{m} <below> <statistic> of <figure>[ of segment <segment>]",
    "{m} <below> <FACTOR> x <statistic> of <figure>",
    "{m} between <bound> and <bound>",
    "<end> <size> by {m}",
    "<end> <size> by {m} among segment <segment>[ within each <each>]",
    "<end> <size> by {m} within each <each>",
)

# --- what somebody did: `{e}` is an event, `{w}` what is asked of its rows, `{s}` what they have in common

OF_EVENT = (
    "{e}[ <times>][ {near}][ <window>]",
    "never {e}[ {near}][ <window>]",
    "no {e}[ <window>]",
    "last {e} <window>",
    "first {e} <window>",
    "last {e} {near}",
    "first {e} {near}",
    "{e} <habit>",
    "{e}[ <window>] <streak>",
    "{e} <times> <habit>",
    "never {e} <habit>",
    "{e} <repeated> with the same <{s}>[ <recent>]",
    "has {e}[ <window>]",
    "<{s}_things> <times>[ <window>]",
    "never <{s}_bare>[ <window>]",
)
WITH_WHERE = (
    *(f"{one} where {{w}}" for one in OF_EVENT if not one.startswith(("no ", "has "))),
    *(f"{how} {{e}}[ <window>] has {{w}}" for how in ("last", "first", "every", "no")),
    *(f"{how} {{e}}[ <window>] where {{w}} has {{w}}" for how in ("last", "first", "every", "no")),
    *(
        f"{how} of {{e}}{rest} have {{w}}"
        for how in ("<how> <SHARE>", "!= <SHARE>", "between <share_pair>")
        for rest in ("[ {near}][ <window>]", "[ <window>] where {w}")
    ),
)
NUMBER_OF_EVENT = ("number of {e}", "days since last {e}", "days since first {e}", "days between {e}")
NUMBER_OF_PROPERTY = tuple(f"{how} of {{p}} of {{e}}" for how in ("sum", "average", "min", "max", "median"))
NEAR = tuple(f"within {{d}} {side} {{p}}" for side in ("of", "after", "before"))
EDGES = ("{p} of last {e}", "{p} of first {e}", "most common {p} of {e}")
ITEMS = (
    "any item ({t})",
    "every item ({t})",
    "no item ({t})",
    "at most 1 item[ ({t})]",
    "at least 1 item[ ({t})]",
    "exactly 1 item[ ({t})]",
    "!= 1 item[ ({t})]",
    "<how> <MANY> items[ ({t})]",
    "<how> <number_constant> items[ ({t})]",
    "!= <MANY> items[ ({t})]",
    "between <number_pair> items[ ({t})]",
)
OF_TIMES = (
    "most common month of {e} <below> <MONTH>",
    "most common hour of {e} <below> <HOUR>",
    "most common weekday of {e} is[ not] <weekday>",
    "most common weekday of {e}[ not] in (<weekday_list>)",
    "weekday of last {e} is[ not] <weekday>",
    "weekday of last {e}[ not] in (<weekday_list>)",
    "hour of last {e} <below> <HOUR>",
)
"""Of an event with a time."""
ROWS = tuple(
    form.format(p=one)
    for one in ("number", "days since previous")
    for form in (*NUMBER[:2], "{p} <below> <number_property>", "{p} is not set")
)
"""Of a row among the others of its event."""
CLOCK = ("day", "month", "hour")
"""Numbers of the time of every row."""
BUILT_IN = (
    "weekday is[ not] <weekday>",
    "weekday[ not] in (<weekday_list>)",
    "month[ not] in (<month_list>)",
    "hour <below> <HOUR>",
    "hour between <number_pair>",
    "month <below> <MONTH>",
    "month between <number_pair>",
    "day <below> <DAY>",
    "day between <number_pair>",
    "year <below> <YEAR>",
    *(f"{one} <below> <number_property>" for one in CLOCK),
)
"""Of every row."""
STEPS = (
    "<step> <rest>",
    "<step> followed by <after>",
    # A step that comes so much later may never lie within all of it.
    "<step> then <after> then <after>[ then <after>] all within <SHORT>[ not followed by <after>]",
    "<step> then <after> all within <SHORT> not followed by <after>",
)
