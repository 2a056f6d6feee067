"""What Mailchimp asks of orders."""

from __future__ import annotations

from typing import Literal

from ... import ast
from ..core import phrases
from ..core.documents import Node
from ..core.reading import LETTER_CASE, fits_zero, known, known_property, number_of, of_items, text_at
from ..core.report import Impossible, Notes
from .world import NUMERIC, Reader, World, text_test

ORDERS = "ecomm_purchased"
"""The vendor's name for what a contact bought, under which --names has the event."""
ZERO = "Who never bought counts as 0, and is in; the vendor does not say so."


def event_of(node: Node, world: World) -> str:
    """The event of an order."""
    return known(world.names, "events", ORDERS, node.path)


def bought(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`EcommPurchased`: ever, or never."""
    op = node.need("op").one_of("member", "notmember")
    event = event_of(node, world)
    return phrases.happened(event) if op == "member" else phrases.never(event)


def thing(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`EcommCategory`: something of a category, or a product by its name."""
    field, op = node.need("field").one_of("ecomm_cat", "ecomm_prod"), node.need("op")
    if op.one_of("is", "not", "contains", "notcontain", "starts", "ends").startswith("not"):
        raise Impossible("Whether nothing of it was bought, or something else, the vendor does not say.", op.path)
    event = event_of(node, world)
    property = known_property(world.names, event, field, node.path + "/field")
    test: phrases.Where = text_test(property, op, text_at(node, "value"), notes)
    if world.names.catalog is None or of_items(world.names, event, property):
        test = phrases.any_item(test)
    return phrases.happened(event, where=test)


def store(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`EcommStore`: bought in a store, or never did."""
    op = node.need("op").one_of("is", "not")
    event = event_of(node, world)
    property = known_property(world.names, event, "ecomm_store", node.path + "/field")
    where = phrases.compared(property, "=", ast.Text(text_at(node, "value")))
    notes.add(LETTER_CASE)
    return phrases.happened(event, where=where) if op == "is" else phrases.never(event, where=where)


def numbers(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`EcommNumber`: orders, products, an average order."""
    field = node.need("field").one_of("ecomm_spent_avg", "ecomm_orders", "ecomm_prod_all", "ecomm_avg_ord")
    op, value = NUMERIC[node.need("op").one_of(*NUMERIC)], number_of(node.need("value"))
    if field == "ecomm_avg_ord":
        name = known(world.names, "properties", field, node.path + "/field")
        notes.add(f"`{name}` has to be a metric: the number of products of an order, on average.")
        return phrases.compared(name, op, ast.Number(value))
    event = event_of(node, world)
    if field == "ecomm_orders":
        if fits_zero(op, value):
            notes.add(ZERO)
        return phrases.counted(event, op, value)
    kind: Literal["sum", "average"] = "sum"
    property = known_property(world.names, event, field, node.path + "/field")
    if field == "ecomm_spent_avg":
        kind = "average"
        notes.add("Who never bought has no average here: they are in with `not` alone; the vendor does not say so.")
    elif fits_zero(op, value):
        notes.add(ZERO)
    return phrases.total(phrases.aggregate(kind, property, event), op, value)


def spent(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`EcommSpent`: in one order, or in all."""
    field = node.need("field").one_of("ecomm_spent_one", "ecomm_spent_all")
    op, value = NUMERIC[node.need("op").one_of("greater", "less")], number_of(node.need("value"))
    event = event_of(node, world)
    amount = known_property(world.names, event, field, node.path + "/field")
    if field == "ecomm_spent_one":
        notes.add("Some order was so much, whatever others were; the vendor does not say whether all must be.")
        return phrases.happened(event, where=phrases.compared(amount, op, ast.Number(value)))
    if fits_zero(op, value):
        notes.add(ZERO)
    return phrases.total(phrases.aggregate("sum", amount, event), op, value)


SHOPPING: dict[str, Reader] = {
    "EcommPurchased": bought, "EcommCategory": thing, "EcommStore": store, "EcommNumber": numbers, "EcommSpent": spent,
}  # fmt: skip
