"""What names of the catalog are called at Shopify: the other way round of `names`."""

from __future__ import annotations

from ...catalog.names import fold
from ..core.report import Impossible, Notes, Setting
from . import names


class Ids:
    """What names stand for, by any of their names in the catalog; and `notes`, of the condition that is written."""

    def __init__(self, setting: Setting, notes: Notes) -> None:
        self.notes = notes
        self.setting, self.catalog, self.known = setting, setting.catalog, setting.names

    def attribute(self, name: str) -> str:
        """The attribute or metafield of a property. Raises Impossible."""
        own = self.catalog.find_property(name) or name
        for one in (own, name):
            if (said := self.known.id_of("properties", one)) is not None:
                return said
        for attribute in names.PROPERTIES:
            if fold(names.property_name(self.known, attribute)) in (fold(own), fold(name)):
                return attribute
        raise Impossible(
            f"Shopify has no filter for `{name[:80]}`: keep it as a metafield, and give --names with "
            f"`properties: {{metafields.NAMESPACE.KEY: {name[:80]}}}`."
        )

    def event(self, name: str) -> list[str]:
        """The functions of an event; none where the name is no event of theirs."""
        own = self.catalog.find_event(name) or name
        return [f for f in names.EVENTS if fold(names.event(self.known, f)) in (fold(own), fold(name))]

    def parameter(self, function: str, event: str, name: str) -> str | None:
        """The parameter of a property of an event or of its items."""
        own = self.catalog.find_event_property(event, name) or self.catalog.find_item_property(event, name) or name
        for of, parameter in names.OF_EVENTS:
            if of == function and fold(names.event_property(self.known, of, parameter)) in (fold(own), fold(name)):
                return parameter
        return "activity_id" if function.startswith("shopify_email.") and fold(name) == "activity id" else None

    def channel(self, name: str) -> str:
        """The attribute of a channel. Raises Impossible."""
        own = self.catalog.find_channel(name) or name
        for attribute in names.CHANNELS:
            if fold(names.channel(self.known, attribute)) in (fold(own), fold(name)):
                return attribute
        raise Impossible(f"Shopify has subscriptions to email and sms, and none to `{name[:80]}`.")

    def product(self, name: str) -> str:
        """The id of a product. Raises Impossible."""
        if (found := self.known.id_of("products", name)) is None:
            raise Impossible(f"Nobody said which id the product `{name[:80]}` has: give --names with `products`.")
        return found
