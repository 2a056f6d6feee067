"""What Shopify's attributes and functions are called in a catalog, where nobody gave other names.

Those that the Shopify layouts of `catalog init` propose, and plain ones for what they do not have.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..core.names import Names

EVENTS: Mapping[str, str] = {
    "orders_placed": "placed order",
    "products_purchased": "placed order",
    "abandoned_checkout_date": "started checkout",
    "shopify_email.bounced": "bounced email",
    "shopify_email.clicked": "clicked email",
    "shopify_email.delivered": "received email",
    "shopify_email.marked_as_spam": "marked email as spam",
    "shopify_email.opened": "opened email",
    "shopify_email.unsubscribed": "unsubscribed from email",
    "storefront.product_viewed": "viewed product",
    "storefront.collection_viewed": "viewed collection",
    "store_credit_accounts": "store credit account",
}
PROPERTIES: Mapping[str, str] = {
    "amount_spent": "amount spent",
    "companies": "company id",
    "created_by_app_id": "created by app id",
    "customer_account_status": "account status",
    "customer_added_date": "created",
    "customer_cities": "cities",
    "customer_countries": "countries",
    "customer_email_domain": "email domain",
    "customer_language": "language",
    "customer_regions": "regions",
    "customer_tags": "tags",
    "customer_within_distance": "position",
    "email": "email",
    "email_subscription_status": "email status",
    "number_of_orders": "orders count",
    "predicted_spend_tier": "predicted spend tier",
    "product_subscription_status": "product subscription status",
    "rfm_group": "rfm group",
    "sms_subscription_status": "sms status",
}
OF_EVENTS: Mapping[tuple[str, str], str] = {
    ("orders_placed", "amount"): "total",
    ("orders_placed", "app_id"): "app id",
    ("orders_placed", "location_id"): "location id",
    ("products_purchased", "id"): "product id",
    ("products_purchased", "name"): "product",
    ("products_purchased", "tag"): "product tags",
    ("products_purchased", "quantity"): "quantity",
    ("storefront.product_viewed", "id"): "product id",
    ("storefront.product_viewed", "name"): "product",
    ("storefront.product_viewed", "tag"): "product tags",
    ("storefront.collection_viewed", "id"): "collection id",
    ("storefront.collection_viewed", "tag"): "collection tags",
    ("store_credit_accounts", "balance"): "balance",
    ("store_credit_accounts", "currency"): "currency",
    ("store_credit_accounts", "next_expiry_date"): "next expiry date",
    ("store_credit_accounts", "last_credit_date"): "last credit date",
}
CHANNELS: Mapping[str, str] = {"email_subscription_status": "email", "sms_subscription_status": "sms"}


def event(names: Names, function: str) -> str:
    """The event of a function, or of a date that is an event's."""
    return names.find("events", function) or EVENTS[function]


def property_name(names: Names, attribute: str) -> str:
    """The property of an attribute. A metafield is called by its key: `metafields.facts.birth_date`, `birth date`."""
    said = names.find("properties", attribute) or PROPERTIES.get(attribute)
    return said or attribute.rpartition(".")[2].replace("_", " ").replace("-", " ")


def event_property(names: Names, function: str, parameter: str) -> str:
    """The property of a function's parameter, of the event or of its items."""
    said = names.property_of(event(names, function), parameter)
    return said or OF_EVENTS.get((function, parameter)) or parameter.replace("_", " ")


def channel(names: Names, attribute: str) -> str:
    """The channel of a subscription."""
    said = CHANNELS[attribute]
    return names.find("channels", said) or said
