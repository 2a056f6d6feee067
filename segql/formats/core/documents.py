"""JSON documents: read strictly, and walked by nodes that know their path."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from ...errors import SegQLError, problem
from ...plain import dataclass
from ...source import Source, Span
from .report import Impossible

LONGEST = 64_000_000
"""Letters of a document."""


def wrong(document: Source, said: str, start: int = 0, help: str = "") -> SegQLError:
    """The error for what is no such document, at an offset of it."""
    end = min(len(document.text), start + 1)
    return SegQLError([problem("foreign-document", said, Span(document, min(start, end), end), help)])


def read_json(document: Source) -> Node:
    """The JSON of a document; numbers with a point are Decimal. Raises SegQLError with the place.

    Doubled keys, halves of letters and numbers that are none are errors: what is kept of them is not what was meant.
    """

    def pairs(found: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) < len(found):
            names = [name for name, _ in found]
            twice = next(name for name in names if names.count(name) > 1)
            raise _Refused(f"A key stands twice in one object: {json.dumps(twice)[:80]}")
        return made

    def constant(text: str) -> Any:
        raise _Refused(f"`{text}` is no number of JSON")

    if len(document.text) > LONGEST:
        raise wrong(document, f"The document is longer than {LONGEST:,} letters.", 0, "split it")
    try:
        data = json.loads(
            document.text, parse_float=Decimal, parse_constant=constant, object_pairs_hook=pairs, strict=True
        )
        json.dumps(data, default=str, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise wrong(document, f"This is no JSON: {error.msg}.", error.pos) from None
    except _Refused as error:
        raise wrong(document, f"{error.said}.", max(0, document.text.find(error.said.partition(": ")[2]))) from None
    except UnicodeEncodeError:
        raise wrong(document, "A text of this JSON holds half of a letter (a lone surrogate).") from None
    except RecursionError:
        raise wrong(document, "This JSON is nested too deep.") from None
    except ValueError as error:  # a whole number of thousands of digits
        raise wrong(document, f"This JSON cannot be read: {str(error)[:100]}.") from None
    return Node(data)


class _Refused(Exception):
    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document and its path, a JSON pointer. What is not of the asked kind raises Impossible with it."""

    value: Any
    path: str = ""

    def get(self, key: str) -> Node | None:
        """The value of a key; None where it is absent or null, or where this is no object."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return None if found is None else Node(found, self._at(key))

    def need(self, key: str) -> Node:
        """The value of a key that has to be there."""
        self.object()
        found = self.get(key)
        if found is None:
            raise Impossible(f"`{key}` is missing.", self.path)
        return found

    def only(self, *keys: str) -> None:
        """Raises Impossible where it has other keys that say something: what is not known is not dropped."""
        for key, value in self.object().items():
            if key not in keys and value is not None:
                raise Impossible(f"`{key[:80]}` is not known to this revision.", self._at(key))

    def object(self) -> dict[str, Any]:
        """It as an object."""
        if not isinstance(self.value, dict):
            raise self._no("an object")
        return self.value

    def items(self) -> Iterator[Node]:
        """The elements of it as an array."""
        if not isinstance(self.value, list):
            raise self._no("an array")
        for position, value in enumerate(self.value):
            yield Node(value, self._at(position))

    def text(self) -> str:
        """It as a text."""
        if not isinstance(self.value, str):
            raise self._no("a text")
        return self.value

    def one_of(self, *values: str) -> str:
        """It as one of these texts."""
        found = self.text()
        if found not in values:
            raise Impossible(f"`{found[:80]}` is not known to this revision: {', '.join(values)}.", self.path)
        return found

    def truth(self) -> bool:
        """It as true or false."""
        if not isinstance(self.value, bool):
            raise self._no("true or false")
        return self.value

    def number(self) -> Decimal:
        """It as a number."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | Decimal):
            raise self._no("a number")
        return Decimal(self.value)

    def whole(self) -> int:
        """It as a whole number, `3.0` too."""
        found = self.number()
        if abs(found) > 10**15 or found != found.to_integral_value():
            raise self._no("a whole number")
        return int(found)

    def _at(self, key: str | int) -> str:
        return f"{self.path}/{str(key).replace('~', '~0').replace('/', '~1')}"

    def _no(self, wanted: str) -> Impossible:
        return Impossible(f"Here is {_kind(self.value)}, not {wanted}.", self.path)


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {json.dumps(value[:40], ensure_ascii=False)}"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int | Decimal):
        return f"the number {str(value)[:40]}"
    return "an object" if isinstance(value, dict) else "an array"
