"""What an engine lacks, where a rule asks for it: told at the conditions, or the SQL of the catalog, that need it."""

from __future__ import annotations

from datetime import datetime

from ..ast import Tree
from ..catalog.model import Catalog
from ..conditions import Condition
from ..conditions.walk import leaves
from ..dialects import DIALECTS, NotInDialect, rewritten
from ..dialects import dialect as dialect_of
from ..errors import Problem, SegQLError
from ..planner import plan
from ..source import NOWHERE
from . import emit


def lacking(
    rule: Tree[Condition], catalog: Catalog, now: datetime, dialect: str, error: NotInDialect | SegQLError
) -> list[Problem]:
    """What the engine lacks, at the conditions that need it, and the catalog's SQL that it cannot be given.

    What `error` says, where no condition does alone.
    """

    def missing(leaf: Tree[Condition], dialect: str) -> NotInDialect | SegQLError | None:
        try:
            rewritten(emit(plan(leaf, catalog, now), catalog, dialect), dialect_of(dialect))
        except (NotInDialect, SegQLError) as found:
            return found
        return None

    problems: list[Problem] = []
    for leaf in leaves(rule):
        match missing(leaf, dialect):
            case SegQLError(problems=found):
                problems += found
            case NotInDialect(what=what):
                others = [name for name in DIALECTS if missing(leaf, name) is None]
                message = f"The SQL of {dialect} has no {what}, and `{leaf.span.text}` needs them."
                problems.append(Problem("not-in-dialect", message, leaf.span, f"these have them: {', '.join(others)}"))
    if not problems:
        if isinstance(error, SegQLError):
            return list(error.problems)
        problems.append(Problem("not-in-dialect", f"The SQL of {dialect} has no {error.what}.", NOWHERE))
    return list(dict.fromkeys(problems))
