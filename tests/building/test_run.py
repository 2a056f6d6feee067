"""dbt and SQLMesh themselves run what `segql build` wrote: the members are those that `segql members` finds.

Each is installed in an environment of its own, which `SEGQL_TEST_DBT` or `SEGQL_TEST_SQLMESH` names (.ci/run).
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import segql
from segql import demo
from segql.building import Built, Wanted, built
from segql.building.folder import settle
from segql.project import Project

pytestmark = pytest.mark.long

NAMES = [
    "{{ 1 + 1 }}",
    "{% raw %}",
    "{# x #}",
    "a@b",
    "@x",
    "a@@b",
    "@{first}",
    "it's",
    "\\",
    "/* */",
    "-- no",
    "@DEF",
    "ü",
]
ODD = f"""
-- Odd "texts" that it's in {{{{ config() }}}} {{% raw %}} \\ @DEF(x); @x

-- Of {{# nothing #}}: 'quoted' /* or */ not.
segment "2nd odd" = first name in ({", ".join(f'"{name}"' for name in NAMES)})
{"".join(f'segment "odd {number}" = first name is "{name}"' + chr(10) for number, name in enumerate(NAMES))}
"""
COLUMNS = ("country", "sha256 of first name", "total spent", "last placed order", "can receive email")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def project() -> Project:
    paths = (ROOT / "examples" / "shop").glob("*.segql")
    texts = [segql.source.Source(path.read_text(encoding="utf-8"), str(path)) for path in sorted(paths)]
    return Project(segql.load_catalog(ROOT / "examples/shop/catalog.yaml"), segql.segments_from(*texts, ODD))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The demo shop, in a file that older versions of DuckDB read as well."""
    file = tmp_path / "shop.duckdb"
    with duckdb.connect() as connection:
        demo.build(connection, 2_000)
        for number, name in enumerate(NAMES):
            connection.execute("UPDATE customers SET first_name = ? WHERE customer_id = ?", [name, 10 + number])
        connection.execute(f"ATTACH '{file}' AS kept (STORAGE_VERSION 'v1.2.0')")
        connection.execute("COPY FROM DATABASE memory TO kept")
    return file


def run(program: str, *words: str, folder: Path) -> None:
    done = subprocess.run(
        [program, *words], cwd=folder, capture_output=True, text=True, timeout=500, check=False,
        env={**os.environ, "DO_NOT_TRACK": "1", "SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]


def same_members(shop: Path, found: Built, project: Project, schema: str) -> None:
    inside = 0
    with duckdb.connect(str(shop), read_only=True) as connection:
        for segment, file in zip(project.segments.segments.values(), found.files, strict=False):
            rows = connection.execute(f'SELECT * FROM "{schema}"."{file.removesuffix(".sql")}"').fetchall()
            wanted = connection.execute(project.compile(segment).sql).fetchall()
            assert sorted(row[0] for row in rows) == sorted(row[0] for row in wanted), segment.name.text
            inside += bool(wanted)
    assert inside > len(NAMES) + 30


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(COLUMNS, "who", "audience_")], ids=["keys", "columns"])
@pytest.mark.skipif("SEGQL_TEST_DBT" not in os.environ, reason="$SEGQL_TEST_DBT names no environment with dbt")
def test_dbt(project: Project, shop: Path, tmp_path: Path, wanted: Wanted) -> None:
    found = built("dbt", project, wanted)
    settle(tmp_path / "models" / "segments", found.files)
    (tmp_path / "dbt_project.yml").write_text("name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [models]\n")
    target = f"{{type: duckdb, path: {shop}, threads: 2, schema: main}}"
    (tmp_path / "profiles.yml").write_text(f"shop:\n  target: dev\n  outputs: {{dev: {target}}}\n")
    run(f"{os.environ['SEGQL_TEST_DBT']}/bin/dbt", "build", "--profiles-dir", ".", "--warn-error", folder=tmp_path)
    same_members(shop, found, project, "main")


@pytest.mark.skipif("SEGQL_TEST_SQLMESH" not in os.environ, reason="$SEGQL_TEST_SQLMESH names no such environment")
def test_sqlmesh(project: Project, shop: Path, tmp_path: Path) -> None:
    segments = {key: one for key, one in project.segments.segments.items() if not key.startswith(("odd", "2nd odd"))}
    texts = ODD.replace("{", "(").replace("}", ")")
    segments |= segql.segments_from(texts).segments
    project = replace(project, segments=replace(project.segments, segments=segments))
    found = built("sqlmesh", project, Wanted(schema="audiences"))
    settle(tmp_path / "models", found.files)
    (tmp_path / "config.yaml").write_text(
        f"gateways: {{local: {{connection: {{type: duckdb, database: {shop}}}, "
        f"state_connection: {{type: duckdb, database: {tmp_path / 'state.duckdb'}}}}}}}\n"
        "default_gateway: local\nmodel_defaults: {dialect: duckdb, start: 2026-01-01}\n"
    )
    run(f"{os.environ['SEGQL_TEST_SQLMESH']}/bin/sqlmesh", "plan", "--auto-apply", "--no-prompts", folder=tmp_path)
    same_members(shop, found, project, "audiences")
