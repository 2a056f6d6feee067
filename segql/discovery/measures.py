"""Guesses metrics and unions: what is summed over orders, and which events say the same of a person."""

from __future__ import annotations

from typing import Any

from ..catalog import fold
from ..formatter import format_name
from .draft import Draft

_BUYING = (
    "placed order", "purchased", "bought", "completed order", "ordered", "was charged", "paid", "made transaction",
    "paid invoice", "got invoice", "booked", "completed purchase", "completed checkout",
)  # fmt: skip
_UNIONS = {
    "engaged with email": (("opened email", "clicked email"), ()),
    "engaged": (
        ("opened email", "clicked email", "clicked sms", "opened push", "clicked push"),
        ("engaged with a message",),
    ),
    "showed intent": (
        ("viewed product", "added to cart", "started checkout", "viewed collection"),
        ("shopped around",),
    ),
}


def buying(draft: Draft) -> str | None:
    """The event that is a purchase: by its name, else the first with money in it."""
    events = draft.data.get("events", {})
    known = {fold(one): name for name, part in events.items() for one in (name, *part.get("also", ()))}
    named = [known[name] for name in _BUYING if name in known]
    with_sum = [name for name in named if events[name].get("amount")]
    return next(iter([*with_sum, *named, *(name for name, part in events.items() if part.get("amount"))]), None)


def propose_unions(draft: Draft) -> None:
    """Add the unions of which at least two events are there."""
    events = draft.data.get("events", {})
    for name, (parts, also) in _UNIONS.items():
        there = [part for part in parts if part in events]
        if len(there) > 1 and fold(name) not in draft.taken:
            events[name] = {"any of": there} | ({"also": list(also)} if also else {})


def propose_metrics(draft: Draft) -> None:
    """Add metrics over the event that is a purchase, and over letters that were opened."""
    bought = buying(draft)
    metrics: dict[str, Any] = {}
    events = draft.data.get("events", {})
    if bought is not None:
        event, said = events[bought], format_name(bought)
        if total := event.get("amount"):
            of = f"{format_name(total)} of {said}"
            metrics |= {
                "total spent": {"value": f"sum of {of}", "also": ["lifetime value", "revenue"]},
                "average order value": {"value": f"average of {of}", "also": ["aov"]},
                "highest order value": {"value": f"max of {of}"},
            }
        metrics |= {
            "number of orders": {"value": f"number of {said}", "also": ["order count"]},
            "days since last order": {"value": f"days since last {said}", "also": ["recency"]},
            "days between orders": {"value": f"days between {said}"},
        }
        if event.get("items", {}).get("properties", {}).get("quantity", {}).get("type") == "number":
            metrics["items bought"] = {"value": f"sum of quantity of {said}"}
        draft.note(("metrics",), f"Guess: `{bought}` is the purchase")
    if "opened email" in events and "received email" in events:
        metrics["open rate"] = {"value": "number of opened email / number of received email"}
    taken = draft.taken
    metrics = {name: part for name, part in metrics.items() if fold(name) not in taken}
    for part in metrics.values():
        if "also" in part:
            part["also"] = [one for one in part["also"] if fold(one) not in taken]
            if not part["also"]:
                del part["also"]
    if metrics:
        draft.data["metrics"] = metrics
    if bought is not None:
        draft.data["insights"] = _roles(bought, events[bought], draft)
        draft.note(("insights",), "Guess: what `segql stats` takes for orders, revenue and products")


_PRODUCTS = ("product", "product name", "title", "item", "item name", "name", "description", "sku", "product id")


def _roles(bought: str, event: Any, draft: Draft) -> dict[str, str]:
    """The purchase, what it brought in, and the text that names what was bought."""
    roles = {"order": bought}
    if "total spent" in draft.data.get("metrics", {}):
        roles["revenue"] = "total spent"
    elif total := event.get("amount"):
        roles["revenue"] = f"sum of {format_name(total)} of {format_name(bought)}"
    texts = [
        name
        for owner in (event.get("items", {}).get("properties", {}), event.get("properties", {}))
        for name, part in owner.items()
        if (part if isinstance(part, str) else part.get("type", "text")) == "text"
    ]
    known = {fold(name): name for name in reversed(texts)}
    if found := [known[name] for name in _PRODUCTS if name in known]:
        roles["product"] = found[0]
    return roles
