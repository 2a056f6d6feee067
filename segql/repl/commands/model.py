"""What a command is, and how it finds the rule that it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from ...console.output import busy
from ...plain import dataclass
from ..state import State

if TYPE_CHECKING:
    from ...project import Project


class Refused(Exception):
    """A command that cannot be done, and how to mend it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


Run: TypeAlias = Callable[[State, str], State]
Words: TypeAlias = Iterable[tuple[str, str]]
"""Words that may be a command's argument, each with its meaning."""


def _nothing(state: State) -> Words:
    return ()


@dataclass(frozen=True, slots=True)
class Command:
    """`\\name takes`: what it does in a line (`means`), and in `more`, for `\\help name`."""

    name: str
    takes: str
    means: str
    run: Run
    offers: Callable[[State], Words] = _nothing
    more: str = ""

    @property
    def usage(self) -> str:
        """`\\why PROFILE [RULE]`: what to type."""
        return f"\\{self.name} {self.takes}".rstrip()


def project_of(state: State) -> Project:
    """What rules are asked of, once it is there. Raises what went wrong when it was opened."""
    with busy("Opening the warehouse"):
        return state.project.result()


def about(state: State, argument: str) -> tuple[str, State]:
    """The rule that a command is about, the one given or the last; and the state in which it is the last."""
    text = argument.strip() or state.last
    if not text:
        raise Refused(
            "There is no rule yet to be asked about.", "type one, such as: placed order at least twice in 90d"
        )
    return text, replace(state, last=text)


_QUOTED = re.compile(r'\s*(?:"((?:[^"]|"")*)"|\'((?:[^\']|\'\')*)\')\s*')


def first_word(argument: str) -> tuple[str, str]:
    """The first word of an argument, which may be quoted, and the rest."""
    if found := _QUOTED.match(argument):
        word = found[1].replace('""', '"') if found[1] is not None else found[2].replace("''", "'")
        return word, argument[found.end() :]
    word, _, rest = argument.strip().partition(" ")
    return word, rest.strip()


def unquoted(text: str) -> str:
    """A name that may be quoted as a whole."""
    text = text.strip()
    found = _QUOTED.fullmatch(text)
    return first_word(text)[0] if found else text
