"""What Mailchimp's conditions are read with, and their tests of one text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from ... import ast
from ...plain import dataclass
from ..core import phrases
from ..core.documents import Node
from ..core.names import Names
from ..core.reading import LETTER_CASE, MISSING_IN
from ..core.report import Impossible, Notes


@dataclass(frozen=True, slots=True)
class World:
    """The names, and the segments of the same document by their ids."""

    names: Names
    segments: Mapping[str, str]


Reader: TypeAlias = Callable[[Node, World, Notes], ast.Rule]

LIKE: dict[str, phrases.Likeness] = {
    "contains": "contains", "notcontain": "contains", "starts": "starts with", "ends": "ends with",
}  # fmt: skip
NUMERIC: dict[str, ast.Op] = {"is": "=", "not": "!=", "greater": ">", "less": "<"}


def text_test(name: str, op: Node, value: str, notes: Notes) -> ast.Subject:
    """What `is`, `not`, `contains`, `notcontain`, `starts`, `ends`, `blank`, `blank_not` ask of a text."""
    match op.text():
        case "blank" | "blank_not":
            return phrases.is_empty(name, op.value == "blank_not")
        case "is" | "not":
            notes.add(LETTER_CASE)
            if op.value == "not":
                notes.add(MISSING_IN)
            return phrases.compared(name, NUMERIC[op.value], ast.Text(value))
        case "contains" | "notcontain" | "starts" | "ends":
            notes.add("Letter case does not count here; the vendor does not say whether it does there.")
            if op.value == "notcontain":
                notes.add(MISSING_IN)
            return phrases.like(name, LIKE[op.value], value, op.value == "notcontain")
        case _:
            raise Impossible(f"`{op.value[:80]}` is not known to this revision.", op.path)
