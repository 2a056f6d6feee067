"""A catalog is proposed in a session: by `\\catalog init`, and at the first start on a warehouse that has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest

from segql.console.setup import Setup
from segql.repl.proposing import first_catalog
from segql.repl.state import State

from ..repl.sessions import begun, make_shop, refused, said
from . import shops


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return shops.duckdb_file(tmp_path / "own.duckdb", shops.SHOP)


@pytest.fixture
def state(tmp_path: Path, place: str) -> Iterator[State]:
    state = begun(make_shop(tmp_path))
    yield state
    state.project.result().opened.close()


def test_a_session_goes_on_with_what_was_proposed(state: State, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    state = said(state, f"\\catalog init {place}", "placed order")
    out, err = capsys.readouterr()
    assert "of 120 profiles" in out
    assert "catalog.yaml: " in err
    assert "Asking catalog.yaml" in err
    assert state.setup.segments == ("starter.segql",)
    said(state, 'in segment "VIP"')


def test_a_file_that_is_there_is_not_replaced(state: State, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("catalog.yaml").write_text("mine", encoding="utf-8")
    assert "catalog.yaml is there already" in refused(state, f"\\catalog init {place}", capsys)
    assert Path("catalog.yaml").read_text(encoding="utf-8") == "mine"


def test_the_first_start_offers_a_catalog(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = Setup(warehouse=place)
    monkeypatch.setattr(click, "confirm", lambda text, err: False)
    assert first_catalog(bare) == bare
    assert not Path("catalog.yaml").exists()
    monkeypatch.setattr(click, "confirm", lambda text, err: True)
    assert first_catalog(bare) == replace(bare, catalog="catalog.yaml", segments=("starter.segql",))
    assert first_catalog(bare) == bare
    assert "catalog.yaml is here: --catalog catalog.yaml asks with it." in capsys.readouterr().err
    Path("catalog.yaml").unlink()
    Path("starter.segql").unlink()
    nowhere = Setup(warehouse="nowhere.duckdb")
    assert first_catalog(nowhere) == nowhere
    assert "There is no file or folder nowhere.duckdb" in capsys.readouterr().err
