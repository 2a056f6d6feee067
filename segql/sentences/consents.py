"""What may reach people, by the words for having said yes or no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..catalog import fold
from ..formatter import format_name
from ..words import say, word
from .lexicon import quoted
from .people import People, never
from .said import Said, joined
from .verbs import Verbs


def reached(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`opted in to email, sms and push`; `opted out of email or sms`: the second as well, or not."""
    names, join = found["c"] if "c" in found else found["n"]
    form = "CAN_RECEIVE {}" if "c" in found else "CANNOT_RECEIVE {}"
    said = [Said(say(form, format_name(name))) for name in names]
    if "c" in found or join == "AND":
        yield joined(said, join)
        return
    yield joined(said, "AND").unsure("none of them")
    others = [Said(say("CAN_RECEIVE {}", format_name(name))) for name in names[1:]]
    yield joined((said[0], *others), "OR").unsure("the first alone is denied")


def gotten(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`gets sms and email`: they may be sent both, or were."""
    names, join = found["c"]
    sent = [called[:1] for name in names if (called := tuple(verbs.lexicon.catalog.events_meant(f"received {name}")))]
    if len(names) > 1:
        yield joined((Said(say("CAN_RECEIVE {}", format_name(name))) for name in names), join).unsure("may be sent")
        if len(sent) == len(names):
            yield joined((Said(format_name(event)) for (event,) in sent), join).unsure("were sent")


def reached_without(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`can receive sms but hasn't clicked one in 6 months`: one is what comes through that channel."""
    channel, event = found["c"], found["b"]
    if fold(event).endswith(f" {fold(channel)}"):
        no = f"{never(event)} {found.get('w', '')}".rstrip()
        yield joined((Said(say("CAN_RECEIVE {}", format_name(channel))), Said(no)), "AND")


def unreached(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`can't be emailed or texted`: by neither."""
    yield Said(f" {word('AND')} ".join(say("CANNOT_RECEIVE {}", format_name(found[one])) for one in ("n", "k")), "AND")


def subscribers(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`our subscribers`."""
    for channel in people.lexicon.catalog.channels:
        yield Said(say("CAN_RECEIVE {}", format_name(channel)), "", False)


_NOT = frozenset({"not", "isn't", "aren't", "wasn't", "weren't", "never"})
"""Denials that may go over several channels together, where `unsubscribed` goes over each."""


def consent(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`gave no consent for push`."""
    names, join = found["c"]
    may = [Said(say("CAN_RECEIVE {}", format_name(name))) for name in names]
    if found["k"]:
        yield joined(may, join)
        return
    none = joined((Said(say("CANNOT_RECEIVE {}", format_name(name))) for name in names), join)
    if join == "AND" and not _NOT.isdisjoint(token.folded for token in verbs.tokens[:stop]):
        yield none.unsure("none of them")
        yield joined(may, join).denied().unsure("not all of them")
        yield joined((may[0].denied(), *may[1:]), join).unsure("the first alone is denied")
    else:
        yield none


def one_of_two(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`no email consent but has push`: one channel, and not the other."""
    forms = {"n": "CANNOT_RECEIVE {}", "k": "CAN_RECEIVE {}"}
    told = (Said(say(forms[name], format_name(found[name]))) for name in found)  # in the order of the sentence
    yield joined(told, "AND")


def channel_consent(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`no sms consent`, `sms permission`."""
    denied_ = any(token.folded in ("no", "not", "never") for token in verbs.tokens[:stop])
    return consent(people, verbs, {**found, "k": not denied_}, stop)


def no_channel_consent(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`without sms consent`."""
    return consent(people, verbs, {**found, "k": False}, stop)


def reason(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`email bounced`: the reason that a channel may give."""
    said = say("CANNOT_RECEIVE {} BECAUSE", format_name(found["c"]))
    yield Said(f"{said} {quoted(found['r'])} {found.get('w', '')}".rstrip())


def no_reason(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`email not bounced`: whatever else, or that it may be sent."""
    for one in reason(people, _, found, stop):
        yield one.denied().unsure("for no such reason")
    yield Said(say("CAN_RECEIVE {}", format_name(found["c"])), "", False, "at all")


def gone(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`unsubscribed`: from which channel, nobody said."""
    for channel in people.lexicon.catalog.channels:
        yield Said(say("CANNOT_RECEIVE {}", format_name(channel)), "", False)


def by_none(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`can't be reached on any channel`: on none; `not subscribed to everything`, which may be some."""
    channels = map(format_name, people.lexicon.catalog.channels)
    none = joined((Said(say("CANNOT_RECEIVE {}", one)) for one in channels), "AND")
    yield none if found.get("n") != "all" else none.unsure()


def neither(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`gets neither email nor sms`: may not receive them; of what is got, none was received as well."""
    names = (found["c"], found["d"])
    yield joined((Said(say("CANNOT_RECEIVE {}", format_name(one))) for one in names), "AND").unsure("may not")
    events = [event for one in names for event in verbs.lexicon.events_called(f"received {one}")]
    if len(events) == len(names) and verbs.tokens[0].folded.startswith(("get", "receive")):
        yield joined((Said(say("NEVER {}", format_name(one))) for one in events), "AND").unsure("did not")


def by_some(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`reachable on any channel`: on one at least; `on all channels`, on each."""
    channels = map(format_name, people.lexicon.catalog.channels)
    yield joined((Said(say("CAN_RECEIVE {}", one)) for one in channels), "AND" if found["n"] != "any" else "OR")


def by_one_alone(people: People, _: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`only reachable by email`: by it, and by no other."""
    others = [one for one in people.lexicon.catalog.channels if one != found["c"]]
    first = Said(say("CAN_RECEIVE {}", format_name(found["c"])))
    yield joined((first, *(Said(say("CANNOT_RECEIVE {}", format_name(one))) for one in others)), "AND")


def gets(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`gets our emails`: may receive them, or has received some."""
    if "b" in found:
        for one in gets(people, verbs, {"c": found["c"]}, stop):
            if found["b"].split()[-1].casefold() == found["c"].casefold():
                yield joined((one, Said(say("NEVER {}", format_name(found["b"])))), "AND").unsure(one.note)
        return
    denied = "no" in found
    yield Said(say("CANNOT_RECEIVE {}" if denied else "CAN_RECEIVE {}", format_name(found["c"])), "", False, "may")
    for event in verbs.lexicon.events_called(f"received {found['c']}"):
        yield Said(say("NEVER {}", format_name(event)) if denied else format_name(event), "", False, "did")


def sent(people: People, verbs: Verbs, found: Mapping[str, Any], stop: int) -> Iterator[Said]:
    """`emailed`, `texted last week`: they received one."""
    for event in verbs.lexicon.events_called(f"received {found['c']}"):
        yield Said(f"{format_name(event)} {found.get('w', '')}".rstrip(), "", False)


__all__ = ["channel_consent", "consent", "gone", "no_channel_consent", "no_reason", "reason", "sent"]
