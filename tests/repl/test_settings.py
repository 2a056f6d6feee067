"""Settings from files and what wins; a session without a terminal; secrets; what is broken at the start."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from segql.__main__ import session
from segql.cli import main
from segql.console.setup import Setup, expanded, with_settings
from segql.errors import SegQLError
from segql.repl.loop import reopened
from segql.repl.state import State
from segql.settings import config_folder, read_settings
from segql.warehouse import shown

from .sessions import make_shop

pytestmark = pytest.mark.usefixtures("demo_cache")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    make_shop(tmp_path)
    return tmp_path


PROJECT = 'catalog = "catalog.yaml"\nwarehouse = "shop.duckdb"\nsegments = "segments"\n'


def piped(text: str, *words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(main, list(words), input=text, obj=session)
    return done.exit_code, done.stdout, done.stderr


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_project_says_what_is_asked(folder: Path) -> None:
    (folder / "segql.toml").write_text(PROJECT)
    assert piped('country is "NL"\nin segment Buyers\n') == (
        0, "15 of 30 profiles (50.0 %)\n10 of 30 profiles (33.3 %)\n", "",
    )  # fmt: skip
    assert CliRunner().invoke(main, ["count", 'country is "NL"']).stdout == "15 of 30 profiles (50.0 %)\n"


def test_a_project_holds_for_the_folders_in_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "segql.toml").write_text(PROJECT)
    (folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(folder / "deep" / "er")
    assert piped("everyone\n")[1] == "30 of 30 profiles (100 %)\n"


def test_what_wins(folder: Path) -> None:
    (config_folder()).mkdir(parents=True)
    (config_folder() / "config.toml").write_text('editing = "vi"\nlimit = 5\ndialect = "postgres"\n')
    (folder / "segql.toml").write_text(PROJECT + 'dialect = "bigquery"\n')
    settings = read_settings()
    assert (settings.editing, settings.limit, settings.text("dialect")) == ("vi", 5, "bigquery")
    assert with_settings(Setup(), settings).warehouse == "shop.duckdb"
    given = Setup(catalog="other.yaml", warehouse="other.duckdb")
    assert with_settings(given, settings) == given
    assert "TIMESTAMPTZ" not in CliRunner().invoke(main, ["compile", "placed order in 90d"]).stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("catalog = ", "segql.toml is not TOML"),
        ("colour = 'red'", "there is no setting `colour`"),
        ("catalog = 3", "`catalog` should be text in quotes"),
        ("editing = 'nano'", '`editing` is "emacs" or "vi"'),
        ("limit = true", "`limit` should be a whole number"),
        ("limit = -3", "`limit` is a number of rows, 1 or more"),
        ("limit = 0", "`limit` is a number of rows, 1 or more"),
        ("dialect = 'klingon'", "`dialect` is one of duckdb"),
        ("segments = ''", "`segments` is empty"),
    ],
)
def test_a_broken_file_is_said_and_left_out(folder: Path, text: str, said: str) -> None:
    (folder / "segql.toml").write_text(text)
    code, out, err = piped("everyone\n", "--catalog", "catalog.yaml", "--warehouse", "shop.duckdb")
    assert (code, out) == (0, "30 of 30 profiles (100 %)\n")
    assert said in err


def test_a_broken_catalog_is_said_at_the_rule(folder: Path) -> None:
    (folder / "catalog.yaml").write_text("profiles: {tabel: customers}\n")
    code, out, err = piped("everyone\n", "--catalog", "catalog.yaml", "--warehouse", "shop.duckdb")
    assert (code, out) == (1, "")
    assert "tabel" in err


# --- secrets -------------------------------------------------------------------------------------------------------


def test_secrets_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "p@ss/word")
    assert expanded("postgresql://ann:${SHOP_PASSWORD}@host/shop") == "postgresql://ann:p%40ss%2Fword@host/shop"
    monkeypatch.setenv("SHOP_URL", "postgresql://ann:pw@host/shop")
    assert expanded("${SHOP_URL}") == "postgresql://ann:pw@host/shop"
    with pytest.raises(click.UsageError, match="NOWHERE_SET"):
        expanded("postgresql://ann:${NOWHERE_SET}@host/shop")


def test_a_secret_is_never_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_PASSWORD", "hunter2")
    (folder / "segql.toml").write_text(
        'catalog = "catalog.yaml"\nwarehouse = "postgresql://ann:${SHOP_PASSWORD}@127.0.0.1:1/shop"\n'
    )
    code, out, err = piped("everyone\n\\warehouse\n\\set\n")
    assert code == 1
    assert "hunter2" not in out + err
    assert "hunter2" not in shown("postgresql://ann:hunter2@127.0.0.1:1/shop")


class Keyring:
    """What `import keyring` gives where it is installed."""

    @staticmethod
    def get_password(service: str, name: str) -> str | None:
        return {("segql", "shop"): "p@ss/word-hunter2"}.get((service, name))


def test_secrets_come_from_a_keyring_and_go_nowhere_else(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://ann:${keyring:shop}@127.0.0.1:1/shop"
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(click.UsageError, match="pip install keyring"):
        expanded(url)
    monkeypatch.setitem(sys.modules, "keyring", Keyring)
    assert expanded(url) == "postgresql://ann:p%40ss%2Fword-hunter2@127.0.0.1:1/shop"
    with pytest.raises(click.UsageError, match="keyring set segql ship"):
        expanded("postgresql://ann:${keyring:ship}@127.0.0.1:1/shop")
    (folder / "segql.toml").write_text(f'catalog = "catalog.yaml"\nwarehouse = "{url}"\n')
    code, out, err = piped(f"everyone\n\\warehouse {url}\n\\set\n\\warehouse\n")
    assert (code, "127.0.0.1:1" in err, "word" in out + err) == (1, True, False), out + err
    done = CliRunner().invoke(main, ["count", "everyone", "--catalog", "catalog.yaml", "--warehouse", url])
    assert (done.exit_code, "127.0.0.1:1" in done.output, "word" in done.output) == (3, True, False), done.output


def test_what_opens_no_warehouse_needs_no_secret(folder: Path) -> None:
    (folder / "segql.toml").write_text(
        'catalog = "catalog.yaml"\nwarehouse = "postgresql://ann:${NOWHERE_SET}@127.0.0.1:1/shop"\n'
    )
    assert CliRunner().invoke(main, ["compile", "everyone"]).exit_code == 0
    done = CliRunner().invoke(main, ["count", "everyone"])
    assert (done.exit_code, "NOWHERE_SET" in done.output) == (2, True)


# --- without a terminal --------------------------------------------------------------------------------------------


def test_rules_from_a_pipe(folder: Path) -> None:
    code = "from segql.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--catalog", "catalog.yaml", "--warehouse", "shop.duckdb"],
        input='country is "NL"\n  and placed order\n\n\\members 1\n\\q\neveryone\n', capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "5 of 30 profiles (16.7 %)\nid\n───\nc10\n")
    assert "showing 1 of 5" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr


def test_a_pipe_ends_with_1_when_something_was_wrong(folder: Path) -> None:
    code, out, err = piped("placed oder\neveryone\n", "--catalog", "catalog.yaml", "--warehouse", "shop.duckdb")
    assert (code, out) == (1, "30 of 30 profiles (100 %)\n")
    assert "placed oder" in err


def test_options_go_behind_a_command() -> None:
    for command in ("count", "catalog check", "catalog schema", "catalog"):
        code, _, err = piped("", "--catalog", "catalog.yaml", *command.split())
        assert code == 2
        assert f"Options go behind the command: segql {command} --catalog FILE .." in err


def test_a_session_loads_prompt_toolkit_only_at_a_terminal(folder: Path) -> None:
    code = (
        "import sys; sys.argv = ['segql', 'compile', 'vip']\nfrom segql.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\nassert 'prompt_toolkit' not in sys.modules, 'loaded'"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_what_was_broken_at_the_start_is_tried_again(folder: Path) -> None:
    catalog = folder / "catalog.yaml"
    whole = catalog.read_text()
    catalog.write_text("timezone: Mars\n")
    state = State(Setup(catalog=str(catalog), warehouse=str(folder / "shop.duckdb")), Future())
    state.project.set_exception(OSError("not yet"))
    assert reopened("\\help", state) is state
    assert isinstance(reopened("everyone", state).project.exception(), SegQLError)
    catalog.write_text(whole)
    assert reopened("\\count everyone", state).project.result().catalog.events
