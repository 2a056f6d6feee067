"""SQL of many rules at once, from a `Program`: what each source tells of a profile as bits, and the rules as rows.

Every source gives rows of a key and words of bits; together they give each profile its own. A rule holds where the bits
that it looks at are what it wants, in one of its cubes; these are disjoint, so that nobody is found twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, get_args

from sqlglot import exp

from .. import conditions as c
from ..ast import Tree
from ..catalog.model import Catalog
from ..dialects import below
from ..plain import dataclass
from ..planner import Exists, Listed, Members, Need, hull
from ..planner import union as union_of
from ..planner.many import Program
from . import nodes as n
from . import of_profiles, queries_of, without_clashes
from .asked import SHAPES, Asked, Shape, name_of, words_of
from .bits import WORD, strict, union, word_of
from .predicates import boolean, fits
from .rules import Written, in_list, tested
from .sources import profiles
from .streams import branches, occurring
from .target import Target

__all__ = ["SHAPES", "Shape", "emit_many"]


def emit_many(
    program: Program, names: Sequence[str], shape: Shape, catalog: Catalog, dialect: str, *, only: str | None = None
) -> exp.Select:
    """The SELECT of a program, whose rules have these names; `only`: of those alone whose keys are in that table.

    `members`: a row for each member of each rule, its name and the profile's key. `counts`: the name of each rule that
    has members, and how many. `columns`: a row for each profile, and a truth for each rule. `lists`: a row for each
    profile that is a member of something, and the names of the rules. `alike`: a truth for each rule, and how many
    profiles are alike in all of them.
    """

    def write(target: Target) -> exp.Select:
        return _Writing(program, names, target).tree(shape)

    return without_clashes(write, catalog, dialect, program.plan.now, only=only)


@dataclass
class _Writing:
    program: Program
    names: Sequence[str]
    target: Target

    @property
    def key(self) -> str:
        return self.target.catalog.profiles.key

    @property
    def words(self) -> int:
        """The words of all bits, those of trees among them."""
        return words_of(self.program)

    def word(self, place: int, alias: str) -> exp.Expr:
        return n.column(alias, self.name(place))

    def name(self, place: int) -> str:
        return name_of("bits", place, self.key)

    def tree(self, shape: Shape) -> exp.Select:
        program = self.program
        written = Written.of(program.plan, profiles(self.target))
        queries = queries_of(program.plan, written)
        sources, own = self.sources(written)
        if sources:
            queries.append((program.found, self.together(sources)))
        # Who is in no source is looked at where some rule may hold for them, or each profile has a row.
        others = bool(program.trees) or shape in ("columns", "alike") or not self.found_alone(own)
        join: Literal["LEFT", "INNER"] | None = None if not sources else "LEFT" if others else "INNER"
        queries.append((program.profiles, self.everybody(own, written, join)))
        if program.trees:
            queries.append((program.whole, self.answered()))
        return Asked(program, self.names, self.target, shape).tree(queries)

    def found_alone(self, own: Mapping[int, exp.Expr]) -> bool:
        """Whether each rule wants a bit that a source tells, and none holds without."""
        told = sum(1 << place for place in range(len(self.program.bits)) if place not in own)
        return all(want & told for cubes in self.program.rules for _, want in cubes)

    # --- the bits of each source -------------------------------------------------------------------------------------

    def sources(self, written: Written) -> tuple[list[exp.Select], dict[int, exp.Expr]]:
        """A SELECT of keys and words for each source; and the bits that a profile's own row tells."""
        own: dict[int, exp.Expr] = {}
        found: list[exp.Select] = []
        alone: dict[str, dict[int, exp.Expr]] = {}
        beside: dict[frozenset[str], dict[int, exp.Expr]] = {}
        moved: dict[object, dict[int, Exists]] = {}
        for place, bit in enumerate(self.program.bits):
            match bit:
                case Members() | c.Rank():
                    found.append(self.of_table(written.answer(bit), {place: n.true()}))
                case Exists(of=(of,)) if self.target.dialect.bit_or:
                    moved.setdefault((of.events, of.where), {})[place] = bit
                case Exists():
                    for rows, fitting in occurring(bit, self.target):
                        keys = [n.named(rows.key(), self.key), *self.bits({place: n.true()})]
                        found.append(rows.select(keys, [fitting]))
                case c.InList():
                    rows, joined = in_list(bit, self.target)
                    found.append(rows.select([n.named(rows.key(), self.key), *self.bits({place: n.true()})], [joined]))
                case c.Consent() if bit in written.listed:
                    found.append(self.of_table(written.listed[bit], {place: n.true()}))
                case _ if isinstance(bit, get_args(Listed)) and bit in written.listed:
                    found.append(self.of_table(written.listed[bit], {place: n.true()}))
                case _:
                    condition = written.need(bit) if isinstance(bit, Need) else tested(bit, written)
                    nodes = below(condition)
                    read = frozenset(node.table for node in nodes if type(node) is exp.Column)
                    if any(isinstance(node, exp.Query) for node in nodes):
                        found.append(self.beside({place: condition}, written))
                    elif read.isdisjoint((*written.joined, *written.numbers)):
                        own[place] = condition
                    elif len(read) == 1 and not read.isdisjoint(written.joined) and strict(condition):
                        alone.setdefault(min(read), {})[place] = condition
                    else:
                        beside.setdefault(read, {})[place] = condition
        found += [source for bits in moved.values() for source in self.of_rows(bits)]
        found += [self.of_table(table, bits) for table, bits in alone.items()]
        found += [self.beside(bits, written) for bits in beside.values()]
        return found, own

    def of_rows(self, tests: Mapping[int, Exists]) -> list[exp.Select]:
        """The bits that the rows of events tell, of tests that differ in their windows alone."""
        (events, where), *_ = [(of.events, of.where) for test in tests.values() for of in test.of]
        windows = {place: test.of[0].window for place, test in tests.items()}
        outer, found = union_of(windows.values()), list[exp.Select]()
        for rows in branches(events, [where], self.target, hull(outer)):
            bits = {
                place: n.true() if outer == (window,) else rows.in_window(window) for place, window in windows.items()
            }
            looked = n.either(rows.in_window(window) for window in outer)
            fitting = [exp.Paren(this=looked) if isinstance(looked, exp.Or) else looked, fits(where, {"event": rows})]
            found.append(rows.select([n.named(rows.key(), self.key), *self.bits(bits)], fitting))
        return found

    def of_table(self, table: str, bits: Mapping[int, exp.Expr]) -> exp.Select:
        """The bits that the rows of a query tell; of a single one the rows that have it."""
        where, bits = _looked(bits)
        return n.select([n.column(table, self.key), *self.bits(bits)], n.table(table), where=where)

    def beside(self, bits: Mapping[int, exp.Expr], written: Written) -> exp.Select:
        """The bits that profiles tell together with what stands beside them."""
        where, bits = _looked(bits)
        written = self.again(written, (*([where] if where else []), *bits.values()))
        return of_profiles([written.profile.key(), *self.bits(bits)], [where] if where else [], written)

    def again(self, written: Written, asked: Iterable[exp.Expr]) -> Written:
        """The profiles anew, with the tables joined to them that what is asked reads."""
        rows = profiles(self.target)
        read = {node.table for part in asked for node in below(part) if type(node) is exp.Column}
        rows.used.update({name: alias for name, alias in written.profile.used.items() if alias in read})
        return replace(written, profile=rows)

    def bits(self, bits: Mapping[int, exp.Expr], words: Iterable[int] | None = None) -> list[exp.Expr]:
        """The words in which these bits are set where their conditions hold."""
        words = range(self.words_found) if words is None else words
        return [n.named(word_of(bits, word), self.name(word)) for word in words]

    @property
    def words_found(self) -> int:
        return -(-len(self.program.bits) // WORD)

    # --- the bits of each profile ------------------------------------------------------------------------------------

    def together(self, sources: Sequence[exp.Select]) -> exp.Select:
        """The words of each key, of all sources."""
        dialect, alias = self.target.dialect, "source"
        words = []
        for word in range(self.words_found):
            column = self.word(word, alias)
            # Where no bits can be joined they are added: each source has its own, and UNION leaves a row once.
            joined = exp.BitwiseOrAgg(this=column) if dialect.bit_or else exp.Sum(this=column)
            words.append(n.named(joined, self.name(word)))
        key = n.column(alias, self.key)
        rows = union(sources, distinct=not dialect.bit_or)
        return n.select([key, *words], n.aliased(exp.Subquery(this=rows), alias), group=[key.copy()])

    def everybody(
        self, own: Mapping[int, exp.Expr], written: Written, join: Literal["LEFT", "INNER"] | None
    ) -> exp.Select:
        """The words of each profile, among them those of its own row; for INNER of those alone of whom sources tell."""
        values: list[exp.Expr] = []
        for word in range(self.words_found):
            parts = [word_of(own, word)] if any(place // WORD == word for place in own) else []
            if join:
                told = self.word(word, self.program.found)
                parts.insert(0, told if join == "INNER" else n.coalesce(told, n.number(0)))
            joined = n.binary(exp.Add, *parts) if len(parts) == 2 else parts[0] if parts else n.number(0)
            values.append(n.named(joined, self.name(word)))
        written = self.again(written, values)
        tree = of_profiles([written.profile.key(), *values], [], written)
        if join:
            tied = n.compare(n.column(self.program.found, self.key), "=", written.profile.key())
            found = n.table(self.program.found)
            tree.append("joins", n.left_join(found, tied) if join == "LEFT" else exp.Join(this=found, on=tied))
        return tree

    def answered(self) -> exp.Select:
        """The words of each profile, with the bits of the rules that are trees."""
        alias, first = self.program.profiles, len(self.program.bits)
        made = {first + place: self.holds(tree, alias) for place, tree in enumerate(self.program.trees)}
        values: list[exp.Expr] = []
        for word in range(self.words):
            kept = [self.word(word, alias)] if word < self.words_found else []
            parts = [*kept, *([word_of(made, word)] if any(place // WORD == word for place in made) else [])]
            values.append(n.named(n.binary(exp.Add, *parts) if len(parts) == 2 else parts[0], self.name(word)))
        return n.select([n.column(alias, self.key), *values], n.table(alias))

    def holds(self, tree: Tree[int], alias: str) -> exp.Expr:
        """A tree of bits, asked of the words."""

        def is_set(place: int) -> exp.Expr:
            bit = exp.BitwiseAnd(this=self.word(place // WORD, alias), expression=n.number(1 << place % WORD))
            return exp.NEQ(this=n.operand(bit), expression=n.number(0))

        return boolean(tree, is_set)


def _looked(bits: Mapping[int, exp.Expr]) -> tuple[exp.Expr | None, Mapping[int, exp.Expr]]:
    """Which rows are looked at, and the bits of each: rows without any need not be grouped, and a single condition says
    which these are. Several would be asked twice.
    """
    if len(bits) != 1:
        return None, bits
    ((place, condition),) = bits.items()
    return condition, {place: n.true()}
