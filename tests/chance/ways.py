"""The ways to say a thing: a small grammar for random rules, in which `<thing>` stands for one way of another.

Names, values and lengths are those of the tests' catalog (catalog.yaml) and of the random shops (shops.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from ..worlds.shops import LENGTHS

UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days", "w": "weeks", "mo": "months", "y": "years"}

WAYS: dict[str, Sequence[str]] = {
    # values
    "text": ['"NL"', "'BE'", '""', '"Straße"', '"İstanbul"', '"ΟΔΟΣ"', '"é"', '"say ""hi"""', "'it''s'",
        '"100%_x\\"'],
    "number": ["1", "2", "0", "-1", "3", "50.5", "100", "18", "33.3", "0.01"],
    "money": ["100", "€100", "0", "50.5 EUR", "€33.33", "-5", "€99.99", "1k", "high", "100.01", "€0.01", "a lot"],
    "pattern": ['"NL"', "'s'", '"STRASSE"', '"straße"', '"İ"', '"i"', '"ς"', '"Σ"', '"é"', '"e\u0301"', '"b?c"', '""',
                '"🎁"', '"%"', '"_"', '"\\"', "'\"'", '"\'"'],
    "regex": [
        '"."', '"^.$"', '"^[A-Z]{2}$"', '"[a-zß]+e$"', '"^(n|N|é).*"', "'s'", '"[^a-zA-Z]"', r'"\\"', r'"%_?"',
        '"^.{2,3}$"', '"(a|ia)?L$"', '"🎁"', '"^[^.]*$"', '"b.c"', r'"[\-\]]"', '"Σ|ς"', '"^(?:é|e.)"',
        r'"\$"', r'"[0-9]\$$"',
    ],
    "glob": ['"*"', '"n?"', '"*s*"', '"*\\*"', '"?"', '""', '"🎁*"', '"*%_*"', '"i*"', '"ΟΔΟ?"', '"*\'*"', '"*?*"'],
    # lengths and moments
    "length": [f"{n}{unit}" for n, unit in LENGTHS]
    + [f"{n} {UNITS[unit][: None if n > 1 else -1]}" for n, unit in LENGTHS],
    "exact gap": ["0s", "1s", "90min", "1d", "3 days", "30d", "1 hour"],
    "gap": ["0s", "45s", "90min", "72h", "1d", "3 days", "2 weeks", "30d", "20w", "400d", "1 hour", "a while"],
    "days": ["3 days", "1d", "2 weeks", "1 month", "13mo", "1y", "30d"],
    "date": ["2025-10-26", "2025-10-31", "2025-03-30", "2026-03-29", "2024-02-29", "2025-09-30", "1990-01-01"],
    "day": ["<date>", "<date>", "launch", "today", "yesterday", "the day <days> ago"],
    "time": ["2025-10-26T02:30", "2025-10-26T02:30+01:00", "2023-10-29T02:30", "2026-03-29T02:30", "2025-10-31T12:30",
        "2024-02-29T23:59:59Z"],
    # windows: of events and joins, of date-only properties, of time-stamped properties
    "window": [
        "in <length>", "in <length>", "in <length>", "in the last <length>", "over the last <length>",
        "less than <length> ago", "more than <length> ago", "between <length> and <length> ago",
        "in 13mo", "in 4mo", "more than 1d ago",
        "between 1 and 4 months ago", "between 13 and 4 mo ago", "between 3 and 30 days ago", "today", "yesterday",
        "this week", "last week", "this month", "last month", "this quarter", "last quarter", "this year",
        "last year",
        "before <time>", "after <time>", "since <time>", "before <day>", "after <day>", "since <day>",
        "before <length> ago", "since <length> ago", "on <date>", "on the day <days> ago", "on yesterday",
        "between 2025-03-30 and 2025-10-26", "between 2023-02-28 and 2025-10-31",
        "between 2025-10-26T00:30Z and 2025-10-31T12:30", "between 30d ago and 2d ago", "ever", "over all time",
        "in recently", "in a while",
    ],
    "close to": [
        "within <exact gap> of <time of theirs>", "within <exact gap> before <time of theirs>",
        "within <exact gap> after <time of theirs>", "within 20w of <time of theirs>",
        "within 400d after first contact",
        "within <whole gap> of <date of theirs>", "within <whole gap> before <date of theirs>",
        "within <whole gap> after <date of theirs>", "within 30d of renewal date", "within 400d of their renewal date",
    ],
    "whole gap": ["0d", "1d", "3 days", "2 weeks", "30d", "400d"],
    "time of theirs": ["last seen", "first contact"],
    "date of theirs": ["renewal date", "birthday"],
    "days window": [
        "in the last <days>", "in the next <days>", "more than <days> ago", "less than <days> ago",
        "between 3 and 30 days ago", "before <day>", "after <day>", "since <day>", "on <date>", "today", "tomorrow",
        "this week", "last month", "next month", "this year", "next week", "between 2025-03-30 and 2025-10-26",
        "before <days> from now", "since <days> from now",
    ],
    "time window": [
        "in the last <length>", "in the next <length>", "more than <length> ago", "less than <length> ago",
        "before <time>", "after <day>", "since <length> ago", "on <date>", "today", "tomorrow", "this month",
        "last week", "between 2025-03-30 and 2025-10-26", "between <length> and 1d ago", "before <length> from now",
    ],
    # comparisons
    "op": ["=", "!=", "<", "<=", ">", ">=", "at least", "at most", "more than", "less than", "fewer than", "exactly"],
    "is op": ["<op>", "is", "is not", "is at least", "is more than", "is >"],
    "range": ["between 0 and 2", "between 1 and 100", "between -5 and 50.5", "between 2 and 2"],
    "few": ["0", "1", "1", "2", "2", "3", "5", "30", "50.5", "100"],
    "compares": ["<is op> <few>", "<is op> <few>", "<is op> <number>", "<range>", "> 0", ">= 1"],
    # a test of the property <it>; <other> is one of the same type
    "test of text": [
        "<it> is <text>", "<it> is not <text>", "<it> = <text>", "<it> != <text>", "<it> in (<text>, <text>)",
        "<it> not in (<text>, <text>)", "<it> contains <pattern>", "<it> does not contain <pattern>",
        "<it> starts with <pattern>", "<it> ends with <pattern>",
        "<it> matches regex <regex>", "<it> does not match regex <regex>", "<it> matches <glob>", "<it> is set",
        "<it> is not set",
        "<it> is empty", "<it> is not empty", "<it> in benelux", "<it> not in benelux", "<it> is in EU",
        "<it> is home",
        "<it> is <other>", "<it> != <other>",
    ],
    "test of number": [
        "<it> <is op> <number>", "<it> <is op> <number>", "<it> <range>", "<it> in (<number>, <number>)",
        "<it> not in (<number>, <number>)", "<it> is set", "<it> is not set", "<it> <op> <other>",
    ],
    "test of money": [
        "<it> <is op> <money>", "<it> <is op> <money>", "<it> <range>", "<it> in (<number>, <number>)",
        "<it> is not set",
        "<it> <op> <other>",
    ],
    "test of boolean": ["<it>", "<it> is true", "<it> is no", "<it> = yes", "<it> is not true", "<it> is set",
        "<it> != no"],
    "date part": [
        "month of <it> <op> 10", "month of <it> in (2, 11)", "day of <it> = 31", "day of <it> between 26 and 29",
        'weekday of <it> is "Sunday"', 'weekday of <it> not in ("Friday", "Monday")', "year of <it> < 2024",
        "year of <it> = 2025", "month of <it> is set", 'weekday of <it> contains "un"',
        "month of <it> <op> month of <other>",
        "weekday of <it> != weekday of <other>", "day of <it> is day of <other>", "year of <it> = year of <other>",
    ],
    "anniversary": ["anniversary of <it> <short window>", "anniversary of <it> is today"],
    "short window": [
        "in the next 7 days", "in the next 4 months", "in the next 11mo", "in the last 30d", "today", "tomorrow",
        "this week", "next month", "this quarter", "on <date>", "between 3 and 30 days ago",
        "between 2024-02-27 and 2024-02-29", "between 2023-02-27 and 2023-02-28", "between 2024-12-20 and 2025-03-01",
    ],
    "test of date": [
        "<date part>", "<anniversary>","<it> <days window>", "<it> <days window>", "<it> <days window>", "<it> is set",
        "<it> is not set"],
    "test of time": [
        "<date part>", "<anniversary>","<it> <time window>", "<it> <time window>", "<it> <time window>", "<it> is set",
        "<it> is empty"],
    "test of month day": [
        "<anniversary>", "<anniversary>", "<anniversary>", "month of <it> <op> 10", "day of <it> between 26 and 29",
        "month of <it> in (2, 11)", "day of <it> = 29", "<it> is set", "<it> is not set", "<it> is empty",
    ],
    "test of list of text": [
        '<it> includes "vip"', "<it> includes 'nl'", '<it> includes ""', '<it> does not include "nl"',
        '<it> include any of ("nl", "é")', '<it> include all of ("vip", "nl")', '<it> include none of ("vip", "nl")',
        "<it> is empty", "<it> is not empty", "<it> is set", "<number of it>", "<number of it>",
        "<it> include any <testing>", "<it> include any <testing>", "<it> include none <testing>",
        "<it> include all <testing>", "not <it> include all <testing>", "<it> does not include any <testing>",
    ],
    "testing": [
        "containing <pattern>", "starting with <pattern>", "ending with <pattern>", "matching <glob>",
        "containing 'I'", "starting with 'N'", 'ending with "l"', 'matching "*"',
        "matching regex <regex>", "matching regex '^[a-z]+$'",
    ],
    "number of it": [
        "number of <it> <op> 2", "number of <it> <op> 1", "number of <it> between 1 and 2", "number of <it> in (0, 2)",
        "number of <it> = 0", "number of <it> <op> number of <it>",
    ],
    "test of list of number": [
        "<number of it>",
        "<it> includes 7", "<it> does not include 13", "<it> include all of (7, 13)", "<it> include none of (7, -1)",
        "<it> is empty",
    ],
    "test of position": [
        "<it> is set", "<it> is not set", "<it> is empty", "latitude of <it> <op> <degrees>",
        "longitude of <it> <op> <degrees>", "latitude of <it> between 0 and 52.3", "longitude of <it> is set",
    ],
    "days apart": ["<op> 0", "<op> 1", "<op> -1", "<op> 30", "between -3 and 3", "in (0, 1, 33)", "is set"],
    "degrees": ["0", "52.37", "4.89", "-33.86", "90", "-180", "52.370000001"],
    "near": [
        "within <distance> of <place>", "within <distance> of <place>", "within <distance> of any store",
        "within <distance> of any store", "nearest store is <a store>", "nearest store is not <a store>",
        "nearest store in (<a store>, <a store>)",
    ],
    "a store": ["Amsterdam store", '"store"', '"south"', '"south"'],
    "distance": ["20 km", "0.5km", "1,000 km", "12.4 miles", "60 km", "20,000 km", "45 miles", "1 mile"],
    "place": ["Amsterdam store", "(52.37, 4.89)", "(-33.86, 151.2)", "(10.5, 180)", "(0, 0)", "(-90, 7)"],
    "chance": ["random 50%", 'random 50% seed "B"', "random 90%", "random 100%", "random 33.3333% seed 'it''s \\'"],
    "so many": [
        "at least 1", "at least 2", "exactly 1", "exactly 2", "= 0", "!= 1", "at most 1", "fewer than 2", "more than 1",
        "between 1 and 2", "between 0 and 1", "between 2 and 3", "at least 0", "< 1",
    ],
    "test of instant": ["hour < 12", "hour = 23", 'weekday is "Sunday"', "day >= 26", "month in (2, 3)"],
    "test of built in": [
        "number = 1", "number = 1", "number > 1", "number = 2", "number = 2", "number > 2", "number is 3",
        "number between 1 and 2", "number != 1", "number >= 2", "days since previous > 1",
        "days since previous = 0", "days since previous <= 30", "days since previous is set",
        "days since previous is not set", "hour < 12", "hour between 0 and 2", "hour = 23", 'weekday is "Sunday"',
        'weekday is not "Friday"', 'weekday in ("Saturday", "Sunday")', "day = 31", "day >= 26", "month = 10",
        "month in (2, 3)", "month != 10", 'weekday contains "un"',
    ],
    # how many times
    "quantity": [
        "at least once", "never", "exactly once", "once", "twice", "at least twice", "2 times", "at least 2 times",
        ">= 2", "> 1 times", "fewer than 2 times", "less than 3 times", "at most once", "at most 1 times",
        "more than once", "more than 2 times", "between 1 and 2 times", "zero times", "= 0", "!= 1", "is not 2",
        "<= 2", "exactly 2 times", "between 0 and 1 times", "< 1",
    ],
    "bare count": ["0", "1", "2"],
    # conditions without events
    "consent": [
        "<can receive> <channel>", "<can receive> sms <window>", "<can receive> post <window>",
        "<can receive> email because <reason>", "<can receive> push because <reason>",
        "<can receive> sms because <reason>", "<can receive> sms because <reason> <window>",
    ],
    "can receive": ["can receive", "cannot receive"],
    "channel": ["sms", "email", "e-mail", "push", "post"],
    "reason": ['"form"', '"import"'],
    "lists": ["in list Newsletter", "in list Staff", 'in list "news"', "joined list Newsletter <window>",
              "joined list Newsletter <window>"],
    "segment": [
        'in segment "Buyers"', 'in segment "Buyers" (n = 1)', 'in segment "Buyers" (length = 72h, n = 1)',
        'in segment "Dutch buyers"', 'in segment "Dutch buyers" (land = "BE")', 'in segment "Spenders"',
        'in segment "Spenders" (amount = €0, start = 2023-01-01)', "in segment Reachable", "total spent > a lot",
        "placed order in a while", "clicked sms at least twice in a while",
    ],
    "members": [
        'segment "Buyers"', 'segment "Buyers" (n = 1)', 'segment "Dutch buyers" (land = "BE")',
        'segment "Spenders" (amount = €0, start = 2023-01-01)', "segment Reachable", "segment Active",
        "segment Everybody", 'segment "Some buyers"', "segment Few", "segment Best",
    ],
    "segment at": [
        "was in <members> <length> ago", "was in <members> <days> ago", "entered <members> in <length>",
        "left <members> in <days>", "in <members>", "was in segment Active <days> ago", "left segment Active in <days>",
        "entered <members> <begun>", "left <members> <begun>", "entered segment Active <begun>",
    ],
    "begun": [
        "since <time>", "since <day>", "after <day>", "since <length> ago", "on <date>", "today", "yesterday",
        "this week", "last week", "this month", "last month", "this quarter", "last year",
        "between 2025-03-30 and 2025-10-26", "between <length> and <length> ago",
    ],
    # the profile beside the others
    "size": ["1", "2", "3", "1", "10%", "25%", "50%", "33.3333%", "66.6667%", "100%", "0.0001%", "12.5%"],
    "share": [
        "the average", "the average", "the median", "the 90th percentile", "the 25th percentile", "the 1st percentile",
        "the 100th percentile", "the 50th percentile", "the 67th percentile",
    ],
    # measures
    "metric": ["total spent", "order count", "average order value", "dearest order", "middle order", "pieces",
        "brands",
               "click rate", "spent per order", "days between orders", "discount rate"],
    "money term": [
        "total spent", "average order value", "dearest order", "middle order", "spent per order", "balance", "credit",
        "last order value", "sum of amount of got invoice", "average of fee of attended class",
        "fee of <edge> attended class",
        "sum of price of placed order", "total of <edge> placed order", "amount of <edge> got invoice", "total spent",
    ],
    "number term": [
        "order count", "pieces", "brands", "click rate", "discount rate", "number of clicked sms", "age", "score", "x",
        "average of discount of placed order", "days between orders", "days since last order", "order count",
        "number of any of (opened email, clicked email)", "place of <edge> clicked email",
        "max of place of clicked email",
        "discount of <edge> placed order", "sum of lines of got invoice", "number of opened email",
    ],
    # measures that are close to each other, or equal, for many
    "related": [
        "average order value <op> spent per order", "spent per order <op> average order value",
        "average order value in 30d <op> spent per order in 30d", "total spent in 30d <op> <factor>total spent",
        "dearest order <op> <factor>middle order", "discount rate <op> click rate",
        "discount rate <op> <factor>discount rate",
        "sum of quantity of placed order <op> pieces in 13mo", "days since last order <op> days between orders",
        "number of got invoice <op> sum of lines of got invoice", "average of amount of got invoice <op> balance",
    ],
    # all occurrences together
    "part of all": [
        "at least 50%", "more than 0%", "at most 50%", "less than 100%", "exactly 0%", "!= 50%", "between 0% and 50%",
        "at least 66.6667%", "between 25% and 75%", "more than 33.3333%", ">= 0%", "= 100%", "fewer than 0.0001%",
    ],
    "regularity": [
        "in at least <some> of the last <periods>", "in at least <some> of the last <periods>",
        "in at most <some> of the last <periods>", "in exactly <some> of the last <periods>",
        "in between 1 and 2 of the last <periods>", "in != <some> of the last <periods>",
        "in fewer than <some> of the last <periods>",
    ],
    "some": ["1", "1", "2", "2", "3", "0"],
    "periods": [
        "3 months", "4 weeks", "13mo", "30d", "5d", "2y", "72h", "8mo", "3d", "1mo", "2w",
        "3 periods of 3 days", "4 periods of 2 months", "2 periods of 36 hours",
    ],
    "different": [
        "on at least 2 different <units>", "on at least 2 different <units>", "on exactly <some> different <units>",
        "on at most <some> different <units>", "on between 1 and 2 different <units>", "on != 1 different <units>",
        "on more than <some> different <units>",
        "in at least <streak> in a row", "in at least <streak> in a row", "in exactly <streak> in a row",
        "in at most <streak> in a row", "in between 1 and <streak> in a row", "in != <streak> in a row",
    ],
    "streak": ["2 days", "2 weeks", "2 months", "3 days", "3 months", "1 week"],
    "units": ["days", "weeks", "months"],
    "is hour": ["is 2", "< 12", "in (0, 2, 12, 23)", "is not 0", "between 1 and 12"],
    "is weekday": ['is "Sunday"', 'is not "Friday"', 'in ("Saturday", "Sunday")', 'starts with "T"', "is set"],
    "is it there": ["is set", "is not set", "is empty"],
    "repeats": [
        "at least 2 times", "at least 2 times", "at least 3 times", "twice", "exactly 3 times", "between 2 and 3 times",
        "more than once", "at least once", "once",
    ],
    "timeless metric": ["days since last order", "days since first order"],
    "statistic": ["sum", "average", "average", "average", "min", "max", "median"],
    "edge": ["first", "last"],
    "factor": ["", "", "0.5 x ", "2 x ", "1.25 x "],
    # the spellings of events
    "placed order": ["placed order", "placed order", "ordered", "Placed  Order", "заказ оформлен", '"placed order"'],
    "clicked email": ["clicked email", "CLICKED EMAIL"],
    "clicked sms": ["clicked sms", "in-app purchase"],
    "visited store": ["visited store", '"checked in at store"'],
    "attended class": ["attended class", "joined the club"],
    "logged in": ["logged in", "viewed last call banner"],
    "several": ["any of (opened email, clicked email)", "any of (clicked sms, opened email, clicked email)",
                "any of (clicked email, clicked email)", "any of (engaged with email, clicked sms)"],
}  # fmt: skip
