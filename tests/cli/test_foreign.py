"""`segql import` and `segql export`, at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from .command_line import answer, segql

CATALOG = """
profiles: {table: people, key: id, properties: {vip: boolean}}
events:
  clicked: &m
    table: events
    profile: id
    time: {column: happened, zone: UTC}
    name column: metric
    names: metrics
    name: Clicked
  clicked twice: {<<: *m, name: Double}
  clicked hard: {<<: *m, name: Double, where: metric = 'M2'}
"""


def definition(metric: str) -> str:
    asked = {"type": "numeric", "operator": "greater-than", "value": 0}
    condition = {
        "type": "profile-metric", "metric_id": metric, "measurement": "count", "measurement_filter": asked,
        "timeframe_filter": {"type": "date", "operator": "alltime"},
    }  # fmt: skip
    return json.dumps({"name": metric, "definition": {"condition_groups": [{"conditions": [condition]}]}})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("catalog.yaml").write_text(CATALOG)
    Path("names.yaml").write_text("events: {M1: clicked}")
    Path("two.json").write_text(f"[{definition('M1')}, {definition('M9')}]")
    with duckdb.connect("shop.duckdb") as shop:
        shop.execute("CREATE TABLE people (id VARCHAR, vip BOOLEAN)")
        shop.execute("CREATE TABLE events (id VARCHAR, happened TIMESTAMP, metric VARCHAR)")
        shop.execute(
            "CREATE TABLE metrics AS SELECT * FROM (VALUES ('M1', 'Clicked'), ('M2', 'Double')) AS m(id, name)"
        )
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_text_and_the_report_go_apart() -> None:
    done = segql("import", "klaviyo", "two.json", "--names", "names.yaml", code=1)
    assert done.stdout.startswith('segment "M1" = clicked\n\n-- Not written: segment "M9".')
    assert done.stderr.splitlines()[0] == "M1: 1 exact"
    assert done.stderr.splitlines()[-1] == "2 segments: 1 written, 1 not."
    said = answer("import", "klaviyo", "two.json", "--names", "names.yaml", code=1)
    assert said["text"] == done.stdout
    assert [one["written"] for one in said["segments"]] == [True, False]
    assert said["segments"][1]["findings"][0]["path"] == "/1/definition/condition_groups/0/conditions/0/metric_id"


@pytest.mark.usefixtures("folder")
def test_ids_of_events_stand_in_the_warehouse() -> None:
    own = ("--catalog", "catalog.yaml", "--warehouse", "shop.duckdb")
    done = segql("import", "klaviyo", "two.json", *own, code=1)
    assert done.stdout.startswith('segment "M1" = clicked\n')
    Path("two.json").write_text(definition("M2"))
    assert "Nobody said what `M2`" in segql("import", "klaviyo", "two.json", *own, code=1).stderr
    assert "--catalog" in segql("import", "klaviyo", "two.json", "--warehouse", "shop.duckdb", code=2).stderr


@pytest.mark.usefixtures("folder")
def test_there_and_back() -> None:
    Path("saved.segql").write_text('segment "A" = clicked\nsegment "B" = vip and random 10%\n')
    words = ("export", "klaviyo", "saved.segql", "--names", "names.yaml", "--catalog", "catalog.yaml")
    done = segql(*words, code=1)
    assert json.loads(done.stdout)["data"]["attributes"]["name"] == "A"
    assert "impossible share at 2:23" in done.stderr
    segql(*words, "--segment", "A", "--output", "a.json")
    assert segql("import", "klaviyo", "a.json", "--names", "names.yaml").stdout == 'segment "A" = clicked\n'
    assert "no segment `C`" in segql(*words, "--segment", "C", code=2).stderr


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "said"),
    [('{"data": [', "This is no JSON"), ("[1, 2", "This is no JSON"), ('{"a": 1}', "no segment of Klaviyo"),
     ('{"name": "x", "name": "y"}', "stands twice"), ("[" * 20_000, "nested too deep")],
)  # fmt: skip
def test_what_is_no_document_is_an_error_with_its_place(text: str, said: str) -> None:
    Path("bad.json").write_text(text)
    done = segql("import", "klaviyo", "bad.json", code=1)
    assert done.stdout == ""
    assert said in done.stderr
    assert "bad.json:1:" in done.stderr
