"""A catalog in the making: its data in the shape of the file, with what is said of its parts, and what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, TypeAlias

from ..catalog import fold
from ..plain import dataclass

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What the tables do not say: what the draft takes meanwhile, and what was seen. An answer is one `among` these,
    where there are any.
    """

    topic: str
    text: str
    default: str
    seen: str
    among: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """`notes` are comments by the path of what they are about; `events` that share rows name the first of them."""

    data: dict[str, Any]
    answers: Mapping[str, str] = field(default_factory=dict)
    notes: dict[Path, list[str]] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    like: dict[str, str] = field(default_factory=dict)

    def note(self, path: Path, text: str) -> None:
        """Say something about a part, once."""
        known = self.notes.setdefault(path, [])
        if text not in known:
            known.append(text)

    def ask(self, question: Question, path: Path) -> str:
        """The answer to a question, or its default and a comment that asks."""
        if (given := self.answers.get(question.topic)) is not None:
            return given
        if question.topic in self.questions:
            self.note(path, f"Guess: {question.default}, as above")
        else:
            self.questions[question.topic] = question
            self.note(path, f"Question: {question.text} {question.seen}")
        return question.default

    @property
    def taken(self) -> set[str]:
        """The names that can begin a condition, folded: of events, metrics, properties of the profile."""
        owners = (
            self.data.get("events", {}),
            self.data.get("metrics", {}),
            self.data["profiles"].get("properties", {}),
        )
        return {fold(name) for owner in owners for named, part in owner.items() for name in (named, *_also(part))}

    def without(self, path: Path) -> None:
        """Leave a part out, in all events that share it."""
        paths = [path]
        if path[0] == "events" and len(path) > 2:
            first = self.like.get(path[1], path[1])
            paths = [
                ("events", name, *path[2:])
                for name in self.data.get("events", {})
                if self.like.get(name, name) == first
            ]
        for one in paths:
            owner: Any = self.data
            for key in one[:-1]:
                owner = owner.get(key, {}) if isinstance(owner, dict) else {}
            if isinstance(owner, dict):
                owner.pop(one[-1], None)
            self.notes = {at: said for at, said in self.notes.items() if at[: len(one)] != one}
        if path[0] == "events" and len(path) == 2:
            self._forget(path[1])
        self._forget_roles()

    def _forget_roles(self) -> None:
        """Roles of what is gone are gone too."""
        roles, events = self.data.get("insights", {}), self.data.get("events", {})
        event = events.get(roles.get("order"))
        if event is None:
            self.data.pop("insights", None)
            return
        owners = (event.get("items", {}).get("properties", {}), event.get("properties", {}))
        if not any(roles.get("product") in owner for owner in owners):
            roles.pop("product", None)
        if roles.get("revenue") == "total spent" and "total spent" not in self.data.get("metrics", {}):
            roles.pop("revenue")

    def _forget(self, event: str) -> None:
        """Others that were like an event are now like the next of them; unions do without it."""
        heirs = [name for name, first in self.like.items() if first == event and name in self.data.get("events", {})]
        self.like = {name: heirs[0] if first == event else first for name, first in self.like.items() if name != event}
        if heirs:
            self.like.pop(heirs[0], None)
        for name, part in list(self.data.get("events", {}).items()):
            if event in part.get("any of", ()):
                part["any of"] = [one for one in part["any of"] if one != event]
                if len(part["any of"]) < 2:
                    del self.data["events"][name]


def _also(part: Any) -> list[str]:
    return list(part.get("also", ())) if isinstance(part, dict) else []
