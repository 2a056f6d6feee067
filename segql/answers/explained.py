"""What is answered about a rule, for a command and for a session alike: the explanation, the watch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from difflib import SequenceMatcher
from time import sleep
from typing import TYPE_CHECKING, Any

from .style import fitted, painted, style

if TYPE_CHECKING:
    from ..compiler import Explained
    from ..errors import Problem
    from ..meanings import Meaning


def explained_data(found: Explained) -> dict[str, Any]:
    """The explanation for machines."""
    return {
        **said(found.done.meaning),
        "says": found.says,
        "steps": [{"rewrite": name, "says": says} for name, says in found.steps],
        "sql": found.done.sql,
        "tables": list(found.done.tables),
        **problems_data(found.problems),
    }


def explained_text(found: Explained, sql_text: Callable[[str], str] = str) -> str:
    """The explanation for people, with colours; `sql_text` colours the SQL."""
    parts = [_section("The rule", found.done.text), _section("In words", found.says)]
    if found.problems:
        said = "".join(f"{painted(problem)}\n\n" for problem in found.problems)
        parts.append(style("Worth knowing", bold=True) + "\n" + said)
    if steps := "\n".join(_steps(found)):
        parts.append(_section("Simplified", steps))
    parts.append(style("SQL", bold=True) + "\n" + sql_text(found.done.sql))
    return "".join(parts)


def _steps(found: Explained) -> Iterable[str]:
    """Each rewrite that changes a condition, with the lines that it takes out and those that it puts in."""
    before = _lines(found.says)
    for rewrite, says in found.steps:
        after = _lines(says)
        changed = [
            (sign, line)
            for kind, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
            if kind != "equal"
            for sign, lines in (("-", before[start:end]), ("+", after[first:last]))
            for line in lines
        ]
        # `All of:` alone says nothing: what stood under it stands there still.
        regrouped = any(sign == "+" and line.endswith(":") for sign, line in changed)
        if any(not line.endswith(":") for _, line in changed):
            yield f"{rewrite}:"
            for sign, line in changed:
                if regrouped or not line.endswith(":"):
                    yield style(f"  {sign} {line}", fg="red" if sign == "-" else "green")
        before = after


def _lines(says: str) -> list[str]:
    """The lines of a description, without the first, about the clock, and without the marks of its nesting."""
    return [line.strip().removeprefix("- ") for line in says.split("\n")[1:]]


def _section(title: str, text: str) -> str:
    lines = "\n".join(f"  {line}".rstrip() for line in text.split("\n"))
    return f"{style(title, bold=True)}\n{fitted(lines)}\n\n"


OFTEN = 0.5
"""The shortest pause between two counts, in seconds."""


def watched(count: Callable[[], int], seconds: float) -> Iterator[tuple[datetime, int, int]]:
    """Counts again and again: when, how many members, and by how many more than before. Ends with Ctrl-C only."""
    before = None
    while True:
        found = count()
        yield datetime.now().astimezone(), found, 0 if before is None else found - before
        before = found
        sleep(max(seconds, OFTEN))


def watched_text(at: datetime, found: int, more: int) -> str:
    """One of these counts for people: `11:00:05  1,310  +2`."""
    return f"{at:%H:%M:%S}  {found:,}" + f"  {more:+,}" * (more != 0)


def said(meaning: Meaning) -> dict[str, Any]:
    """What was asked, for machines."""
    return {"rule": meaning.text, "now": meaning.now.isoformat().replace("+00:00", "Z")}


def problems_data(problems: Iterable[Problem]) -> Mapping[str, Any]:
    """Warnings and hints, for machines."""
    return {"problems": [problem.to_dict() for problem in problems]}
