"""What the documents say, by topic: the language in one page, each of its sections, each code of an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from ..codes import MEANINGS
from ..nearest import nearest

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```segql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^]]+)\]\([^)]*\)")


@cache
def document(name: str) -> str:
    """A page of `docs/`: in an installed package, else in the repository."""
    packaged = files("segql") / "docs" / name
    found = packaged if packaged.is_file() else Path(__file__).parents[2] / "docs" / name
    return found.read_text(encoding="utf-8")


@cache
def sections() -> dict[str, str]:
    """The sections of the language's page by their headings, links as words."""
    _, *parts = _HEADING.split(_LINK.sub(r"\1", document("language.md")))
    return dict(zip(parts[::2], (text.strip() for text in parts[1::2]), strict=True))


@cache
def meanings() -> dict[str, str]:
    """What each code of a problem means."""
    return {code: said for group in MEANINGS.values() for code, said in group.items()}


def topic(name: str) -> str:
    """A section of the language's page, or what a problem's code means. Raises KeyError, which names the nearest."""
    wanted = name.strip().casefold()
    for heading, text in sections().items():
        if wanted in (heading.casefold(), _key(heading)):
            return f"## {heading}\n\n{text}"
    codes = meanings()
    if wanted in codes:
        return f"{wanted}: {codes[wanted]}"
    close = nearest(name, [*map(_key, sections()), *codes])
    raise KeyError(f"There is no topic `{name}`." + (f" Did you mean {' or '.join(close)}?" if close else ""))


def _key(heading: str) -> str:
    """`and-or-not` of `And, or, not`: as a link names it."""
    return "-".join(re.findall(r"\w+", heading.casefold()))


def card() -> str:
    """The language in one page: what each section is called, and its first examples, which the tests parse and bind."""
    lines = [document("language.md").partition("\n## ")[0].strip(), "", sections()["Names and values"], ""]
    lines += [f"## Topics\n\n{', '.join(map(_key, sections()))}.", ""]
    for heading, text in sections().items():
        if said := "".join(_first(text)):
            lines += [f"## {heading}\n\n```segql\n{said}```", ""]
    return "\n".join(lines)


def _first(text: str) -> Iterator[str]:
    yield from (found[1] for found in list(_FENCE.finditer(text))[:1])
