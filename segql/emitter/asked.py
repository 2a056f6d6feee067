"""The rules of a program as rows, held against the bits of each profile, or of all those at once that are alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Literal, TypeAlias, get_args

from sqlglot import exp

from ..plain import dataclass
from ..planner import free
from ..planner.many import Program
from . import nodes as n
from . import with_queries
from .bits import WORD, of_word, union
from .target import Target

Shape: TypeAlias = Literal["members", "counts", "columns", "lists", "alike"]
SHAPES: tuple[Shape, ...] = get_args(Shape)

MANY = 100
"""So many rows of rules are held against profiles that are alike once, not against each profile. Measured on DuckDB: of
ten rows the grouping costs more than it saves, of a hundred it is even, of a thousand it saves half or more."""
FEWER = 30
"""So many where one word is counted: to group by a number is cheap. Of the 51 rows of a trend it saves a quarter."""

Row: TypeAlias = tuple[str, int, int]
"""A rule's name and one of its cubes."""


def words_of(program: Program) -> int:
    """The words of all bits of a program, those of trees among them."""
    return -(-(len(program.bits) + len(program.trees)) // WORD)


def name_of(word: str, place: int | None, key: str) -> str:
    """A column's name, which is not the key's."""
    return free(word if place is None else f"{word}_{place + 1}", {key.lower()})


@dataclass
class Asked:
    """What is asked of the last query of a program's words."""

    program: Program
    names: Sequence[str]
    target: Target
    shape: Shape

    @property
    def key(self) -> str:
        """The column of the profiles' key."""
        return self.target.catalog.profiles.key

    @property
    def last(self) -> str:
        """The query of all words."""
        return self.program.whole if self.program.trees else self.program.profiles

    def name(self, word: str, place: int | None = None) -> str:
        """A column's name, which is not the key's."""
        return name_of(word, place, self.key)

    def word(self, place: int, alias: str) -> exp.Expr:
        """A word of a profile's bits."""
        return n.column(alias, self.name("bits", place))

    @cached_property
    def rows(self) -> list[Row]:
        """The cubes of all rules, each with the name of its rule."""
        return [(name, *cube) for name, cubes in zip(self.names, self.program.rules, strict=True) for cube in cubes]

    @cached_property
    def looked_at(self) -> list[int]:
        """The words at which some rule looks."""
        cares = 0
        for _, care, _ in self.rows:
            cares |= care
        return [word for word in range(words_of(self.program)) if of_word(cares, word)]

    def tree(self, queries: list[tuple[str, exp.Query]]) -> exp.Select:
        """The SELECT in its shape, over these queries."""
        if self.shape in ("columns", "alike"):
            return with_queries(self.columns() if self.shape == "columns" else self.counted_alike(queries), queries)
        alike = self.alike_at_once
        if alike:
            queries.append((self.program.alike, self.alike(self.name("profiles") if self.shape == "counts" else None)))
        named = with_queries(self.of_alike() if alike else self.listed(), queries)
        ctes: exp.With = named.args["with_"]
        if self.rows and self.target.dialect.named_values:
            ctes.append("expressions", self.asked())
        if alike and self.shape != "counts":
            held = exp.CTE(this=self.held(), alias=exp.TableAlias(this=n.identifier(self.program.held)))
            ctes.append("expressions", held)
        return named

    # --- the rules as rows -------------------------------------------------------------------------------------------

    def asked_columns(self) -> list[str]:
        """The columns of the cubes as a query."""
        pairs = [self.name(name, word) for word in self.looked_at for name in ("care", "want")]
        return [self.name("segment"), *pairs]

    def asked_rows(self) -> list[exp.Expr]:
        """The cubes as rows of values."""
        return [
            exp.Tuple(expressions=[
                exp.Literal.string(name),
                *(n.number(of_word(one, word)) for word in self.looked_at for one in (care, want)),
            ])
            for name, care, want in self.rows
        ]  # fmt: skip

    def asked(self) -> exp.CTE:
        """The cubes of the rules as a named query."""
        name, columns = self.program.asked, self.asked_columns()
        alias = exp.TableAlias(this=n.identifier(name), columns=[n.identifier(column) for column in columns])
        values = exp.Values(expressions=self.asked_rows())
        if not (self.alike_at_once and self.shape == "members" and self.target.dialect.enums):
            return exp.CTE(this=values, alias=alias)
        # As one of a known set a name takes a byte or two in each of the rows that are made of it.
        values.set("alias", alias)
        names = exp.DataType(this=exp.DType.ENUM, expressions=[exp.Literal.string(one) for one in sorted(self.names)])
        segment, *pairs = columns
        known = n.named(n.cast(n.column(name, segment), names), segment)
        select = n.select([known, *(n.column(name, pair) for pair in pairs)], values)
        return exp.CTE(this=select, alias=exp.TableAlias(this=n.identifier(name)))

    def asked_here(self) -> exp.Expr:
        """The cubes of the rules as a source."""
        if self.target.dialect.named_values:
            return n.table(self.program.asked)
        columns = self.asked_columns()
        selects = [
            n.select([n.named(value, name) for value, name in zip(row.expressions, columns, strict=True)], None)
            for row in self.asked_rows()
        ]
        return n.aliased(exp.Subquery(this=union(selects)), self.program.asked)

    def segment(self) -> exp.Expr:
        """The name of a rule; of none where there are no rules."""
        if not self.rows:
            return n.cast(exp.Null(), exp.DType.TEXT)
        return n.column(self.program.asked, self.name("segment"))

    def segments(self) -> exp.Expr:
        """The names of rules as an array, in order where somebody sees it."""
        names = self.segment()
        if self.shape == "lists":
            names = exp.Order(this=names, expressions=[exp.Ordered(this=self.segment(), nulls_first=False)])
        return n.named(exp.ArrayAgg(this=names), self.name("segments"))

    # --- rows of rules and profiles, or what is made of them ----------------------------------------------------------

    def listed(self) -> exp.Select:
        """Each rule held against each profile."""
        alias, joins = self.last, list[exp.Join]()
        where: exp.Expr = n.false()
        segment, key = n.named(self.segment(), self.name("segment")), n.column(alias, self.key)
        values: list[exp.Expr] = [segment, key]
        group: list[exp.Expr] = []
        if self.rows:
            segment = values[0] = self.segment()
            joins = [exp.Join(this=self.asked_here(), kind="CROSS")]
            where = self.fits(alias)
        match self.shape:
            case "members":
                pass
            case "counts":
                values, group = (
                    [segment, n.named(exp.Count(this=exp.Star()), self.name("members"))],
                    [segment if self.rows else key],
                )
            case _:
                values, group = [key, self.segments()], [key]
        return n.select(values, n.table(alias), joins, where, [one.copy() for one in group])

    @property
    def alike_at_once(self) -> bool:
        """Whether each rule is held against all profiles at once whose bits are alike."""
        made = {"counts": True, "lists": True, "members": self.target.dialect.unnested}
        least = FEWER if self.shape == "counts" and len(self.looked_at) == 1 else MANY
        return len(self.rows) >= least and bool(self.looked_at) and made[self.shape]

    def alike(self, number: str | None) -> exp.Select:
        """The words of the profiles that are alike, each once; with how many they are, where that has a name."""
        words = [self.word(word, self.last) for word in self.looked_at]
        count = [] if number is None else [n.named(exp.Count(this=exp.Star()), number)]
        return n.select([*words, *count], n.table(self.last), group=[one.copy() for one in words])

    def of_alike(self) -> exp.Select:
        """What the profiles that are alike have in common: how many they are for each rule, or which rules hold."""
        if self.shape == "counts":
            alike, cross = self.program.alike, exp.Join(this=self.asked_here(), kind="CROSS")
            total = _total(n.column(alike, self.name("profiles")))
            values = [self.segment(), n.named(total, self.name("members"))]
            return n.select(values, n.table(alike), [cross], self.fits(alike), [self.segment()])
        held, key = self.program.held, n.column(self.last, self.key)
        tied = n.both(n.compare(self.word(word, held), "=", self.word(word, self.last)) for word in self.looked_at)
        segments = n.column(held, self.name("segments"))
        row = n.named(exp.Explode(this=segments.copy()), self.name("segment"))
        values = [row, key] if self.shape == "members" else [key, segments]
        return n.select(values, n.table(self.last), [exp.Join(this=n.table(held), on=tied)])

    def held(self) -> exp.Select:
        """The rules that hold for profiles that are alike."""
        alike = self.program.alike
        words = [self.word(word, alike) for word in self.looked_at]
        cross = exp.Join(this=self.asked_here(), kind="CROSS")
        return n.select([*words, self.segments()], n.table(alike), [cross], self.fits(alike), [w.copy() for w in words])

    def fits(self, alias: str) -> exp.Expr:
        """The bits of each word are what the rule wants of those that it looks at."""

        def word_fits(word: int) -> exp.Expr:
            care, want = (n.column(self.program.asked, self.name(name, word)) for name in ("care", "want"))
            return n.compare(exp.BitwiseAnd(this=self.word(word, alias), expression=care), "=", want)

        return n.both(word_fits(word) for word in self.looked_at)

    # --- a truth for each rule ---------------------------------------------------------------------------------------

    def columns(self) -> exp.Select:
        """A row for each profile, with a truth for each rule."""
        return n.select([n.column(self.last, self.key), *self.truths(self.last)], n.table(self.last))

    def counted_alike(self, queries: list[tuple[str, exp.Query]]) -> exp.Select:
        """A row for those profiles for which the same rules hold: a truth for each rule, and how many they are.

        They are counted by their words, which are fewer than the truths; these are told of the few that are different.
        """
        held, source, number = self.program.held, self.last, self.name("profiles")
        if self.looked_at:
            queries.append((source := self.program.alike, self.alike(number)))
        truths = self.truths(source)
        names = [one.alias for one in truths]
        count = free("profiles", {name.lower() for name in names})
        if not names:
            return n.select([n.named(exp.Count(this=exp.Star()), count)], n.table(source))
        counted = [n.named(n.column(source, number), count)] if self.looked_at else []
        queries.append((held, n.select([*truths, *counted], n.table(source))))
        columns: list[exp.Expr] = [n.column(held, name) for name in names]
        total = _total(n.column(held, count)) if counted else exp.Count(this=exp.Star())
        return n.select([*columns, n.named(total, count)], n.table(held), group=[one.copy() for one in columns])

    def truths(self, alias: str) -> list[exp.Expr]:
        """Whether each rule holds, under its name, by the words of a query."""
        taken, values = {self.key.lower()}, list[exp.Expr]()
        for name, cubes in zip(self.names, self.program.rules, strict=True):
            holds = n.either(n.both(self.cube(care, want, alias)) for care, want in cubes)
            values.append(n.named(holds, name if name.lower() not in taken else free(name, taken)))
            taken.add(name.lower())
        return values

    def cube(self, care: int, want: int, alias: str) -> Iterator[exp.Expr]:
        """What holds of the words where a cube does."""
        for word in range(words_of(self.program)):
            if mine := of_word(care, word):
                masked = exp.BitwiseAnd(this=self.word(word, alias), expression=n.number(mine))
                yield n.compare(masked, "=", n.number(of_word(want, word)))


def _total(counts: exp.Expr) -> exp.Expr:
    return n.cast(exp.Sum(this=counts), exp.DType.BIGINT)
