"""The command line: every command, its exit codes, its JSON, and what it says about bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from segql.cli import main
from segql.cli.output import shared
from segql.cli.showcase import compact

TABLES = """
CREATE TABLE customers AS SELECT 'c' || range AS id, CASE WHEN range % 2 = 0 THEN 'NL' ELSE 'BE' END AS country
  FROM range(1, 31);
CREATE TABLE orders AS SELECT range AS id, 'c' || (1 + range % 10) AS customer,
  TIMESTAMPTZ '2026-01-01 12:00:00+00' AS bought FROM range(20);
"""
CATALOG = """\
timezone: Europe/Amsterdam
profiles: {table: customers, key: id, properties: {country: text}}
events:
  placed order: {table: orders, profile: customer, time: bought, id: id}
"""
SEGMENTS = """\
-- The Dutch.
segment "Dutch" = country is "NL"

segment "Buyers" (wanted = 2) = placed order >= wanted
"""
BROKEN = """\
segment "One" = placed order twice and and
segment "Two" = placed oder
segment "Three" = placed order
"""


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The demo shop is made once for all tests, and not in the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a warehouse, its catalog and segments; the current one."""
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute(TABLES)
    (tmp_path / "catalog.yaml").write_text(CATALOG)
    (tmp_path / "good.segql").write_text(SEGMENTS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


OWN = ["--catalog", "catalog.yaml", "--warehouse", "shop.duckdb"]
SAVED = ["--segments", "good.segql"]


def segql(*words: str, code: int = 0, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(main, list(words), input=stdin)
    assert result.exit_code == code, (result.exit_code, result.stdout, result.stderr, result.exception)
    return result


def answer(*words: str, code: int = 0) -> Any:
    return json.loads(segql(*words, "--json", code=code).stdout)


# --- counting and listing ------------------------------------------------------------------------------------------


def test_count_is_for_people_and_exact_for_machines(shop: Path) -> None:
    assert segql("count", *OWN, "placed order twice").stdout == "10 of 30 profiles (33.3 %)\n"
    found = answer("count", *OWN, "--now", "2026-02-01T00:00Z", "placed order >= 2")
    assert found == {
        "rule": "placed order >= 2", "now": "2026-02-01T00:00:00Z", "count": 10, "profiles": 30, "problems": [],
    }  # fmt: skip
    problems = answer("count", *OWN, "placed order twice")["problems"]
    assert [p.keys() for p in problems] == [{"code", "severity", "message", "hint", "file", "line", "column"}]
    assert problems[0]["severity"] == "hint"


def test_now_is_time_travel(shop: Path) -> None:
    # Without an offset: the wall clock of the catalog's zone, one hour ahead.
    for now, count in (
        ("2026-01-01T12:00Z", 0),
        ("2026-01-01T13:00", 0),
        ("2026-01-01T12:00:00.000001Z", 10),
        ("2026-01-01T13:01", 10),
    ):
        assert answer("count", *OWN, "--now", now, "placed order")["count"] == count, now


def test_a_bare_date_is_refused_with_both_spellings(shop: Path) -> None:
    said = segql("count", *OWN, "--now", "2026-02-28", "placed order", code=2).stderr
    assert "--now 2026-02-28T00:00" in said
    assert "--now 2026-03-01T00:00" in said
    assert "no day" in segql("count", *OWN, "--now", "2026-02-30", "placed order", code=2).stderr
    assert "is no instant" in segql("count", *OWN, "--now", "yesterday", "placed order", code=2).stderr


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [
        (1310, 20_000, "1,310 of 20,000 profiles (6.6 %)"),
        (0, 5, "0 of 5 profiles (0 %)"),
        (5, 5, "5 of 5 profiles (100 %)"),
        (1, 10_000, "1 of 10,000 profiles (less than 0.1 %)"),
        (9_999, 10_000, "9,999 of 10,000 profiles (more than 99.9 %)"),
        (0, 0, "0 of 0 profiles"),
        (1, 1, "1 of 1 profile (100 %)"),
    ],
)
def test_shares(count: int, of: int, said: str) -> None:
    assert shared(count, of) == said


def test_members_in_every_format(shop: Path) -> None:
    dutch = sorted(f"c{n}" for n in range(2, 31, 2))
    table = segql("members", *OWN, 'country is "NL"', "--limit", "3")
    assert table.stdout.splitlines() == ["id", "───", *dutch[:3]]
    assert "of 15 members" in table.stderr
    rows = list(csv.reader(io.StringIO(segql("members", *OWN, 'country is "NL"', "--format", "csv").stdout)))
    assert rows == [["id"], *([key] for key in dutch)]
    assert answer("members", *OWN, 'country is "NL"', "--limit", "2")["members"] == dutch[:2]
    assert json.loads(segql("members", *OWN, "no one", "--format", "json").stdout)["members"] == []
    segql("members", *OWN, 'country is "NL"', "--format", "parquet", "--output", "dutch.parquet")
    assert duckdb.execute("SELECT list(id) FROM 'dutch.parquet'").fetchall() == [(dutch,)]
    segql("members", *OWN, 'country is "NL"', "--format", "csv", "--output", "dutch.csv")
    assert (shop / "dutch.csv").read_text().splitlines() == ["id", *dutch]


def test_parquet_needs_a_file(shop: Path) -> None:
    assert "--output" in segql("members", *OWN, "everyone", "--format", "parquet", code=2).stderr


def test_output_that_cannot_be_written(shop: Path) -> None:
    assert (
        "cannot be written"
        in segql("members", *OWN, "everyone", "--format", "csv", "--output", "no/such/file", code=2).stderr
    )


def test_a_warehouse_of_files(shop: Path) -> None:
    (shop / "data").mkdir()
    with duckdb.connect(str(shop / "shop.duckdb")) as connection:
        connection.execute("COPY customers TO 'data/customers.parquet'; COPY orders TO 'data/orders.csv'")
    for place in (
        ["--warehouse", "data"],
        ["--table", "customers=data/customers.parquet", "--table", "orders=data/*.csv"],
    ):
        assert answer("count", "--catalog", "catalog.yaml", *place, "placed order")["count"] == 10


# --- where a rule comes from ---------------------------------------------------------------------------------------


def test_a_rule_comes_from_an_argument_a_file_standard_input_or_a_name(shop: Path) -> None:
    (shop / "rule.txt").write_text('-- The Dutch.\ncountry is "NL"\n')
    for words, stdin in (
        (['country is "NL"'], None), (["--file", "rule.txt"], None), (["-"], 'country is "NL"'),
        (["--file", "-"], 'country is "NL"'),
        ([*SAVED, "--segment", "dutch"], None), ([*SAVED, 'in segment "Dutch"'], None),
    ):  # fmt: skip
        assert segql("count", *OWN, *words, stdin=stdin).stdout == "15 of 30 profiles (50.0 %)\n", words


def test_parameters_are_written_as_in_a_rule(shop: Path) -> None:
    buyers = ["count", *OWN, *SAVED, "--segment", "Buyers"]
    assert answer(*buyers)["count"] == 10
    assert answer(*buyers, "--param", "wanted=3")["count"] == 0
    assert segql(*buyers, "--param", "wanted=three", code=1).stderr.startswith("error[")
    assert "--param wanted" in segql(*buyers, "--param", "wanted=three", code=1).stderr
    assert "no parameter `wantd`" in segql(*buyers, "--param", "wantd=3", code=1).stderr
    assert "NAME=VALUE" in segql(*buyers, "--param", "wanted", code=2).stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Give one rule"),
        (["everyone", "--segment", "Dutch"], "Give one rule"),
        (["--segment", "Duch", *SAVED], "Did you mean `Dutch`?"),
        (["--file", "good.segql"], "--segments good.segql --segment NAME"),
        (["--file", "nowhere.txt"], "nowhere.txt cannot be read: no such file or directory"),
        (["--segments", "nowhere", "everyone"], "does not exist"),
        (["everyone", "--table", "x"], "NAME=FILE"),
        (["everyone", "--nonsense"], "No such option"),
    ],
)
def test_usage_errors_exit_with_2(shop: Path, words: list[str], said: str) -> None:
    result = segql("count", *OWN, *words, code=2)
    assert said in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_a_warehouse_of_ones_own_needs_a_catalog(shop: Path) -> None:
    assert "--catalog FILE" in segql("count", "--warehouse", "shop.duckdb", "everyone", code=2).stderr


def test_files_that_are_no_text(shop: Path) -> None:
    (shop / "rule.txt").write_bytes(b"country is \xff")
    assert "rule.txt is not UTF-8 text (byte 12)" in segql("count", *OWN, "--file", "rule.txt", code=2).stderr


# --- what goes wrong -----------------------------------------------------------------------------------------------


def test_problems_go_to_stderr_and_exit_with_1(shop: Path) -> None:
    result = segql("count", *OWN, "placed oder and countri is set", code=1)
    assert result.stdout == ""
    assert result.stderr.count("error[unknown-name]") == 2
    assert "did you mean `placed order`?" in result.stderr


def test_problems_in_json_go_to_stdout(shop: Path) -> None:
    (shop / "rule.txt").write_text('country is "NL"\nand placed oder')
    found = answer("count", *OWN, "--file", "rule.txt", code=1)["problems"]
    assert [(p["code"], p["severity"], p["file"], p["line"], p["column"]) for p in found] == [
        ("unknown-name", "error", "rule.txt", 2, 5)
    ]
    assert "placed order" in found[0]["hint"]


def test_problems_of_a_catalog_exit_with_1(shop: Path) -> None:
    (shop / "catalog.yaml").write_text(CATALOG.replace("table: orders", "tabel: orders"))
    assert "catalog.yaml:4" in segql("count", *OWN, "everyone", code=1).stderr
    assert "cannot be read" in segql("count", "--catalog", "nowhere.yaml", "everyone", code=1).stderr


def test_a_warehouse_that_cannot_be_used_exits_with_3(shop: Path) -> None:
    own = ["--catalog", "catalog.yaml", "--warehouse"]
    result = segql("count", *own, "shp.duckdb", "everyone", code=3)
    assert "error[warehouse]: There is no file or folder shp.duckdb." in result.stderr
    assert "did you mean shop.duckdb?" in result.stderr
    found = answer("count", *own, "catalog.yaml", "everyone", code=3)["problems"]
    assert [(p["code"], p["line"]) for p in found] == [("warehouse", None)]


def test_a_table_that_is_missing_points_to_the_check(shop: Path) -> None:
    (shop / "catalog.yaml").write_text(CATALOG.replace("table: orders", "table: oders"))
    assert "segql catalog check" in segql("count", *OWN, "placed order", code=3).stderr


def test_a_broken_file_among_many_leaves_the_others_usable(shop: Path) -> None:
    (shop / "broken.segql").write_text(BROKEN)
    result = segql("count", *OWN, "--segments", ".", "--segment", "Dutch")
    assert result.stdout == "15 of 30 profiles (50.0 %)\n"
    assert "broken.segql:1:" in result.stderr
    assert answer("count", *OWN, "--segments", ".", "--segment", "Three")["count"] == 10


def test_a_bug_is_one_line_and_no_traceback(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segql.compiler.compile", lambda *_, **__: 1 / 0)
    result = segql("compile", *OWN[:2], "everyone", code=70)
    assert "This is a bug in SegQL, not in your rule (ZeroDivisionError: division by zero)." in result.stderr
    assert "/issues" in result.stderr
    assert "Traceback" not in result.stderr


def test_ctrl_c_is_quiet(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("segql.compiler.compile", stop)
    assert segql("compile", *OWN[:2], "everyone", code=130).stderr.strip() == "Stopped."


# --- texts ---------------------------------------------------------------------------------------------------------


def test_compile_prints_sql_alone(shop: Path) -> None:
    result = segql("compile", *OWN[:2], "--now", "2026-02-01T00:00Z", "placed order in 72h")
    with duckdb.connect(str(shop / "shop.duckdb")) as connection:
        assert connection.execute(result.stdout).fetchall() == []
    found = answer("compile", *OWN[:2], "--now", "2026-02-01T00:00Z", "placed order in 72h")
    assert found["sql"] == result.stdout.rstrip("\n")
    assert found["tables"] == ["customers", "orders"]
    assert (found["rule"], found["dialect"], found["problems"]) == ("placed order in 72h", "duckdb", [])
    assert "postgres" in segql("compile", "--dialect", "klingon", "vip", code=2).stderr


def test_explain_says_it_in_words_steps_and_sql(shop: Path) -> None:
    rule = 'country is "NL" and not not country is "NL"'
    found = answer("explain", *OWN[:2], rule)
    assert found.keys() == {"rule", "now", "says", "steps", "sql", "tables", "problems"}
    assert {"rewrite", "says"} == found["steps"][0].keys()
    text = segql("explain", *OWN[:2], rule).stdout
    for part in ("The rule\n", "In words\n", "Simplified\n", "SQL\n", "SELECT"):
        assert part in text


def test_check_tells_all_and_exits_by_the_worst(shop: Path) -> None:
    result = segql("check", *OWN[:2], "placed oder and countri is set", code=1)
    assert result.stdout.count("error[unknown-name]") == 2
    assert result.stdout.endswith("2 errors.\n")
    assert segql("check", *OWN[:2], "placed order").stdout == "Nothing wrong.\n"
    assert segql("check", *OWN[:2], "placed order at most 2 times").exit_code == 0
    assert answer("check", *OWN[:2], "placed order") == {"problems": []}


def test_check_of_files(shop: Path) -> None:
    assert segql("check", *OWN[:2], *SAVED).stdout == "2 segments in 1 file: nothing wrong.\n"
    (shop / "broken.segql").write_text(BROKEN)
    result = segql("check", *OWN[:2], "--segments", ".", code=1)
    assert "broken.segql:1:" in result.stdout
    assert "broken.segql:2:17" in result.stdout
    assert result.stdout.endswith("4 segments in 2 files: 2 errors.\n")
    found = answer("check", *OWN[:2], "--segments", ".", code=1)["problems"]
    assert [(Path(p["file"]).name, p["line"]) for p in found] == [("broken.segql", 1), ("broken.segql", 2)]


def test_the_example_segments_have_no_errors() -> None:
    examples = str(Path(__file__).parents[1] / "examples" / "shop")
    assert "error" not in segql("check", "--segments", examples).stdout.splitlines()[-1]


def test_format_prints_the_canonical_text() -> None:
    text = "clicked sms at least twice in 72h and never placed order in 72h"
    assert (
        segql("format", "Clicked   SMS at LEAST twice in 72 h AND placed order 0 in 72h").stdout.lower()
        == text.replace("72h", "72h") + "\n"
    )
    assert json.loads(segql("format", text, "--json").stdout) == {"text": text}
    assert "error[" in segql("format", "and and", code=1).stderr


def test_format_rewrites_files(shop: Path) -> None:
    loose = '-- The Dutch.\nsegment   "Dutch"  =  country   is "NL"\n'
    (shop / "good.segql").write_text(loose)
    assert segql("format", *SAVED, "--check", code=1).stdout == "good.segql would change\n"
    assert (shop / "good.segql").read_text() == loose
    printed = segql("format", *SAVED).stdout
    assert segql("format", *SAVED, "--write").stdout == "good.segql rewritten\n"
    assert (shop / "good.segql").read_text() == printed
    assert "-- The Dutch." in printed
    assert segql("format", *SAVED, "--check").stdout == ""
    (shop / "broken.segql").write_text(BROKEN)
    assert "broken.segql:1:" in segql("format", "--segments", ".", "--write", code=1).stderr
    assert (shop / "broken.segql").read_text() == BROKEN


# --- the catalog and the demo --------------------------------------------------------------------------------------


def test_catalog_check(shop: Path) -> None:
    assert segql("catalog", "check", *OWN).stdout == "1 event, 0 channels, 0 lists: all fits the warehouse.\n"
    text = CATALOG.replace("time: bought", "time: boght").replace("country: text", "country: date")
    (shop / "catalog.yaml").write_text(f"{text}\nmetrics:\n  spent: sum of totl of placed order\n")
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


# --- as a process --------------------------------------------------------------------------------------------------

PROGRAM = [sys.executable, "-c", "from segql.cli import main; main(prog_name='segql')"]


@pytest.mark.parametrize(
    "command", [[], *([name] for name in main.commands), ["catalog", "check"], ["catalog", "schema"]]
)
def test_help_teaches_by_example(command: list[str]) -> None:
    said = segql(*command, "--help").stdout
    assert "\n    segql " in said or command == ["catalog"]
    assert max(map(len, said.splitlines())) <= 80


def test_version() -> None:
    from segql import __version__

    assert segql("--version").stdout == f"segql {__version__}\n"


def test_a_closed_pipe_is_quiet() -> None:
    program = " ".join(f"'{word}'" if " " not in word else f'"{word}"' for word in PROGRAM)
    done = subprocess.run(
        ["bash", "-c", f"{program} catalog schema | head -1; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("{\n", "", 0)


def test_no_colour_where_nobody_sees_it(shop: Path) -> None:
    done = subprocess.run([*PROGRAM, "check", "placed oder"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of POSIX")
@pytest.mark.parametrize("no_color", [False, True])
def test_colour_on_a_terminal_unless_asked_not_to(no_color: bool) -> None:
    import pty

    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", **({"NO_COLOR": "1"} if no_color else {})}
    if not no_color:
        environment.pop("NO_COLOR", None)
    done = subprocess.run(
        [*PROGRAM, "check", "placed oder"], stdout=follower, stderr=follower, env=environment, check=False
    )
    os.close(follower)
    text = os.read(leader, 100_000).decode()
    assert done.returncode == 1
    assert ("\x1b[" in text) is not no_color
