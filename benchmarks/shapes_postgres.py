"""As `shapes.py`, in Postgres: ours against the best of several statements by hand, and against what peers write.

`python benchmarks/shapes_postgres.py [PROFILES [WORDS]]` copies the demo shop into a server of its own, with the
indexes below, and prints the milliseconds that the server's process was on a CPU, medians of interleaved runs. No
parallel workers and no JIT, so that this is all of the work. `beaten`: a peer's shape is faster.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from measured import RUNS, heading, opened
from pyarrow import BufferOutputStream
from pyarrow.csv import WriteOptions, write_csv
from shapes import ENGAGED, MAIL

import segql
from segql.demo import NOW

TYPES = {"VARCHAR": "text", "DOUBLE": "double precision", "VARCHAR[]": "text[]"}
INDEXES = """
CREATE UNIQUE INDEX ON customers (customer_id);
CREATE INDEX ON events (customer_id, name, occurred_at);
CREATE INDEX ON events (name, occurred_at) INCLUDE (customer_id, machine_open);
CREATE INDEX ON orders (customer_id, created_at);
CREATE INDEX ON orders (created_at);
CREATE INDEX ON consent (channel, customer_id, changed_at) INCLUDE (status, reason);
CREATE INDEX ON list_members (list, customer_id);
CREATE INDEX ON order_lines (order_id);
CREATE FUNCTION t() RETURNS timestamptz IMMUTABLE LANGUAGE sql AS $$ SELECT timestamptz '2026-11-22 10:00:00+00' $$;
CREATE VIEW bought AS SELECT * FROM orders
  WHERE cancelled_at IS NULL AND NOT test AND created_at < timestamp '2026-11-22 10:00:00';
CREATE VIEW lines AS SELECT order_id, brand FROM order_lines JOIN products USING (product_id);
"""

HOT = "occurred_at >= timestamptz '2026-11-19 10:00:00+00' AND occurred_at < t()"
ORDERED = "SELECT 1 FROM bought o WHERE o.customer_id = p.customer_id"
QUARTER = "occurred_at >= timestamptz '2026-08-22 09:00:00+00'"
YEAR = "created_at >= timestamp '2025-11-22 10:00:00'"
CUSTOMER = "customer_id IN (SELECT customer_id FROM customers)"
GOOD_YEAR = "created_at >= timestamp '2025-10-22 09:00:00'"
SPENT = f"SELECT customer_id, sum(total) AS value FROM bought WHERE {YEAR} GROUP BY 1"
AVERAGE = "SELECT customer_id, trunc(sum(total) / count(total), 6) AS value FROM bought GROUP BY 1"
INTENT = "('Viewed Product', 'Added to Cart', 'Started Checkout')"


def lately(channel: str, fits: str) -> str:
    """The latest records of `p` in a channel are all of them givings."""
    return f"""EXISTS (SELECT 1 FROM consent c WHERE c.customer_id = p.customer_id AND channel = '{channel}'
      HAVING coalesce(max(changed_at) > max(changed_at) FILTER (WHERE NOT coalesce({fits}, false)),
        count(changed_at) > 0))"""


def receives(channel: str, fits: str = "status = 'subscribed'") -> str:
    return f"""SELECT customer_id FROM consent WHERE channel = '{channel}' AND changed_at IS NOT NULL GROUP BY 1
      HAVING coalesce(max(changed_at) > max(changed_at) FILTER (WHERE NOT coalesce({fits}, false)), true)"""


def espresso(channel: str, interest: str, fits: str = "status = 'subscribed'") -> dict[str, str]:
    hot = f"SELECT customer_id FROM events WHERE {interest} AND {HOT}"
    absent = f"NOT EXISTS ({ORDERED} AND created_at >= timestamp '2026-11-19 10:00:00')"
    return {
        "probes": f"""WITH d AS MATERIALIZED (SELECT DISTINCT customer_id FROM ({hot}) h)
          SELECT customer_id FROM customers p JOIN d USING (customer_id) WHERE {absent} AND {lately(channel, fits)}""",
        "magic": f"""WITH d AS MATERIALIZED (SELECT DISTINCT customer_id FROM ({hot}) h)
          SELECT customer_id FROM customers p WHERE {absent} AND customer_id IN (SELECT customer_id FROM consent
            WHERE channel = '{channel}' AND changed_at IS NOT NULL AND customer_id IN (TABLE d) GROUP BY 1
            HAVING coalesce(max(changed_at) > max(changed_at) FILTER (WHERE NOT coalesce({fits}, false)), true))""",
        "posthog": f"""({receives(channel, fits)} INTERSECT {hot} INTERSECT SELECT customer_id FROM customers)
          EXCEPT SELECT customer_id FROM bought WHERE created_at >= timestamp '2026-11-19 10:00:00'""",
        "mautic": f"""SELECT customer_id FROM customers p WHERE EXISTS (SELECT 1 FROM events e
            WHERE e.customer_id = p.customer_id AND {interest} AND {HOT}) AND {absent} AND {lately(channel, fits)}""",
    }


ENGAGED_OF = f"SELECT 1 FROM events e WHERE e.customer_id = p.customer_id AND {ENGAGED} AND {QUARTER}"
SEASON = "created_at >= timestamp '2026-07-22 09:00:00'"
SIGNED = "signed_up_at < timestamptz '2026-08-22 09:00:00+00'"
SELDOM = f"SELECT customer_id FROM events WHERE {MAIL} AND occurred_at < t() GROUP BY 1 HAVING count(*) > 2"
KEPT = f"""WITH v AS MATERIALIZED (SELECT customer_id, value FROM customers JOIN ({SPENT}) a USING (customer_id))"""

SEGMENTS: dict[str, dict[str, str]] = {
    "SMS espresso shot": espresso("sms", "name = 'Clicked SMS'"),
    "Email espresso shot": espresso("email", MAIL, "status = 'subscribed' AND reason = 'subscribed'"),
    "Dead weight": {
        "anti": f"""SELECT customer_id FROM customers p WHERE {SIGNED} AND customer_id IN ({receives("email")})
          AND NOT EXISTS (SELECT 1 FROM ({SELDOM}) s WHERE s.customer_id = p.customer_id)
          AND NOT EXISTS ({ENGAGED_OF}) AND NOT EXISTS ({ORDERED} AND {GOOD_YEAR})""",
        "union": f"""SELECT customer_id FROM customers p WHERE {SIGNED} AND customer_id IN ({receives("email")})
          AND NOT EXISTS (SELECT 1 FROM ({SELDOM}
            UNION ALL SELECT customer_id FROM events WHERE {ENGAGED} AND {QUARTER}
            UNION ALL SELECT customer_id FROM bought WHERE {GOOD_YEAR}) s WHERE s.customer_id = p.customer_id)""",
        "posthog": f"""({receives("email")} INTERSECT SELECT customer_id FROM customers WHERE {SIGNED})
          EXCEPT ({SELDOM}) EXCEPT SELECT customer_id FROM events WHERE {ENGAGED} AND {QUARTER}
          EXCEPT SELECT customer_id FROM bought WHERE {GOOD_YEAR}""",
        "mautic": f"""SELECT customer_id FROM customers p WHERE {SIGNED} AND NOT EXISTS ({ENGAGED_OF})
          AND NOT EXISTS ({ORDERED} AND {GOOD_YEAR}) AND NOT EXISTS (SELECT 1 FROM events e
            WHERE e.customer_id = p.customer_id AND {MAIL} AND occurred_at < t() HAVING count(*) > 2)
          AND {lately("email", "status = 'subscribed'")}""",
    },
    "High rollers": {
        "magic": f"""WITH d AS MATERIALIZED (SELECT DISTINCT customer_id FROM bought WHERE {SEASON})
          SELECT customer_id FROM bought WHERE customer_id IN (TABLE d) AND {CUSTOMER} GROUP BY 1
          HAVING count(*) >= 3 AND sum(total) > 100 * count(*)""",
        "one pass": f"""SELECT customer_id FROM bought WHERE {CUSTOMER} GROUP BY 1 HAVING count(*) >= 3
          AND sum(total) > 100 * count(*) AND max(created_at) >= timestamp '2026-07-22 09:00:00'""",
        "posthog": f"""SELECT customer_id FROM bought GROUP BY 1 HAVING count(*) >= 3
          INTERSECT SELECT customer_id FROM bought WHERE {SEASON}
          INTERSECT SELECT customer_id FROM bought GROUP BY 1 HAVING sum(total) > 100 * count(*)
          INTERSECT SELECT customer_id FROM customers""",
        "mautic": f"""SELECT customer_id FROM customers p WHERE EXISTS ({ORDERED} HAVING count(*) >= 3)
          AND EXISTS ({ORDERED} AND {SEASON}) AND EXISTS ({ORDERED} HAVING sum(total) > 100 * count(*))""",
    },
    "Always buy a brand": {
        "one pass": f"""SELECT customer_id FROM bought WHERE {CUSTOMER} GROUP BY 1 HAVING count(*) >= 2
          AND bool_and(order_id IN (SELECT order_id FROM lines WHERE brand = 'Molen'))""",
        "except": f"""SELECT customer_id FROM bought b WHERE {CUSTOMER} AND NOT EXISTS (SELECT 1 FROM bought o
            WHERE o.customer_id = b.customer_id
              AND o.order_id NOT IN (SELECT order_id FROM lines WHERE brand = 'Molen'))
          GROUP BY 1 HAVING count(*) >= 2""",
        "posthog": """(SELECT customer_id FROM bought GROUP BY 1 HAVING count(*) >= 2
            INTERSECT SELECT customer_id FROM customers)
          EXCEPT SELECT customer_id FROM bought WHERE order_id NOT IN (SELECT order_id FROM lines
            WHERE brand = 'Molen')""",
    },
    "Abandoned checkout": {
        "latest": """SELECT customer_id FROM customers p WHERE EXISTS (
            SELECT 1 FROM (SELECT customer_id, max(occurred_at) AS latest FROM events WHERE name = 'Started Checkout'
              AND occurred_at >= timestamptz '2026-11-08 10:00:00+00'
              AND occurred_at < timestamptz '2026-11-22 09:00:00+00' GROUP BY 1) c
            WHERE c.customer_id = p.customer_id AND NOT EXISTS (SELECT 1 FROM bought o
              WHERE o.customer_id = c.customer_id AND created_at >= timestamp '2026-11-08 10:00:00'
                AND created_at >= c.latest AT TIME ZONE 'UTC'))""",
        "probes": """SELECT customer_id FROM customers p WHERE customer_id IN (SELECT customer_id FROM events e
            WHERE name = 'Started Checkout' AND occurred_at >= timestamptz '2026-11-08 10:00:00+00'
              AND occurred_at < timestamptz '2026-11-22 09:00:00+00' AND NOT EXISTS (SELECT 1 FROM bought o
                WHERE o.customer_id = e.customer_id AND created_at >= timestamp '2026-11-08 10:00:00'
                  AND created_at >= e.occurred_at AT TIME ZONE 'UTC'))""",
    },
    "top 10% by total spent in the last year": {
        "percentile": f"""{KEPT} SELECT customer_id FROM v
          WHERE value >= (SELECT percentile_disc(0.1) WITHIN GROUP (ORDER BY value DESC) FROM v)""",
        "limit": f"""{KEPT} SELECT customer_id FROM v WHERE value >= (SELECT value FROM v ORDER BY value DESC
          OFFSET (SELECT greatest(ceil(count(*) * 0.1) - 1, 0) FROM v) LIMIT 1)""",
        "posthog": f"""SELECT customer_id FROM (SELECT customer_id, rank() OVER (ORDER BY value DESC) AS place,
          count(*) OVER () AS number FROM ({SPENT}) s WHERE {CUSTOMER}) r WHERE (place - 1) * 10 < number""",
    },
    "total spent in the last year > the 90th percentile": {
        "percentile": f"""{KEPT},
            t AS MATERIALIZED (SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY value) AS t FROM v)
          SELECT customer_id FROM v WHERE value > (SELECT t FROM t)
          UNION ALL SELECT customer_id FROM customers
            WHERE (SELECT t FROM t) < 0 AND customer_id NOT IN (SELECT customer_id FROM v)""",
    },
    "average order value > the average": {
        "kept": f"""WITH v AS MATERIALIZED (SELECT customer_id, value FROM customers
            JOIN ({AVERAGE}) a USING (customer_id))
          SELECT customer_id FROM v WHERE value * (SELECT count(*) FROM v) > (SELECT sum(value) FROM v)""",
        "posthog": f"""SELECT customer_id FROM (SELECT customer_id,
            value * count(*) OVER () > sum(value) OVER () AS fits FROM ({AVERAGE}) a WHERE {CUSTOMER}) b WHERE fits""",
    },
    'in list "Newsletter" and country in ("NL", "BE") and points > 50': {
        "join": """SELECT customer_id FROM customers WHERE country_code IN ('NL', 'BE') AND points > 50
          AND customer_id IN (SELECT customer_id FROM list_members WHERE list = 'Newsletter'
            AND (joined_at IS NULL OR joined_at < t()))""",
        "posthog": """SELECT customer_id FROM customers WHERE country_code IN ('NL', 'BE')
          INTERSECT SELECT customer_id FROM customers WHERE points > 50
          INTERSECT SELECT customer_id FROM list_members WHERE list = 'Newsletter'
            AND (joined_at IS NULL OR joined_at < t())""",
    },
    "Window shoppers": {
        "probes": f"""SELECT customer_id FROM customers p WHERE EXISTS ({ENGAGED_OF})
          AND EXISTS (SELECT 1 FROM events e WHERE e.customer_id = p.customer_id AND occurred_at < t()
            AND name IN {INTENT}) AND NOT EXISTS ({ORDERED})""",
        "sets": f"""WITH d AS MATERIALIZED (SELECT DISTINCT customer_id FROM events WHERE {ENGAGED} AND {QUARTER})
          SELECT customer_id FROM customers p JOIN d USING (customer_id) WHERE NOT EXISTS ({ORDERED})
            AND EXISTS (SELECT 1 FROM events e WHERE e.customer_id = p.customer_id AND occurred_at < t()
              AND name IN {INTENT})""",
        "posthog": f"""(SELECT customer_id FROM events WHERE {ENGAGED} AND {QUARTER} INTERSECT
            SELECT customer_id FROM events WHERE name IN {INTENT}
              AND occurred_at < t() INTERSECT SELECT customer_id FROM customers)
          EXCEPT SELECT customer_id FROM bought""",
    },
    "first placed order in the last year then placed order within 60d": {
        "two passes": f"""WITH f AS MATERIALIZED (SELECT customer_id, min(created_at) AS m FROM bought GROUP BY 1
            HAVING min(created_at) >= timestamp '2025-11-22 10:00:00' AND count(*) > 1)
          SELECT customer_id FROM customers WHERE customer_id IN (SELECT customer_id FROM bought JOIN f
            USING (customer_id) WHERE {YEAR} AND created_at <= m + interval '60 days'
            GROUP BY 1 HAVING count(*) >= 2)""",
        "probes": f"""WITH f AS MATERIALIZED (SELECT customer_id, min(created_at) AS m FROM bought GROUP BY 1
            HAVING min(created_at) >= timestamp '2025-11-22 10:00:00' AND count(*) > 1)
          SELECT customer_id FROM f WHERE {CUSTOMER} AND EXISTS (SELECT 1 FROM bought b
            WHERE b.customer_id = f.customer_id AND created_at > m AND created_at <= m + interval '60 days')""",
    },
    "anniversary of birthday in the next 7 days": {
        "parts": """SELECT customer_id FROM customers WHERE extract(month FROM birthday) = 11
          AND extract(day FROM birthday) BETWEEN 22 AND 28 AND birthday < date '2026-01-01'""",
    },
}  # fmt: skip
PEERS = ("posthog", "mautic")


@contextmanager
def server(profiles: int) -> Iterator[tuple[psycopg.Connection, Any, Any]]:
    """A connection to the shop, its catalog and its segments."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.engines import Postgres

    source, catalog, segments = opened(profiles)
    engine = Postgres()
    try:
        connection = engine._connection
        connection.autocommit = True
        connection.execute("CREATE SCHEMA bench; SET search_path = bench; RESET TimeZone; RESET DateStyle")
        connection.execute("SET max_parallel_workers_per_gather = 0; SET work_mem = '256MB'")
        for table in ("customers", "events", "orders", "order_lines", "products", "consent", "list_members", "stores"):
            columns = [(name, type_) for name, type_, *_ in source.sql(f"DESCRIBE {table}").fetchall()]
            defined = ", ".join(f"{name} {TYPES.get(type_, type_)}" for name, type_ in columns)
            connection.execute(f"CREATE UNLOGGED TABLE {table} ({defined})")
            texts = ", ".join(
                f"'{{' || array_to_string({name}, ',') || '}}'" if type_.endswith("[]") else f"{name}::VARCHAR"
                for name, type_ in columns
            )
            rows = source.sql(f"SELECT {texts} FROM {table}").to_arrow_reader()
            with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
                for batch in rows:
                    sink = BufferOutputStream()
                    write_csv(batch, sink, WriteOptions(include_header=False))
                    copy.write(sink.getvalue().to_pybytes())
        connection.execute(INDEXES)
        connection.execute("VACUUM ANALYZE")
        yield connection, catalog, segments
    finally:
        engine.close()


def clock(connection: psycopg.Connection) -> Callable[[], int]:
    """The nanoseconds that the server's process was on a CPU, as Linux counts them."""
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    said = Path(f"/proc/{row[0]}/schedstat")
    return lambda: int(said.read_text().split()[0])


def main(profiles: int, words: str) -> None:
    with server(profiles) as (connection, catalog, segments):
        now = clock(connection)
        print(heading(profiles, "ours ms", "best ms", "ratio", *PEERS), "  (Postgres)")
        ratios = []
        for name, shapes in SEGMENTS.items():
            if words not in name:
                continue
            rule = f'in segment "{name}"' if name in segments else name
            ours = segql.compile(rule, catalog, now=NOW, segments=segments, dialect="postgres").sql
            times: dict[str, list[int]] = {shape: [] for shape in ("ours", *shapes)}
            found: dict[str, Any] = {}
            for run in range(RUNS + 1):
                for shape, sql in {"ours": ours, **shapes}.items():
                    start = now()
                    row = connection.execute(f"SELECT count(*), sum(hashint4(customer_id)) FROM ({sql}\n) m").fetchone()
                    if run:
                        times[shape].append(now() - start)
                    found[shape] = row
            assert len(set(found.values())) == 1, f"{name}: {found}"
            taken = {shape: median(every) / 1e6 for shape, every in times.items()}
            mine = taken.pop("ours")
            best = min(taken, key=taken.__getitem__)
            ratios.append(mine / taken[best])
            peers = [taken.get(peer) for peer in PEERS]
            line = "".join(f"{'-' if one is None else f'{one:.1f}':>10}" for one in peers)
            beaten = "  beaten" if any(peer is not None and peer < mine for peer in peers) else ""
            figures = f"{mine:>10.1f}{taken[best]:>10.1f}{ratios[-1]:>10.2f}{line}"
            print(f"{name[:25]:<26}{found['ours'][0]:>9,}{figures}  {best}{beaten}", flush=True)
        print(f"ours / best: median {median(ratios):.2f}, worst {max(ratios):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, " ".join(sys.argv[2:]))
