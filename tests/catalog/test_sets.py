"""The built-in sets hold what people mean by their names, and are what the script freezes."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from segql.catalog import CURRENCIES, Catalog, fold
from segql.catalog.freeze_sets import SETS, frozen
from segql.catalog.names import built_in_set_names, built_in_sets

CATALOG = Catalog.model_validate({"profiles": {"table": "t", "key": "k"}})


@pytest.mark.skipif(find_spec("country_converter") is None, reason="country-converter is not installed")
def test_the_frozen_file_is_what_the_script_makes() -> None:
    assert json.loads(SETS.read_text(encoding="utf-8")) == frozen()


@pytest.mark.parametrize(
    ("name", "count", "inside", "outside"),
    [
        ("EU", 27, "NL DE FR HR GR IE", "GB NO CH IS"),
        ("EU27", 27, "NL", "GB"),
        ("EEA", 30, "NL NO IS LI", "CH GB"),
        ("Schengen", 29, "CH NO BG RO HR", "IE CY GB"),
        ("Eurozone", 21, "NL HR BG", "SE DK PL"),
        ("EFTA", 4, "CH NO", "SE"),
        ("OECD", 38, "US CR CO", "CN RU"),
        ("G7", 7, "US GB JP", "CN"),
        ("G20", 19, "US GB ZA AR", "NL ES"),
        ("BRICS", 10, "BR RU IN CN ZA ID", "US"),
        ("Benelux", 3, "BE NL LU", "DE"),
        ("the Nordics", 5, "IS FI", "EE"),
        ("Scandinavia", 3, "DK", "FI"),
        ("DACH", 3, "CH", "LI"),
        ("ASEAN", 11, "TL VN", "CN"),
        ("Europe", 53, "GB CH RU XK CY", "TR US"),
        ("Africa", 58, "NA ZA EG", "YE"),
        ("Asia", 53, "JP TR", "EG CY"),
        ("North America", 41, "US MX PA JM", "CO"),
        ("South America", 16, "BR CO", "PA"),
        ("Latin America", 52, "MX BR JM", "US CA"),
        ("Oceania", 26, "AU NZ FJ", "ID"),
        ("Western Europe", 9, "NL FR", "GB IT"),
        ("Northern Europe", 16, "GB SE", "NL"),
        ("the Netherlands", 1, "NL", "BE"),
        ("Norway", 1, "NO", "SE"),
        ("Namibia", 1, "NA", "ZA"),
        ("UK", 1, "GB", "IE"),
        ("the USA", 1, "US", "CA"),
        ("Turkey", 1, "TR", "GR"),
        ("Greece", 1, "GR", "EL"),
    ],
)
def test_members(name: str, count: int, inside: str, outside: str) -> None:
    members = CATALOG.set_values(name)
    assert members is not None
    assert len(set(members)) == len(members) == count
    assert set(inside.split()) <= set(members)
    assert not set(outside.split()) & set(members)


def test_every_country_has_its_own_name_and_continent() -> None:
    sets = built_in_sets()
    codes = {code for members in sets.values() for code in members}
    assert all(len(code) == 2 and code.isalpha() and code.isupper() for code in codes)
    alone = [members[0] for name, members in sets.items() if len(members) == 1 and name != "Antarctica"]
    assert sorted(alone) == sorted(codes - {"AQ"})
    continents = ("Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America")
    of_continents = [code for name in continents for code in sets[name]]
    # Nobody lives on Heard Island and in the French Southern Territories, and the source has no continent for them.
    assert sorted(of_continents) == sorted(codes - {"HM", "TF"})


def test_names_and_aliases_are_told_apart_and_lead_to_a_set() -> None:
    names = [*json.loads(SETS.read_text(encoding="utf-8"))["also"], *built_in_sets()]
    assert len({fold(name) for name in names}) == len(names)
    assert set(built_in_set_names().values()) == set(built_in_sets())


def test_currencies() -> None:
    assert {"USD", "EUR", "JPY", "GBP", "CHF", "XCG"} <= CURRENCIES
    assert not {"AND", "NOT", "HAS", "AGO", "XXX", "EURO"} & CURRENCIES
