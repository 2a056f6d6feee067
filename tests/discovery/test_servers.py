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


def test_what_is_billed_is_said_and_not_read_without_a_yes(service: Service) -> None:
    done = segql("catalog", "init", URL, "-o", "-")
    assert "A sample of 2 tables reads 2.6 GB: left alone. Only schemas are looked at" in done.stderr
    assert "table: customers" in done.stdout
    assert "placed order:" in done.stdout
    assert service.queries
    assert all(query.get("dryRun") for query in service.queries)


def test_with_a_yes_the_samples_are_read(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "catalog.yaml"
    done = segql("catalog", "init", URL, "-o", str(file), "--yes")
    assert "left alone" not in done.stderr
    assert "sql dialect: bigquery" in file.read_text(encoding="utf-8")
    samples = [query for query in service.queries if query["query"]["query"].endswith("LIMIT 1000")]
    assert any(not query.get("dryRun") for query in samples)
