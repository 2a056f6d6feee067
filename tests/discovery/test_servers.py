"""A catalog for a warehouse that bills by the byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ..cli.command_line import segql
from ..warehouse.fake_bigquery import Service, serving

URL = "bigquery://project/shop?location=EU"
TABLES = """
CREATE TABLE customers AS SELECT i AS id, 'c' || i AS email FROM range(20) t(i);
CREATE TABLE orders AS SELECT i AS order_id, i % 20 AS customer_id, DATE '2026-01-01' AS created_at,
  9.5 AS total FROM range(40) t(i);
"""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    pytest.importorskip("google.cloud.bigquery")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(TABLES)
    found = Service(connection, size=1_300_000_000)
    with serving(found) as address:
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", address)
        yield found


def _ran(service: Service) -> list[str]:
    return [query["query"]["query"] for query in service.queries if not query.get("dryRun")]


def test_without_a_yes_rows_are_shown_and_nothing_is_billed(service: Service) -> None:
    done = segql("catalog", "init", URL, "-o", "-")
    assert "Counting keys and the names of events reads 1.3 GB, which are billed: left alone" in done.stderr
    assert "Holding the catalog to the tables reads" in done.stderr
    assert "A sample" not in done.stderr
    assert "table: customers" in done.stdout
    assert "placed order:" in done.stdout
    assert "of which at most 40 rows each were looked at" in done.stdout
    assert set(service.shown) == {"customers", "orders"}
    assert service.queries
    assert _ran(service) == []


def test_of_a_view_no_row_is_shown_for_nothing(service: Service) -> None:
    service.tables.execute("CREATE VIEW visits AS SELECT customer_id, created_at FROM orders")
    done = segql("catalog", "init", URL, "-o", "-")
    assert "A sample of what is a view reads 1.3 GB, which are billed: left alone" in done.stderr
    assert "visits" not in service.shown
    assert _ran(service) == []


def test_with_a_yes_all_is_read(service: Service, tmp_path: Path) -> None:
    service.tables.execute("CREATE VIEW visits AS SELECT customer_id, created_at FROM orders")
    file = tmp_path / "catalog.yaml"
    done = segql("catalog", "init", URL, "-o", str(file), "--yes")
    assert "left alone" not in done.stderr
    assert "sql dialect: bigquery" in file.read_text(encoding="utf-8")
    (sample,) = (query for query in _ran(service) if query.endswith("LIMIT 1000") and "visits" in query)
    assert sample.startswith("SELECT\n  *")
    assert any("LEFT JOIN" in query for query in _ran(service))  # how many keys are keys
