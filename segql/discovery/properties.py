"""Guesses what the columns of a row say: properties with their types, names, decimals and known values."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ..catalog import fold
from ..emitter import nodes as n
from ..emitter import sql_text
from ..plain import dataclass
from ..warehouse.types import declared_as
from .links import epoch
from .saying import free, other_words, property_name, spoken
from .seen import DAY, MOMENT, Column

SECRET = re.compile(r"\b(password|passwd|pwd|hash|hashed|salt|secret|token|otp|iban|ssn|bsn|cvv|api key|card number)\b")
BOOKKEEPING = re.compile(
    r"^_?(fivetran|dlt|airbyte|sdc|dbt|etl|hoodie|metadata|ab|raw)_|^__|^(_rivery|_dbt)", re.IGNORECASE
)
MONEY = re.compile(
    r"\b(mrr|arr|aov|price|prices|total|subtotal|amount|revenue|cost|costs|spent|spend|value|discount|tax|shipping|fee|balance|ltv"
    r"|paid|refund|refunded|turnover|salary|income|donated|tip|fare|gmv|bedrag|prijs|betrag|preis|prix|precio|sum)\b"
)
_NO_MONEY = re.compile(
    r"\b(count|counts|number|quantity|qty|percent|percentage|rate|points|items|orders|id|weight|visits|latitude|longitude)\b"
)
CENTS = re.compile(r" ?\b(in cents|cents|cent|pennies|pence|minor units?|minor)$")
FEW = 30
"""So many different texts, each seen again, are values that completion should know."""
_MONTH_DAY = re.compile(r"(--)?\d{2}[-/]\d{2}")
_OF_ONE = frozenset(
    {"first name", "last name", "name", "full name", "email", "phone", "city", "url", "title", "street"}
)
"""Texts that many share by chance, and that are no values of a kind."""
_CURRENCY = re.compile(r"\bcurrency( code)?$")
_LONG = 60


@dataclass(frozen=True, slots=True)
class Guess:
    """A property: its name, how the catalog says it, and what was seen where it is a guess."""

    name: str
    spec: dict[str, Any]
    notes: tuple[str, ...] = ()
    naive: bool = False
    """Whether it is a time without a zone."""

    @property
    def type(self) -> str:
        """What its values are."""
        return str(self.spec.get("type", "text"))


def guesses(
    columns: Iterable[Column], owner: str, dialect: str, *, of_profile: bool = False, prefix: str = "",
    taken: Collection[str] = (), join: str = "",
) -> list[Guess]:  # fmt: skip
    """The properties of a row called `owner`. Names of `taken`, folded, are not used; `prefix` begins the columns'.

    `join` is the word of a joined table, in which the columns are.
    """
    found: list[Guess] = []
    for column in columns:
        for guess in _of_column(column, dialect, of_profile, prefix, join):
            known = {*taken, *(fold(one) for other in found for one in (other.name, *other.spec.get("also", ())))}
            name = free(guess.name, owner, known)
            also = other_words(name, *guess.spec.get("also", ()), taken=known)
            spec = {key: value for key, value in guess.spec.items() if key != "also"} | ({"also": also} if also else {})
            found.append(Guess(name, spec, guess.notes, guess.naive))
    return found


def is_left_out(column: Column) -> bool:
    """Whether no property is made of it: secrets, the bookkeeping of a loader, what no rows have."""
    if column.hint:
        return bool(column.hint.get("left out")) or column.is_empty
    return bool(SECRET.search(spoken(column.name)) or BOOKKEEPING.search(column.name) or column.is_empty)


def _of_column(column: Column, dialect: str, of_profile: bool, prefix: str, join: str) -> list[Guess]:
    raw = column.name.removeprefix(prefix)
    if is_left_out(column) or _CURRENCY.search(spoken(raw)):
        return []
    place = f"{join}.{column.name}" if join else column.name
    if column.documents:
        return _of_documents(column, place, dialect) if not join else []
    if column.entries and not join:
        return _of_entries(column)
    family = column.family
    name = column.hint.get("name") or property_name(raw, family, of_profile=of_profile)
    if "." in column.name:  # which would be a joined table's
        if join:
            return []
        spec: dict[str, Any] = {"sql": quoted(column.name, dialect)}
    else:
        spec = {"column": place}
    if spoken(raw) != name:
        spec["also"] = [raw]
    notes: list[str] = []
    naive = False
    if (unit := epoch(column)) is not None:
        name, spec["type"], spec["stored"] = property_name(raw, "time", of_profile=of_profile), "time", unit
    elif column.type.family != "list" and column.lists and not join:
        kinds = {type(value) for one in column.lists for value in one}
        if dict in kinds or list in kinds:
            return []
        spec["type"] = "list of number" if kinds and kinds <= {int, float} else "list of text"
        if dialect != "sqlite":
            spec = {"json": column.name} | {key: value for key, value in spec.items() if key != "column"}
    elif (money := is_money(column)) and CENTS.search(spoken(raw)) and family == "integer" and not join:
        name = CENTS.sub("", name) or "amount"
        hundred = "100" if dialect == "bigquery" else "100.0"
        sql = f"{quoted(column.name, dialect)} / {hundred}"
        spec = {"type": "money", "scale": 2, "sql": sql, "also": [raw]}
        notes.append(f"Guess: cents, by the name ({shown(column.values)})")
    elif family in ("integer", "number"):
        spec["type"] = "money" if money else "number"
        spec["scale"] = scale_of(column, money=bool(money))
        if money and family == "integer" and not column.hint and column.values and min(column.values) >= 100:
            notes.append(f"Question: are these cents? seen: {shown(column.values)}")
    elif family == "text" and column.values and all(_MONTH_DAY.fullmatch(str(value)) for value in column.values):
        spec["type"] = "month-day"
    elif family == "text":
        if column.values and all(DAY.fullmatch(str(v)) or MOMENT.fullmatch(str(v)) for v in column.values):
            notes.append(f"Guess: text, though it looks like a time ({shown(column.values, 1)})")
        elif name not in _OF_ONE and (values := known_values(column)):
            spec["values"] = values
    elif family in {"boolean", "date"}:
        spec["type"] = family
    elif family in ("timestamp", "timestamp with zone"):
        spec["type"] = "time"
        naive = family == "timestamp"
    elif family == "list" and declared_as(column.type):
        spec["type"] = declared_as(column.type)
    elif family == "uuid":
        return []
    else:
        return []
    spec |= {key: value for key, value in column.hint.items() if key not in ("name", "left out")}
    if column.hint.get("type") not in (None, "time") or "sql" in column.hint:
        naive = False
    if "sql" in column.hint:
        spec.pop("column", None)
    return [Guess(name, spec, tuple(notes), naive)]


def _of_documents(column: Column, place: str, dialect: str) -> list[Guess]:
    """The values in a column of JSON objects, or of structs: those with one kind of scalar, and lists of such."""
    found: list[Guess] = []
    keys = dict.fromkeys(key for one in column.documents for key in one)
    for key in sorted(keys, key=lambda key: key[:1] == "$")[:30]:
        values = [one[key] for one in column.documents if one.get(key) is not None]
        if not values or "." in key or SECRET.search(spoken(key)):
            continue
        type_ = _field_type(values, key) if column.is_struct else _json_type(values, key)
        if type_ is None:
            continue
        if column.is_struct:  # a name that is quoted is one word: an expression of its own
            way = {"sql": f"{quoted(place, dialect)}.{quoted(key, dialect)}"}
        else:
            way = {"json": f"{place}.{key}"}
        spec: dict[str, Any] = {**way, "type": type_, "also": [key]}
        if type_ in ("money", "number"):
            spec["scale"] = 2 if type_ == "money" else 4
        found.append(Guess(property_name(key, "text", of_profile=False), spec))
    return found


def _of_entries(column: Column) -> list[Guess]:
    """The values in an array of keys and values: of each key the field of the value that is filled."""
    found: list[Guess] = []
    for key in dict.fromkeys(str(one["key"]) for one in column.entries):
        values = [one["value"] for one in column.entries if one["key"] == key]
        structs = [value if isinstance(value, dict) else {"": value} for value in values]
        held = [(name, one) for value in structs for name, one in value.items() if one is not None]
        fields = {name for name, _ in held} - {""}
        type_ = _json_type([one for _, one in held], key)
        if type_ is None or len(fields) > 1:
            continue
        entry = {"array": column.name, "key is": key} | ({"value": f"value.{next(iter(fields))}"} if fields else {})
        spec: dict[str, Any] = {"entry": entry, "type": type_, "also": [key]}
        if type_ in ("money", "number"):
            spec["scale"] = 2 if type_ == "money" else 4
        found.append(Guess(property_name(key, "text", of_profile=False), spec))
    return found


def _field_type(values: list[Any], key: str) -> str | None:
    """The type of a struct's field, which has one of its own: a text is none that only looks like a day."""
    kinds = {type(value) for value in values}
    if kinds == {date}:
        return "date"
    if kinds == {datetime}:
        return "time" if all(value.tzinfo for value in values) else None
    return "text" if kinds == {str} else _json_type(values, key)


def _json_type(values: list[Any], key: str) -> str | None:
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return "boolean"
    if kinds <= {int, float, Decimal}:
        return "money" if MONEY.search(spoken(key)) and not _NO_MONEY.search(spoken(key)) else "number"
    if kinds == {str}:
        if all(DAY.fullmatch(value) for value in values):
            return "date"
        return "time" if all(MOMENT.fullmatch(value) for value in values) else "text"
    if kinds == {list} and all(isinstance(one, str) for value in values for one in value):
        return "list of text"
    return None


def is_money(column: Column) -> bool:
    """Whether its name says money, and its values are numbers."""
    words = spoken(column.name)
    if column.family not in ("integer", "number"):
        return False
    return bool(MONEY.search(words) and not _NO_MONEY.search(words)) or bool(CENTS.search(words))


def scale_of(column: Column, *, money: bool) -> int:
    """The decimals of a column of numbers: as its type says, else as many as were seen."""
    if column.type.decimals is not None and column.type.decimals:
        return min(9, column.type.decimals)
    if column.family == "integer":
        return 2 if money else 0
    seen = max((_decimals(value) for value in column.values), default=0)
    return 2 if money and seen <= 2 else min(9, seen if seen <= 4 else 4 if money else min(seen, 9))


def _decimals(value: Any) -> int:
    try:
        exponent = Decimal(str(value)).normalize().as_tuple().exponent
    except ArithmeticError:
        return 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def known_values(column: Column) -> list[str]:
    """The texts of a column that has few, each of them short; none of one with many."""
    values = [value for value in column.values if isinstance(value, str)]
    distinct = sorted({value for value in values if value.strip() and len(value) <= 30 and value.isprintable()})
    enough = 0 < len(distinct) <= FEW and len(values) >= 3 * len(distinct)
    return distinct if enough and len({*values}) <= FEW and len(distinct) > 1 else []


def shown(values: Iterable[Any], most: int = 3) -> str:
    """Some values for a comment, in one line."""
    some = [" ".join(str(value).split())[:_LONG] for value in list(dict.fromkeys(map(str, values)))[:most]]
    return ", ".join("".join(char for char in one if char.isprintable()) for one in some)


def quoted(name: str, dialect: str) -> str:
    """A column's name as it stands in SQL."""
    return sql_text(n.identifier(name), None, dialect)
