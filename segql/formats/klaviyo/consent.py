"""Who can be reached: `profile-marketing-consent` and `profile-permissions`."""

from __future__ import annotations

from typing import TypeVar

from ... import ast
from ..core.documents import Node
from ..core.names import Names
from ..core.report import Impossible, Notes
from ..core.trees import all_of, named, negated
from .timeframes import window

OWN_RECORDS = (
    "The catalog's latest record of the channel decides; what the vendor leaves out besides (bounces, suppressions) "
    "counts only where that record says so."
)
NO_RECORD = "Here nobody can receive it without a record; for the vendor they can who never objected."
NEVER = "Never subscribed is taken for having no dated record of the channel at all."
_EVER = ast.Ever()
"""A window asks for a record, and this one for any that has a date."""
T = TypeVar("T")
_DATES = {
    "status_date": None, "bounce_date": "bounced", "manual_suppression_date": "suppressed",
    "invalid_email_date": "invalid",
}  # fmt: skip
"""The filters that say when; those that say why as well have the reason that names give for it."""


def consent(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """`profile-marketing-consent`."""
    node.only("type", "consent")
    asked = node.need("consent")
    asked.only("channel", "can_receive_marketing", "consent_status")
    channel = channel_of(asked.need("channel"), names)
    can = asked.need("can_receive_marketing").truth()
    status = asked.need("consent_status")
    status.only("subscription", "filters")
    subscription = status.need("subscription").one_of("any", "subscribed", "unsubscribed", "never_subscribed")
    filters = status.get("filters")
    notes.add(OWN_RECORDS)
    email = asked.need("channel").value == "email"
    if subscription == "never_subscribed":
        if can or email:
            raise Impossible("Without a record nobody can receive anything here, and nobody is left out.", status.path)
        if _each(filters):
            raise Impossible("What has no record has no date and no reason here.", status.path)
        notes.add(NEVER)
        rule: ast.Rule = all_of(
            [ast.CanReceive(channel, negated=True), negated(ast.CanReceive(channel, window=_EVER, negated=True))]
        )
        return rule
    if (can and subscription == "unsubscribed") or (not can and subscription == "subscribed" and not _each(filters)):
        raise Impossible("Here the latest record alone decides: it cannot give and be withdrawn at once.", status.path)
    if subscription == "any" and email:
        notes.add(NO_RECORD)
    when, reason = _narrowed(filters, names, notes)
    if not can and subscription == "unsubscribed" and when is None and reason is None:
        when = _EVER  # a record: who has none was never subscribed
    return ast.CanReceive(channel, reason, when, negated=not can)


def _each(filters: Node | None) -> list[Node]:
    """The filters, which are an array, or an object of them by their fields."""
    if filters is None:
        return []
    if isinstance(filters.value, list):
        return list(filters.items())
    return [
        Node({"field": key, "filter": value}, filters.path)
        for key, value in filters.object().items()
        if value is not None
    ]


def _narrowed(filters: Node | None, names: Names, notes: Notes) -> tuple[ast.Window | None, ast.Text | None]:
    """When and why the deciding record was."""
    when: ast.Window | None = None
    reason: ast.Text | None = None
    for one in _each(filters):
        one.only("field", "filter")
        field, asked = one.need("field").text(), one.need("filter")
        if field == "method":
            found: str | None = _method(asked, names)
        elif field in _DATES:
            found = None
            if (why := _DATES[field]) is not None and (found := names.find("reasons", why)) is None:
                raise Impossible(f"The catalog has reasons of its own. {names.missing('reasons', why)}", one.path)
            if asked.need("type").one_of("date", "existence") == "date":
                if (asked_when := window(asked, names, notes)) is not None:
                    when = _once(when, asked_when, one)
            elif asked.need("operator").one_of("is-set", "not-set") == "not-set":
                raise Impossible("That something did not lead to it has no form here.", asked.path)
        else:
            raise Impossible(f"The catalog's records of consent have no `{field[:80]}`.", one.path)
        if found is not None:
            reason = _once(reason, ast.Text(found), one)
    if isinstance(when, ast.InNext):
        raise Impossible("Consent lies in the past here.", filters.path if filters else "")
    return when, reason


def _once(before: T | None, found: T, node: Node) -> T:
    if before is not None:
        raise Impossible("Two filters of one kind have no form here.", node.path)
    return found


def _method(asked: Node, names: Names) -> str:
    """The catalog's reason for a method. One that is narrowed (to a form, a key) is none."""
    operator = asked.get("operator")
    if operator is not None and operator.text() != "equals":
        raise Impossible("Another method than one has no form here.", asked.path)
    method = (asked.get("method") or asked.need("value")).text()
    if narrowed := [k for k, v in asked.object().items() if k not in ("type", "operator", "method", "value") and v]:
        raise Impossible(f"The catalog's records of consent have no `{narrowed[0][:80]}`.", asked.path)
    if (found := names.find("reasons", method)) is None:
        raise Impossible(f"The catalog has reasons of its own. {names.missing('reasons', method)}", asked.path)
    return found


def permissions(node: Node, names: Names, notes: Notes) -> ast.Rule:
    """`profile-permissions`."""
    node.only("type", "channel", "permission")
    channel = channel_of(node.need("channel"), names)
    asked = node.need("permission")
    asked.only("reachable_status", "filters")
    how, _, reachable = asked.need("reachable_status").text().rpartition("_")
    if how not in ("explicitly", "implicitly", "implicitly_or_explicitly") or not reachable.endswith("reachable"):
        raise Impossible("This status is not known to this revision.", asked.path)
    if how == "implicitly":
        raise Impossible("Whether a permission is implied is not in the catalog's records.", asked.path)
    notes.add(OWN_RECORDS)
    when, reason = _narrowed(asked.get("filters"), names, notes)
    return ast.CanReceive(channel, reason, when, negated=reachable == "unreachable")


def channel_of(node: Node, names: Names) -> ast.Name:
    """What a channel is called: as the names say, else as it is called there."""
    id = node.one_of("email", "sms", "push", "whatsapp", "whatsapp_marketing", "whatsapp_transactional")
    found = names.find("channels", id)
    if found is None and id.startswith("whatsapp_"):
        raise Impossible(names.missing("channels", id), node.path)
    return named(found if found is not None else id)
