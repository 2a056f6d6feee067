"""`segql diff`: what a change of rules does; of two rules, two saved segments, or a file and an earlier state of it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from ..answers.differences import difference_data, difference_markdown, difference_text
from ..console.output import busy, print_json
from ..errors import SegQLError
from ..segments import Segments, segments_from
from ..source import Source
from .asked import project_of
from .numbers import named
from .opening import opened
from .options import Options, options, spoken

if TYPE_CHECKING:
    from ..arguments import Given
    from ..project import Project

SUFFIX = ".segql"
Side: TypeAlias = "tuple[dict[str, Given], Project]"


@click.command()
@click.argument("old")
@click.argument("new")
@options("segments", "question", "warehouse", "json")
@click.option("--sample", type=click.IntRange(0, 50), default=3, show_default=True, help="So many who move, each way.")
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
def diff(given: Options, old: str, new: str, sample: int, form: str) -> None:
    """Say what a change does: the texts, who comes in, who goes out, and why some of them do.

    OLD and NEW are rules, names of saved segments, .segql files, or such a file at a revision of git: REVISION:FILE.

    \b
      segql diff "placed order in 90d" "placed order in 60d"
      segql diff "High rollers" "placed order at least 8 times"
      segql diff HEAD:segments.segql segments.segql --format markdown
    """
    from .. import insights

    project = project_of(given)
    before, after = _side(old, project), _side(new, project)
    (first, one), (second, other) = before, after
    files = old.endswith(SUFFIX) or new.endswith(SUFFIX)
    if files:
        pairs = _changed(before, after)
    else:
        [(was, rule)], [(becomes, changed)] = first.items(), second.items()
        pairs = [(f"{was} → {becomes}", rule, changed)]
        first = second = {}
    lost, added = ([name for name in some if name not in others] for some, others in ((first, second), (second, first)))
    with opened(given) as warehouse, busy("Asking the warehouse", warehouse.progress):
        one, other = (replace(side, warehouse=warehouse) for side in (one, other))
        found = [(name, insights.diff(rule, changed, one, other, few=sample)) for name, rule, changed in pairs]
    if given.json:
        print_json({"changes": [difference_data(*pair) for pair in found], "added": added, "removed": lost})
        return
    said = difference_markdown if form == "markdown" else difference_text
    texts = [said(*pair, project.catalog.currency) for pair in found]
    texts += [f"Added: {name}" for name in added] + [f"Removed: {name}" for name in lost]
    click.echo("\n\n".join(texts or ["No segment has another meaning."]))


def _changed(before: Side, after: Side) -> list[tuple[str, Given, Given]]:
    """The segments of both sides whose meaning differs."""
    (first, one), (second, other) = before, after
    pairs = [(name, first[name], rule) for name, rule in second.items() if name in first]
    return [pair for pair in pairs if _means(one, pair[1]) != _means(other, pair[2])]


def _means(project: Project, rule: Given) -> object:
    meaning = project.meaning(rule)
    return meaning.optimized, meaning.sample


def _side(text: str, project: Project) -> Side:
    """The rules that a text names, and what they are asked of."""
    text = spoken(text, "OLD and NEW")
    if not text.endswith(SUFFIX):
        rules = named((text,), project)
        return rules, project
    segments = segments_from(_source(text))
    if segments.problems:
        raise SegQLError(segments.problems)
    beside = {name: one for name, one in project.segments.segments.items() if name not in segments.segments}
    every = Segments({**beside, **segments.segments}, {**project.segments.values, **segments.values})
    return {name: segments[name] for name in segments}, replace(project, segments=every)


def _source(place: str) -> Source:
    """The text of a file, or of one at a revision of git."""
    if os.path.exists(place) or ":" not in place:
        try:
            return Source(Path(place).read_text(encoding="utf-8-sig"), place)
        except (OSError, ValueError) as error:
            raise click.UsageError(f"{place} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    revision, _, path = place.partition(":")
    there = path if path.startswith(("./", "../", "/")) else f"./{path}"
    try:
        done = subprocess.run(
            ["git", "show", "--end-of-options", f"{revision}:{there}"],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    except OSError:
        raise click.UsageError(f"{place} names a revision, and there is no git here.") from None
    if done.returncode:
        said = done.stderr.strip().split("\n")[-1].removeprefix("fatal: ")
        raise click.UsageError(f"git has no {place}: {said}")
    return Source(done.stdout, place)
