"""What the docs grant is enough to keep memberships, and not more; who only reads them can do nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from segql.ledger import changes, refresh
from segql.warehouse import WarehouseError, open_warehouse
from segql.warehouse.keeping import open_keeping

from ..engines import Postgres
from .killed import TABLES, project
from .model import Model
from .places import tables
from .test_kills import members

DOCS = Path(__file__).parents[2] / "docs" / "refresh.md"
NAMES = {"segql": "keeps", "readers": "reads", "shop": "own", "warehouse": "postgres", "segments": "kept"}
"""Names of the docs, and those of the tests."""


def granted(heading: str) -> str:
    """What the docs say behind a sentence, by the names of the tests."""
    found = re.search(rf"{heading}.*?```text\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert found is not None
    return re.sub(rf"\b({'|'.join(NAMES)})\b", lambda name: NAMES[name[0]], found[1])


@pytest.fixture
def server(engine: Postgres) -> Iterator[Postgres]:
    """The shop of the kills, and the roles."""
    clean = "DROP SCHEMA IF EXISTS own, kept CASCADE"
    for role in ("keeps", "reads"):
        clean += (
            f"; DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}')"
            f" THEN EXECUTE 'DROP OWNED BY {role} CASCADE; DROP ROLE {role}'; END IF; END $$"
        )
    engine.do(f"{clean}; {TABLES}")
    engine.do(granted("A role for Postgres"))
    yield engine
    engine.do(clean)


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
def test_postgres(server: Postgres) -> None:
    uri = server._server.get_uri()
    keeping, model = open_keeping(uri.replace("postgres:@", "keeps@"), "kept"), Model()
    for run in range(3):
        done = refresh(project(run), keeping, with_views=True)
        model.run(done.now, members(done.now))
        assert tables(keeping) == model
    for forbidden in ("DELETE FROM own.orders", "CREATE TABLE own.mine (n INTEGER)", "CREATE SCHEMA mine"):
        with pytest.raises(WarehouseError, match="permission denied"):
            keeping.write([forbidden], "SELECT 1 WHERE false")
    server.do(granted("Who only reads"))
    readers = open_keeping(uri.replace("postgres:@", "reads@"), "kept")
    assert tables(readers) == model
    assert readers.warehouse.rows(changes(readers, 1))
    reading = open_warehouse(uri.replace("postgres:@", "reads@"))
    assert reading.count("SELECT * FROM kept.not_now") > 0
    with pytest.raises(WarehouseError, match="permission denied"):
        refresh(project(3), readers)
    for forbidden in ("DELETE FROM kept.members", "DROP VIEW kept.not_now"):
        with pytest.raises(WarehouseError, match=r"permission denied|must be owner"):
            readers.write([forbidden], "SELECT 1 WHERE false")
    assert tables(keeping) == model
    for one in (keeping, readers):
        one.close()
    reading.close()
