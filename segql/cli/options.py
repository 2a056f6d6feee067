"""The options that commands share."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from ..console.output import failed
from ..console.setup import Setup, expanded, read, with_settings
from ..plain import dataclass
from ..settings import read_settings

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Options(Setup):
    """What the shared options of a command say, as given."""

    rule: str | None = None
    file: str | None = None
    segment: str | None = None
    param: tuple[str, ...] = ()
    json: bool = False
    chart: str | None = None


# --- declaring them ------------------------------------------------------------------------------------------------


def _one_rule(ctx: click.Context, _: click.Parameter, words: tuple[str, ...]) -> str | None:
    """The rule; of several words the error says how they are one."""
    if len(words) < 2:
        return words[0] if words else None
    if any(" " in word.strip() for word in words):
        raise click.UsageError("Give one rule, a text in quotes: what has to hold together is joined by `and`.", ctx)
    raise click.UsageError(f'A rule is one text, in quotes: {ctx.command_path} "{" ".join(words)}"', ctx)


_RULE = [
    click.argument("rule", nargs=-1, metavar="[RULE]", callback=_one_rule),
    click.option("--file", metavar="FILE", help="Read the rule from a file; - is standard input."),
    click.option("--segment", metavar="NAME", help="A saved segment, by its name."),
]
_SEGMENTS = click.option(
    "--segments", metavar="FILE|DIR", multiple=True, type=click.Path(exists=True),
    help="Where saved segments are: a .segql file, or a folder of them. Repeatable.",
)  # fmt: skip
_CATALOG = click.option("--catalog", metavar="FILE", help="What names mean (YAML). Default: the demo shop's.")
_TENANT = click.option("--tenant", metavar="VALUE", help="Whose rows to read, where the catalog has tenants.")
_NOW = click.option("--now", metavar="INSTANT", help="The instant to ask for: 2026-11-22T10:00Z. Default: the clock.")
_PARAM = click.option(
    "--param", metavar="NAME=VALUE", multiple=True, help="A parameter, written as in a rule. Repeatable."
)
_WAREHOUSE = [
    click.option(
        "--warehouse", metavar="PLACE",
        help="A DuckDB file, a folder of Parquet and CSV files, :memory:, or a URL: postgresql://, mysql://, "
        "sqlite:///, bigquery://, clickhouse://, snowflake://, databricks://, trino://, sc://. "
        "Default: the demo shop.",
    ),
    click.option("--table", metavar="NAME=FILE", multiple=True, help="A table from a Parquet or CSV file. Repeatable."),
    click.option(
        "--timeout", type=click.IntRange(min=0), metavar="SECONDS",
        help="At a URL, not Spark's: stop a statement after so long. Default: 600; 0: never.",
    ),
    click.option(
        "--max-bytes", type=click.IntRange(min=1), metavar="N",
        help="BigQuery, Trino: refuse a statement that reads more.",
    ),
]  # fmt: skip
_JSON = click.option("--json", is_flag=True, help="Answer in JSON, problems too.")


_CHART = click.option(
    "--chart", metavar="FILE", help="Draw it too: into a .svg, .png, .html or .json (Vega-Lite) file."
)


def options(*groups: str) -> Callable[[F], F]:
    """The shared options of a command, by the names of their groups; with the settings of files where they say places.

    The command gets them as one `Options`, before its own; problems end it with their exit code.
    """
    found = {
        "rule": _RULE, "segments": [_SEGMENTS], "question": [_CATALOG, _TENANT, _NOW, _PARAM],
        "catalog": [_CATALOG, _TENANT], "session": [_CATALOG, _TENANT, _NOW], "warehouse": _WAREHOUSE, "json": [_JSON],
        "chart": [_CHART],
    }  # fmt: skip
    names = set(Options.__dataclass_fields__)
    from_files = not {"question", "catalog"}.isdisjoint(groups)

    def declare(function: F) -> F:
        @functools.wraps(function)
        def command(**given: Any) -> Any:
            shared = Options(**{name: value for name, value in given.items() if name in names})
            with failed(shared.json):
                if from_files:
                    shared = settled(shared, opens="warehouse" in groups)
                return function(shared, **{name: value for name, value in given.items() if name not in names})

        decorated: Any = command
        for option in reversed([option for group in groups for option in found[group]]):
            decorated = option(decorated)
        return decorated  # type: ignore[no-any-return]

    return declare


def settled(given: Options, *, opens: bool) -> Options:
    """The options of a command with the settings of files; what is wrong with those is said.

    Secrets are filled in where the command opens the warehouse, or where nothing else says which one it is.
    """
    settings = read_settings()
    for said in settings.wrong:
        click.echo(said, err=True)
    found = with_settings(given, settings)
    found = replace(found, segments=tuple(place for place in found.segments if Path(place).exists()))
    if found.warehouse is None:
        return found
    from ..warehouse.urls import scheme

    if not opens and scheme(found.warehouse):
        return found
    return replace(found, warehouse=expanded(found.warehouse))


def rule_text(given: Options) -> tuple[str, str]:
    """The text of the rule, from wherever it comes, and its name in messages."""
    if given.rule is not None and given.rule != "-":
        return rule_word(given.rule, from_file=True), "rule"
    place = given.file if given.file is not None else "-"
    if place.endswith(".segql"):
        raise click.UsageError(f"{place} holds segments: --segments {place} --segment NAME takes one of them.")
    return read(place), "standard input" if place == "-" else place


def rule_word(word: str, what: str = "The rule", *, from_file: bool = False) -> str:
    """A rule on the command line. Raises UsageError for a file in its place, with how that is given.

    `from_file`: whether the command has the option --file.
    """
    text = spoken(word, what)
    segments = text.endswith(".segql")
    if segments or (os.sep in text and os.path.exists(text)):  # a text too long for a path is none
        import shlex

        place = shlex.quote(text)
        said = f"--file {place}" if from_file else f'"$(cat {place})"'
        if segments or Path(text).is_dir():
            said = f"--segments {place}"
        raise click.UsageError(f"{what} is expected here, not a file: {said}")
    return text


def spoken(word: str, what: str) -> str:
    """A word of the command line as UTF-8 text, also where the locale takes its bytes for something else."""
    try:
        return os.fsencode(word).decode() if any("\ud800" <= letter <= "\udfff" for letter in word) else word
    except UnicodeDecodeError:
        raise click.UsageError(f"{what} is not UTF-8 text.") from None
