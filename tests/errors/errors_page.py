"""docs/errors.md: each code with what it means (`segql/codes.py`) and an example out of the cases in tests/errors/.

The example is the first case of the code, or those whose comment has the mark.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from segql.codes import MEANINGS

from ..case_files import CaseFile

MARK = "Shown in docs/errors.md."
INTRODUCTION = """\
# Errors, warnings and hints

<!-- `pytest tests/errors --update` writes this page, from segql/codes.py and the cases there. -->

Every message has a code, the place, and where possible the fix, ready to paste. An **error** stops the rule; a
**warning** names a part that surely is not meant; a **hint** says what many people expect differently.
"""
LANGUAGES = {
    "rule": "segql wrong", "explain": "segql wrong", "segments": "segql wrong", "catalog": "yaml wrong",
    "tables": "sql", "shop": "yaml wrong", "message": "text",
}  # fmt: skip
"""The fences of a case's sections; of the others a sentence tells."""
WIDTH = 125


def page(cases: Sequence[CaseFile]) -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_lines(cases)])


def _lines(cases: Sequence[CaseFile]) -> Iterator[str]:
    for heading, codes in MEANINGS.items():
        yield f"## {heading}\n"
        for code, meaning in codes.items():
            yield f"### {code}\n"
            for paragraph in meaning.split("\n\n"):
                yield textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"
            for case in examples(code, cases):
                yield from _shown(case)


def examples(code: str, cases: Sequence[CaseFile]) -> list[CaseFile]:
    """The cases that show a code."""
    known = [case for case in cases if f"[{code}]: " in case.sections["message"] and _named(case, code)]
    return [case for case in known if MARK in case.comment] or known[:1]


def _named(case: CaseFile, code: str) -> bool:
    return f"{case.path.stem}-".startswith(f"{code}-")


def _shown(case: CaseFile) -> Iterator[str]:
    for name, text in case.sections.items():
        if name in LANGUAGES:
            yield f"```{LANGUAGES[name]}\n{text.strip()}\n```\n"
        elif said := _said(name, text.strip()):
            yield f"{said}\n"


def _said(name: str, text: str) -> str:
    """What a section adds to the example, where it is no text to show."""
    match name:
        case "repeat":
            count, _, words = text.partition(" ")
            return f"`{words}` stands {int(count):,} times before it:"
        case "catalog file" | "segments file":
            return f"There is no `{text}`:"
        case "now":
            return f"At {text}:"
        case "dialect":
            return f"For {text}:"
        case "tenant":
            return f"For the tenant `{text}`:"
        case "found":
            return f"The answer is {text} profiles:"
        case _:
            return ""
