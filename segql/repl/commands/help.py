"""`\\help` and `\\q`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import click

from ...answers.style import fitted
from ..printing import page
from ..state import State
from .model import Command, Refused, Words

TOPICS = {
    "language": (
        "how to say things in a rule",
        """\
Did, or never did        clicked sms in 72h and never placed order in 72h
How often                placed order at least 3 times in 4mo
A window                 in 90d   in the last 3 months   last week   on 2025-11-28   before 2026-01-01
With a property          placed order where total > 100 and coupon is set
Line items               placed order where any item (product is "Molen hand grinder")
First and last           last placed order more than 90 days ago
A sum or an average      total spent > 500   sum of total of placed order in 1y >= $1,000
The profile              country is "NL"   country in EU   city is not set
Consent and lists        can receive sms   in list "VIP 2026"
Another segment          in segment "High rollers"
Together                 and, or, not, and parentheses where both meet
One after the other      clicked email then placed order within 2 days

Text is in quotes, names are not. docs/language.md has it all.""",
    ),
    "keys": (
        "what the keys do",
        """\
Enter            accepts the row that is chosen, else runs a rule that is whole; after `and`, `or` or an open bracket it
                 begins a new line
Alt-Enter        begins a new line
Tab              opens the menu, or accepts the row that is chosen, else the first; the right arrow what is chosen
F2               mends what is wrong, where one fix is known; of several Tab lets you choose
Up, Down         choose in the menu; in a rule of many lines move; else walk through what you typed before
Escape           closes the menu
Ctrl-R           searches what you typed before
Ctrl-C           clears the line, or stops what runs (on the warehouse too)
Ctrl-D           leaves
Ctrl-X Ctrl-E    opens your editor (with \\set editing vi: v, after Escape)""",
    ),
    "settings": (
        "where settings stand, and which one wins",
        """\
segql.toml       in this folder or one above: catalog, warehouse, dialect, segments
config.toml      in your configuration folder (~/.config/segql): editing, live, limit, timing, pager

Options of the command win over segql.toml, and that wins over config.toml. \\set changes a setting for this session.
Secrets stay out of files: warehouse = "postgresql://ann:${SHOP_PASSWORD}@host/shop" reads the environment.""",
    ),
}
"""What `\\help TOPIC` says: each topic's meaning in a line, and its text."""


def help_(state: State, argument: str, commands: Mapping[str, Command]) -> State:
    """All commands and topics, or more about one of them."""
    topic = argument.strip().removeprefix("\\").lower()
    if not topic:
        page(state, _list(commands))
    elif topic in TOPICS:
        page(state, fitted(TOPICS[topic][1]))
    elif topic in commands:
        command = commands[topic]
        page(
            state,
            f"{click.style(command.usage, bold=True)}\n{command.means[0].upper()}{command.means[1:]}."
            + ("\nThe rule is the last one, or the one given." if "RULE" in command.takes else ""),
        )
    else:
        raise Refused(f"There is no help about {topic}.", "\\help lists the commands and topics")
    return state


def topics(commands: Mapping[str, Command]) -> Words:
    """What `\\help` may be asked about."""
    return [
        *((topic, means) for topic, (means, _) in TOPICS.items()),
        *((name, command.means) for name, command in commands.items()),
    ]


def _list(commands: Mapping[str, Command]) -> str:
    width = max(len(command.usage) for command in commands.values())

    def line(usage: str, means: str) -> str:
        return f"  {usage:<{width}}  {means}"

    lines = ["A rule counts its members. Commands are about the last rule, or the one given:"]
    lines += [line(command.usage, command.means) for command in commands.values()]
    lines += [
        "Topics:",
        *(line(f"\\help {topic}", means) for topic, (means, _) in TOPICS.items()),
    ]
    return fitted("\n".join(lines))


def leave(state: State, argument: str) -> State:
    """The session is over after this."""
    return replace(state, over=True)
