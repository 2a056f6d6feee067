"""What loads what: `import segql` stays light, and `segql --version` quicker still."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

HEAVY = ["click", "duckdb", "lark", "pydantic", "rich", "sqlglot", "yaml"]
SELDOM = {"difflib", "lzma", "platformdirs", "random", "shutil", "tempfile", "tomllib"}
"""What a command needs where a mistake is mended, a file is written, settings are read."""


def loaded_by(code: str) -> set[str]:
    """The packages that a fresh Python has loaded after some code."""
    end = "\nimport sys, json\nprint(json.dumps([name.split('.')[0] for name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code + end], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_library_needs_no_command_line_and_no_warehouse() -> None:
    loaded = loaded_by("import segql; [getattr(segql, name) for name in segql.__all__]")
    assert "segql" in loaded
    assert loaded.isdisjoint({"click", "duckdb", "rich", "prompt_toolkit"})


def test_dir_lists_the_public_names() -> None:
    import segql

    assert set(segql.__all__) <= set(dir(segql))
    assert all(getattr(segql, name) for name in dir(segql))
    assert not any(name.startswith("_") for name in dir(segql) if name != "__version__")


def test_compiling_loads_no_warehouse() -> None:
    code = """
from segql import catalog_from_yaml, compile
compile("vip", catalog_from_yaml("profiles: {table: t, key: k, properties: {vip: boolean}}"))
"""
    assert loaded_by(code).isdisjoint({"click", "duckdb", "rich"})


def test_each_command_loads_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    asked = {
        "compile everyone": {"click", "lark", "pydantic", "sqlglot", "yaml"},
        # Grammar and catalog are kept by now.
        "compile 'no one'": {"click", "sqlglot"}, "format everyone": {"click"}, "--version": set(),
    }  # fmt: skip
    for words, needed in asked.items():
        code = f"""
import sys
sys.argv = ["segql", *{shlex.split(words)}]
from segql.__main__ import main
try:
    main()
except SystemExit as end:
    assert end.code in (0, None), end.code
"""
        loaded = loaded_by(code)
        assert loaded & set(HEAVY) == needed, words
        if needed <= {"click"}:
            assert not loaded & SELDOM, words


def test_a_dialect_is_loaded_when_it_is_asked_for() -> None:
    code = """
import sys
from segql import catalog_from_yaml, compile
compile("vip", catalog_from_yaml("profiles: {table: t, key: k, properties: {vip: boolean}}"))
print("\\n".join(name for name in sys.modules if "dialects." in name))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.rpartition(".")[2] for name in done.stdout.split()}
    assert "duckdb" in loaded
    assert loaded.isdisjoint({"bigquery", "clickhouse", "mysql", "postgres", "snowflake", "spark", "sqlite", "trino"})


def test_type_checkers_read_the_package() -> None:
    assert (files("segql") / "py.typed").is_file()


def test_what_duckdb_says_for_others_is_read_when_it_is_asked_for() -> None:
    code = """
import sqlglot.expressions as exp
from segql.catalog.sql import load_duckdb
{load}
from sqlglot.generators.duckdb import DuckDBGenerator as own
print(sum(not isinstance(one, exp.Expr) for one in vars(own).values() if type(one).__name__ == "_Template"))
print(sorted((name, getattr(own, name).sql("duckdb")) for name in dir(own) if name.endswith("_TEMPLATE")))
print(exp.maybe_parse("1").sql())
"""
    later, at_once = (
        subprocess.run([sys.executable, "-c", code.format(load=load)], capture_output=True, text=True, check=True)
        for load in ("load_duckdb()", "")
    )
    waiting, *same = later.stdout.splitlines()
    assert int(waiting) > 5
    assert same == at_once.stdout.splitlines()[1:]
