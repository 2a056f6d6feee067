"""Catalogs are read as they are meant: shorthands, names, sets, places in the file."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
import threading
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from segql.catalog import Catalog, catalog_from_yaml, fold, load_catalog
from segql.catalog.model import Event, Join, Profiles, Property, StoredMoment
from segql.errors import SegQLError
from segql.source import NOWHERE

BASE = "profiles: {table: customers, key: customer_id}\n"

SHOP = """
timezone: Europe/Amsterdam
currency: EUR
profiles:
  table: customers
  key: customer_id
  key type: integer
  properties:
    country: {column: country_code, type: text}
    city:
    Date of-Birth: date
    vip: is_vip
    tags: {column: tags, type: list of text}
    position: {latitude: lat, longitude: lon}
channels:
  sms:
    table: consent
    profile: customer_id
    where: channel = 'sms'
    receives when: status = 'subscribed'
    reason: method
    time: changed_at
  email: {receives when: email_ok}
events:
  placed order:
    also: [ordered, bought]
    table: orders
    profile: customer_id
    time: {column: created_at, zone: UTC}
    id: order_id
    where: "cancelled_at IS NULL AND NOT test"
    prefix: order_
    properties:
      total: {column: total_price, type: money, scale: 2}
      brand of coupon: {json: "props.coupon.brand"}
      shop-id: number
    items:
      table: order_lines
      on: order_id
      join: {products: product_id, brands: {brand_id: id}, p: {table: shop.products, on: {pid: id}}}
      properties: {brand: products.brand, price: {type: money}, quantity: number}
  clicked sms: {table: events, name column: event, name: Clicked SMS, names: metrics, profile: user_id, time: ts}
  opened email: {table: opens, profile: user_id, time: {column: at, stored: microseconds}, properties: {campaign: text}}
  clicked email:
    table: clicks
    profile: user_id
    properties: {Campaign: text, page: {entry: {array: params, key is: page}}}
  engaged: {any of: [opened email, Clicked  Email], also: touched}
  active: {any of: [engaged, clicked sms, opened email]}
  invoice:
    table: lines
    profile: customer
    time: {column: invoiced, stored: date}
    group by: invoice_no
    properties: {total: {type: money, sql: sum(quantity * price)}, invoice no: text}
    items: {properties: {quantity: number}}
    visible since: 2024-01-01
    profiles complete: yes
metrics:
  total spent: sum of total of placed order
  aov: {value: average of total of placed order, also: average order value}
lists: {Newsletter: {table: list_members, profile: customer_id, time: added_at}}
places: {Amsterdam store: [52.37, 4.89], depot: {latitude: -33.86, longitude: 151.2}}
stores: {table: stores, latitude: lat, longitude: lon}
sets: {benelux: [NL, BE, LU], answers: [no, on, YES, 1, 2025-11-28], home: NO}
constants: {recently: 4 months, big: "1,000", flag: yes, launch: 2025-11-28}
"""


@pytest.fixture(scope="module")
def shop() -> Catalog:
    return catalog_from_yaml(SHOP)


def test_property_shorthands(shop: Catalog) -> None:
    props = shop.profiles.properties
    assert props["country"] == Property(type="text", column="country_code")
    assert props["city"] == Property(type="text", column="city")
    assert props["Date of-Birth"] == Property(type="date", column="date_of_birth")
    assert props["vip"] == Property(type="text", column="is_vip")
    assert props["position"] == Property(type="position", latitude="lat", longitude="lon")
    assert props["position"].column is None


def test_prefix_begins_the_columns_of_the_events_own_properties_that_name_none(shop: Catalog) -> None:
    order = shop.events["placed order"]
    assert order.properties["shop-id"].column == "order_shop_id"
    assert order.properties["total"].column == "total_price"
    assert order.properties["brand of coupon"].column is None
    assert order.properties["brand of coupon"].json_ == "props.coupon.brand"
    assert order.items is not None
    assert order.items.properties["price"].column == "price"


def test_moments(shop: Catalog) -> None:
    assert shop.events["placed order"].time == StoredMoment(column="created_at", zone="UTC")
    assert shop.events["clicked sms"].time == StoredMoment(column="ts", stored="timestamp", zone=None)
    assert shop.lists["Newsletter"].time == StoredMoment(column="added_at")
    assert shop.channels["sms"].time == StoredMoment(column="changed_at")
    assert shop.events["clicked email"].time is None


def test_joins_and_on(shop: Catalog) -> None:
    items = shop.events["placed order"].items
    assert items is not None
    assert items.on == {"order_id": "order_id"}
    assert items.join == {
        "products": Join(table="products", on={"product_id": "product_id"}),
        "brands": Join(table="brands", on={"brand_id": "id"}),
        "p": Join(table="shop.products", on={"pid": "id"}),
    }
    other = catalog_from_yaml(
        BASE + "events: {e: {table: t, profile: p, join: {j: {table: x, on: k}}, items: {table: i, on: {a: b}}}}"
    )
    assert other.events["e"].join == {"j": Join(table="x", on={"k": "k"})}
    assert other.events["e"].items is not None
    assert other.events["e"].items.on == {"a": "b"}


def test_other_shorthands(shop: Catalog) -> None:
    assert shop.metrics["total spent"].value == "sum of total of placed order"
    assert shop.metrics["aov"].also == ("average order value",)
    names = shop.events["clicked sms"].names
    assert names is not None
    assert (names.table, names.id, names.name) == ("metrics", "id", "name")
    assert shop.events["invoice"].group_by == ("invoice_no",)
    assert shop.events["invoice"].visible_since == "2024-01-01"
    assert shop.events["invoice"].profiles_complete is True
    assert shop.places == {"Amsterdam store": (52.37, 4.89), "depot": (-33.86, 151.2)}


def test_text_stays_the_text_that_was_written(shop: Catalog) -> None:
    assert shop.sets["answers"] == ("no", "on", "YES", "1", "2025-11-28")
    assert shop.sets["home"] == ("NO",)
    assert shop.constants == {"recently": "4 months", "big": "1,000", "flag": "yes", "launch": "2025-11-28"}
    odd = catalog_from_yaml(BASE + "sets: {no: [~x, 'null'], 12: [0x1F, 1e3, .5]}\nchannels: {on: {receives when: ok}}")
    assert odd.sets == {"no": ("~x", "null"), "12": ("0x1F", "1e3", ".5")}
    assert list(odd.channels) == ["on"]


def test_a_key_without_a_value_is_left_out() -> None:
    catalog = catalog_from_yaml(
        "timezone:\nevents:\nmetrics: ~\nprofiles:\n  table: t\n  key: k\n  where:\n  properties:\n    a:\n"
    )
    assert catalog.timezone == "UTC"
    assert catalog.events == {}
    assert catalog.profiles.where is None
    assert catalog.profiles.properties == {"a": Property(column="a")}


def test_merge_keys_and_anchors() -> None:
    catalog = catalog_from_yaml(
        BASE
        + "events:\n  opened: &e {table: events, name column: n, name: open, profile: p, properties: &p {url: text}}\n"
        + "  clicked: {<<: *e, name: click}\n  left: {<<: [{name: leave}, *e], where: a, properties: *p}\n"
    )
    assert [catalog.events[e].name for e in ("opened", "clicked", "left")] == [("open",), ("click",), ("leave",)]
    assert catalog.events["left"].properties == catalog.events["opened"].properties
    assert catalog.events["left"].table == "events"
    assert catalog.events["opened"].where is None


def test_keys_may_have_underscores() -> None:
    catalog = catalog_from_yaml(BASE + "sql_dialect: postgres\nchannels: {sms: {receives_when: ok}}")
    assert catalog.sql_dialect == "postgres"
    assert catalog.channels["sms"].receives_when == "ok"


def test_python_says_the_same(shop: Catalog) -> None:
    made = Catalog(
        profiles=Profiles(
            table="t", key="k", properties={"Date of-Birth": Property(type="date"), "x": Property(sql="a")}
        ),
        events={
            "e": Event(
                table="t",
                profile="p",
                time="at",
                prefix="p_",
                properties={"n": "number"},
                visible_since=date(2024, 1, 1),
            )
        },
        constants={"a": 4, "b": Decimal("2.50"), "c": True, "d": date(2025, 11, 28), "e": 0.1},
    )
    assert made.profiles.properties["Date of-Birth"].column == "date_of_birth"
    assert made.profiles.properties["x"].column is None
    assert made.events["e"].properties["n"] == Property(type="number", column="p_n")
    assert made.events["e"].time == StoredMoment(column="at")
    assert made.events["e"].visible_since == "2024-01-01"
    assert made.constants == {"a": "4", "b": "2.50", "c": "true", "d": "2025-11-28", "e": "0.1"}
    assert made.find_event("E") == "e"
    assert Catalog.model_validate({name: getattr(shop, name) for name in shop.fields}) == shop
    assert Catalog.model_validate(shop) is shop
    with pytest.raises(SegQLError, match='The event "e"'):
        Catalog(profiles=Profiles(table="t", key="k"), events={"e": Event(table="t")})


def test_it_is_frozen_and_travels(shop: Catalog) -> None:
    with pytest.raises(Exception, match="frozen"):
        shop.timezone = "UTC"
    for other in (copy.deepcopy(shop), pickle.loads(pickle.dumps(shop))):
        assert other == shop
        assert other.find_event("BOUGHT") == "placed order"
        assert other.span("metrics", "total spent").text == "sum of total of placed order"


def test_spans(shop: Catalog) -> None:
    assert shop.span("metrics", "total spent").text == "sum of total of placed order"
    assert shop.span("metrics", "total spent", "value").text == "sum of total of placed order"
    assert shop.span("metrics", "aov", "value").text == "average of total of placed order"
    assert shop.span("events", "placed order").text == "placed order"
    assert shop.span("events", "placed order", "also", 1).text == "bought"
    assert shop.span("constants", "recently").text == "4 months"
    source = shop.span("events", "placed order", "table").source
    assert source.name == "catalog"
    assert source.position(shop.span("profiles", "key").start) == (6, 8)
    assert Catalog.model_validate({"profiles": {"table": "t", "key": "k"}}).span("profiles", "key") is NOWHERE


def test_spans_count_code_points_after_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "catalog.yaml"
    file.write_bytes(("\ufeff# 😀 é\r\n" + BASE + "sets: {'😀😀': [ü], b: [x]}\r\n").encode())
    catalog = load_catalog(file)
    span = catalog.span("sets", "b", 0)
    assert span.text == "x"
    assert span.source.position(span.start) == (3, 23)
    assert span.source.name == str(file)


def test_spans_of_a_text_with_a_byte_order_mark() -> None:
    catalog = catalog_from_yaml("\ufeff" + SHOP)
    assert catalog.key_span("events", "placed order").text == "placed order"
    assert catalog.span("events", "placed order", "table").text == "orders"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Placed  Order", "placed\u00a0order", True),
        ("caf\u00e9", "CAFE\u0301", True),
        ("stra\u00dfe", "STRASSE", True),
        (" a\tb\n", "A B", True),
        ("resume", "r\u00e9sum\u00e9", False),
        ("placed order", "placed-order", False),
    ],
)
def test_fold(one: str, other: str, same: bool) -> None:
    assert (fold(one) == fold(other)) is same
    assert fold(fold(one)) == fold(one)


def test_names_are_found_by_their_canonical_spelling(shop: Catalog) -> None:
    assert shop.find_event("PLACED   order") == "placed order"
    assert shop.find_event("Bought") == "placed order"
    assert shop.find_event("touched") == "engaged"
    assert shop.find_event("placed") is None
    assert shop.find_property("COUNTRY") == "country"
    assert shop.find_property("total") is None
    assert shop.find_event_property("placed order", "Brand Of Coupon") == "brand of coupon"
    assert shop.find_event_property("placed order", "brand") is None
    assert shop.find_item_property("placed order", "Brand") == "brand"
    assert shop.find_item_property("clicked sms", "brand") is None
    assert shop.find_metric("Average Order Value") == "aov"
    assert shop.find_channel("SMS") == "sms"
    assert shop.find_list("newsletter") == "Newsletter"
    assert shop.find_place("amsterdam store") == "Amsterdam store"
    assert shop.find_constant("Recently") == "recently"
    assert shop.names()["metric"] == ("total spent", "aov", "average order value")
    assert "Schengen" in shop.names()["set"]


def test_a_union_stands_for_its_events_and_what_they_share(shop: Catalog) -> None:
    assert shop.leaf_events("engaged") == ("opened email", "clicked email")
    assert shop.leaf_events("active") == ("opened email", "clicked email", "clicked sms")
    assert shop.leaf_events("placed order") == ("placed order",)
    assert shop.find_event_property("engaged", "campaign") == "campaign"
    assert shop.find_event_property("engaged", "page") is None


def test_sets(shop: Catalog) -> None:
    assert shop.set_values("Benelux") == ("NL", "BE", "LU")  # its own goes before the built-in one
    assert shop.find_set("benelux") == "benelux"
    assert shop.find_set("the EU") == "EU"
    assert shop.set_values("european union") == shop.set_values("EU")
    assert shop.set_values("the Netherlands") == ("NL",)
    assert shop.find_set("the") is None
    assert shop.set_values("nowhere") is None
    assert shop.known_sets()[:3] == ("benelux", "answers", "home")


def test_many_threads_read_one_catalog(shop: Catalog) -> None:
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append((shop.find_set("EEA"), shop.leaf_events("active"))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {("EEA", ("opened email", "clicked email", "clicked sms"))}


def test_importing_and_loading_without_sql_leaves_sqlglot_alone() -> None:
    code = (
        "import sys, segql.catalog as c\n"
        f"c.catalog_from_yaml({BASE!r})\n"
        "assert not {'sqlglot', 'lark', 'duckdb', 'click', 'rich', 'segql.binder', 'segql.parser'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_loading_is_quick() -> None:
    properties = "{a: text, b: number, c: {type: money}}"
    event = "{table: t, name column: n, name: %d, profile: p, time: ts, where: not x, properties: " + properties + "}"
    text = BASE + "events:\n" + "".join(f"  event {i}: {event % i}\n" for i in range(20))
    catalog_from_yaml(text)  # imports sqlglot
    start = time.process_time()
    assert len(catalog_from_yaml(text).events) == 20
    assert time.process_time() - start < 0.5  # it takes some milliseconds
