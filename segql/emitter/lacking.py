"""What an engine lacks, where a rule asks for it: told at the conditions that need it."""

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


def lacking(rule: Tree[Condition], catalog: Catalog, now: datetime, dialect: str, what: str) -> list[Problem]:
    """What the engine lacks, at the conditions that need it; `what` where none of them does alone."""

    def lacks(leaf: Tree[Condition], dialect: str) -> str | None:
        try:
            tree = emit(plan(leaf, catalog, now), catalog, dialect)
            rewritten(tree, dialect_of(dialect))
        except NotInDialect as lacking:
            return lacking.what
        except SegQLError:
            return "SQL of the catalog's"
        return None

    problems = []
    for leaf in leaves(rule):
        missing = lacks(leaf, dialect)
        if missing is not None:
            others = [name for name in DIALECTS if lacks(leaf, name) is None]
            message = f"The SQL of {dialect} has no {missing}, and `{leaf.span.text}` needs them."
            problems.append(Problem("not-in-dialect", message, leaf.span, f"these have them: {', '.join(others)}"))
    return problems or [Problem("not-in-dialect", f"The SQL of {dialect} has no {what}.", NOWHERE)]
