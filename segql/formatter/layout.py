"""Boolean trees over lines: short ones on one, long ones one operand to a line, comments above their operand."""

from __future__ import annotations

from typing import Any

from ..ast import All, AnyOf, Name, Not, Sequence, Subject
from ..words import say, spellings, word

WIDTH = 80
INDENT = "  "


def flat(node: Any, last: bool = True) -> str:
    """The tree on one line, without its comments."""
    from .phrases import phrase

    match node:
        case All(()):
            return word("EVERYONE")
        case AnyOf(()):
            return word("NO_ONE")
        case All(parts) | AnyOf(parts):
            final = len(parts) - 1
            said = [operand(p, i == final and last) for i, p in enumerate(parts)]
            return f" {_joined(node)} ".join(f"({one})" if _alone(node, i, one) else one for i, one in enumerate(said))
        case Not(part):
            return say("NOT {}", operand(part, last))
        case _:
            return phrase(node, last)


def operand(node: Any, last: bool) -> str:
    """One operand in one line, in parentheses where it is a group."""
    return f"({flat(node)})" if _is_group(node) else flat(node, last)


def _alone(node: Any, place: int, said: str) -> bool:
    """Whether an operand stands in parentheses, that it is not read as one with its neighbour.

    The next would seem a property that is the same, too; or it begins with what is said of a number, `or more`.
    """
    more = place and f"{_joined(node)} {said.split(' ', 1)[0]}".casefold() in spellings("OR_MORE")
    first, second = (*node.parts[place : place + 2], None)[:2]
    return bool(more) or (_ends_with_the_same(first) and _is_name(second))


def _ends_with_the_same(node: Any) -> bool:
    while isinstance(node, Not):
        node = node.part
    if isinstance(node, Sequence) and node.within is None:
        node = node.steps[-1]
    return (
        isinstance(node, Subject)
        and bool(node.with_the_same)
        and node == Subject(
            node.head, node.quantity, with_the_same=node.with_the_same, within=node.within, later=node.later
        )
    )  # fmt: skip


def _is_name(node: Any) -> bool:
    return isinstance(node, Subject) and isinstance(node.head, Name) and node == Subject(node.head)


def lines(node: Any, last: bool = True, indent: int = 0) -> list[str]:
    """The tree over lines, its own comments first."""
    above = [f"-- {line}".rstrip() for comment in comments(node) for line in comment.splitlines() or [""]]
    return above + _lines(node, last, indent)


def _on_one_line(node: Any, last: bool, indent: int) -> str | None:
    """The tree on one line, where it has room there and no comments."""
    if _has_comments(node) or _leaves(node, _MOST) > _MOST:
        return None
    one = flat(node, last)
    return one if len(one) + indent <= WIDTH else None


_MOST = WIDTH // 5
"""Conditions that may stand on one line: a letter and a joining word each.

A tree of more is not printed to find out how long it is, at each level of a deep one.
"""


def _leaves(node: Any, most: int) -> int:
    """How many conditions a tree has; no matter how many more than `most` there are."""
    if isinstance(node, Not):
        return _leaves(node.part, most)
    found = 0 if _is_group(node) else 1
    for part in node.parts if not found else ():
        if found > most:
            break
        found += _leaves(part, most - found)
    return found


def _lines(node: Any, last: bool, indent: int) -> list[str]:
    if (one := _on_one_line(node, last, indent)) is not None:
        return [one]
    if not _is_group(node):
        from .phrases import phrase

        if isinstance(node, Not):
            first, *rest = _operand_lines(node.part, last, indent + 4)
            return [say("NOT {}", first), *rest]
        return [flat(node)] if isinstance(node, All | AnyOf) else phrase(node, last, broken=True).split("\n")
    found = []
    final = len(node.parts) - 1
    for i, part in enumerate(node.parts):
        found += [f"-- {line}".rstrip() for comment in comments(part) for line in comment.splitlines() or [""]]
        first, *rest = _operand_lines(part, last and i == final, indent + 4)
        if _alone(node, i, first):
            *most, end = f"({first}", *rest
            first, *rest = *most, f"{end})"
        found += [f"{_joined(node)} {first}" if i else first, *rest]
    return found


def _operand_lines(node: Any, last: bool, indent: int) -> list[str]:
    """Without the operand's own comments, which stand above it."""
    if not _is_group(node):
        return _lines(node, last, indent)
    if (one := _on_one_line(node, True, indent + len("()"))) is not None:
        return [f"({one})"]
    return ["(", *(INDENT + line for line in _lines(node, True, indent + len(INDENT))), ")"]


def block(node: Any) -> str:
    """A group in parentheses, one operand to a line."""
    inner = []
    final = len(node.parts) - 1
    for i, part in enumerate(node.parts):
        first, *rest = _operand_lines(part, i == final, 8)
        inner += [f"{_joined(node)} {first}" if i else first, *rest]
    return "\n".join(["(", *(INDENT + line for line in inner), ")"])


def comments(node: Any) -> tuple[str, ...]:
    """The comments above an operand; a `not` takes along those of what it negates."""
    own: tuple[str, ...] = getattr(node, "comments", ())
    return own + comments(node.part) if isinstance(node, Not) else own


def _has_comments(node: Any) -> bool:
    match node:
        case All(parts) | AnyOf(parts):
            return any(bool(comments(p)) or _has_comments(p) for p in parts)
        case Not(part):
            return _has_comments(part)
        case _:
            return False


def _is_group(node: Any) -> bool:
    return isinstance(node, All | AnyOf) and bool(node.parts)


def _joined(node: Any) -> str:
    return word("AND" if isinstance(node, All) else "OR")
