"""How near the SQL of the shop's own segments comes to the best by hand, to the peers' shapes, and to a bare scan.

`python benchmarks/shapes.py [PROFILES [WORDS]]` prints, for all segments or for those with the words in their name, the
members and the milliseconds of CPU (medians of interleaved runs) of ours, of the best written by hand, of what PostHog
and Mautic write for this (their published shape, on this schema), and of a scan of the columns that are needed. What
finds members finds the same. `beaten` marks where a peer's shape is the faster. First on the shop's own layout, sorted
by time, then on tables in no order. By hand nothing is taken for granted that the catalog does not say: that an order
is a customer's is checked, and money stays exact.

Then the scans: over all saved segments, how many times the SQL of each dialect reads a table, to the number of tables.
"""

from __future__ import annotations

import sys
from statistics import fmean, median

from measured import compared, heading, opened
from sqlglot import exp, parse_one

import segql
from segql.demo import NOW
from segql.dialects import DIALECTS

HOT = "occurred_at >= TIMESTAMPTZ '2026-11-19 10:00:00+00:00'"
HOT_ORDER = "created_at >= TIMESTAMP '2026-11-19 10:00:00'"
QUARTER = "occurred_at >= TIMESTAMPTZ '2026-08-22 09:00:00+00:00'"
YEAR = "created_at >= TIMESTAMP '2025-11-22 10:00:00'"
SEASON = "created_at >= TIMESTAMP '2026-07-22 09:00:00'"
GOOD_YEAR = "created_at >= TIMESTAMP '2025-10-22 09:00:00'"
MAIL = "name IN ('Opened Email', 'Clicked Email') AND (name <> 'Opened Email' OR NOT machine_open)"
ENGAGED = f"({MAIL} OR name IN ('Clicked SMS', 'Opened Push')) AND occurred_at < t()"
INTENT = "'Viewed Product', 'Added to Cart', 'Started Checkout'"
CUSTOMER = "customer_id IN (SELECT customer_id FROM customers)"


def consent(channel: str, among: str = "true", fits: str = "status = 'subscribed'") -> str:
    """Who receives a channel, of these: the latest records are all of them givings."""
    return f"""SELECT customer_id FROM consent
      WHERE channel = '{channel}' AND changed_at IS NOT NULL AND {among} GROUP BY customer_id HAVING coalesce(
        max(CASE WHEN NOT coalesce({fits}, false) THEN changed_at END) < max(changed_at), true)"""


def espresso(channel: str, interest: str, fits: str = "status = 'subscribed'") -> dict[str, str]:
    """The shapes of an espresso shot: a consent, an interest of the last days, and no order since."""
    events = f"SELECT customer_id FROM events WHERE {interest} AND {HOT} AND occurred_at < t()"
    orders = f"SELECT customer_id FROM bought WHERE {HOT_ORDER}"
    subscribed = f"coalesce({fits}, false)"
    return {
        "best": f"""WITH d AS MATERIALIZED (SELECT DISTINCT customer_id FROM ({events}))
          SELECT customer_id FROM customers p WHERE customer_id IN ({consent(channel, "customer_id IN (FROM d)", fits)})
            AND NOT EXISTS (SELECT 1 FROM ({orders}) o WHERE o.customer_id = p.customer_id)""",
        "posthog": f"""({consent(channel, fits=fits)} INTERSECT {events} INTERSECT SELECT customer_id FROM customers)
          EXCEPT {orders}""",
        "mautic": f"""SELECT customer_id FROM customers p WHERE EXISTS (SELECT 1 FROM ({events}) e
            WHERE e.customer_id = p.customer_id)
          AND NOT EXISTS (SELECT 1 FROM ({orders}) o WHERE o.customer_id = p.customer_id)
          AND EXISTS (SELECT 1 FROM consent c WHERE c.customer_id = p.customer_id AND channel = '{channel}'
            AND changed_at IS NOT NULL HAVING max(changed_at) > coalesce(
              max(CASE WHEN NOT {subscribed} THEN changed_at END), TIMESTAMPTZ '0001-01-01 00:00:00+00:00'))""",
        "scan": f"""SELECT max(customer_id), (SELECT max(customer_id) FROM events
            WHERE {interest} AND {HOT} AND occurred_at < t()), (SELECT max(customer_id) FROM bought WHERE {HOT_ORDER}),
            (SELECT max(changed_at) FROM consent WHERE channel = '{channel}' AND {fits} AND customer_id > 0)
          FROM customers""",
    }


def rollers(since: str) -> dict[str, str]:
    """The shapes of: at least three orders, one of them since then, above 100 on average."""
    totals = "count(*) >= 3 AND sum(total) > 100 * count(*)"
    recent = f"SELECT customer_id FROM bought WHERE {since}"
    return {
        "best": f"""WITH d AS MATERIALIZED (SELECT DISTINCT customer_id FROM ({recent}))
          SELECT customer_id FROM bought WHERE customer_id IN (FROM d) AND {CUSTOMER} GROUP BY 1 HAVING {totals}""",
        "posthog": f"""SELECT customer_id FROM bought GROUP BY 1 HAVING count(*) >= 3 INTERSECT {recent}
          INTERSECT SELECT customer_id FROM bought GROUP BY 1 HAVING sum(total) > 100 * count(*)
          INTERSECT SELECT customer_id FROM customers""",
        "mautic": f"""SELECT customer_id FROM customers p WHERE EXISTS (SELECT 1 FROM bought b
            WHERE b.customer_id = p.customer_id HAVING count(*) >= 3)
          AND EXISTS (SELECT 1 FROM bought b WHERE b.customer_id = p.customer_id AND {since})
          AND EXISTS (SELECT 1 FROM bought b WHERE b.customer_id = p.customer_id
            HAVING sum(total) > 100 * count(*))""",
        "scan": "SELECT max(customer_id), max(created_at), max(total) FROM bought",
    }


SPENT = f"SELECT customer_id, sum(total) AS value FROM bought WHERE {YEAR} GROUP BY 1"
AVERAGE = "SELECT customer_id, sum(total) * 1000000 // count(total) AS value FROM bought GROUP BY 1"
ORDER_SCAN = f"SELECT max(customer_id), max(total) FROM bought WHERE {YEAR}"


def of_customers(values: str) -> str:
    """The values of the customers alone, kept."""
    return f"""WITH a AS MATERIALIZED ({values}),
      v AS MATERIALIZED (SELECT customer_id, value FROM customers JOIN a USING (customer_id))"""


SEGMENTS: dict[str, dict[str, str]] = {
    "SMS espresso shot": espresso("sms", "name = 'Clicked SMS'"),
    "Email espresso shot": espresso("email", MAIL, "status = 'subscribed' AND reason = 'subscribed'"),
    "Dead weight": {
        "best": f"""WITH seldom AS (SELECT customer_id FROM events WHERE {MAIL} AND occurred_at < t() GROUP BY 1
            HAVING count(*) > 2)
          SELECT customer_id FROM customers p WHERE signed_up_at < TIMESTAMPTZ '2026-08-22 09:00:00+00:00'
            AND customer_id IN ({consent("email")})
            AND NOT EXISTS (SELECT 1 FROM seldom s WHERE s.customer_id = p.customer_id)
            AND NOT EXISTS (SELECT 1 FROM events e WHERE e.customer_id = p.customer_id AND {ENGAGED} AND {QUARTER})
            AND NOT EXISTS (SELECT 1 FROM bought o WHERE o.customer_id = p.customer_id AND {GOOD_YEAR})""",
        "posthog": f"""({consent("email")} INTERSECT SELECT customer_id FROM customers
            WHERE signed_up_at < TIMESTAMPTZ '2026-08-22 09:00:00+00:00')
          EXCEPT SELECT customer_id FROM events WHERE {MAIL} AND occurred_at < t() GROUP BY 1 HAVING count(*) > 2
          EXCEPT SELECT customer_id FROM events WHERE {ENGAGED} AND {QUARTER}
          EXCEPT SELECT customer_id FROM bought WHERE {GOOD_YEAR}""",
        "scan": f"SELECT max(customer_id) FROM events WHERE {ENGAGED}",
    },
    "High rollers": rollers(SEASON),
    "Lost high rollers": {
        "best": f"""SELECT customer_id FROM bought WHERE {CUSTOMER} GROUP BY 1
          HAVING count(*) >= 3 AND sum(total) > 100 * count(*) AND max(created_at) < TIMESTAMP '2026-07-22 09:00:00'
            AND max(created_at) >= TIMESTAMP '2025-10-22 09:00:00'""",
        "scan": "SELECT max(customer_id), max(created_at), max(total) FROM bought",
    },
    "Always buy a brand": {
        "best": f"""SELECT customer_id FROM bought WHERE {CUSTOMER} GROUP BY 1 HAVING count(*) >= 2
            AND bool_and(order_id IN (SELECT order_id FROM lines WHERE brand = 'Molen'))""",
        "posthog": """(SELECT customer_id FROM bought GROUP BY 1 HAVING count(*) >= 2
            INTERSECT SELECT customer_id FROM customers)
          EXCEPT SELECT customer_id FROM bought WHERE order_id NOT IN (SELECT order_id FROM lines
            WHERE brand = 'Molen')""",
        "scan": "SELECT max(customer_id), max(order_id) FROM bought",
    },
    "Abandoned checkout": {
        "best": """SELECT customer_id FROM customers p WHERE EXISTS (
            SELECT 1 FROM (SELECT customer_id, max(occurred_at) AS latest FROM checkout
              WHERE occurred_at >= TIMESTAMPTZ '2026-11-08 10:00:00+00:00'
                AND occurred_at < TIMESTAMPTZ '2026-11-22 09:00:00+00:00' GROUP BY 1) c
            WHERE c.customer_id = p.customer_id AND NOT EXISTS (SELECT 1 FROM bought o
              WHERE o.customer_id = c.customer_id AND created_at >= TIMESTAMP '2026-11-08 10:00:00'
                AND created_at >= c.latest AT TIME ZONE 'UTC'))""",
        "posthog": f"""SELECT DISTINCT customer_id FROM (
            SELECT customer_id, checkout, max(CASE WHEN NOT checkout THEN instant END) OVER
              (PARTITION BY customer_id ORDER BY instant RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS later
            FROM (SELECT customer_id, occurred_at AS instant, true AS checkout
              FROM checkout WHERE occurred_at >= TIMESTAMPTZ '2026-11-08 10:00:00+00:00'
                AND occurred_at < TIMESTAMPTZ '2026-11-22 09:00:00+00:00'
              UNION ALL SELECT customer_id, created_at AT TIME ZONE 'UTC', false FROM bought
              WHERE created_at >= TIMESTAMP '2026-11-08 10:00:00'))
          WHERE checkout AND later IS NULL AND {CUSTOMER}""",
        "scan": "SELECT max(customer_id) FROM checkout WHERE occurred_at >= TIMESTAMPTZ '2026-11-08 10:00:00+00:00'",
    },
    "top 10% by total spent in the last year": {
        "best": f"""{of_customers(SPENT)}
          SELECT customer_id FROM v WHERE value >= (SELECT quantile_disc(value, 0.1 ORDER BY value DESC) FROM v)""",
        "posthog": f"""SELECT customer_id FROM (SELECT customer_id, rank() OVER (ORDER BY value DESC) AS place,
          count(*) OVER () AS number FROM ({SPENT}) WHERE {CUSTOMER}) WHERE (place - 1) * 10 < number""",
        "scan": ORDER_SCAN,
    },
    "total spent in the last year > the 90th percentile": {
        "best": f"""{of_customers(SPENT)}, t AS MATERIALIZED (SELECT quantile_disc(value, 0.9) AS t FROM v)
          SELECT customer_id FROM v WHERE value > (FROM t)
          UNION ALL SELECT customer_id FROM customers
            WHERE (FROM t) < 0 AND customer_id NOT IN (SELECT customer_id FROM v)""",
        "scan": ORDER_SCAN,
    },
    "average order value > the average": {
        "best": f"""{of_customers(AVERAGE)}
          SELECT customer_id FROM v WHERE value * (SELECT count(*) FROM v) > (SELECT sum(value) FROM v)""",
        "posthog": f"""SELECT customer_id FROM (SELECT customer_id,
            value * count(*) OVER () > sum(value) OVER () AS fits FROM ({AVERAGE}) WHERE {CUSTOMER}) WHERE fits""",
        "scan": "SELECT max(customer_id), max(total) FROM bought",
    },
    "average order value > the overall average": {
        "best": f"""WITH v AS MATERIALIZED (SELECT customer_id, sum(total) AS total, count(total) AS number
            FROM bought WHERE {CUSTOMER} GROUP BY 1)
          SELECT customer_id FROM v WHERE total * (SELECT sum(number) FROM v) > (SELECT sum(total) FROM v) * number""",
        "scan": "SELECT max(customer_id), max(total) FROM bought",
    },
    'in list "Newsletter" and country in ("NL", "BE") and points > 50': {
        "best": """SELECT customer_id FROM customers WHERE country_code IN ('NL', 'BE') AND points > 50
          AND customer_id IN (SELECT customer_id FROM list_members WHERE list = 'Newsletter'
            AND (joined_at IS NULL OR joined_at < t()))""",
        "posthog": """SELECT customer_id FROM customers WHERE country_code IN ('NL', 'BE')
          INTERSECT SELECT customer_id FROM customers WHERE points > 50
          INTERSECT SELECT customer_id FROM list_members WHERE list = 'Newsletter'
            AND (joined_at IS NULL OR joined_at < t())""",
        "scan": "SELECT max(customer_id), max(points) FROM customers WHERE country_code IN ('NL', 'BE')",
    },
    "Window shoppers": {
        "best": f"""SELECT customer_id FROM customers p
          WHERE EXISTS (SELECT 1 FROM events e WHERE e.customer_id = p.customer_id AND {ENGAGED} AND {QUARTER})
            AND EXISTS (SELECT 1 FROM events e WHERE e.customer_id = p.customer_id AND occurred_at < t()
              AND name IN ({INTENT}))
            AND NOT EXISTS (SELECT 1 FROM bought o WHERE o.customer_id = p.customer_id)""",
        "posthog": f"""(SELECT customer_id FROM events WHERE {ENGAGED} AND {QUARTER} INTERSECT
            SELECT customer_id FROM events WHERE name IN ({INTENT})
              AND occurred_at < t() INTERSECT SELECT customer_id FROM customers)
          EXCEPT SELECT customer_id FROM bought""",
        "scan": f"SELECT max(customer_id) FROM events WHERE name IN ({INTENT})",
    },
    "first placed order in the last year then placed order within 60d": {
        "best": f"""WITH f AS MATERIALIZED (SELECT customer_id, min(created_at) AS m FROM bought GROUP BY 1
            HAVING min(created_at) >= TIMESTAMP '2025-11-22 10:00:00' AND count(*) > 1)
          SELECT customer_id FROM customers WHERE customer_id IN (SELECT customer_id FROM bought JOIN f
            USING (customer_id) WHERE {YEAR} AND created_at <= m + INTERVAL 60 DAY GROUP BY 1 HAVING count(*) >= 2)""",
        "scan": "SELECT max(customer_id), max(created_at) FROM bought",
    },
    "within 10 km of any store": {
        "best": """WITH near AS (SELECT DISTINCT customer_id FROM customers c JOIN (
            SELECT latitude AS north, longitude AS east, floor(north / 0.1) + up AS y, floor(east / 0.2) + along AS x
            FROM stores, (VALUES (-1), (0), (1)) v(up), (VALUES (-1), (0), (1)) h(along)) s
          ON floor(c.latitude / 0.1) = s.y AND floor(c.longitude / 0.2) = s.x
          WHERE pow(sin(radians(latitude - north) / 2), 2) + cos(radians(latitude)) * cos(radians(north))
            * pow(sin(radians(longitude - east) / 2), 2) <= pow(sin(10 / (2 * 6371.0088)), 2)) FROM near""",
        "scan": "SELECT max(latitude), max(longitude) FROM customers",
    },
    "anniversary of birthday in the next 7 days": {
        "best": """SELECT customer_id FROM customers WHERE month(birthday) = 11 AND day(birthday) BETWEEN 22 AND 28
          AND birthday < DATE '2026-01-01' AND customer_id IS NOT NULL""",
        "posthog": """SELECT customer_id FROM customers WHERE strftime(birthday, '%m-%d') BETWEEN '11-22' AND '11-28'
          AND birthday < DATE '2026-01-01'""",
        "scan": "SELECT max(birthday) FROM customers",
    },
}  # fmt: skip

UNSORTED = "; ".join(
    f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM {table} ORDER BY hash(rowid)"
    for table in ("events", "orders", "consent", "customers")
)
PEERS = ("posthog", "mautic")


def scans(sql: str, dialect: str) -> float:
    """References to tables of the warehouse, to the number of these tables."""
    tree = parse_one(sql, dialect=DIALECTS[dialect].name)
    named = {one.alias for one in tree.find_all(exp.CTE)}
    read = [one.name for one in tree.find_all(exp.Table) if one.name not in named]
    return len(read) / len(set(read))


def main(profiles: int, words: str) -> None:
    driver, catalog, segments = opened(profiles)
    ratios = []
    for layout in ("sorted by time", "in no order"):
        if layout == "in no order":
            driver.execute(UNSORTED)
        print(heading(profiles, "ours ms", "best ms", "ratio", "scan ms", *PEERS), f"  ({layout})")
        for name, shapes in SEGMENTS.items():
            if words not in name:
                continue
            rule = f'in segment "{name}"' if name in segments else name
            ours = segql.compile(rule, catalog, now=NOW, segments=segments).sql
            found, (mine, *others) = compared(driver, name, ours, *shapes.values())
            taken = dict(zip(shapes, others, strict=True))
            best = min(milliseconds for shape, milliseconds in taken.items() if shape != "scan")
            ratios.append(mine / best)
            peers = [taken.get(peer) for peer in PEERS]
            columns = [mine, best, taken["scan"], *peers]
            one, two, three, *more = ["-" if one is None else f"{one:.1f}" for one in columns]
            line = "".join(f"{one:>10}" for one in (one, two, f"{ratios[-1]:.2f}", three, *more))
            beaten = "  beaten" if any(peer is not None and peer < mine for peer in peers) else ""
            print(f"{name[:25]:<26}{found:>9,}{line}{beaten}", flush=True)
        print(f"ours / best: median {median(ratios):.2f}, worst {max(ratios):.2f}\n")
        ratios.clear()
    print("scans: references to tables / tables, over the saved segments")
    for dialect in DIALECTS:
        found_ = []
        for name in segments:
            try:
                found_.append(scans(segql.compile(f'in segment "{name}"', catalog, now=NOW, segments=segments,
                                                  dialect=dialect).sql, dialect))  # fmt: skip
            except segql.SegQLError:
                continue
        figures = f"median {median(found_):.2f}, mean {fmean(found_):.2f}, worst {max(found_):.2f}"
        print(f"{dialect:<12}{len(found_):>5}  {figures}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, " ".join(sys.argv[2:]))
