"""Numbers about segments are those that sets of members give: on every engine, with random rules and shops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from itertools import combinations, pairwise
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from segql import Project, evaluator, formatter
from segql.catalog import Catalog
from segql.errors import SegQLError
from segql.evaluator import Shop
from segql.insights.alike import Alike
from segql.insights.attrition import conditions, funnel_of
from segql.insights.comparison import compared
from segql.insights.meant import all_of
from segql.insights.overlaps import overlap_of
from segql.insights.trends import asked, trend_of
from segql.many import written_many
from segql.meanings import Meaning
from segql.parser import parse_rule

from ..chance.pairs import SEGMENTS, case, example
from ..engines import Engine, stored
from .test_many import able, rows

FEWER = {"duckdb": 2}
Sets = Mapping[str, set[Any]]


def sets_of(meanings: Mapping[str, Meaning], shop: Shop, catalog: Catalog) -> Sets:
    return {
        name: set(evaluator.members(one.bound, shop, catalog, one.now, one.sample)) for name, one in meanings.items()
    }


def judged(sets: Sets, shop: Shop) -> Alike:
    """The profiles that are alike, by plain sets."""
    keys = {row["key"] for row in shop.profiles}
    return Alike(
        tuple(sets),
        Counter(sum(1 << place for place, members in enumerate(sets.values()) if key in members) for key in keys),
    )


def groups(meanings: Mapping[str, Meaning], catalog: Catalog, engine: Engine) -> dict[int, int]:
    """What the engine says of profiles that are alike."""
    numbered = {f"rule_{place + 1}": one for place, one in enumerate(meanings.values())}
    done = written_many(numbered, catalog, engine.dialect, "alike")
    bits = [f"CASE WHEN {name} THEN '1' ELSE '0' END" for name in numbered]
    number = "CAST(profiles AS STRING)" if engine.dialect == "bigquery" else "profiles"
    parts = [*bits, "':'", number]
    text = " || ".join(parts) if engine.dialect == "sqlite" else f"CONCAT({', '.join(parts)})"
    found = [str(row).split(":") for row in engine.members(f"SELECT {text} AS pair FROM (\n{done.sql}\n) AS asked_for")]
    return {int(held[::-1] or "0", 2): int(number) for held, number in found}


def test_profiles_that_are_alike(catalog: Catalog, engine: Engine) -> None:
    @settings(max_examples=FEWER.get(engine.dialect, 1), phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, texts = example(random)
        shop = stored(shop, engine)
        engine.load(shop)
        times = [now, now - timedelta(days=random.randrange(1, 60))]
        rules = {text: (text, random.choice(times)) for text in random.sample(texts, 4)}
        meanings = able(rules, catalog, engine)
        try:
            found = groups(meanings, catalog, engine)
        except SegQLError as error:
            if engine.dialect != "sqlite" or "nest so deep" not in error.problems[0].message:
                raise
            return
        wanted = judged(sets_of(meanings, shop, catalog), shop)
        assert found == wanted.groups, "\n\n".join(case(text, at, shop) for text, (_, at) in rules.items())

    check()


def test_who_entered_and_left(catalog: Catalog, engine: Engine) -> None:
    """Of saved segments too, with a sample, at instants around each `now` of the shops."""
    names = ("Buyers", "Some buyers", "Best")

    @settings(max_examples=FEWER.get(engine.dialect, 1), phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, texts = example(random)
        shop = stored(shop, engine)
        engine.load(shop)
        times = [now - timedelta(days=40), now - timedelta(hours=7), now]
        usable = able({text: (text, now) for text in random.sample(texts, 2)}, catalog, engine)
        rules = {**{name: SEGMENTS[name] for name in names}, **{text: parse_rule(text) for text in usable}}
        try:
            meant = asked(rules, Project(catalog, SEGMENTS), times)
            done = written_many(meant, catalog, engine.dialect, "counts")
        except SegQLError as error:
            if {problem.code for problem in error.problems} == {"not-in-dialect"}:
                return
            raise
        counts = {name: int(number) for name, number in rows(done.sql, engine, "members")}
        told = trend_of(counts, rules, times)
        for number, name in enumerate(rules):
            sets = sets_of({str(place): meant[f"{number} at {place}"] for place in range(len(times))}, shop, catalog)
            inside = list(sets.values())
            found = [(one.members, one.entered, one.left) for one in told.points[name]]
            wanted = [(len(inside[0]), None, None)] + [
                (len(after), len(after - before), len(before - after)) for before, after in pairwise(inside)
            ]
            assert found == wanted, f"{name}\n{case(str(name), now, shop)}"

    check()


def test_both_and_neither_are_what_sets_say(catalog: Catalog) -> None:
    """What is derived of profiles that are alike: overlaps, attrition, one without another."""

    @settings(max_examples=5, phases=(Phase.generate,))
    @given(st.randoms(use_true_random=True))
    def check(random: Random) -> None:
        now, shop, texts = example(random)
        project = Project(catalog, SEGMENTS, now=now)
        keys = {row["key"] for row in shop.profiles}
        parts = random.sample(texts, 3)
        sets = sets_of({text: project.meaning(text) for text in parts}, shop, catalog)
        told = overlap_of(judged(sets, shop))
        assert told.members == {name: len(members) for name, members in sets.items()}
        assert {(pair.one, pair.other): pair.both for pair in told.pairs} == {
            (one, other): len(sets[one] & sets[other]) for one, other in combinations(sets, 2)
        }
        inside = {
            tuple(name for name in sets if name in held): sum(
                1 for key in keys if all((key in sets[name]) == (name in held) for name in sets)
            )
            for size in range(1, 4)
            for held in combinations(sets, size)
        }
        assert dict(told.groups) == {names: number for names, number in inside.items() if number}
        union = set().union(*sets.values())
        assert told.covers == (union >= keys)
        assert told.exclusive == (len(union) == sum(map(len, sets.values())))
        one, other = (project.meaning(text) for text in parts[:2])
        first, second = (project.meaning(text) for text in parts[:2])
        moved = compared(first, second, judged({"old": sets[parts[0]], "new": sets[parts[1]]}, shop))
        old, new = sets[parts[0]], sets[parts[1]]
        assert (moved.before, moved.after) == (len(old), len(new))
        assert (moved.came, moved.went) == (len(new - old), len(old - new))
        without = all_of("", [one], [other])
        assert evaluator.members(without.bound, shop, catalog, now) == sets[parts[0]] - sets[parts[1]]

        for joined in ("and", "or"):
            rule = f" {joined} ".join(f"({formatter.format(parse_rule(text))})" for text in parts)
            whole = project.meaning(rule)
            how, steps = conditions(rule, whole, project)
            each = sets_of(steps, shop, catalog)
            if len(each) < 2:  # all parts say the same, or the whole is one condition in another spelling
                continue
            members = evaluator.members(whole.bound, shop, catalog, now)
            found = funnel_of(whole, how, steps, judged({**each, "": set(members)}, shop))
            assert found.members == len(members)

            def together(chosen: list[str], how: str = how, each: Sets = each) -> set[Any]:
                some = [each[text] for text in chosen]
                return set.union(*some) if how == "or" else keys.intersection(*some)

            for place, step in enumerate(found.steps):
                names = list(each)
                left = [*names[:place], *names[place + 1 :]]
                assert step.alone == len(each[step.text])
                assert step.here == len(together(names[: place + 1]))
                assert step.dropped == abs(len(together(left)) - len(members))
            assert found.steps[-1].here == len(members)

    check()
