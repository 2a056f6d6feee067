"""Every fenced block of README.md and docs/ is true: commands print what is shown, code runs, languages parse."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
import sqlglot

from segql import catalog_from_yaml, parser

from .documents import Block, blocks, matches, run_console
from .warm import script

ROOT = Path(__file__).parents[2]
FILES = [file for file in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if file.is_file()]
BLOCKS = [block for file in FILES for block in blocks(file)]
LANGUAGES = ("console", "python", "segql", "yaml", "sql", "text", "json", "sh", "")


def of(*languages: str) -> list[object]:
    return [pytest.param(block, id=str(block)) for block in BLOCKS if block.language in languages]


def test_blocks_name_a_language_that_is_checked() -> None:
    assert [str(block) for block in BLOCKS if block.language not in LANGUAGES] == []


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The `segql` command of this Python, 80 columns, no colours."""
    paths = [str(Path(sys.executable).parent), os.environ["PATH"]]
    python_path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PATH": os.pathsep.join(paths), "PYTHONPATH": python_path, "COLUMNS": "80", "NO_COLOR": "1"}


@pytest.fixture(scope="session")
def program(environment: dict[str, str]) -> Iterator[str]:
    """What stands for the `segql` of this Python, started already."""
    with tempfile.TemporaryDirectory() as place:
        door = Path(place, "door")
        command = [sys.executable, "-m", "tests.docs.warm", str(door)]
        with Popen(command, stdin=PIPE, stdout=PIPE, cwd=ROOT, env=environment) as warm:
            assert warm.stdout is not None
            assert warm.stdout.readline() == b"ready\n"
            yield script(door)
            warm.communicate()


@pytest.fixture
def folder(tmp_path: Path, program: str) -> Path:
    """An empty folder that sees the repository's examples."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "bin").mkdir()
    segql = tmp_path / "bin" / "segql"
    segql.write_text(program)
    segql.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("block", of("console"))
def test_console(block: Block, folder: Path, environment: dict[str, str], update: bool) -> None:
    """Commands print what is shown; `pytest tests/docs/test_docs.py --update` writes what they print."""
    for file in blocks(block.file):  # files that the document tells to write: ```yaml catalog.yaml
        if file.note and file.line < block.line:
            (folder / file.note).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.note).write_text(file.text, encoding="utf-8")
    path = f"{folder / 'bin'}{os.pathsep}{environment['PATH']}"
    should_be = run_console(block, folder, {**environment, "PATH": path})
    if update and should_be != block.text:
        block.file.write_text(block.file.read_text(encoding="utf-8").replace(block.text, should_be), encoding="utf-8")
    else:
        assert block.text == should_be, f"{block}; --update would write it"


@pytest.mark.parametrize(
    "file", [pytest.param(f, id=f.name) for f in FILES if any(b.language == "python" for b in blocks(f))]
)
def test_python(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a file run in order, from the repository's folder; `>>>` examples print what they say."""
    import doctest

    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {"__name__": "document"}
    for block in blocks(file):
        if block.language != "python":
            continue
        if ">>>" in block.text:
            test = doctest.DocTestParser().get_doctest(block.text, names, str(block), str(file), block.line)
            result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, clear_globs=False)
            names = test.globs
            assert result.failed == 0, f"{block} prints something else"
        else:
            exec(compile(block.text, str(block), "exec"), names)


@pytest.mark.parametrize("block", of("segql"))
def test_segql(block: Block) -> None:
    """Definitions parse, or else each paragraph as a rule. Where a document shows mistakes, it says `segql wrong`."""
    if block.note == "wrong":
        return
    if any(line.startswith(("segment", "let")) for line in block.text.splitlines()):
        parser.parse_definitions(block.text, str(block))
        return
    for paragraph in block.text.strip().split("\n\n"):
        parser.parse_rule(paragraph, str(block))


@pytest.mark.parametrize("block", of("yaml"))
def test_yaml(block: Block) -> None:
    """Whole catalogs load; parts are YAML."""
    import yaml

    if block.note == "wrong":
        return
    data = yaml.safe_load(block.text)
    assert data is not None
    if isinstance(data, dict) and "profiles" in data:
        catalog_from_yaml(block.text, str(block))


@pytest.mark.parametrize("block", of("sql"))
def test_sql(block: Block) -> None:
    assert all(sqlglot.parse(block.text, dialect="duckdb"))


def test_the_readme_links_every_page() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {page.name for page in (ROOT / "docs").glob("*.md") if f"(docs/{page.name})" not in text} == set()


def test_dots_stand_for_anything() -> None:
    assert matches("a\nb\nc", "a\n...\nc")
    assert matches("a\nc", "a\n...\nc")
    assert matches("took 12 ms", "took ... ms")
    assert not matches("a\nb", "a")
    assert not matches("a", "a\nb")
    assert matches("", "")


@pytest.mark.parametrize("file", [*FILES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"], ids=lambda file: file.name)
def test_links_lead_somewhere(file: Path) -> None:
    """To a file of the repository, and to a heading in it."""
    for target in re.findall(r"\]\(([^)\s]+)\)", without_blocks(file)):
        if not target.startswith("https:"):
            path, _, heading = target.partition("#")
            there = (file.parent / path).resolve() if path else file
            assert there.exists(), target
            assert not heading or heading in anchors(there), target


def without_blocks(file: Path) -> str:
    return re.sub(r"^(`{3,}).*?^\1", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(file: Path) -> set[str]:
    """The names that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", without_blocks(file), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
