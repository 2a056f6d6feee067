"""What Mailchimp asks of letters and of visits to a site."""

from __future__ import annotations

from functools import partial

from ... import ast
from ..core import phrases
from ..core.documents import Node
from ..core.reading import WALL_CLOCK, day_of, known, known_property, text_at
from ..core.report import Impossible, Notes
from .contacts import on_day
from .world import Reader, World, text_test

CAMPAIGN = "campaign"
"""The vendor has no name for the property that holds the web id of a letter's campaign; this is ours."""


def campaign(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`Aim`: was sent, opened or clicked a letter, of any campaign or of one."""
    op = node.need("op").one_of("open", "click", "sent", "noopen", "noclick", "nosent")
    event = known(world.names, "events", op.removeprefix("no"), node.path + "/op")
    id = text_at(node, "value")
    where: phrases.Where | None = None
    if id != "any":
        if not id.isdecimal():
            raise Impossible(
                "Which campaigns are meant, the vendor does not say: only `any` and an id are known.", node.path
            )
        where = phrases.compared(known_property(world.names, event, CAMPAIGN, node.path + "/value"), "=", ast.Text(id))
    return phrases.never(event, where=where) if op.startswith("no") else phrases.happened(event, where=where)


def visited(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`GoalActivity`: visited a page."""
    op = node.need("op")
    if op.one_of("is", "goal_not", "contains", "goal_notcontain", "starts", "ends").startswith("goal_"):
        said = "Whether no such page was visited, or some other page, the vendor does not say."
        raise Impossible(said, op.path)
    event = known(world.names, "events", "goal", node.path + "/field")
    address = known_property(world.names, event, "url", node.path + "/field")
    return phrases.happened(event, where=text_test(address, op, text_at(node, "value"), notes))


def last_visit(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`GoalTimestamp`: the last visit was on, after or before a day."""
    op = node.need("op")
    op.one_of("greater", "less", "is")
    notes.add(WALL_CLOCK)
    event = known(world.names, "events", "goal", node.path + "/field")
    return on_day(partial(phrases.last, event), op, day_of(node.need("value")), notes)


ACTIVITY: dict[str, Reader] = {"Aim": campaign, "GoalActivity": visited, "GoalTimestamp": last_visit}
