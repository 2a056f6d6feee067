"""The written laws of the house are law: who breaks one in a copy of it is told."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package and its laws, to break."""
    shutil.copytree(ROOT / "segql", tmp_path / "segql", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("grammar", "examples"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def add(path: Path, line: str) -> None:
    """The line behind the module's first import from the package."""
    text = path.read_text(encoding="utf-8")
    place = re.search(r"^from __future__ import annotations\n", text, re.MULTILINE)
    assert place is not None
    path.write_text(f"{text[: place.end()]}{line}\n{text[place.end() :]}", encoding="utf-8")


def test_stages_import_what_is_before_them(copy: Path) -> None:
    breaches = {
        "emitter/places.py": ("from ..evaluator import Shop", "What makes the SQL takes nothing from the evaluator"),
        "evaluator/dates.py": ("from ..planner import plan", "The evaluator takes nothing from what it judges"),
        "parser/builders/heads.py": ("from ...formatter import format", "A stage imports only the stages before it"),
        "binder/windows.py": ("from ..optimizer import optimize", "A stage imports only the stages before it"),
        "dialects/spark.py": ("from ..describer import describe", "A stage imports only the stages before it"),
    }
    for path, (line, _) in breaches.items():
        add(copy / "segql" / path, line)
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    said = re.sub(r"\x1b\[[\d;]*m", "", done.stdout)  # some versions colour what nobody sees
    for path, (line, law) in breaches.items():
        assert re.search(rf"^{re.escape(law)}.* BROKEN$", said, re.MULTILINE), law
        importer = f"segql.{path.removesuffix('.py').replace('/', '.')}"
        imported = f"segql.{line.split()[1].lstrip('.')}"
        assert f"{importer} -> {imported}" in said, said


PROBE = '''
@dataclass(frozen=True, slots=True)
class Probe:
    """A condition that nobody knows yet."""

    of: Occurrences
    span: Span = span_()


'''
UNION, LISTED = "Condition: TypeAlias = (\n    ", "\n\nListed: TypeAlias = "


@pytest.mark.long
def test_the_type_checker_lists_what_a_new_condition_needs(copy: Path) -> None:
    """As the recipe in CONTRIBUTING.md says."""
    path = copy / "segql" / "conditions" / "leaves.py"
    text = path.read_text(encoding="utf-8")
    assert text.count(UNION) == 1
    path.write_text(text.replace(UNION, f"{PROBE.lstrip()}{UNION}Probe | "), encoding="utf-8")
    shapes = copy / "segql" / "planner" / "shapes.py"
    text = shapes.read_text(encoding="utf-8")
    assert text.count(LISTED) == 1
    shapes.write_text(text.replace(LISTED, f"{LISTED}Probe | "), encoding="utf-8")
    add(shapes, "from ..conditions.leaves import Probe")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "segql"], cwd=copy, capture_output=True, text=True, check=False
    )
    named = {line.split(":")[0].removeprefix("segql/") for line in done.stdout.splitlines() if ": error:" in line}
    recipe = (
        (ROOT / "CONTRIBUTING.md")
        .read_text(encoding="utf-8")
        .split("### A new condition", 1)[1]
        .split("\n## Habits")[0]
    )
    rows = "\n".join(line for line in recipe.split("\n") if line.startswith("|"))
    listed = set(re.findall(r"`segql/([\w/]+\.py)`", rows))
    assert named == listed, done.stdout
    assert len([one for one in named if not one.startswith("conditions/")]) <= 9


def recipe(title: str) -> dict[str, str]:
    """The files that a recipe of docs/recipes.md shows, by their paths."""
    text = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    part = text[text.index(f"## {title}\n") :].split("\n## ")[0]
    return dict(re.findall(r"^```text\n# (segql/\S+)\n(.*?)^```", part, re.MULTILINE | re.DOTALL))


def run(copy: Path, code: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=copy, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(copy)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_dialect_is_one_file_and_a_line(copy: Path) -> None:
    for path, text in recipe("A dialect").items():
        (copy / path).write_text(text, encoding="utf-8")
    rooms = copy / "segql" / "dialects" / "__init__.py"
    text = rooms.read_text(encoding="utf-8")
    assert text.count("_HOME = {\n") == 1
    rooms.write_text(text.replace("_HOME = {\n", '_HOME = {\n    "materialize": "materialize",\n'), encoding="utf-8")
    catalog = "profiles: {table: t, key: k, properties: {vip: boolean}}"
    code = """
import segql, sys
catalog = segql.catalog_from_yaml(sys.argv[1])
texts = (segql.compile("vip", catalog, dialect=name).sql.split("\\n", 4)[-1] for name in ("postgres", "materialize"))
print(segql.__file__, *texts, sep="|")
"""
    where, postgres, materialize = run(copy, code, catalog).split("|")
    assert where.startswith(str(copy))
    assert postgres.strip() == materialize.strip() != ""


def test_a_command_is_one_function_and_a_line(copy: Path) -> None:
    for path, text in recipe("A command").items():
        (copy / path).write_text(text, encoding="utf-8")
    line = re.search(r"`(\"names\": \"names:names\",)`", (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8"))
    assert line is not None
    commands = copy / "segql" / "cli" / "__init__.py"
    text = commands.read_text(encoding="utf-8")
    commands.write_text(text.replace("COMMANDS = {\n", f"COMMANDS = {{\n    {line[1]}\n"), encoding="utf-8")
    assert "placed order\n" in run(copy, "from segql.__main__ import main; main()", "names").lower()


def test_the_tour_takes_ten_minutes() -> None:
    """At 240 words a minute, as people read."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("ten minutes")[0]
    files = [*re.findall(r"`([\w/]+\.(?:md|py))`", text)]
    case = re.search(r"`([\w/-]+\.segql-case)`", text)
    assert case is not None
    words = [len((ROOT / file).read_text(encoding="utf-8").split()) for file in [*files, f"tests/cases/{case[1]}"]]
    assert len(words) == 3
    assert sum(words) <= 2_400, words


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The public functions of a module and the public methods of its public classes, by their names."""

    def within(body: list[ast.stmt], before: str) -> Iterator[tuple[str, ast.FunctionDef]]:
        for node in body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                if isinstance(node, ast.ClassDef):
                    yield from within(node.body, f"{before}{node.name}.")
                else:
                    yield f"{before}{node.name}", node

    yield from within(ast.parse(path.read_text(encoding="utf-8")).body, "")


def test_public_functions_say_what_they_do() -> None:
    """In a docstring. What a driver does for `Connection` is said there, and of overloads the last one says it."""
    package = ROOT / "segql"
    connection = [name for name, _ in functions(package / "warehouse" / "connection.py") if name.startswith("Connec")]
    driven = {name.partition(".")[2] for name in connection}
    assert len(driven) > 10
    silent = []
    for path in sorted(package.rglob("*.py")):
        for name, node in functions(path):
            overload = any(ast.unparse(one) == "overload" for one in node.decorator_list)
            of_driver = path.parent.name == "warehouse" and name.partition(".")[2] in driven
            if not (overload or of_driver or ast.get_docstring(node)):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {name}")
    assert silent == []


MUTUAL = {
    "segql.ast.comparisons": {"segql.ast.phrases"},
    "segql.catalog.parts": {"segql.catalog.shapes"},
    "segql.formatter.layout": {"segql.formatter.phrases"},
}
"""A phrase holds comparisons, a comparison a phrase; a part is validated by its shape, which is made of its fields;
what is between boolean operands is printed as they are.
"""


def test_imports_run_in_no_circle() -> None:
    """Also those within a function, and those for types alone."""
    graph = grimp.build_graph("segql", cache_dir=None)
    imports = {
        module: graph.find_modules_directly_imported_by(module) - MUTUAL.get(module, set()) for module in graph.modules
    }
    TopologicalSorter(imports).prepare()  # a CycleError names the circle
    for module, others in MUTUAL.items():
        assert others <= graph.find_modules_directly_imported_by(module)


def test_instants_in_sql_have_their_seconds() -> None:
    """DuckDB 1.4, which is allowed, reads none without them where there is a zone."""
    short = re.compile(r"TIMESTAMPTZ '[^']*[ T]\d\d:\d\d(Z|[+-]\d\d(:\d\d)?)'")
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "segql").rglob("*.py"), *(ROOT / "docs").rglob("*.md")]
    assert [str(file.relative_to(ROOT)) for file in files if short.search(file.read_text(encoding="utf-8"))] == []
