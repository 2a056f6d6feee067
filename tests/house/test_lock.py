"""constraints.txt, the versions for developers and .ci/run: of all that pyproject.toml names, and no places."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "constraints.txt").read_text(encoding="utf-8")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, list[Requirement]]:
    """By name; a package may have several versions, each for some Pythons."""
    found: dict[str, list[Requirement]] = {}
    for line in LOCK.splitlines():
        if not line.startswith("#"):
            one = Requirement(line)
            found.setdefault(plain(one.name), []).append(one)
    return found


def named() -> list[Requirement]:
    extras = PROJECT["project"]["optional-dependencies"].values()
    lines = [PROJECT["project"]["dependencies"], *extras, PROJECT["build-system"]["requires"]]
    return [one for group in lines for one in map(Requirement, group) if one.name != "segql"]


@pytest.mark.parametrize("wanted", named(), ids=str)
def test_the_lock_holds_what_the_project_names(wanted: Requirement) -> None:
    versions = [next(iter(one.specifier)).version for one in locked().get(plain(wanted.name), ())]
    assert versions, f"{wanted.name} is not in the lock; `make lock` renews it"
    assert all(wanted.specifier.contains(version) for version in versions), "`make lock` renews the lock"


def test_the_lock_says_exact_versions_and_no_place() -> None:
    for one in (one for versions in locked().values() for one in versions):
        assert re.fullmatch(r"==[^*,]+", str(one.specifier)), one
        assert one.url is None
    assert not re.search(r"://|--", LOCK)


def test_each_range_has_both_ends() -> None:
    for one in map(Requirement, PROJECT["project"]["dependencies"]):
        operators = {part.operator for part in one.specifier}
        assert ">=" in operators, one
        assert "<" in operators or one.name == "tzdata", one
