"""Tables whose references only the engine tells, one of them in the order of its kinds."""

from __future__ import annotations

TABLES = [
    "CREATE TABLE parties (ref integer PRIMARY KEY, email varchar(20), first_name varchar(20), city varchar(20))",
    "CREATE TABLE doings (nr integer PRIMARY KEY, whose integer, happened_at timestamp, event varchar(20),"
    " page varchar(20), FOREIGN KEY (whose) REFERENCES parties (ref))",
    "INSERT INTO parties VALUES (101, 'a', 'A', 'x'), (102, 'b', 'B', 'y'), (103, 'c', 'C', 'z')",
]
KINDS = ("opened email", "clicked email", "placed order", "viewed page")


def filling(rows: str) -> str:
    """The statement that fills the table in the order of its kinds; `rows` selects `i` from 0 to 2999."""
    kind = " ".join(f"WHEN i < {750 * (at + 1)} THEN '{name}'" for at, name in enumerate(KINDS))
    return (
        f"INSERT INTO doings SELECT i, 101 + i % 3, TIMESTAMP '2026-01-01 10:00:00', CASE {kind} END,"
        f" CASE WHEN i >= 2250 THEN '/p' END FROM ({rows}) AS t"
    )


SERIES = "SELECT i FROM generate_series(0, 2999) AS g(i)"
RECURSIVE = (
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 59)"
    " SELECT a.i * 50 + b.i AS i FROM n AS a CROSS JOIN n AS b WHERE b.i < 50"
)
