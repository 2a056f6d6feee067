"""What a catalog says about how positions and month-days are stored changes the SQL, and never who is found."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb

import segql

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CATALOG = """
profiles:
  table: people
  key: id
  key type: integer
  properties:
    home: {latitude: north, longitude: east}
    feast: {type: month-day, column: feast}
places: {Utrecht: [52.0907, 5.1214]}
stores: {table: shops}
"""
PEOPLE = """
CREATE TABLE people AS SELECT row_number() OVER () AS id, * FROM (
  SELECT north, east FROM
    (VALUES (-90::DOUBLE), (-90.000000001), (90), (90.000000001), (0), (52), (52.000000001), (52.1), (NULL))
      AS a(north),
    (VALUES (-180::DOUBLE), (180.000000001), (180), (5.1), (0), (NULL)) AS b(east)
) LEFT JOIN (SELECT strftime(DATE '2000-01-01' + CAST(day AS INTEGER), '%m%d') AS feast FROM range(366) AS t(day)
  UNION ALL SELECT NULL) ON true;
INSERT INTO people VALUES (NULL, 52.1, 5.1, '1122');
CREATE TABLE shops AS SELECT 'one' AS name, 52.1::DOUBLE AS latitude, 5.1::DOUBLE AS longitude;
"""
RULES = (
    *(f"{axis} of home {op} {edge}" for axis, edge in (("latitude", "52"), ("latitude", "-90"), ("longitude", "180"))
      for op in ("=", "<", "<=", ">", ">=")),
    "latitude of home > 90", "longitude of home < -90.5", "latitude of home in (52, 90)",
    "home is set", "home is empty",
    "within 5 km of Utrecht", "within 5 km of any store", 'nearest store is "one"',
    "not (latitude of home > 52)", "not (within 5 km of any store)",
    "month of feast = 11", "month of feast >= 11", "month of feast < 3", "day of feast = 29", "day of feast > 31",
    "month of feast in (1, 2, 12)", "feast is set", "feast is empty", "not (month of feast = 2)",
    "anniversary of feast in the next 7 days", "anniversary of feast in the next 60 days",
)  # fmt: skip


def test_what_is_stored_as_said_is_found_all_the_same() -> None:
    told = CATALOG.replace("longitude: east", "longitude: east, stored: float").replace(
        "column: feast", "column: feast, stored: digits"
    )
    connection = duckdb.connect()
    connection.execute(PEOPLE)
    shorter = 0
    for rule in RULES:
        texts = [segql.compile(rule, segql.catalog_from_yaml(one), now=NOW).sql for one in (CATALOG, told)]
        one, other = (sorted(connection.execute(text).fetchall()) for text in texts)
        assert one == other, rule
        shorter += len(texts[1]) < len(texts[0])
    assert shorter >= len(RULES) - 1  # nobody has a day above the 31st, however it is stored
