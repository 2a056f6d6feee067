"""Freezes the built-in sets into `sets.json`: `python -m segql.catalog.freeze_sets`. Not imported at run time.

Countries, continents, regions and most unions come from the data file of country-converter. Where that file is not the
set that people mean today (`G20` with every member of the EU, a Schengen area of 2022), the plain fact stands here.
"""

from __future__ import annotations

import csv
import json
from importlib.util import find_spec
from pathlib import Path

from ..files import write

SETS = Path(__file__).with_name("sets.json")

# Name: the column of country-converter whose members have a value.
_COLUMNS = {
    "EU": "EU27",
    "EEA": "EEA",
    "OECD": "OECD",
    "G7": "G7",
    "APEC": "APEC",
    "CIS": "CIS",
    "Council of Europe": "CoE",
}

_FACTS = {
    "Schengen": "AT BE BG CH CZ DE DK EE ES FI FR GR HR HU IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK",
    "Eurozone": "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK",
    "EFTA": "CH IS LI NO",
    "G20": "AR AU BR CA CN DE FR GB ID IN IT JP KR MX RU SA TR US ZA",
    "BRICS": "AE BR CN EG ET ID IN IR RU ZA",
    "Benelux": "BE LU NL",
    "DACH": "AT CH DE",
    "Nordics": "DK FI IS NO SE",
    "Scandinavia": "DK NO SE",
    "Baltics": "EE LT LV",
    "Visegrad": "CZ HU PL SK",
    "Iberia": "ES PT",
    "ASEAN": "BN ID KH LA MM MY PH SG TH TL VN",
    "GCC": "AE BH KW OM QA SA",
    "Mercosur": "AR BO BR PY UY",
    "USMCA": "CA MX US",
}

_ALSO = {
    "European Union": "EU", "EU27": "EU", "European Economic Area": "EEA", "Schengen area": "Schengen",
    "euro area": "Eurozone", "Nordic countries": "Nordics", "Baltic states": "Baltics", "Gulf states": "GCC",
    "NAFTA": "USMCA", "Visegrad Group": "Visegrad", "the Americas": "Americas", "America": "Americas",
    "Holland": "Netherlands", "UK": "United Kingdom", "Great Britain": "United Kingdom", "USA": "United States",
    "US": "United States", "United States of America": "United States", "UAE": "United Arab Emirates",
    "Czech Republic": "Czechia", "Turkey": "Türkiye", "Ivory Coast": "Côte d'Ivoire", "Cape Verde": "Cabo Verde",
    "Burma": "Myanmar", "Swaziland": "Eswatini", "Macedonia": "North Macedonia", "Vatican City": "Vatican",
    "Korea": "South Korea", "Republic of Korea": "South Korea", "Russian Federation": "Russia", "Viet Nam": "Vietnam",
    "East Timor": "Timor-Leste", "Brunei": "Brunei Darussalam", "Bonaire": "Bonaire, Saint Eustatius and Saba",
    "Congo": "Congo Republic", "Democratic Republic of the Congo": "DR Congo", "Bosnia": "Bosnia and Herzegovina",
    "Macao": "Macau", "Reunion": "Réunion", "Curacao": "Curaçao", "Aland": "Åland Islands", "Turkiye": "Türkiye",
    "Micronesia": "Micronesia, Fed. Sts.", "Saint Lucia": "St. Lucia", "Saint Kitts and Nevis": "St. Kitts and Nevis",
    "Saint Vincent and the Grenadines": "St. Vincent and the Grenadines", "Lao": "Laos",
}  # fmt: skip


def frozen() -> dict[str, dict[str, str]]:
    """What `sets.json` holds: `sets` (name: codes) and `also` (alias: name). Raises ImportError without the library."""
    countries = _countries()
    code = {row["name_short"]: _alpha2(row["ISO2"]) for row in countries}
    groups = {name: _where(countries, column) for name, column in _COLUMNS.items()} | {
        name: sorted(codes.split()) for name, codes in _FACTS.items()
    }
    for column in ("UNregion", "Continent_7"):
        for value in sorted({row[column] for row in countries if row[column]}):
            groups.setdefault(value, _where(countries, column, value))
    groups["Americas"] = sorted(groups["North America"] + groups["South America"])
    groups["Latin America"] = sorted(groups["South America"] + groups["Central America"] + groups["Caribbean"])
    sets = {name: " ".join(codes) for name, codes in sorted(groups.items())}
    # Where a country and a region share a name (Micronesia), the country's other name tells them apart.
    sets |= {name: alpha2 for name, alpha2 in sorted(code.items()) if name not in sets}
    also = {alias: name for alias, name in sorted(_ALSO.items()) if name in sets and alias not in sets}
    return {"sets": sets, "also": also}


def _countries() -> list[dict[str, str]]:
    spec = find_spec("country_converter")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("pip install country-converter")
    # Read as plain text: pandas takes Namibia's `NA` for a missing value.
    with (Path(spec.submodule_search_locations[0]) / "country_data.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [row for row in rows if _alpha2(row["ISO2"]) and not row["obsolete"]]


def _alpha2(pattern: str) -> str:
    """The code of `NL` or of a pattern of codes, `^GB$|^UK$`: the first."""
    return pattern.split("|", maxsplit=1)[0].strip("^$")


def _where(countries: list[dict[str, str]], column: str, value: str = "") -> list[str]:
    return sorted(_alpha2(row["ISO2"]) for row in countries if row[column] and value in ("", row[column]))


if __name__ == "__main__":
    write(SETS, json.dumps(frozen(), ensure_ascii=False, indent=1) + "\n")
