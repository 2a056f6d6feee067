"""What becomes of a shop from one run to the next: rows come, are late, and change."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

from segql.evaluator import Shop

from ..worlds.shops import FOCUSES, random_shop


def later(random: Random, shop: Shop, now: datetime) -> Shop:
    """The shop at a later instant: nothing is deleted."""
    other = random_shop(random, now, random.choice(FOCUSES))

    def more(own: Any, new: Any) -> Any:
        return {
            name: [*own.get(name, ()), *random.sample(list(rows), min(len(rows), random.choice((0, 0, 1, 2))))]
            for name, rows in {**own, **new}.items()
        }

    profiles = deepcopy(list(shop.profiles))
    for place, row in enumerate(other.profiles):
        if place >= len(profiles):
            there = row["key"] in {one["key"] for one in profiles}
            if random.random() < 0.3 and place == len(profiles) and not there:
                profiles.append(row)
        elif random.random() < 0.2:
            profiles[place] = {**row, "key": profiles[place]["key"]}
        elif random.random() < 0.2:
            age = random.choice((17, 18, 40, 41))  # which stands in a row of another table
            profiles[place] = {**profiles[place], "age": age}
    events = more(shop.events, other.events)
    events["placed order"] = branded(random, [beside(random, one) for one in events.get("placed order", ())])
    known = {one["key"] for one in profiles}
    channels = more({name: rows for name, rows in shop.channels.items() if name != "email"},
                    {name: rows for name, rows in other.channels.items() if name != "email"})  # fmt: skip
    email = {row["profile"]: row for row in other.channels.get("email", ()) if row["profile"] in known}
    email |= {row["profile"]: row for row in shop.channels.get("email", ()) if random.random() < 0.8}
    channels["email"] = list(email.values())
    around = other if random.random() < 0.1 else shop
    return replace(
        shop,
        profiles=profiles,
        events=events,
        channels=channels,
        lists=more(shop.lists, other.lists),
        stores=around.stores,
        identities=around.identities,
    )


def beside(random: Random, order: Mapping[str, Any]) -> Mapping[str, Any]:
    """An order, of whose items one is another now, or more than there were; its own row stays."""
    items = [dict(one) for one in order.get("items", ())]
    if not items or random.random() < 0.7:
        return order
    if random.random() < 0.5:
        items.append(dict(random.choice(items)))
    else:
        random.choice(items).update(quantity=random.randrange(1, 9), fragile=random.random() < 0.5)
    return {**order, "items": items}


def branded(random: Random, orders: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The orders, where one product is of another brand by now; it stays the same product."""
    kinds = "brand", "category", "released"
    products = [tuple(map(item.get, kinds)) for one in orders for item in one.get("items", ())]
    known = [one for one in products if one != (None, None, None)]
    if not known or random.random() < 0.5:
        return orders
    chosen = random.choice(known)
    brand = f"new {len(set(products))}"
    if (brand, *chosen[1:]) in products:
        return orders
    return [
        {
            **one,
            "items": [
                {**item, "brand": brand} if tuple(map(item.get, kinds)) == chosen else item for item in one["items"]
            ],
        }
        if "items" in one
        else one
        for one in orders
    ]
