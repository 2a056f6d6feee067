"""What `segql catalog init` makes of the layouts and the invented warehouses: the first columns of the table in
docs/catalog.md. What is wrong in a file, a person says.

    python -m tests.discovery.figures
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from time import perf_counter

from ..cli.command_line import segql
from . import inventions, shops
from .layout_tables import EXAMPLES

WAREHOUSES = {
    **{f"`{name}`": example.sql for name, example in EXAMPLES.items()},
    "an app's database": inventions.APP, "a cinema's": inventions.CINEMA, "facts and dimensions": inventions.FACTS,
}  # fmt: skip


def main() -> None:
    segql("--version")  # what is imported once is no part of the first row
    for name, sql in WAREHOUSES.items():
        with tempfile.TemporaryDirectory() as folder:
            place, file = shops.duckdb_file(Path(folder, "w.duckdb"), sql), Path(folder, "catalog.yaml")
            start = perf_counter()
            segql("catalog", "init", place, "-o", str(file))
            seconds, text = perf_counter() - start, file.read_text(encoding="utf-8")
        tables = len(re.findall(r"CREATE TABLE", sql))
        guesses, questions = text.count("# Guess:"), text.count("# Question:")
        print(f"| {name} | {tables} | {seconds:.1f} s | {len(text.splitlines())} | {guesses - 1}, {questions} |")


if __name__ == "__main__":
    main()
