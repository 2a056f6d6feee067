"""Made-up rows of two clients, for the example: `python data.py shop.duckdb`."""

import sys

import duckdb

SQL = """
CREATE TABLE people AS SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END AS client,
  ['NL', 'BE', 'DE', 'FR'][1 + i // 2 % 4] AS country, ['Ann', 'Bob', 'Cem', 'Dee'][1 + i // 7 % 4] AS first_name,
  i % 23 = 0 AS vip, i % 3 > 0 AS email_ok FROM range(20000) AS t (i);
CREATE TABLE orders AS SELECT i % 20000 AS person, CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END AS client,
  now()::TIMESTAMP - to_hours(i * 7919 % 8760) AS placed_at, (10 + i * 31 % 90)::DECIMAL(9, 2) AS total
  FROM range(60000) AS t (i) WHERE i % 5 > 0;
CREATE TABLE emails AS SELECT i % 20000 AS person, CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END AS client,
  now()::TIMESTAMP - to_hours(i * 104729 % 8760) AS opened_at FROM range(100000) AS t (i) WHERE i % 3 > 0;
"""


def make(path: str) -> None:
    """Writes the database."""
    with duckdb.connect(path) as connection:
        connection.execute(SQL)


if __name__ == "__main__":
    make(sys.argv[1])
