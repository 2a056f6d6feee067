"""The commands of a session, `\\name argument`: their table, their completion, and how one is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...nearest import nearest
from ..state import State
from . import asking, help, keeping, numbers, settings
from .model import Command, Refused, Words

__all__ = ["COMMANDS", "Command", "Refused", "asks", "offers", "rule_at", "run", "usage_of"]

_RULE = "The rule is the last one, or the one given: `\\{name} {takes}`."


def _help(state: State, argument: str) -> State:
    return help.help_(state, argument, COMMANDS)


def _topics(state: State) -> Words:
    return help.topics(COMMANDS)


COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        Command("count", "[RULE]", "count the members, as Enter does", asking.count),
        Command("members", "[N] [RULE]", "list the members by their keys", asking.members),
        Command("explain", "[RULE]", "say it in plain English, with its dates", asking.explain),
        Command("why", "PROFILE [RULE]", "say why one profile is in or out", asking.why),
        Command("segments-of", "PROFILE", "list the saved segments that one profile is in, and since when",
                asking.segments_of),
        Command("stats", "[RULE]", "what the members are worth, beside all others", numbers.stats),
        Command("funnel", "[RULE]", "say what each condition does to the number of members", numbers.funnel),
        Command("trend", "[UNIT] [RULE]", "the members at 12 instants, a week or another unit apart", numbers.trend),
        Command("overlap", "SEGMENT[, ..]", "say how the rule and saved segments overlap", numbers.overlap,
                keeping.names),
        Command("vary", "NAME = VALUES", "members for each value: 90d = 30d, 1y; a second after `;` makes a grid",
                numbers.vary),
        Command("diff", "SEGMENT|RULE", "what it does that this takes the place of the last rule", numbers.diff,
                keeping.names),
        Command("counts", "[SINCE]", "members of all saved segments; what changed since 7d, or an instant",
                numbers.counts),
        Command("chart", "FILE", "draw the last of these numbers into .svg, .png, .html or .json", numbers.chart),
        Command("sql", "[DIALECT] [RULE]", "print the SQL", asking.sql, asking.dialects),
        Command("watch", "SECONDS [RULE]", "count again and again, until Ctrl-C", asking.watch),
        Command("export", "FILE [RULE]", "write the members to .csv, .json, .jsonl, .parquet or .arrow", asking.export),
        Command("save", "NAME [= RULE]", "keep the rule as a segment, in a file", keeping.save),
        Command("save!", "NAME [= RULE]", "keep it in place of the segment of that name", keeping.save_again),
        Command("segments", "[WORD]", "list the saved segments", keeping.segments),
        Command("show", "NAME", "print a saved segment; it becomes the last rule", keeping.show, keeping.names),
        Command("edit", "[RULE]", "change the rule in your editor", keeping.edit),
        Command("i", "FILE", "run the rules and commands of a file, or read its segments", keeping.include),
        Command("catalog", "[NAME]", "list what has a name, or say what one is; init [PLACE]: propose one",
                settings.catalog, settings.catalog_names),
        Command("now", "[INSTANT]", "ask for another instant: 2026-11-01T09:00, clock, reset", settings.now,
                settings.now_words),
        Command("dialect", "[DIALECT]", "the SQL that \\sql prints", settings.dialect, asking.dialects),
        Command("warehouse", "[PLACE]", "ask another warehouse: a file, a folder, a URL, demo", settings.warehouse,
                settings.warehouse_words),
        Command("timing", "[on|off]", "say how long each answer took", settings.timing),
        Command("set", "[NAME VALUE]", "list the settings, or change one", settings.set_, settings.set_words),
        Command("help", "[TOPIC]", "this list, or more about a command or a topic", _help, _topics),
        Command("q", "", "leave", help.leave),
    )
}  # fmt: skip


_ALONE = {"edit", "i", "warehouse", "timing", "set", "help", "q"}
"""Commands that can be done where there is nothing to ask."""


_ALSO = {
    "?": "help", "h": "help", "quit": "q", "exit": "q", "d": "catalog", "dt": "catalog", "d+": "catalog",
    "tables": "catalog", "schema": "catalog", "l": "segments", "list": "segments",
}  # fmt: skip
"""What other programs call them."""


def parted(text: str) -> tuple[str, str]:
    """The name of a command and its argument."""
    name, _, argument = text.strip().removeprefix("\\").partition(" ")
    first, newline, rest = name.partition("\n")
    return (first.lower(), f"{rest} {argument}" if newline else argument)


def run(text: str, state: State) -> State:
    """Does what a command says. Raises Refused, and whatever the rule or the warehouse has to say."""
    name, argument = parted(text)
    command = COMMANDS.get(_ALSO.get(name, name))
    if command is None:
        close = nearest(name, COMMANDS)
        hint = " or ".join(f"\\{other}" for other in close) if close else "\\help lists the commands"
        raise Refused(f"There is no command \\{name}.", f"did you mean {hint}?" if close else hint)
    return command.run(state, argument.strip())


def asks(text: str) -> bool:
    """Whether a text is about the catalog or the warehouse; what is no command is a rule."""
    return not text.lstrip().startswith("\\") or parted(text)[0] not in _ALONE


def usage_of(text: str) -> str:
    """What the command that is being typed takes and does."""
    name, _ = parted(text)
    if (command := COMMANDS.get(name)) is not None:
        return f"{command.usage}: {command.means}"
    return "  ".join(f"\\{other}" for other in COMMANDS if other.startswith(name)) or f"There is no command \\{name}."


def rule_at(text: str) -> int | None:
    """Where the rule begins that a command is given; None where none can stand, or not yet."""
    from ...dialects import DIALECTS

    name, _ = parted(text)
    takes = COMMANDS[name].takes.split() if name in COMMANDS else []
    if "RULE]" in takes:
        found = text.find("=")
        return found + 1 if found >= 0 else None
    if "[RULE]" not in takes:
        return None
    words = [found.span() for found in re.finditer(r'"[^"]*"|\S+', text)]
    first = text[slice(*words[1])].lower() if len(words) > 1 else ""
    optional = {"[N]": first.isdecimal(), "[DIALECT]": first in DIALECTS}
    skipped = 1 + (takes[0] != "[RULE]" and optional.get(takes[0], True))
    if len(words) < skipped or words[skipped - 1][1] == len(text):
        return None
    return words[skipped - 1][1] + 1


def offers(before: str, state: State) -> Iterator[tuple[int, str, str]]:
    """What may stand at the end of the text of a command: where it begins, itself, its meaning."""
    slash = before.index("\\")
    name, space, argument = before[slash + 1 :].partition(" ")
    if not space:
        for command in COMMANDS.values():
            if command.name.startswith(name.lower()):
                yield slash, f"\\{command.name}{' ' * bool(command.takes)}", command.means
        return
    found = COMMANDS.get(name.lower())
    if found is not None:
        start = slash + len(name) + 2
        typed = argument.lstrip().lower()
        for word, meaning in found.offers(state):
            if word.lower().startswith(typed) or f" {typed}" in word.lower():
                yield start, word, meaning
