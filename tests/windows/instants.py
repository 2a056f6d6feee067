"""Windows as rules say them, and the instants that they come to, by small catalogs of several zones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from segql import binder
from segql.catalog import Catalog, catalog_from_yaml
from segql.conditions import Consent, Days, EdgeOccurrence, FieldWithin, InList, Interval, Occurs
from segql.errors import SegQLError
from segql.parser import parse_rule

AMSTERDAM = """
timezone: Europe/Amsterdam
profiles:
  table: people
  key: id
  properties: {born: date, renewal: date, seen: time, name: text}
events:
  bought: {table: orders, profile: person, time: at}
  answered: {table: answers, profile: person}
  seen it: {any of: [bought]}
channels:
  sms: {table: consent, profile: person, receives when: yes_, time: at}
lists:
  News: {table: members, profile: person, time: at}
constants: {recently: 4 months, launch: 2025-10-26, opening: 2025-10-26T02:30, n: 3}
"""
CATALOG = catalog_from_yaml(AMSTERDAM)
NOON = datetime(2025, 11, 28, 11, tzinfo=UTC)
"""Noon on a Friday in Amsterdam."""

ZONES = {
    zone: catalog_from_yaml(AMSTERDAM.replace("Europe/Amsterdam", zone))
    for zone in ("UTC", "America/Sao_Paulo", "Pacific/Apia", "Africa/Cairo", "Asia/Kathmandu")
}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def instants(text: str | None) -> Interval:
    """`2025-11-01 .. 2025-11-02T03:00`, in UTC, either end left out."""
    start, end = (part.strip() for part in (text or "..").split(".."))
    return Interval(utc(start) if start else None, utc(end) if end else None)


def window(rule: str, now: datetime = NOON, catalog: Catalog = CATALOG) -> Interval | Days:
    match binder.bind(parse_rule(rule), catalog, now).rule:
        case Occurs(of=of):
            return of.window
        case EdgeOccurrence(window=found) | InList(window=found) | FieldWithin(window=found):
            return found
        case Consent(window=found) if found is not None:
            return found
        case other:
            raise AssertionError(other)


def codes(rule: str, now: datetime = NOON, catalog: Catalog = CATALOG) -> list[str]:
    with pytest.raises(SegQLError) as caught:
        binder.bind(parse_rule(rule), catalog, now)
    assert all(str(p) and p.span.text for p in caught.value.problems)
    return [p.code for p in caught.value.problems]


NOW = "2025-11-28T11:00"
