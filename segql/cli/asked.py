"""What the options of a command ask: the rule, and the project that it is asked of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from .. import parser
from ..ast import Literal_, Segment
from ..console import opening
from ..console.named import one_meaning
from ..console.opening import default_now, load_catalog, moment, shop
from ..console.output import show_problems
from ..errors import Problem, SegQLError
from ..parser.checks import one_reading
from ..project import Project
from ..segments import NONE, Segments
from ..source import Source
from .options import Options, rule_text, spoken


def question(given: Options, *, demo_warehouse: bool = False) -> tuple[Source | Segment, Project]:
    """The rule as it was written, and what it is asked of.

    Raises SegQLError for a catalog, parameters; click.UsageError where the options are not one question.
    """
    check_catalog(given)
    if sum(x is not None for x in (given.rule, given.file, given.segment)) != 1:
        raise click.UsageError(
            'Give one rule: "clicked sms in 72h", or --file FILE, or - for standard input, or --segment NAME.'
        )
    catalog = load_catalog(given)
    text, name = ("", "") if given.segment is not None else rule_text(given)
    segments = load_segments(given) if given.segments or given.segment or _names_any(text, shop()) else NONE
    now = moment(given.now, catalog) or default_now(given, demo_warehouse)
    project = Project(catalog, segments, parameters(given.param), now=now)
    if given.segment is not None:
        try:
            return segments[spoken(given.segment, "--segment")], project
        except KeyError as error:
            raise click.UsageError(str(error.args[0])) from None
    if given.rule is not None:
        one_meaning(text, project)
    return Source(text, name), project


def project_of(given: Options) -> Project:
    """What several rules are asked of, without the warehouse, whose dialect it has. Raises as `question`."""
    check_catalog(given)
    catalog = load_catalog(given)
    now = moment(given.now, catalog) or default_now(given, True)
    return in_dialect(given, Project(catalog, load_segments(given), parameters(given.param), now=now))


def in_dialect(given: Options, project: Project) -> Project:
    """The project in the dialect of the warehouse that the options name."""
    if given.warehouse is None:
        return project
    from ..warehouse import dialect_of

    return replace(project, dialect=dialect_of(given.warehouse))


def check_catalog(given: Options) -> None:
    """click.UsageError where a warehouse of one's own has no catalog."""
    if given.catalog is None and not given.on_demo_shop:
        raise click.UsageError(
            "A warehouse of your own needs its catalog: --catalog FILE. `segql catalog init` proposes one."
        )


def asks_all(given: Options) -> bool:
    """Whether the command names segments, and no rule."""
    source = click.get_current_context().get_parameter_source("segments")
    return (
        (given.rule, given.file, given.segment) == (None, None, None)
        and bool(given.segments)
        and source is click.core.ParameterSource.COMMANDLINE
    )


def load_segments(given: Options) -> Segments:
    """The named segments, or the demo shop's; what is wrong with their files is said on the way."""
    found = opening.load_segments(given)
    if not given.json:
        show_problems(found.problems if given.segments else ())
    return found


def some_segments(project: Project) -> None:
    """click.UsageError where there is no segment to ask."""
    if not project.segments:
        raise click.UsageError("There are no segments: --segments FILE|DIR.")


_NAMED = re.compile(r'^\s*(let|segment)\s+"?(.+?)"?\s*[=(]', re.MULTILINE | re.IGNORECASE)


def _names_any(text: str, folder: Path) -> bool:
    """Whether a rule may name a segment or a `let` of a folder; reading them all takes longer than compiling it."""
    words = " ".join(text.casefold().split())
    if "segment" in words:
        return True
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("*.segql"))
    names = ((kind, name.casefold()) for said in texts for kind, name in _NAMED.findall(said))
    return any(name in words if kind == "let" else name == words for kind, name in names)


def parameters(given: Iterable[str]) -> dict[str, Literal_]:
    """The values of `--param NAME=VALUE`. Raises SegQLError with what is wrong with any of them."""
    found: dict[str, Literal_] = {}
    problems: list[Problem] = []
    for text in (spoken(word, "--param") for word in given):
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(
                f"{text} is not NAME=VALUE: --param 'aov=$100', --param 'country=\"NL\"'.", param_hint="--param"
            )
        try:
            found[name.strip()] = parser.parse_value(value.strip(), f"--param {name.strip()}")
            one_reading(found[name.strip()])
        except SegQLError as error:
            problems += error.problems
    if problems:
        raise SegQLError(problems)
    return found
