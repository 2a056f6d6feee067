"""What `segql build` writes: the live SELECT of each segment, into a folder with files of others."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

import segql
from segql.building import FORMS, Wanted, built, selects
from segql.building.folder import difference, settle
from segql.conditions.live import LiveInstant, Now
from segql.errors import SegQLError
from segql.project import Project

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def of(text: str, catalog: segql.Catalog, dialect: str = "duckdb") -> Project:
    return Project(catalog, segql.segments_from(text), dialect=dialect)


@pytest.fixture(scope="module")
def shop() -> segql.Catalog:
    return segql.load_catalog(SHOP / "catalog.yaml")


@pytest.fixture(scope="module")
def segments() -> segql.Segments:
    return segql.load_segments(SHOP)


@pytest.mark.parametrize("dialect", ["duckdb", "bigquery", "snowflake"])
def test_a_view_selects_what_compile_says(dialect: str, shop: segql.Catalog, segments: segql.Segments) -> None:
    for segment in list(segments.segments.values())[::30]:
        live = segql.compile(segment, shop, dialect=dialect, segments=segments, live=True).sql
        project = Project(shop, segments, dialect=dialect)
        assert selects.select_of(segment, project, Wanted()).sql == live


def test_the_text_depends_on_no_clock(
    shop: segql.Catalog, segments: segql.Segments, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = []
    for at in (datetime(2024, 2, 29, 23, 59, tzinfo=UTC), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)):
        monkeypatch.setattr(selects, "running", lambda at=at: LiveInstant.of(at, Now()))
        texts.append(
            [
                selects.select_of(segment, Project(shop, segments), Wanted(("last placed order", "total spent"))).sql
                for segment in list(segments.segments.values())[::9]
            ]
        )
    assert texts[0] == texts[1]


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
def test_every_table_of_a_model_is_a_source(dialect: str, shop: segql.Catalog, segments: segql.Segments) -> None:
    """Each stands once in the tree; one that stood there twice was marked twice, and its mark was left in the text."""
    for file, text in built("dbt", Project(shop, segments, dialect=dialect), Wanted()).files.items():
        assert not re.search(r"segql_[0-9a-f]{16}", text), file


ODD = """
-- Of the file.

-- What {{ it }} is:
-- "odd".
segment "Odd one" = first name in ("{{ 1 }}", "{% raw %}", "{# x #}", "a'b") and placed order
"""


def test_dbt_says_models_sources_and_tests(shop: segql.Catalog) -> None:
    found = built("dbt", of(ODD, shop), Wanted(refs={"orders": "stg_orders"}))
    assert found.refers == {"customers": "{{ source('segql', 'customers') }}", "orders": "{{ ref('stg_orders') }}"}
    text = found.files["odd_one.sql"]
    assert "FROM {{ source('segql', 'customers') }} AS profile" in text
    assert "FROM {{ ref('stg_orders') }} AS placed_order" in text
    # What is left are the expressions that we mean: those of tables, of the configuration, and of a brace.
    left = re.sub(r"\{\{ (?:source\('\w+', '\w+'\)|ref\('\w+'\)|config\(materialized='view'\)|'\{') \}\}", "", text)
    assert not re.search(r"\{[{%#]", left)
    told = yaml.safe_load(found.files["schema.yml"])
    (model,) = told["models"]
    assert model["description"] == "What {{ '{' }}{ it }} is:\n\"odd\"."
    assert model["config"]["tags"] == ["segql", "segments"]
    (key,) = model["columns"]
    assert key["name"] == "customer_id"
    assert key["data_tests"][:2] == ["unique", "not_null"]
    relation = key["data_tests"][2]["relationships"]["arguments"]
    assert relation == {"to": "source('segql', 'customers')", "field": "customer_id"}
    (source,) = told["sources"]
    assert [one["name"] for one in source["tables"]] == ["customers"]


def test_tables_in_schemas_are_sources_of_their_own() -> None:
    catalog = segql.Catalog.model_validate({
        "profiles": {"query": "SELECT * FROM crm.people WHERE crm.people.id > 0", "key": "id", "key type": "integer"},
        "events": {"bought": {"table": "lake.sales.Order", "profile": "who", "time": {"column": "at", "zone": "UTC"}}},
    })  # fmt: skip
    found = built("dbt", of("segment Buyers = bought", catalog, "postgres"))
    assert "FROM {{ source('crm', 'people') }} AS people\n" in found.files["buyers.sql"]
    assert "crm.people" not in found.files["buyers.sql"]
    told = yaml.safe_load(found.files["schema.yml"])
    assert [(one["name"], one.get("database"), one["schema"]) for one in told["sources"]] == [
        ("crm", None, "crm"), ("lake_sales", "lake", "sales"),
    ]  # fmt: skip
    assert told["models"][0]["columns"][0]["data_tests"] == ["unique", "not_null"]  # there is no table of everybody


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        ('segment "V.I.P" = vip\nsegment "V I P" = vip', Wanted(), "would both be called `v_i_p`"),
        ("segment Customers = vip", Wanted(), "called like the table `customers`"),
        ("segment A = vipp\nsegment B = clicked smz", Wanted(), "clicked smz"),
        ("segment A = vip", Wanted(("sha256 of total spent",)), "is no text of the profile"),
        ("segment A = vip", Wanted(("total spnt",)), "did you mean `total spent`?"),
    ],
)
def test_with_a_mistake_there_is_no_file(text: str, wanted: Wanted, said: str, shop: segql.Catalog) -> None:
    for form in FORMS:
        with pytest.raises(SegQLError, match=re.escape(said)):
            built(form, of(text, shop), wanted)


def test_a_dialect_without_a_hash_says_so(shop: segql.Catalog) -> None:
    with pytest.raises(SegQLError, match="The SQL of sqlite has no hashes"):
        built("views", of("segment A = vip", shop, "sqlite"), Wanted(("sha256 of first name",)))


def test_sqlmesh_is_given_no_template(shop: segql.Catalog) -> None:
    with pytest.raises(SegQLError, match="SQLMesh takes"):
        built("sqlmesh", of(ODD, shop))
    text = built("sqlmesh", of(ODD.replace('"{{ 1 }}", "{% raw %}", "{# x #}", ', ""), shop)).files["odd_one.sql"]
    assert not re.search(r"\{[{%#]", text)
    assert "description 'What { { it }} is: \"odd\".'" in text


def test_views_have_their_schema_and_replace(shop: segql.Catalog) -> None:
    assert "CREATE OR REPLACE VIEW marketing.a AS\n" in built(
        "views", of("segment A = vip", shop), Wanted(schema="marketing")
    ).files["a.sql"]  # fmt: skip
    assert "DROP VIEW IF EXISTS a;\nCREATE VIEW a AS\n" in built(
        "views", of("segment A = vip", shop, "sqlite")
    ).files["a.sql"]  # fmt: skip


def test_a_folder_keeps_what_is_not_ours(tmp_path: Path, shop: segql.Catalog) -> None:
    made = built("views", of("segment A = vip\nsegment B = vip", shop)).files
    folder = tmp_path / "views"
    assert difference(folder, made).new == ("a.sql", "b.sql")
    assert not folder.exists()
    settle(folder, made)
    (folder / "mine.sql").write_text("SELECT 1")
    (folder / "a.sql").write_text(made["a.sql"] + "-- more\n")
    fewer = {"a.sql": made["a.sql"]}
    found = difference(folder, fewer)
    assert (found.new, found.changed, found.left, found.others) == ((), ("a.sql",), ("b.sql",), ())
    settle(folder, fewer)
    assert sorted(path.name for path in folder.iterdir()) == ["a.sql", "mine.sql"]
    assert not difference(folder, fewer).stale
    (folder / "b.sql").write_text("SELECT 2")
    assert settle(folder, made).others == ("b.sql",)
    assert (folder / "b.sql").read_text() == "SELECT 2"


def test_all_files_or_none(tmp_path: Path, shop: segql.Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the last file cannot be written, none has taken its place."""
    old = built("views", of("segment A = vip\nsegment B = vip", shop)).files
    new = built("views", of("segment A = not vip\nsegment B = not vip", shop)).files
    settle(tmp_path, old)
    written = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "b.sql":
            raise OSError(28, "No space left on device")
        return written(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        settle(tmp_path, new)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == old
