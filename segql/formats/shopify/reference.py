"""What the segment language knows: its attributes and functions, of which types they are, and what they may be asked.

After the "Segment query language reference" (GraphQL Admin API 2026-10) and the help center's "Shopify-based customer
segment filters".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from ..core.report import Impossible
from .tree import Between, Clause, Compare, Contains, In, Matches, Null, Offset, Parameter, Point, Value, Word

Kind = Literal["date", "integer", "float", "enum", "string", "list of enum", "list of string", "id", "point"]

ATTRIBUTES: Mapping[str, Kind] = {
    "abandoned_checkout_date": "date", "amount_spent": "float", "companies": "id", "created_by_app_id": "id",
    "customer_account_status": "enum", "customer_added_date": "date", "customer_cities": "list of enum",
    "customer_countries": "list of enum", "customer_email_domain": "string", "customer_language": "string",
    "customer_regions": "list of enum", "customer_tags": "list of string", "email_subscription_status": "enum",
    "first_order_date": "date", "last_order_date": "date", "number_of_orders": "integer",
    "predicted_spend_tier": "enum", "product_subscription_status": "enum", "rfm_group": "enum",
    "sms_subscription_status": "enum",
}  # fmt: skip
_SUBSCRIBED = ("SUBSCRIBED", "NOT_SUBSCRIBED", "PENDING", "UNSUBSCRIBED", "REDACTED")
VALUES: Mapping[str, tuple[str, ...]] = {
    "customer_account_status": ("DECLINED", "DISABLED", "ENABLED", "INVITED"),
    "email_subscription_status": (*_SUBSCRIBED, "INVALID"),
    "sms_subscription_status": _SUBSCRIBED,
    "predicted_spend_tier": ("HIGH", "MEDIUM", "LOW"),
    "product_subscription_status": ("SUBSCRIBED", "CANCELED", "EXPIRED", "FAILED", "NEVER_SUBSCRIBED", "PAUSED"),
    "rfm_group": (
        "CHAMPIONS", "LOYAL", "ACTIVE", "NEW", "PROMISING", "NEEDS_ATTENTION", "AT_RISK", "ALMOST_LOST",
        "PREVIOUSLY_LOYAL", "DORMANT", "PROSPECTS",
    ),
}  # fmt: skip
"""The values of enums. Those of countries, regions and cities are codes without an end."""

_EMAIL: Mapping[str, Kind] = {"activity_id": "id", "count": "integer", "date": "date"}
_VIEWED: Mapping[str, Kind] = {"id": "id", "tag": "string", "count": "integer", "date": "date"}
FUNCTIONS: Mapping[str, Mapping[str, Kind]] = {
    "orders_placed": {
        "app_id": "id", "location_id": "id", "count": "integer", "amount": "float", "sum_amount": "float",
        "date": "date",
    },
    "products_purchased": {
        "id": "id", "tag": "string", "quantity": "integer", "sum_quantity": "integer", "count": "integer",
        "date": "date",
    },
    **{f"shopify_email.{word}": _EMAIL for word in (
        "bounced", "clicked", "delivered", "marked_as_spam", "opened", "unsubscribed",
    )},
    "storefront.product_viewed": _VIEWED,
    "storefront.collection_viewed": _VIEWED,
    "store_credit_accounts": {
        "balance": "float", "currency": "string", "next_expiry_date": "date", "last_credit_date": "date",
    },
    "customer_within_distance": {"coordinates": "point", "distance_km": "float", "distance_mi": "float"},
}  # fmt: skip
OLDER = {"storefront_event.product_viewed": "storefront.product_viewed",
         "storefront_event.collection_viewed": "storefront.collection_viewed"}  # fmt: skip
"""Names that functions had."""
MOST_IDS = 500


def function(name: str) -> str | None:
    """The function's name of today; None for what is none."""
    found = OLDER.get(name, name)
    return found if found in FUNCTIONS else None


def is_metafield(name: str) -> bool:
    """Whether it is a path to a customer's metafield."""
    return name.startswith(("metafields.", "customer.metafields."))


def check(clause: Clause) -> None:
    """Raises Impossible for what Shopify itself would not take, and for names that its reference lacks."""
    name, test = clause.name, clause.test
    if name == "anniversary":
        _check_anniversary(clause)
    elif clause.date is not None:
        raise Impossible(f"`{name}` takes no text in parentheses: only `anniversary('metafields..')` does.")
    elif (called := function(name)) is not None:
        _check_call(called, clause)
    elif is_metafield(name):
        if isinstance(test, Matches):
            raise Impossible(f"`{name}` is no function.")
    elif name in ATTRIBUTES:
        _check_attribute(name, ATTRIBUTES[name], test)
    else:
        raise Impossible(f"`{name[:80]}` is no filter that the reference of this revision has.")


def _check_attribute(name: str, kind: Kind, test: object) -> None:
    listed = kind.startswith("list")
    match test:
        case Null():
            return
        case Contains(value) if listed or name == "companies":
            _check_value(name, kind, value)
        case Compare(op, value) if not listed:
            if op not in ("=", "!=") and kind in ("enum", "string", "id"):
                raise Impossible(f"`{name}` does not support operator '{op}'.")
            _check_value(name, kind, value)
        case Between(low, high) if kind in ("date", "integer", "float"):
            _check_value(name, kind, low)
            _check_value(name, kind, high)
        case Compare(op):
            raise Impossible(f"`{name}` does not support operator '{op}': it is a list, and takes CONTAINS.")
        case _:
            raise Impossible(f"`{name}` does not support operator '{_spelled(test)}'.")


def _check_call(name: str, clause: Clause) -> None:
    match clause.test:
        case Null():
            return
        case Matches(parameters):
            for one in parameters:
                kind = FUNCTIONS[name].get(one.name)
                if kind is None:
                    raise Impossible(f"`{name}` has no parameter `{one.name[:80]}`: {', '.join(FUNCTIONS[name])}.")
                _check_parameter(name, kind, one)
        case other:
            raise Impossible(f"`{name}` does not support operator '{_spelled(other)}': it takes MATCHES.")


def _check_parameter(name: str, kind: Kind, one: Parameter) -> None:
    said = f"`{one.name}` of `{name}`"
    match one.test:
        case Point():
            if kind != "point":
                raise Impossible(f"{said} is no point.")
        case In(values):
            if kind != "id":
                raise Impossible(f"{said} does not support operator 'IN'.")
            if len(values) > MOST_IDS:
                raise Impossible(f"{said} takes at most {MOST_IDS} ids.")
            for value in values:
                _check_value(said, kind, value)
        case Between(low, high):
            if kind not in ("date", "integer", "float"):
                raise Impossible(f"{said} does not support operator 'BETWEEN'.")
            _check_value(said, kind, low)
            _check_value(said, kind, high)
        case Compare(op, value):
            if op not in ("=", "!=") and kind in ("id", "string"):
                raise Impossible(f"{said} does not support operator '{op}'.")
            _check_value(said, kind, value)


def _check_value(said: str, kind: Kind, value: Value) -> None:
    said = said if said.startswith("`") else f"`{said}`"
    match kind:
        case "date":
            fits = is_day(value)
        case "integer" | "id":
            fits = isinstance(value, Decimal) and value == value.to_integral_value()
        case "float":
            fits = isinstance(value, Decimal)
        case "point":
            fits = False
        case _:
            fits = isinstance(value, str)
    if not fits:
        wanted = {"integer": "a whole number", "float": "a number", "date": "a date", "id": "an id, a whole number",
                  "point": "a point, `(37.77, -122.42)`"}  # fmt: skip
        raise Impossible(f"{said} is compared with {wanted.get(kind, 'a text')}.")
    known = VALUES.get(said.strip("`"))
    if known and value not in known:
        raise Impossible(f"{said} is never '{value}': {', '.join(known)}.")


def _check_anniversary(clause: Clause) -> None:
    if clause.date is None or not is_metafield(clause.date):
        raise Impossible(
            "`anniversary` has the path of a metafield in its parentheses: ('metafields.facts.birth_date')."
        )
    match clause.test:
        case Null():
            return
        case Compare("=" | "!=", value) if is_day(value):
            return
        case Between(low, high) if is_day(low) and is_day(high):
            return
        case other:
            raise Impossible(
                f"`anniversary` does not support '{_spelled(other)}' here: it takes =, !=, BETWEEN and days."
            )


def is_day(value: Value) -> bool:
    """Whether it is a date, a time, an offset, or `today`."""
    if isinstance(value, Word):
        return value.text in ("today", "yesterday")
    return isinstance(value, date | datetime | Offset)


def _spelled(test: object) -> str:
    match test:
        case Compare(op):
            return op
        case Contains(negated=negated):
            return "NOT CONTAINS" if negated else "CONTAINS"
        case Matches(negated=negated):
            return "NOT MATCHES" if negated else "MATCHES"
    return type(test).__name__.upper()
