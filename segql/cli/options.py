"""The options that commands share, and what they name: the rule, the catalog, the segments, `now`, the parameters."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .output import failed

if TYPE_CHECKING:
    from ..ast import Literal_, Rule, Segment
    from ..catalog import Catalog
    from ..errors import Problem
    from ..segments import Segments

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Options:
    """What the shared options of a command say, as given."""

    rule: str | None = None
    file: str | None = None
    segment: str | None = None
    segments: tuple[str, ...] = ()
    catalog: str | None = None
    now: str | None = None
    param: tuple[str, ...] = ()
    warehouse: str | None = None
    table: tuple[str, ...] = ()
    timeout: int | None = None
    max_bytes: int | None = None
    json: bool = False

    @property
    def on_demo_shop(self) -> bool:
        """Whether nobody named a warehouse."""
        return self.warehouse is None and not self.table


@dataclass(frozen=True, slots=True)
class Question:
    """A rule with all that it takes to compile it: the keyword arguments of `segql.compile`."""

    rule: Rule | Segment
    catalog: Catalog
    now: datetime
    segments: Segments
    parameters: Mapping[str, Literal_]

    @property
    def keywords(self) -> dict[str, Any]:
        return {"now": self.now, "segments": self.segments, "parameters": self.parameters}


# --- declaring them ------------------------------------------------------------------------------------------------

_RULE = [
    click.argument("rule", required=False),
    click.option("--file", metavar="FILE", help="Read the rule from a file; - is standard input."),
    click.option("--segment", metavar="NAME", help="A saved segment, by its name."),
]
_SEGMENTS = click.option(
    "--segments", metavar="FILE|DIR", multiple=True, type=click.Path(exists=True),
    help="Where saved segments are: a .segql file, or a folder of them. Repeatable.",
)  # fmt: skip
_CATALOG = click.option("--catalog", metavar="FILE", help="What names mean (YAML). Default: the demo shop's.")
_NOW = click.option("--now", metavar="INSTANT", help="The instant to ask for: 2026-11-22T10:00Z. Default: the clock.")
_PARAM = click.option(
    "--param", metavar="NAME=VALUE", multiple=True, help="A parameter, written as in a rule. Repeatable."
)
_WAREHOUSE = [
    click.option(
        "--warehouse", metavar="PLACE",
        help="A DuckDB file, a folder of Parquet and CSV files, :memory:, or a URL: postgresql://, mysql://, "
        "sqlite:///, bigquery://, sc://. "
        "Default: the demo shop.",
    ),
    click.option("--table", metavar="NAME=FILE", multiple=True, help="A table from a Parquet or CSV file. Repeatable."),
    click.option(
        "--timeout", type=click.IntRange(min=0), metavar="SECONDS",
        help="Postgres and BigQuery: stop a statement after so long. Default: 600; 0: never.",
    ),
    click.option(
        "--max-bytes", type=click.IntRange(min=1), metavar="N", help="BigQuery: refuse a statement that reads more."
    ),
]  # fmt: skip
_JSON = click.option("--json", is_flag=True, help="Answer in JSON, problems too.")


def options(*groups: str) -> Callable[[F], F]:
    """The shared options of a command, by the names of their groups; with the settings of files where they say places.

    The command gets them as one `Options`, before its own; problems end it with their exit code.
    """
    found = {
        "rule": _RULE, "segments": [_SEGMENTS], "question": [_CATALOG, _NOW, _PARAM], "catalog": [_CATALOG],
        "session": [_CATALOG, _NOW], "warehouse": _WAREHOUSE, "json": [_JSON],
    }  # fmt: skip
    names = set(Options.__dataclass_fields__)
    from_files = not {"question", "catalog"}.isdisjoint(groups)

    def declare(function: F) -> F:
        @functools.wraps(function)
        def command(**given: Any) -> Any:
            shared = Options(**{name: value for name, value in given.items() if name in names})
            with failed(shared.json):
                if from_files:
                    from .settings import settled

                    shared = settled(shared, opens="warehouse" in groups)
                return function(shared, **{name: value for name, value in given.items() if name not in names})

        decorated: Any = command
        for option in reversed([option for group in groups for option in found[group]]):
            decorated = option(decorated)
        return decorated  # type: ignore[no-any-return]

    return declare


# --- reading them --------------------------------------------------------------------------------------------------


def question(given: Options, *, demo_warehouse: bool = False) -> Question:
    """What was asked. Raises SegQLError; click.UsageError where the options do not make one question."""
    from .. import parser
    from ..segments import NONE

    if given.catalog is None and not given.on_demo_shop:
        raise click.UsageError(
            "A warehouse of your own needs its catalog: --catalog FILE. docs/catalog.md shows how to write one."
        )
    if sum(x is not None for x in (given.rule, given.file, given.segment)) != 1:
        raise click.UsageError(
            'Give one rule: "clicked sms in 72h", or --file FILE, or - for standard input, or --segment NAME.'
        )
    catalog = load_catalog(given)
    text, name = ("", "") if given.segment is not None else rule_text(given)
    segments = load_segments(given) if given.segments or given.segment or _names_any(text, shop()) else NONE
    now = moment(given.now, catalog) or default_now(given, demo_warehouse)
    if given.segment is not None:
        try:
            rule: Rule | Segment = segments[spoken(given.segment, "--segment")]
        except KeyError as error:
            raise click.UsageError(str(error.args[0])) from None
    else:
        rule = parser.parse_rule(text, name)
    return Question(rule, catalog, now, segments, parameters(given.param))


def rule_text(given: Options) -> tuple[str, str]:
    """The text of the rule, from wherever it comes, and its name in messages."""
    if given.rule is not None and given.rule != "-":
        return spoken(given.rule, "The rule"), "rule"
    place = given.file if given.file is not None else "-"
    if place.endswith(".segql"):
        raise click.UsageError(f"{place} holds segments: --segments {place} --segment NAME takes one of them.")
    return read(place), "standard input" if place == "-" else place


def spoken(word: str, what: str) -> str:
    """A word of the command line as UTF-8 text, also where the locale takes its bytes for something else."""
    try:
        return os.fsencode(word).decode() if any("\ud800" <= letter <= "\udfff" for letter in word) else word
    except UnicodeDecodeError:
        raise click.UsageError(f"{what} is not UTF-8 text.") from None


def read(place: str) -> str:
    """The text of a file, or of standard input."""
    try:
        with click.open_file(place, "rb") as file:
            data: bytes = file.read()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise click.UsageError(f"{place} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{place} is not UTF-8 text (byte {error.start + 1}).") from None


def load_catalog(given: Options) -> Catalog:
    """The named catalog, or the demo shop's. Raises SegQLError."""
    from ..catalog import load_catalog

    if given.catalog is not None:
        return load_catalog(given.catalog)
    return load_catalog(shop() / "catalog.yaml")


def load_segments(given: Options) -> Segments:
    """The named segments, or the demo shop's; what is wrong with their files is said on the way."""
    from ..segments import NONE, load_segments
    from .output import show_problems

    if given.segments:
        found = load_segments(*given.segments)
        if not given.json:
            show_problems(found.problems)
        return found
    if given.catalog is not None:
        return NONE
    return load_segments(shop())


_LET = re.compile(r"^\s*let\s+(.+?)\s*=", re.MULTILINE | re.IGNORECASE)


def _names_any(text: str, folder: Path) -> bool:
    """Whether a rule may name a segment or a `let` of a folder; reading them all takes longer than compiling it."""
    words = " ".join(text.casefold().split())
    if "segment" in words:
        return True
    lets = (let for path in folder.rglob("*.segql") for let in _LET.findall(path.read_text(encoding="utf-8")))
    return any(let.casefold().strip('"') in words for let in lets)


def shop() -> Path:
    """The folder of the demo shop's catalog and segments."""
    from ..demo import shop_folder

    return Path(str(shop_folder()))


def default_now(given: Options, demo_warehouse: bool) -> datetime:
    """The demo shop's own `now` on the demo shop, else the clock."""
    from ..compiler import instant

    if given.on_demo_shop and (demo_warehouse or given.catalog is None):
        from ..demo import NOW

        return NOW
    return instant(None)


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def moment(text: str | None, catalog: Catalog) -> datetime | None:
    """The instant that `--now` names; without an offset, on the wall clock of the catalog's zone."""
    if text is None:
        return None
    from ..calendar import resolve, zone_of

    if _DATE.fullmatch(text.strip()):
        try:
            after = date.fromisoformat(text.strip()) + timedelta(days=1)
        except (ValueError, OverflowError):
            raise click.BadParameter(f"{text} is no day of the calendar.", param_hint="--now") from None
        raise click.BadParameter(
            f"{text} is a whole day, and `now` is one instant. "
            f"Its start is --now {text.strip()}T00:00, its end --now {after}T00:00.", param_hint="--now",
        )  # fmt: skip
    try:
        found = datetime.fromisoformat(text.strip())
        return found if found.tzinfo is not None else resolve(found, zone_of(catalog.timezone))
    except (ValueError, OverflowError):
        example = "2026-11-22T10:00Z, 2026-11-22T11:00+01:00, or 2026-11-22T11:00 in the catalog's zone"
        raise click.BadParameter(f"{text} is no instant: {example}.", param_hint="--now") from None


def parameters(given: Iterable[str]) -> dict[str, Literal_]:
    """The values of `--param NAME=VALUE`. Raises SegQLError with what is wrong with any of them."""
    from ..errors import SegQLError
    from ..parser import parse_value
    from ..parser.checks import one_reading

    found: dict[str, Literal_] = {}
    problems: list[Problem] = []
    for text in (spoken(word, "--param") for word in given):
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(
                f"{text} is not NAME=VALUE: --param 'aov=$100', --param 'country=\"NL\"'.", param_hint="--param"
            )
        try:
            found[name.strip()] = parse_value(value.strip(), f"--param {name.strip()}")
            one_reading(found[name.strip()])
        except SegQLError as error:
            problems += error.problems
    if problems:
        raise SegQLError(problems)
    return found


def tables(given: Iterable[str]) -> dict[str, str]:
    """The files of `--table NAME=FILE`."""
    found: dict[str, str] = {}
    for text in given:
        name, sign, path = text.partition("=")
        if not sign or not name.strip() or not path:
            raise click.BadParameter(
                f"{text} is not NAME=FILE: --table orders=data/orders.parquet.", param_hint="--table"
            )
        found[name.strip()] = os.path.expanduser(path)
    return found
