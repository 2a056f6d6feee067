"""What is wrong with a catalog is said all at once, each thing at its place, with the nearest right word."""

from __future__ import annotations

from typing import Any

import pytest

from segql.catalog import Catalog, catalog_from_yaml
from segql.errors import SegQLError
from segql.source import NOWHERE

from .wrong_catalogs import BASE, EVENT, problems, said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # shape
        (BASE + "tabel: x", [("unknown-key", "tabel")]),
        ("profiles: {tabel: t, key: k}", [("unknown-key", "tabel")]),
        ("profile: {table: t, key: k}", [("unknown-key", "profile")]),
        ("profiles: {table: t}", [("missing-key", "profiles")]),
        (BASE + "events: [a]", [("wrong-value", "events")]),
        (BASE + "events: {e: }", [("wrong-value", "")]),
        (EVENT + "time: {stored: dat, column: c}}", [("wrong-value", "dat")]),
        (EVENT + "time: {column: c, colum: d}}", [("unknown-key", "colum")]),
        (EVENT + "profiles complete: maybe}", [("wrong-value", "maybe")]),
        (EVENT + "where: ''}", [("wrong-value", "''")]),
        (EVENT + "properties: {a: {type: nummer}}}", [("wrong-value", "nummer")]),
        (EVENT + "written: {column: w, deleted: {profile: p, time: t}}}", [("missing-key", "deleted")]),
        (EVENT + "written: {column: w, deleted: {table: d}}}", [("missing-key", "deleted")]),
        (EVENT + "written: {column: w, deleted: {table: d, time: t}}}", [("missing-key", "deleted")]),
        (
            EVENT + "join: {j: {table: j, on: j, written: {column: w, deleted: {table: d, profile: p, time: t}}}}}",
            [("conflicting-keys", "profile")],
        ),
        (
            EVENT + "written: {column: w, deleted: {table: d, profile: p, on: a, time: t}}}",
            [("conflicting-keys", "on")],
        ),
        (EVENT + "properties: {a: {type: number, scale: 10}}}", [("wrong-value", "10")]),
        (EVENT + "properties: {a: {type: number, scale: two}}}", [("wrong-value", "two")]),
        (EVENT + "items: {table: i, on: {}, properties: {}}}", [("missing-key", "items")]),
        (EVENT + "join: {j: {}}}", [("wrong-value", "j")]),
        (BASE + "channels: {sms: {table: t, profile: p}}", [("missing-key", "sms")]),
        (BASE + "sets: {a: [x, ~]}", [("wrong-value", "~")]),
        (BASE + "places: {a: [1]}", [("wrong-value", "a")]),
        (BASE + "places: {a: [1, x]}", [("wrong-value", "a")]),
        # values
        (BASE + "timezone: Amsterdam", [("unknown-zone", "Amsterdam")]),
        (BASE + "timezone: ../etc/passwd", [("unknown-zone", "../etc/passwd")]),
        *(
            (BASE + f"timezone: {zone}", [("unknown-zone", zone)])
            for zone in (
                "localtime", "posixrules", "posix/Europe/Amsterdam", "right/UTC", "Factory", "europe/amsterdam", "utc",
                "Europe", "leapseconds", "UTC+1", "CET-1", "tzdata.zi", "zone1970.tab", "Europe/Amsterdam ,",
            )
        ),
        (BASE + "currency: eur", [("unknown-currency", "eur")]),
        (BASE + "sql dialect: duck", [("unknown-dialect", "duck")]),
        (BASE + "places: {a: [152, 4]}", [("wrong-value", "a")]),
        (BASE + "places: {a: [nan, 4]}", [("wrong-value", "a")]),
        (BASE + "places: {a: [52, 181]}", [("wrong-value", "a")]),
        (EVENT + "visible since: soon}", [("wrong-value", "soon")]),
        (EVENT + "time: {column: c, zone: Mars}}", [("unknown-zone", "Mars")]),
        (EVENT + "time: {column: c, stored: date, zone: UTC}}", [("conflicting-keys", "zone")]),
        # rows
        ("profiles: {table: t, query: SELECT 1, key: k}", [("conflicting-keys", "query")]),
        ("profiles: {key: k}", [("missing-key", "profiles")]),
        (BASE + "events: {e: {profile: p}}", [("missing-key", "e")]),
        (BASE + "events: {e: {table: t}}", [("missing-key", "e")]),
        (EVENT + "name: X}", [("missing-key", "e")]),
        (EVENT + "name column: n}", [("missing-key", "e")]),
        (BASE + "lists: {l: {profile: p}}", [("missing-key", "l")]),
        (BASE + "stores: {name: n}", [("missing-key", "stores")]),
        (BASE + "channels: {c: {table: t, receives when: a}}", [("missing-key", "c")]),
        (BASE + "channels: {c: {profile: p, receives when: a}}", [("missing-key", "c")]),
        # properties
        (EVENT + "properties: {a: {column: c, json: d.e}}}", [("conflicting-keys", "json")]),
        (EVENT + "properties: {a: {json: d}}}", [("wrong-value", "d")]),
        (EVENT + "join: {d: x}, properties: {a: {json: d.e}}}", [("wrong-value", "d.e")]),
        (EVENT + "join: {products: id}, properties: {a: product.b}}", [("unknown-reference", "product.b")]),
        ("profiles: {table: t, key: k, properties: {a: geo.country}}", [("unknown-reference", "geo.country")]),
        (EVENT + "join: {a.b: id}}", [("wrong-value", "a.b")]),
        (EVENT + "properties: {a: {latitude: x, longitude: y}}}", [("wrong-value", "a")]),
        ("profiles: {table: t, key: k, properties: {a: position}}", [("missing-key", "a"), ("missing-key", "a")]),
        (
            "profiles: {key: k, table: t, properties: {a: {latitude: x, longitude: y}, b: {latitude: x, "
            "longitude: y}}}",
            [("conflicting-keys", "b")],
        ),
        (EVENT + "properties: {a: {type: text, latitude: x}}}", [("conflicting-keys", "latitude")]),
        (EVENT + "properties: {a: {type: text, scale: 2}}}", [("conflicting-keys", "scale")]),
        (EVENT + "properties: {a: {type: date, zone: UTC}}}", [("conflicting-keys", "zone")]),
        (
            EVENT + "properties: {a: {type: list of text, entry: {array: x, key is: y}}}}",
            [("wrong-value", "list of text")],
        ),
        (EVENT + "properties: {time: text}}", [("reserved-name", "time")]),
        (EVENT + "items: {table: i, on: o, properties: {x: {also: [Items]}}}}", [("reserved-name", "Items")]),
        # groups of rows
        (EVENT + "group by: g, id: i}", [("conflicting-keys", "id")]),
        (EVENT + "group by: g, properties: {g: text, country: text}}", [("conflicting-keys", "country")]),
        (EVENT + "group by: g, properties: {a: {sql: a + 1}}}", [("bad-sql", "a + 1")]),
        (EVENT + "properties: {a: {sql: sum(a)}}}", [("bad-sql", "sum(a)")]),
        (EVENT + "group by: g, items: {on: g}}", [("conflicting-keys", "on")]),
        # unions
        (BASE + "events: {u: {any of: [x]}}", [("unknown-reference", "x")]),
        (BASE + "events: {u: {any of: [v]}, v: {any of: [U]}}", [("event-cycle", "any of")]),
        (
            EVENT + "any of: [f]}\n  f: {table: t, profile: p}",
            [("conflicting-keys", "table"), ("conflicting-keys", "profile")],
        ),
        # names
        (BASE + "sets: {a: [x], A: [y]}", [("name-clash", "A")]),
        (BASE + "constants: {caf\u00e9: 1, cafe\u0301: 2}", [("name-clash", "cafe\u0301")]),
        (EVENT + "also: [x]}\n  f: {table: t, profile: p, also: [X]}", [("name-clash", "X")]),
        (EVENT + "also: [f]}\n  f: {table: t, profile: p}", [("name-clash", "f")]),
        (EVENT + "}\nmetrics: {E: number of e}", [("name-clash", "E")]),
        (
            "profiles: {table: t, key: k, properties: {e: text}}\nevents: {e: {table: t, profile: p}}",
            [("name-clash", "e")],
        ),
        (EVENT + "properties: {a: text, b: {also: a}}}", [("name-clash", "a")]),
    ],
)  # fmt: skip
def test_each_mistake_is_said_at_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(BASE + f"timezone: {zone}" for zone in ("US/Pacific", "UTC", "Etc/GMT+5", "EST5EDT", "Zulu", "GB", "PRC")),
        EVENT + "also: [e, E, x, x]}",  # an alias may repeat the name of its own
        EVENT + "properties: {number: text, hour: number, e: text, country: text}}\nchannels: {e: {receives when: a}}",
        "profiles: {table: t, key: k, properties: {a: text}}\nsets: {a: [x]}\nconstants: {a: 1}",
        EVENT + "group by: [g, h], properties: {h: text, a: {sql: my_own(a)}, b: {sql: 'max(a) - min(a)'}}}",
        EVENT + "properties: {b: {sql: (select max(y.x) from y)}}}",
        BASE + "events: {u: {any of: [v, w], visible since: 2024-01-01}, v: {any of: [w]}, w: {table: t, profile: p}}",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert isinstance(catalog_from_yaml(text), Catalog)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("profiles: {tabel: t, key: k}", "did you mean `table`?"),
        (BASE + "timezone: amsterdam", "did you mean `Europe/Amsterdam`?"),
        (BASE + "timezone: right/Europe/Amsterdam", "did you mean `Europe/Amsterdam`?"),
        (EVENT + "timestamp: c}", "did you mean `time`?"),
        (BASE + "events: {e: {table: t, user_id: p}}", "did you mean `profile`?"),
        (BASE + "events: {e: {table: t, user: p}}", "did you mean `profile`?"),
        (
            EVENT + "properties: {a: {json: d}}}",
            "the column first, then the keys: `d.name`; a column that is itself a list has `type: list of text`",
        ),
        (EVENT + "properties: {a: {json: a->b}}}", "the column first, then the keys: `a.b`"),
        (EVENT + "properties: {a: {json: a->>'$.b.c'}}}", "the column first, then the keys: `a.b.c`"),
        (EVENT + "properties: {a: {json: \"a['b']\"}}}", "the column first, then the keys: `a.b`"),
        (EVENT + "properties: {a: {json: $.a}}}", "the column first, then the keys: `a.name`"),
        (BASE + "timezone: utc", "did you mean `UTC`?"),
        (BASE + "timezone: localtime", "write an IANA name, such as `Europe/Amsterdam` or `UTC`"),
        (BASE + "currency: EURO", "did you mean `EUR`?"),
        (BASE + "sql dialect: postgress", "did you mean `postgres`?"),
        (BASE + "places: {a: [100, 4]}", "latitude first: [4, 100]"),
        (EVENT + "properties: {a: {type: Number}}}", "did you mean `number`?"),
        (EVENT + "join: {products: id}, properties: {a: product.b}}", "did you mean `products.b`?"),
        (EVENT + "group by: g, properties: {a: {column: c, type: number}}}", "{type: number, sql: min(c)}"),
        (EVENT + "}\n  u: {any of: [E, ee]}", "did you mean `e`?"),
        (EVENT + "id: f(a, b)}", "inside `{..}` a comma begins a new key; put a value with commas in quotes"),
    ],
)
def test_the_hint_is_the_fix(text: str, hint: str) -> None:
    assert [p.hint for p in problems(text)] == [hint]


def test_everything_is_said_at_once_and_nothing_twice() -> None:
    text = """
timezone: Europe/Amsterdm
profiles:
  tabel: customers
  key: [a]
  properties:
    time: text
    age: {type: nummer}
    Country: text
    country: text
channels:
  sms: {table: consent, receives wen: "a = 1"}
events:
  placed order: {also: [bought], table: orders, time: {column: x, zone: Mars}, profiles complete: maybe}
  purchase: {also: [Bought], table: orders, profile: c, where: "a = (1", properties: {brand: product.brand}}
  all: {any of: [placed ordr, purchase]}
constants: {x: }
"""
    assert said(text) == [
        ("unknown-zone", "Europe/Amsterdm"),
        ("unknown-key", "tabel"),
        ("wrong-value", "key"),
        ("reserved-name", "time"),
        ("wrong-value", "nummer"),
        ("name-clash", "country"),
        ("unknown-key", "receives wen"),
        ("missing-key", "placed order"),
        ("unknown-zone", "Mars"),
        ("wrong-value", "maybe"),
        ("name-clash", "Bought"),
        ("bad-sql", "1"),
        ("unknown-reference", "product.brand"),
        ("unknown-reference", "placed ordr"),
        ("wrong-value", ""),
    ]


def test_the_place_is_shown_with_a_caret() -> None:
    (problem,) = problems(EVENT + "tim: x}")
    assert str(problem) == (
        'error[unknown-key]: `tim` is no key of the event "e".\n'
        " --> catalog:3:29\n"
        "  |\n"
        "3 |   e: {table: t, profile: p, tim: x}\n"
        "  |                             ^^^\n"
        "  help: did you mean `time`?"
    )


def test_from_python_it_says_the_same_without_a_place() -> None:
    with pytest.raises(SegQLError) as caught:
        Catalog.model_validate(
            {"profiles": {"table": "t", "key": "k"}, "events": {"e": {"tabel": 1, "profile": 5}}, "sets": {1: []}}
        )
    assert [p.code for p in caught.value.problems] == ["wrong-value", "unknown-key", "wrong-value"]
    assert all(p.span == NOWHERE for p in caught.value.problems)
    odds: tuple[Any, ...] = (
        None, [], "x", 5, {}, {1: 2}, {"profiles": None}, {"profiles": 3, "events": {"e": 3}},
    )  # fmt: skip
    for odd in odds:
        with pytest.raises(SegQLError):
            Catalog.model_validate(odd)
