"""SegQL: a human language for customer segments that compiles to warehouse SQL.

>>> import segql
>>> segql.format("clicked sms>=1 in 72h AND placed order 0 in 72h")
'clicked sms >= 1 in 72h and never placed order in 72h'

Arguments that most functions share:

- `rule`: a text, a parsed rule or a saved segment. A mistake raises SegQLError, which has all of them in `problems`.
- `now`: an aware datetime, of any zone; None is this instant. Days, weeks and months are those of the catalog's zone.
  A naive one raises ValueError.
- `segments`: the saved segments that a rule may name. `parameters`: values that take the place of their defaults.
- `dialect`: whose SQL. An unknown one raises ValueError.

An argument of a wrong type raises TypeError, which names it. Amounts without a sign are of the catalog's currency;
distances and durations name their unit.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .catalog import Catalog, catalog_from_yaml, catalog_schema, load_catalog
    from .columns import CompiledColumns, compile_columns, evaluate_columns
    from .compiler import (
        Compiled,
        Explained,
        check,
        describe,
        evaluate,
        explain,
        format,
        holds,
        meaning,
        parse,
    )
    from .completer import Completion, complete
    from .errors import Problem, SegQLError
    from .evaluator import Shop
    from .insights import diff, funnel, stats
    from .insights.why.answer import why
    from .joining import both, check_definitions, either, negated
    from .many import CompiledMany, compile_many
    from .meanings import Meaning
    from .prepared import Prepared, compile, prepare
    from .project import Project
    from .rule_json import from_json, rule_schema, to_json
    from .segments import Segments, load_segments, segments_from

_HOME = {
    "catalog": ("Catalog", "catalog_from_yaml", "catalog_schema", "load_catalog"),
    "columns": ("CompiledColumns", "compile_columns", "evaluate_columns"),
    "compiler": (
        "Compiled", "Explained", "check", "describe", "evaluate", "explain", "format", "holds", "meaning", "parse",
    ),
    "completer": ("Completion", "complete"),
    "errors": ("Problem", "SegQLError"),
    "evaluator": ("Shop",),
    "insights": ("diff", "funnel", "stats", "why"),
    "joining": ("both", "check_definitions", "either", "negated"),
    "many": ("CompiledMany", "compile_many"),
    "meanings": ("Meaning",),
    "notebook": ("load_ipython_extension",),
    "prepared": ("Prepared", "compile", "prepare"),
    "project": ("Project",),
    "rule_json": ("from_json", "rule_schema", "to_json"),
    "segments": ("Segments", "load_segments", "segments_from"),
}  # fmt: skip

__all__ = [
    "Catalog", "Compiled", "CompiledColumns", "CompiledMany", "Completion", "Explained", "Meaning", "Prepared",
    "Problem", "Project", "SegQLError", "Segments", "Shop", "both", "catalog_from_yaml", "catalog_schema",
    "check", "check_definitions", "compile", "compile_columns", "compile_many", "complete", "describe", "diff",
    "either", "evaluate", "evaluate_columns", "explain", "format", "from_json", "funnel", "holds", "load_catalog",
    "load_segments", "meaning", "negated", "parse", "prepare", "rule_schema", "segments_from", "stats", "to_json",
    "why",
]  # fmt: skip


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def __getattr__(name: str) -> Any:
    """Names load their module when first used: `import segql` and `segql --version` stay quick."""
    for module, names in _HOME.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
