"""What is answered about a rule, for a command and for a session alike: the explanation, the list of members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

import click

from .output import as_data, painted, sql_text, stream_json

if TYPE_CHECKING:
    from ..catalog import Catalog
    from ..compiler import Compiled, Given, Meaning

FEW = 20
"""How many members a table shows, unless somebody says it."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule in plain English: what it `says`, and what it says after each rewrite, by the rewrite's name."""

    done: Compiled
    says: str
    steps: tuple[tuple[str, str], ...]


def explained(rule: Given, catalog: Catalog, **keywords: Any) -> Explained:
    """A rule explained. The keywords are those of `segql.compile`. Raises SegQLError."""
    from .. import describer, optimizer
    from ..compiler import compile

    done = compile(rule, catalog, **keywords)
    meaning = done.meaning
    steps = tuple(
        (name, describer.describe(tree, catalog, meaning.now, meaning.sample))
        for name, tree in optimizer.steps(meaning.bound)
    )
    return Explained(done, describer.describe(meaning.bound, catalog, meaning.now, meaning.sample), steps)


def explained_data(found: Explained) -> dict[str, Any]:
    """The explanation for machines."""
    return {
        **said(found.done.meaning),
        "says": found.says,
        "steps": [{"rewrite": name, "says": says} for name, says in found.steps],
        "sql": found.done.sql,
        "tables": list(found.done.tables),
        **problems_data(found.done.meaning),
    }


def explained_text(found: Explained) -> str:
    """The explanation for people, with colours."""
    parts = [_section("The rule", found.done.text), _section("In words", found.says)]
    if problems := found.done.problems:
        parts.append(click.style("Worth knowing", bold=True) + "\n" + "".join(f"{painted(p)}\n\n" for p in problems))
    if found.steps:
        parts.append(_section("Simplified", "\n".join(_steps(found))))
    parts.append(click.style("SQL", bold=True) + "\n" + sql_text(found.done.sql))
    return "".join(parts)


def _steps(found: Explained) -> Iterable[str]:
    """Each rewrite, and what the rule says after it where the words changed."""
    before = found.says
    for rewrite, says in found.steps:
        # Without the line about the clock, which every description begins with.
        words = [f"  {line}" for line in says.split("\n")[1:]] if says != before else []
        before = says
        yield "\n".join((rewrite + ":" * bool(words), *words))


def _section(title: str, text: str) -> str:
    lines = "\n".join(f"  {line}".rstrip() for line in text.split("\n"))
    return f"{click.style(title, bold=True)}\n{lines}\n\n"


def said(meaning: Meaning) -> dict[str, Any]:
    """What was asked, for machines."""
    return {"rule": meaning.text, "now": meaning.now.isoformat().replace("+00:00", "Z")}


def problems_data(meaning: Meaning) -> Mapping[str, Any]:
    """Warnings and hints, for machines."""
    return {"problems": [as_data(problem) for problem in meaning.problems]}


# --- members -------------------------------------------------------------------------------------------------------


def write_csv(out: TextIO, key: str, keys: Iterable[Any]) -> None:
    import csv

    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([key])
    writer.writerows([value] for value in keys)


def write_json(out: TextIO, done: Compiled, key: str, keys: Iterable[Any]) -> None:
    head = {**said(done.meaning), "key": key, **problems_data(done.meaning)}
    stream_json(head, "members", keys, out.write)


def write_table(out: TextIO, key: str, keys: Iterable[Any], limit: int) -> tuple[int, bool]:
    """The first keys in a column; how many there are in it, and whether there are more."""
    found = list(islice(keys, limit + 1))
    shown = [str(value) for value in found[:limit]]
    right = all(isinstance(value, int) for value in found)
    width = max([len(key), *map(len, shown)])
    rows = [text.rjust(width) if right else text for text in shown]
    out.write("\n".join((key.rjust(width) if right else key, "─" * width, *rows)) + "\n")
    return len(shown), len(found) > limit
