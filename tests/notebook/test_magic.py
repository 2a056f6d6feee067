"""`%%segql` as a notebook has it: a shell of IPython in the process, and a kernel of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import segql
from segql.notebook import Members

pytest.importorskip("IPython")
CATALOG = "profiles: {table: people, key: id, properties: {country: text, born: date}}\n"
PEOPLE = "id,country,born\nann,NL,1990-05-17\nbob,BE,\ncem,<b>,2001-01-01\n"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from IPython.core.interactiveshell import InteractiveShell

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("HOME", str(tmp_path))
    Path("catalog.yaml").write_text(CATALOG, encoding="utf-8")
    Path("people.csv").write_text(PEOPLE, encoding="utf-8")
    made = InteractiveShell()
    made.run_line_magic("load_ext", "segql")
    made.run_line_magic("segql", "--catalog catalog.yaml --warehouse people.csv")
    yield made
    made.history_manager.end_session()


def asked(shell: Any, cell: str) -> Any:
    done = shell.run_cell(cell)
    assert done.success, done.error_in_exec
    return done.result


def test_a_rule_is_a_table(shell: Any) -> None:
    found = asked(shell, '%segql --columns "country, born" country is "NL" or born is empty')
    assert isinstance(found, Members)
    assert (found.members, found.profiles, [row[0] for row in found.rows]) == (2, 3, ["ann", "bob"])
    assert repr(found).splitlines()[0] == "2 of 3 profiles (66.7 %)"
    shown = asked(shell, "%%segql --columns country\neveryone")._repr_html_()
    assert "<td>&lt;b&gt;</td>" in shown
    assert "<td><b>" not in shown
    assert "(the first 1)" in repr(asked(shell, "%segql --limit 1 everyone"))


def test_a_name_and_a_form(shell: Any) -> None:
    assert asked(shell, '%%segql -o people --format df --columns "country"\neveryone') is None
    assert asked(shell, "list(people.columns), len(people)") == (["id", "country"], 3)
    assert asked(shell, "%segql --format arrow --limit 2 everyone").column_names == ["id"]
    born = asked(shell, "%segql --format arrow --columns born everyone")
    assert born["born"].to_pylist()[1] is None
    assert asked(shell, '%segql --format df country is "XX"').empty


def test_definitions_stay(shell: Any) -> None:
    found = asked(shell, '%%segql\n-- ours\nsegment "Dutch" = country is "NL"')
    assert (found.members, found.profiles) == (1, 3)
    assert asked(shell, '%segql not in segment "Dutch"').members == 2
    assert asked(shell, '%%segql\nsegment "A" = everyone\nsegment "B" = in segment "Dutch"') == {"A": 3, "B": 1}
    assert asked(shell, '%%segql\nsegment "Dutch" = country is "BE"').rows == (("bob",),)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('%segql contry is "NL"', "did you mean `country`?"),
        ('%%segql\nsegment "A" = contry is "NL"', "did you mean `country`?"),
        ("%segql --warehouse none.csv --catalog catalog.yaml everyone", "There is no file or folder none.csv"),
        ("%segql --columns nothing everyone", "nothing"),
    ],
)
def test_a_mistake_has_no_traceback(cell: str, said: str, shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    done = shell.run_cell(cell)
    out = capsys.readouterr().out
    assert not done.success
    assert said in out
    assert "\x1b[31m" in out
    assert "Traceback" not in out
    assert asked(shell, "%segql everyone").members == 3


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%segql --colour x everyone", "There is no option --colour."), ("%segql --limit", "--limit wants a value."),
        ("%segql --limit x everyone", "--limit is a whole number"), ("%segql --format xml everyone", "--format is"),
        ("%segql --limit ² everyone", "--limit is a whole number"), ("%segql -o class everyone", "a name of Python's"),
        ("%segql -o 3x everyone", "a name of Python's"), ("%%segql everyone\nno one", "options alone"),
        ("%segql --warehouse people.csv", "needs its catalog"),
    ],
)  # fmt: skip
def test_a_wrong_option_says_the_right_ones(
    cell: str, said: str, shell: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not shell.run_cell(cell).success
    shown = capsys.readouterr()
    assert said in shown.err + shown.out
    assert "Traceback" not in shown.err + shown.out


def test_help(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(shell, "%segql") is None
    assert "--format table|arrow|df" in capsys.readouterr().out
    assert "load_ipython_extension" not in dir(segql)


@pytest.mark.long
def test_a_kernel_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    monkeypatch.setenv("PYTHONPATH", str(Path(segql.__file__).parents[1]))
    (tmp_path / "catalog.yaml").write_text(CATALOG, encoding="utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    cells = [
        "%load_ext segql\n%segql --catalog catalog.yaml --warehouse people.csv",
        '%%segql -o dutch --format df\ncountry is "NL"', "len(dutch)", '%segql country is "NL"', "%segql contry is 3",
    ]  # fmt: skip
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(book, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    with pytest.raises(CellExecutionError, match="contry"):
        client.execute()
    count, table, wrong = (cell.outputs[-1] for cell in book.cells[2:])
    assert count["data"]["text/plain"] == "1"
    assert "<td>ann</td>" in table["data"]["text/html"]
    assert wrong["output_type"] == "error"
    assert "did you mean" in "\n".join(wrong["traceback"])
    assert "Traceback" not in "\n".join(wrong["traceback"])
