"""What Mailchimp asks of a contact: merge fields, dates, groups, and what it knows of the contact itself."""

from __future__ import annotations

import re
from functools import partial

from ... import ast
from ..core import phrases
from ..core.documents import Node
from ..core.names import Names
from ..core.reading import (
    LETTER_CASE,
    MISSING_IN,
    WALL_CLOCK,
    day_of,
    duration,
    known,
    number_of,
    parsed_number,
    text_at,
    type_of,
)
from ..core.report import Impossible, Notes
from ..core.trees import named, number
from .world import NUMERIC, Reader, World, text_test


def property_of(node: Node, names: Names, field: str = "") -> str:
    """The property that a condition's field is called here; `field` where it is known by another name."""
    found = node.need("field")
    return known(names, "properties", field or found.text(), found.path)


def merged(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`TextMerge`, `SelectMerge`, `AddressMerge`, `EmailAddress`: a merge field, a text or a number."""
    name, op, value = property_of(node, world.names), node.need("op"), text_at(node, "value")
    type = type_of(world.names, name)
    if op.text() in ("greater", "less") or (type in ("number", "money") and op.value in NUMERIC):
        if op.value == "not":
            notes.add(MISSING_IN)
        return phrases.compared(name, NUMERIC[op.value], ast.Number(number_of(node.need("value"))))
    if op.value in ("is", "not") and type is None and parsed_number(value) is not None:
        notes.add("It is taken as a text: give --catalog where the field is a number.")
    if type == "list of text" and op.value in ("contains", "notcontain"):
        raise Impossible("Whether one element or a part of one is meant, the vendor does not say.", op.path)
    return text_test(name, op, value, notes)


def day(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`DateMerge`: a merge field with a day."""
    name, op = property_of(node, world.names), node.need("op")
    if op.text() in ("blank", "blank_not"):
        return phrases.is_set(name, op.value == "blank")
    return on_day(partial(phrases.when, name), op, day_of(node.need("value")), notes)


def on_day(event: partial[ast.Subject], op: Node, value: ast.Date, notes: Notes) -> ast.Rule:
    """A day: that one, another, after it, before it. `event` makes the phrase of a window."""
    match op.text():
        case "is":
            return event(ast.Relative("on", value))
        case "not":
            notes.add(MISSING_IN)
            return phrases.unless(True, event(ast.Relative("on", value)))
        case "greater":
            return event(ast.Relative("after", value))
        case "less":
            return event(ast.Relative("before", value))
        case _:
            raise Impossible(f"`{op.value[:80]}` is not known to this revision.", op.path)


def birthday(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`BirthdayMerge`: a day of every year, `mm/dd`."""
    name, op = property_of(node, world.names), node.need("op")
    if op.one_of("is", "not", "blank", "blank_not").startswith("blank"):
        return phrases.is_set(name, op.value == "blank")
    value = node.need("value")
    parts = re.fullmatch(r"(\d{1,2})/(\d{1,2})", value.text(), re.ASCII)
    if parts is None or not (1 <= int(parts[1]) <= 12 and 1 <= int(parts[2]) <= _DAYS[int(parts[1]) - 1]):
        raise Impossible(f"`{value.text()[:40]}` is no day of the year, `mm/dd`.", value.path)
    month, day = _part("month", name, parts[1]), _part("day", name, parts[2])
    if op.value == "not":
        notes.add(MISSING_IN)
    return phrases.unless(op.value == "not", phrases.every([month, day]))


def _part(part: ast.DayPart, name: str, digits: str) -> ast.Subject:
    return ast.Subject(ast.DatePart(part, named(name)), comparison=ast.Compare("=", number(int(digits))))


_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def dated(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`Date`, `NewSubscribers`: when somebody joined, was changed, or last bought."""
    field, op = node.need("field").one_of("timestamp_opt", "info_changed", "ecomm_date"), node.need("op")
    event = partial(
        phrases.last, known(world.names, "events", "ecomm_purchased", node.path + "/field")
    ) if field == "ecomm_date" else partial(phrases.when, property_of(node, world.names))  # fmt: skip
    match op.text():
        case "blank" | "blank_not" if field == "ecomm_date":
            found = known(world.names, "events", "ecomm_purchased", op.path)
            return phrases.never(found) if op.value == "blank" else phrases.happened(found)
        case "blank" | "blank_not":
            return phrases.is_set(property_of(node, world.names), op.value == "blank")
        case "within" | "notwithin" | "date_within" | "date_not_within":
            count = number_of(node.need("value"))
            if count != count.to_integral_value():
                raise Impossible("Part of a day has no length here.", node.path + "/value")
            notes.add("So many days count from now back to the same time of day; the vendor does not say from when.")
            window = ast.InLast(duration(int(count), "d", node.path + "/value"), explicit=True)
            if "not" in op.value:
                notes.add(MISSING_IN)
            return phrases.unless("not" in op.value, event(window))
    if node.need("value").text() != "date":
        said = "When a campaign was sent is not known here: only `value: date` with a day in `extra` is."
        raise Impossible(said, node.path + "/value")
    notes.add(WALL_CLOCK)
    return on_day(event, op, day_of(node.need("extra")), notes)


def own(op_is: str, op_not: str, field: str = "") -> Reader:
    """A text that the vendor knows of a contact, which is or is not a value."""

    def read(node: Node, world: World, notes: Notes) -> ast.Rule:
        op = node.need("op").one_of(op_is, op_not)
        notes.add(LETTER_CASE)
        if op == op_not:
            notes.add(MISSING_IN)
        value = text_at(node, "value") or node.need("value").text()
        return phrases.compared(property_of(node, world.names, field), "=" if op == op_is else "!=", ast.Text(value))

    return read


def rating(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`MemberRating`, `SocialInfluence`: stars."""
    op = NUMERIC[node.need("op").one_of(*NUMERIC)]
    if op == "!=":
        notes.add(MISSING_IN)
    return phrases.compared(property_of(node, world.names), op, ast.Number(number_of(node.need("value"))))


def vip(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`VIP`: marked by a colleague."""
    op = node.need("op").one_of("member", "notmember")
    return phrases.unless(op == "notmember", phrases.truth(property_of(node, world.names), True))


def interests(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`Interests`: in one, in all, in none of some groups, which are lists here."""
    op = node.need("op").one_of("interestcontains", "interestcontainsall", "interestnotcontains")
    groups = node.need("value")
    found = [phrases.in_list(known(world.names, "lists", one.text(), one.path)) for one in groups.items()]
    if not found:
        raise Impossible("It names no groups.", groups.path)
    if op == "interestcontainsall":
        return phrases.every(found)
    return phrases.unless(op == "interestnotcontains", phrases.some(found))


def static(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`StaticSegment`: a tag, or another segment."""
    op, id = node.need("op").one_of("static_is", "static_not"), text_at(node, "value")
    name = world.names.find("lists", id)
    other = world.names.find("segments", id) or world.segments.get(id)
    if name is None and other is None:
        raise Impossible(world.names.missing("lists", id), node.path + "/value")
    found = phrases.in_list(name) if name is not None else phrases.in_segment(other or "")
    return phrases.unless(op == "static_not", found)


def country(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`IPGeoCountryState`: where the vendor believes a contact to be, which is a property here."""
    op = node.need("op").one_of("ipgeocountry", "ipgeonotcountry", "ipgeostate", "ipgeonotstate")
    property = op.replace("not", "")
    return own(property, property.replace("ipgeo", "ipgeonot"), property)(node, world, notes)


def zip_code(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`IPGeoZip`: the postal code there, five digits."""
    op = node.need("op").one_of("ipgeoiszip", "ipgeonotzip")
    if op == "ipgeonotzip":
        notes.add(MISSING_IN)
    digits = text_at(node, "value").zfill(5)
    name = property_of(node, world.names, "ipgeozip")
    return phrases.compared(name, "=" if op == "ipgeoiszip" else "!=", ast.Text(digits))


def nowhere(node: Node, world: World, notes: Notes) -> ast.Rule:
    """`IPGeoUnknown`: no country is known."""
    node.need("op").one_of("ipgeounknown")
    return phrases.is_empty(property_of(node, world.names, "ipgeocountry"))


CONTACTS: dict[str, Reader] = {
    "TextMerge": merged, "SelectMerge": merged, "AddressMerge": merged, "EmailAddress": merged, "DateMerge": day,
    "BirthdayMerge": birthday, "Date": dated, "NewSubscribers": dated, "Language": own("is", "not"),
    "SignupSource": own("source_is", "source_not"), "EmailClient": own("client_is", "client_not"),
    "MemberRating": rating, "SocialInfluence": rating, "SocialAge": own("is", "not"), "SocialGender": own("is", "not"),
    "PredictedGender": own("is", "not"), "PredictedAge": own("is", "not"), "VIP": vip, "Interests": interests,
    "StaticSegment": static, "IPGeoCountryState": country, "IPGeoZip": zip_code, "IPGeoUnknown": nowhere,
}  # fmt: skip
