"""A server of the Model Context Protocol: an agent writes segments, checks, counts and explains them.

What it reads is opened read-only, and nothing of it writes. A mistake in a rule is an answer, not a failure: problems
with their fixes, and what each code means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from threading import Event, Lock, Thread
from time import monotonic
from typing import Annotated, Any, ParamSpec

import click
from mcp.server.mcpserver import MCPServer
from mcp_types import ToolAnnotations
from pydantic import Field

from .. import __version__
from ..answers.differences import difference_data
from ..answers.explained import explained_data, problems_data, said
from ..answers.tables import heads_of, plain
from ..answers.ties import tied
from ..answers.why import key_of, why_data
from ..answers.worth import stats_data
from ..columns import compile_columns
from ..console.named import one_meaning, segment_or_rule
from ..console.opening import moment
from ..dialects import DIALECTS
from ..errors import SegQLError
from ..plain import dataclass
from ..project import Project
from ..warehouse import WarehouseError
from . import pages
from .names import Names
from .privacy import shown

P = ParamSpec("P")
Answer = dict[str, Any]

INSTRUCTIONS = """\
SegQL is a language for customer segments: a rule says of each customer whether they are in. Write a rule with the names
of this catalog (`names` finds them, `language` shows how rules are said), `check` it, read back what `explain` says in
plain English, `count` it, and let a person approve the rule and its explanation before anything is sent. A problem has
`fixes`: texts that are known to be right; several are several readings, and a person chooses. `in segment "NAME"` is a
saved segment. Never guess a name or a value that `names` does not show."""

Rule = Annotated[str, Field(description='A rule: `placed order at least twice in 90d`, or `in segment "NAME"`.')]
Now = Annotated[
    str | None, Field(description="The instant that it is asked for: 2026-11-01T09:00. Left out: the present.")
]
OFTEN = 0.1
"""Seconds between two cancellations of a question that is over its time."""
MOST = 1000
"""Members that one answer has at most."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an agent may see and spend: columns of people beside their keys, seconds of a question in the warehouse."""

    columns: tuple[str, ...] = ()
    seconds: float = 60


def server(project: Project, limits: Limits | None = None) -> MCPServer[Any]:
    """The server over a project; its tools that ask the warehouse are there where the project has one."""
    tools = _Tools(project, limits or Limits(), Names.of(project), Lock())
    made: MCPServer[Any] = MCPServer("segql", instructions=INSTRUCTIONS, version=__version__, log_level="ERROR")
    reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    asking = (tools.count, tools.members, tools.why, tools.stats, tools.diff) if project.warehouse is not None else ()
    for tool in (tools.language, tools.names, tools.check, tools.explain, tools.compile, tools.complete, *asking):
        made.add_tool(tool, annotations=reads, structured_output=True)
    return made


def _told(tool: Callable[P, Answer]) -> Callable[P, Answer]:
    """What is wrong with a rule or a warehouse, as an answer."""

    @wraps(tool)
    def told(*args: P.args, **more: P.kwargs) -> Answer:
        try:
            return tool(*args, **more)
        except SegQLError as error:
            return _with_topics(problems_data(error.problems))
        except WarehouseError as error:
            return {"error": error.message, "hint": error.hint}
        except click.BadParameter as error:
            return {"error": error.message}
        except (KeyError, ValueError) as error:
            return {"error": str(error.args[0])}

    return told


def _with_topics(answer: Any) -> Answer:
    """The answer, with what the code of each problem means."""
    for problem in answer.get("problems", ()):
        problem["topic"] = f"docs/errors.md#{problem['code']}"
        problem["means"] = pages.meanings()[problem["code"]]
    return dict(answer)


@dataclass(frozen=True, slots=True)
class _Tools:
    project: Project
    limits: Limits
    known: Names
    alone: Lock
    """One question after the other: a connection answers one at a time."""

    @_told
    def language(
        self,
        topic: Annotated[
            str | None, Field(description="A topic of the page, or the code of a problem. Left out: the page.")
        ] = None,
    ) -> Answer:
        """How rules are written: one page with examples and its topics; or all about one topic, or one code."""
        return {"text": pages.card() if topic is None else pages.topic(topic)}

    @_told
    def names(
        self,
        like: Annotated[str, Field(description="Words of what is looked for. Empty: everything that has a name.")] = "",
        limit: Annotated[int, Field(ge=1, le=500)] = 50,
    ) -> Answer:
        """The names that rules may use: events and their properties, the profile's properties, metrics, lists, values,
        saved segments. The best match first.
        """
        found = self.known.like(like)
        return {"names": found[:limit], "more": max(len(found) - limit, 0)}

    @_told
    def check(self, rule: Rule, now: Now = None) -> Answer:
        """Whether a rule means something: its canonical text, or the problems with their fixes; warnings and hints."""
        meant = self._at(now, rule).meaning(rule)
        return _with_topics({"valid": True, **said(meant), **problems_data(meant.problems)})

    @_told
    def explain(self, rule: Rule, now: Now = None) -> Answer:
        """What a rule means in plain English, with its dates, for a person to approve."""
        found = explained_data(self._at(now, rule).explain(rule))
        return _with_topics({name: value for name, value in found.items() if name not in ("sql", "steps", "tables")})

    @_told
    def compile(
        self,
        rule: Rule,
        dialect: Annotated[str | None, Field(description=f"One of {', '.join(DIALECTS)}.")] = None,
        now: Now = None,
    ) -> Answer:
        """The SQL of a rule: one SELECT of the members' keys."""
        done = self._at(now, rule).compile(rule, dialect=dialect)
        parts = {"dialect": done.dialect, "sql": done.sql, "tables": list(done.tables)}
        return _with_topics({**said(done.meaning), **parts, **problems_data(done.problems)})

    @_told
    def complete(
        self,
        text: Annotated[str, Field(description="A rule that is being written, up to the cursor.")],
        limit: Annotated[int, Field(ge=1, le=100)] = 20,
    ) -> Answer:
        """What may come next in a rule: each offer takes the place of the text from `start` on."""
        offers = self.project.complete(text, len(text))[:limit]
        return {
            "offers": [{"text": one.text, "start": one.start, "kind": one.kind, "means": one.meaning} for one in offers]
        }

    @_told
    def count(self, rule: Rule, now: Now = None) -> Answer:
        """How many members a rule has, of how many profiles."""
        project = self._at(now, rule)
        done, everyone = (project.compile(one) for one in (rule, "everyone"))
        with self._asking():
            members, profiles = project.opened.counts(done.sql, everyone.sql)
        problems = (*done.problems, *tied(done.meaning, members, profiles))
        return _with_topics({**said(done.meaning), "count": members, "profiles": profiles, **problems_data(problems)})

    @_told
    def members(
        self,
        rule: Rule,
        limit: Annotated[int, Field(ge=1, le=MOST)] = 20,
        columns: Annotated[
            list[str] | None, Field(description="What is shown of each, where whoever runs the server allows it.")
        ] = None,
        now: Now = None,
    ) -> Answer:
        """The keys of members in order, at most so many; with allowed columns."""
        project = self._at(now, rule)
        asked = columns or []
        if unseen := [one for one in asked if one.casefold() not in map(str.casefold, self.limits.columns)]:
            allowed = ", ".join(self.limits.columns) or "none"
            raise ValueError(f"Not allowed here: {', '.join(unseen)}. Allowed: {allowed}. `--columns` allows more.")
        if not asked:
            done = project.compile(rule)
            with self._asking():
                key, keys = project.opened.members(done.sql, limit)
                return {**said(done.meaning), "columns": [key], "members": [[plain(one)] for one in keys]}
        table = compile_columns(rule, ", ".join(asked), project.catalog, dialect=project.dialect, **project.keywords)
        with self._asking():
            heads, rows = project.opened.listing(table.sql, limit)
            found = [[plain(value) for value in table.read(row)] for row in rows]
        return {**said(table.meaning), "columns": list(heads_of(table, heads[0])), "members": found}

    @_told
    def why(
        self,
        rule: Rule,
        profile: Annotated[str, Field(description="A profile's key, as `members` lists it.")],
        now: Now = None,
    ) -> Answer:
        """Why one profile is a member of a rule or not: each condition with what was seen, and what would change it.

        Of the profile's own properties only those are shown that whoever runs the server allows.
        """
        from ..insights import why_in

        project = self._at(now, rule)
        with self._asking():
            told = why_data(why_in(project, rule, key_of(profile, project.catalog)))
        return shown(told, project.catalog, self.limits.columns)

    @_told
    def stats(
        self,
        rule: Rule,
        against: Annotated[
            str, Field(description="`rest`: all others, `everyone`, or another rule or saved segment.")
        ] = "rest",
        now: Now = None,
    ) -> Answer:
        """What a segment is worth beside others: revenue, metrics, consent, what its members have more often."""
        from ..insights import stats

        project = self._at(now, rule)
        others = against if against in ("rest", "everyone") else segment_or_rule(against, project)
        with self._asking():
            return stats_data(stats(rule, project, others))

    @_told
    def diff(
        self,
        old: Annotated[str, Field(description="A rule, or the name of a saved segment.")],
        new: Annotated[str, Field(description="What would take its place.")],
        now: Now = None,
    ) -> Answer:
        """What a change does: the texts, how many come in and go out, what it does to the numbers."""
        from .. import insights

        project = self._at(now)
        before, after = (segment_or_rule(text, project) for text in (old, new))
        with self._asking():
            return difference_data(f"{old} → {new}", insights.diff(before, after, project, few=0))

    def _at(self, now: str | None, *rules: str) -> Project:
        """The project at an instant that is read once; each rule has one meaning there."""
        at = self.project.instant() if now is None else moment(now, self.project.catalog, "now")
        project = replace(self.project, now=at)
        for rule in rules:
            one_meaning(rule, project)
        return project

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """The warehouse to oneself, for so many seconds at most."""
        seconds, over = self.limits.seconds, Event()

        def cancel() -> None:
            wait = seconds
            while not over.wait(wait):  # again and again: it may be between two statements
                self.project.opened.cancel()
                wait = OFTEN

        with self.alone:
            start = monotonic()
            watch = Thread(target=cancel, daemon=True)
            watch.start()
            try:
                yield
            except WarehouseError as error:
                if monotonic() - start < seconds:
                    raise
                said = f"This takes longer than {seconds:g} seconds, and was stopped."
                raise WarehouseError(said, "ask about fewer people or less time; `--seconds` allows more") from error
            finally:
                over.set()
                watch.join()  # or it might stop the next question
