"""Trees to text, in one canonical spelling: `parse(format(t)) == t`, and formatting twice changes nothing.

Comments survive, above the operand or the definition they belong to.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..ast import (
    All,
    Bool,
    Date,
    Definition,
    Definitions,
    Duration,
    Invariant,
    Let,
    Literal_,
    MetricText,
    Money,
    Number,
    Percent,
    Rule,
    Test,
    Text,
    Time,
)
from ..words import say
from .layout import INDENT, WIDTH, flat, lines
from .phrases import subject
from .values import format_name, name, quoted, value

__all__ = ["format", "format_name"]


def format(node: Rule | Definitions | MetricText | Literal_) -> str:
    """The canonical text of a rule, of a file of definitions (with a final line end), of a metric, of a value."""
    match node:
        case Definitions():
            return _definitions(node)
        case MetricText(top, bottom):
            return subject(top, bottom is None) + (f" / {subject(bottom)}" if bottom else "")
        case Text() | Number() | Percent() | Money() | Bool() | Date() | Time() | Duration():
            return value(node)
        case _:
            return "\n".join(lines(node))


def _definitions(node: Definitions) -> str:
    parts = ["\n".join(_definition(part)) for part in node.parts]
    if node.comments:
        parts.append("\n".join(_comments(node.comments)))
    text, previous = "", None
    for part, definition in zip(parts, [*node.parts, None], strict=False):
        # Constants that follow each other stand together; everything else has an empty line between.
        together = isinstance(previous, Let) and isinstance(definition, Let) and not definition.comments
        text += ("\n" if together else "\n\n") * bool(text) + part
        previous = definition
    return text + "\n" if text else ""


def _comments(comments: tuple[str, ...]) -> list[str]:
    """A line end alone is an empty line: what stands above it belongs to the file, not to what follows."""
    return ["" if c == "\n" else f"-- {line}".rstrip() for c in comments for line in c.splitlines() or [""]]


def _test(node: Test) -> Iterator[str]:
    """Each section on a line of its own where it fits there, else below its mark."""
    yield say("TEST {}", quoted(node.name.value))
    if node.now is not None:
        yield f"{INDENT}{say('NOW')}: {value(node.now)}"
    for mark, rule in (("GIVEN", node.given), ("EXPECT", node.expect)):
        if mark == "GIVEN" and node.given == All(()) and not node.given.comments:
            continue
        start = f"{INDENT}{say(mark)}:"
        body = lines(rule, True, 2 * len(INDENT))
        if len(body) == 1 and body[0] == flat(rule, True) and len(start) + 1 + len(body[0]) <= WIDTH:
            yield f"{start} {body[0]}"
        else:
            yield start
            yield from (2 * INDENT + line for line in body)


def _definition(node: Definition) -> list[str]:
    above = _comments(node.comments)
    if isinstance(node, Test):
        return [*above, *_test(node)]
    if isinstance(node, Invariant):
        return [*above, f"{say('TEST')} {node.text}"]
    if isinstance(node, Let):
        return [*above, say("LET {} = {}", name(node.name), value(node.value))]
    parameters = ", ".join(f"{name(n)} = {value(v)}" for n, v in node.parameters)
    start = say("SEGMENT {}", name(node.name)) + (f" ({parameters})" if parameters else "") + " ="
    last = node.sample is None
    body = lines(node.rule, last, len(INDENT))
    if len(body) == 1 and body[0] == flat(node.rule, last) and len(start) + 1 + len(body[0]) <= WIDTH:
        found = [*above, f"{start} {body[0]}"]
    else:
        found = [*above, start, *(INDENT + line for line in body)]
    if sample := node.sample:
        text = say("SAMPLE {}", value(sample.percent))
        text += say(" OR AT_LEAST {}", str(sample.at_least)) if sample.at_least is not None else ""
        text += say(" SEED {}", quoted(sample.seed.value)) if sample.seed else ""
        found.append(INDENT + text)
    return found
