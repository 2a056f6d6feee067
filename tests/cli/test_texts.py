"""Commands about texts: compile, explain, check, format; the catalog and the demo."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from segql.cli.showcase import compact

from ..worlds.own_shop import CATALOG
from ..worlds.shops import CATALOG as LARGE
from .command_line import BROKEN, OWN, SAVED, answer, segql

pytestmark = pytest.mark.usefixtures("demo_cache")

# --- texts -----------------------------------------------------------------------------------------------------------


def test_compile_prints_sql_alone(shop_folder: Path) -> None:
    result = segql("compile", *OWN[:2], "--now", "2026-02-01T00:00Z", "placed order in 72h")
    with duckdb.connect(str(shop_folder / "shop.duckdb")) as connection:
        assert connection.execute(result.stdout).fetchall() == []
    found = answer("compile", *OWN[:2], "--now", "2026-02-01T00:00Z", "placed order in 72h")
    assert found["sql"] == result.stdout.rstrip("\n")
    assert found["tables"] == ["customers", "orders"]
    assert (found["rule"], found["dialect"], found["problems"]) == ("placed order in 72h", "duckdb", [])
    assert "postgres" in segql("compile", "--dialect", "klingon", "is vip", code=2).stderr


def test_explain_says_it_in_words_steps_and_sql(shop_folder: Path) -> None:
    rule = 'country is "NL" and not not country is "NL"'
    found = answer("explain", *OWN[:2], rule)
    assert found.keys() == {"rule", "now", "says", "steps", "sql", "tables", "problems"}
    assert {"rewrite", "says"} == found["steps"][0].keys()
    text = segql("explain", *OWN[:2], rule).stdout
    for part in ("The rule\n", "In words\n", "Simplified\n", "SQL\n", "SELECT"):
        assert part in text


def test_check_tells_all_and_exits_by_the_worst(shop_folder: Path) -> None:
    result = segql("check", *OWN[:2], "placed oder and countri is set", code=1)
    assert result.stdout.count("error[unknown-name]") == 2
    assert result.stdout.endswith("2 errors.\n")
    assert segql("check", *OWN[:2], "placed order").stdout == "Nothing wrong.\n"
    assert segql("check", "--catalog", str(LARGE), "no orders ever").stdout == (
        "Read as `never placed order`: nothing wrong.\n"
    )
    assert segql("check", *OWN[:2], "placed order at most 2 times").exit_code == 0
    assert answer("check", *OWN[:2], "placed order") == {"problems": []}


def test_check_of_files(shop_folder: Path) -> None:
    assert segql("check", *OWN[:2], *SAVED).stdout == "2 segments in 1 file: nothing wrong.\n"
    (shop_folder / "broken.segql").write_text(BROKEN)
    result = segql("check", *OWN[:2], "--segments", ".", code=1)
    assert "broken.segql:1:" in result.stdout
    assert "broken.segql:2:17" in result.stdout
    assert result.stdout.endswith("4 segments in 2 files: 2 errors.\n")
    found = answer("check", *OWN[:2], "--segments", ".", code=1)["problems"]
    assert [(Path(p["file"]).name, p["line"]) for p in found] == [("broken.segql", 1), ("broken.segql", 2)]


def test_the_example_segments_have_no_errors() -> None:
    examples = str(Path(__file__).parents[2] / "examples" / "shop")
    assert "error" not in segql("check", "--segments", examples).stdout.splitlines()[-1]


def test_format_prints_the_canonical_text() -> None:
    text = "clicked sms at least twice in 72h and never placed order in 72h"
    assert (
        segql("format", "Clicked   SMS at LEAST twice in 72 h AND placed order 0 in 72h").stdout.lower()
        == text.replace("72h", "72h") + "\n"
    )
    assert json.loads(segql("format", text, "--json").stdout) == {"text": text}
    assert "error[" in segql("format", "and and", code=1).stderr


def test_format_rewrites_files(shop_folder: Path) -> None:
    loose = '-- The Dutch.\nsegment   "Dutch"  =  country   is "NL"\n'
    (shop_folder / "good.segql").write_text(loose)
    assert segql("format", *SAVED, "--check", code=1).stdout == "good.segql would change\n"
    assert (shop_folder / "good.segql").read_text() == loose
    printed = segql("format", *SAVED).stdout
    assert segql("format", *SAVED, "--write").stdout == "good.segql rewritten\n"
    assert (shop_folder / "good.segql").read_text() == printed
    assert "-- The Dutch." in printed
    assert segql("format", *SAVED, "--check").stdout == ""
    (shop_folder / "broken.segql").write_text(BROKEN)
    assert "broken.segql:1:" in segql("format", "--segments", ".", "--write", code=1).stderr
    assert (shop_folder / "broken.segql").read_text() == BROKEN


# --- the catalog and the demo ----------------------------------------------------------------------------------------


def test_catalog_check(shop_folder: Path) -> None:
    assert segql("catalog", "check", *OWN).stdout == "1 event, 0 channels, 0 lists: all fits the warehouse.\n"
    text = CATALOG.replace("time: bought", "time: boght").replace("country: text", "country: date")
    (shop_folder / "catalog.yaml").write_text(f"{text}\nmetrics:\n  spent: sum of totl of placed order\n")
    result = segql("catalog", "check", *OWN, code=1)
    assert "catalog.yaml:2:" in result.stdout
    assert "did you mean `bought`?" in result.stdout
    found = answer("catalog", "check", *OWN, code=1)["problems"]
    assert [(p["code"], p["line"]) for p in found[:2]] == [("column-type", 2), ("missing-column", 4)]
    assert [p["code"] for p in found[2:]] == ["bad-metric"]


def test_catalog_schema() -> None:
    schema = json.loads(segql("catalog", "schema").stdout)
    assert "profiles" in schema["properties"]


def test_the_demo_tells_its_story() -> None:
    result = segql("demo", "--profiles", "2000")
    for part in ("SMS espresso shot", "can receive sms", "What it says", "SELECT", "of 2,000 profiles", "Try next"):
        assert part in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    found = answer("demo", "--profiles", "2000")
    assert 0 < found["count"] < found["profiles"] == 2000
    assert found["members"] == sorted(found["members"])


def test_the_demo_shop_has_its_own_now() -> None:
    result = segql("count", "clicked sms in 72h")
    assert result.stdout.endswith(" %)\n")
    assert result.stdout.split()[0] != "0"
    assert answer("count", "clicked sms in 72h")["now"] == "2026-11-22T10:00:00Z"


def test_compact_sql_is_the_same_statement() -> None:
    import sqlglot

    sql = segql("compile", "--segment", "SMS espresso shot").stdout
    short = compact(sql)
    assert len(short.splitlines()) < len(sql.splitlines())
    plain = "".join(line for line in sql.splitlines(keepends=True) if not line.startswith("--"))
    assert sqlglot.parse_one(short, dialect="duckdb").sql("duckdb") == sqlglot.parse_one(plain, dialect="duckdb").sql(
        "duckdb"
    )
