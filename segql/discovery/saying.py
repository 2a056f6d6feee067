"""Names as people say them: from those of tables, columns and events, as programs write them."""

from __future__ import annotations

import re
from collections.abc import Collection

from ..catalog import fold
from ..parser.names import is_bare

_RUN = re.compile(r"[^\W_]+")
_IRREGULAR = {"people": "person", "children": "child", "addresses": "address", "statuses": "status", "news": "news"}
_NOUNS_IN_ED = frozenset({"feed", "seed", "bed", "weed", "speed", "need"})
_PAST = {
    "view": "viewed", "click": "clicked", "open": "opened", "purchase": "purchased", "visit": "visited",
    "download": "downloaded", "bounce": "bounced", "subscribe": "subscribed", "unsubscribe": "unsubscribed",
    "submit": "submitted", "search": "searched", "share": "shared", "install": "installed", "start": "started",
    "begin": "began", "add": "added", "remove": "removed", "complete": "completed", "cancel": "cancelled",
    "send": "sent", "receive": "received", "delivery": "delivered", "deliver": "delivered", "signup": "signed up",
    "login": "logged in", "logout": "logged out", "update": "updated", "create": "created", "delete": "deleted",
}  # fmt: skip
_PARTICIPLES = frozenset(
    {*_PAST.values(), "sent", "bought", "paid", "began", "left", "won", "lost", "seen", "made", "met"}
)
_OF_TABLES = {
    "order": "placed order", "purchase": "purchased", "sale": "bought", "invoice": "got invoice", "payment": "paid",
    "refund": "got refund", "return": "returned", "login": "logged in", "signup": "signed up", "visit": "visited",
    "session": "started session", "page view": "viewed page", "pageview": "viewed page", "page": "viewed page",
    "screen": "viewed screen", "product view": "viewed product", "click": "clicked", "open": "opened",
    "download": "downloaded", "review": "wrote review", "rating": "rated", "subscription": "started subscription",
    "charge": "was charged", "booking": "booked", "reservation": "reserved", "appointment": "had appointment",
    "ticket": "opened ticket", "call": "called", "message": "sent message", "donation": "donated", "gift": "gave",
    "registration": "registered", "enrollment": "enrolled", "search": "searched", "checkout": "started checkout",
    "abandoned checkout": "started checkout", "cart": "made cart", "shipment": "got shipment", "game": "played game",
    "rental": "rented", "loan": "borrowed", "workout": "worked out", "comment": "commented", "like": "liked",
    "survey": "answered survey", "response": "responded", "transaction": "made transaction", "stay": "stayed",
    "delivery": "got delivery", "quote": "got quote", "complaint": "complained", "trip": "took trip", "ride": "rode",
    "bestelling": "placed order", "bestellung": "placed order", "commande": "placed order", "pedido": "placed order",
    "sms message": "received sms", "email": "received email", "scan": "scanned",
    "check in": "checked in", "checkin": "checked in",
}  # fmt: skip
_VIEWS = {"pageview": "viewed page", "screenview": "viewed screen", "page": "viewed page", "screen": "viewed screen"}
_AS_PEOPLE_SAY = {
    "birth date": "birthday", "birthdate": "birthday", "date of birth": "birthday", "dob": "birthday",
    "firstname": "first name", "lastname": "last name", "given name": "first name", "family name": "last name",
    "surname": "last name", "country code": "country", "country iso": "country", "state code": "state",
    "province code": "province", "zip code": "zip", "postcode": "postal code", "postalcode": "postal code",
    "email addr": "email",
    "email address": "email", "e mail": "email", "mail": "email", "phone number": "phone", "telephone": "phone",
    "mobile phone": "phone", "tel": "phone", "lang": "language", "language code": "language", "locale": "language",
    "created at": "signed up", "registered at": "signed up", "signup date": "signed up", "date joined": "signed up",
    "signed up at": "signed up", "created on": "signed up", "registered on": "signed up",
    "registration date": "signed up", "qty": "quantity",
}  # fmt: skip
_OTHER_WORDS = {
    "birthday": ("date of birth", "born"), "signed up": ("signup",), "region": ("state", "province"),
    "city": ("town",), "points": ("loyalty points",), "tags": ("tag",), "placed order": ("ordered", "bought"),
    "opened email": ("email open",), "clicked email": ("email click",), "cancelled order": ("canceled order",),
    "refunded order": ("returned order",), "added to cart": ("put in cart",), "position": ("location",),
}  # fmt: skip
_PREFIXES = frozenset(
    {"tbl", "tb", "dim", "fact", "fct", "f", "d", "stg", "stage", "raw", "src", "base", "int", "mart", "ods", "vw", "v"}
)
_CHANNELS = ("email", "sms", "push", "letter", "page", "message")
_NO_EVENTS = frozenset(
    {"updated", "created", "modified", "edited", "synced", "loaded", "inserted", "collected", "invited"}
)
"""What a row's own times tell, and no person did."""
TAKEN = frozenset({"profile", "time", "items", "key", "number", "hour", "weekday", "day", "month"})
"""Words that rows use themselves, and properties that each event has of its own."""


def spoken(raw: str) -> str:
    """The words of a name: `orderLines_v2` is `order lines v 2`, `$pageview` `pageview`."""
    return " ".join(part for run in _RUN.findall(raw) for part in _humps(run)).lower() or "unnamed"


def _humps(run: str) -> list[str]:
    """The words of `dateOfBirth`, of `HTMLPage`: each begins with a capital behind a small letter, or before one."""
    starts = [0]
    for at in range(1, len(run)):
        behind, ahead = run[at - 1], run[at + 1 : at + 2]
        if run[at].isupper() and (behind.islower() or (behind.isupper() and ahead.islower())):
            starts.append(at)
    return [run[start:end] for start, end in zip(starts, [*starts[1:], len(run)], strict=True)]


def said_of_table(raw: str) -> str:
    """The words of a table's name, without what a warehouse or a framework puts before it: `dim_customer` is
    `customer`, `tblOrders` `orders`, `orders_order` `order`.
    """
    words = spoken(raw).split(" ")
    while len(words) > 1 and words[0] in _PREFIXES:
        words = words[1:]
    while len(words) > 1 and words[-1].isdigit():
        words = words[:-1]
    if len(words) > 1 and singular(words[0]) == singular(words[1]):
        words = words[1:]
    return " ".join(words)


def singular(words: str) -> str:
    """The words with the last one in the singular, as far as an ending tells."""
    *before, last = words.split(" ")
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last.endswith("ies") and len(last) > 4:
        last = last[:-3] + "y"
    elif last.endswith(("sses", "xes", "ches", "shes")) or last.endswith("ingen"):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        last = last[:-1]
    return " ".join([*before, last])


def property_name(raw: str, family: str, *, of_profile: bool) -> str:
    """What people call a property: `signed_up_at` is `signed up`, `is_vip` `vip`, `country_code` `country`."""
    words = spoken(raw)
    if words in _AS_PEOPLE_SAY and (of_profile or _AS_PEOPLE_SAY[words] != "signed up"):
        return _AS_PEOPLE_SAY[words]
    if family == "boolean":
        words = re.sub(r"^(is|has|was) (?=.)", "", words)
    if family.startswith(("timestamp", "time")):
        words = re.sub(r"(?<=.) (at|on|ts|timestamp|datetime|utc)$", "", words)
    return words


def event_name(raw: str) -> str:
    """What people call an event: `order_completed` is `completed order`, `page_view` `viewed page`."""
    if (said := spoken(raw)) in _VIEWS:
        return _VIEWS[said]
    words = said.split(" ")
    last = words[-1]
    if len(words) > 1 and not _is_past(words[0]):
        if _is_past(last):
            return " ".join([last, *words[:-1]])
        if last in _PAST:
            return " ".join([_PAST[last], *words[:-1]])
        if words[0] in _PAST:
            return " ".join([_PAST[words[0]], *words[1:]])
    return _PAST.get(last, last) if len(words) == 1 else " ".join(words)


def event_of_channel(said: str, table: str) -> str:
    """A lone verb with the channel that its table is of: `opened` of `fact_email` is `opened email`."""
    words = [word for word in said_of_table(table).split(" ") if singular(word) in _CHANNELS]
    return f"{said} {singular(words[0])}" if " " not in said and len(words) == 1 and _is_past(said) else said


def _is_past(word: str) -> bool:
    return word in _PARTICIPLES or (word.endswith("ed") and word not in _NOUNS_IN_ED)


def event_of_table(raw: str) -> tuple[str, bool]:
    """What people call the event that is a row of a table, and whether that is sure."""
    words = singular(said_of_table(raw))
    if found := _OF_TABLES.get(words):
        return found, True
    named = event_name(words)
    if _is_past(named.split(" ")[0]):
        return named, True
    *_, last = words.split(" ")
    if found := _OF_TABLES.get(last):
        if found.endswith(f" {last}"):  # placed order: placed snack order
            return f"{found.removesuffix(last)}{words}", False
        if " " not in found:
            return f"{found} {words.removesuffix(last).strip()}".strip(), False
    return f"had {words}", False


def event_of_time(raw: str, noun: str) -> str | None:
    """The event that a second time of a row tells: `cancelled_at` of an order is `cancelled order`."""
    words = re.sub(r" (at|on|date|time|ts)$", "", spoken(raw))
    return f"{words} {noun}" if " " not in words and _is_past(words) and words not in _NO_EVENTS else None


def other_words(name: str, *raw: str, taken: Collection[str] = ()) -> list[str]:
    """What `also:` may say of a name: how the warehouse writes it, and what people say too."""
    found = [*(spoken(one) for one in raw), *_OTHER_WORDS.get(name, ())]
    known = {fold(name), *map(fold, taken), *TAKEN}
    return [one for one in dict.fromkeys(found) if fold(one) not in known and one != "unnamed"]


def free(name: str, owner: str, taken: Collection[str]) -> str:
    """A name that is not taken, and that a rule can say without quotes where there is one: with the owner's word."""
    for found in (name, f"{owner} {name}", f"{name} of {owner}", f"{owner} its {name}"):
        if is_bare(found) and fold(found) not in taken and found not in TAKEN:
            return found
    number, found = 2, name
    while fold(found) in taken or found in TAKEN:
        found, number = f"{owner} {name} {number}", number + 1
    return found
