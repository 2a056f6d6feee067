"""Names and texts as they are offered: in the quotes that they need, with what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..formatter import format_name
from ..parser.names import NameKind, is_bare
from .model import Kind, Offer

_SHOWN = 70
"""Letters of a meaning that is made from a longer text."""


def offered(
    name: str,
    kind: Kind,
    meaning: str,
    *,
    also: Iterable[str] = (),
    token: NameKind = "NAME",
    weight: float = 0,
    of: str = "",
) -> Offer:
    """`of`, their type, and the spelling tell names of this kind apart where one fits and another does not."""
    text = format_name(name) if token == "NAME" or is_bare(name, token) else _quoted(name, '"')
    terminal = "STRING" if text[:1] in ('"', "'") else token
    tokens = ((terminal, text),)
    return Offer(text, kind, short(meaning), tokens, (name, *also), weight + 0.5, alike=f"{kind} {of} {terminal}")


def offered_text(text: str, typed: str, meaning: str) -> Offer:
    """A text in the quotes that were begun."""
    quoted = _quoted(text, typed[0] if typed[:1] in ("'", '"') else '"')
    return Offer(quoted, "value", meaning, (("STRING", quoted),), (text,), 0.6, alike="text")


def in_quotes(offer: Offer, mark: str) -> Offer:
    """A name as it is spelled once a quote was begun."""
    ((kind, text),) = offer.tokens
    quoted = text if kind == "STRING" and text[0] == mark else _quoted(offer.also[0], mark)
    return replace(offer, text=quoted, tokens=(("STRING", quoted),))


def _quoted(text: str, mark: str) -> str:
    return mark + text.replace(mark, mark * 2) + mark


def members(values: tuple[str, ...]) -> str:
    """The values of a set, as far as they fit on a line."""
    return ", ".join(values[:6]) + (f", .. ({len(values)})" if len(values) > 6 else "")


def short(text: str) -> str:
    """A meaning in one line."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 2].rstrip() + ".."
