"""Our `dataclass` makes what the standard library's makes."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import field
from inspect import signature
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from segql import plain
from segql.ast import All

T = TypeVar("T")


def made(dataclass: Any, **how: bool) -> tuple[Any, Any]:
    """Two classes, the second made of the first."""

    @dataclass(**how)
    class Node(Generic[T]):
        """A node."""

        name: str
        parts: tuple[T, ...] = ()
        span: int = field(default=0, compare=False, repr=False)
        found: list[str] = field(default_factory=list, hash=False)
        KIND: ClassVar[str] = "node"

        @property
        def size(self) -> int:
            return len(self.parts)

    @dataclass(**how)
    class More(Node[T]):
        """A deep node."""

        depth: int = 1
        span: int = 7

        def __post_init__(self) -> None:
            if self.depth < 0:
                raise ValueError("no depth")

    return Node, More


FORMS = [
    {"frozen": True, "slots": True},
    {"frozen": True, "slots": False},
    {"frozen": False, "slots": True},
    {"frozen": False, "slots": False},
]


@pytest.mark.parametrize("how", FORMS, ids=str)
def test_it_makes_what_the_standard_library_makes(how: dict[str, bool]) -> None:
    for ours, theirs in zip(made(plain.dataclass, **how), made(dataclasses.dataclass, **how), strict=True):
        assert signature(ours).parameters.keys() == signature(theirs).parameters.keys()
        assert [one.name for one in dataclasses.fields(ours)] == [one.name for one in dataclasses.fields(theirs)]
        assert (ours.__match_args__, ours.__doc__, ours.KIND) == (theirs.__match_args__, theirs.__doc__, "node")
        assert hasattr(ours("a"), "__dict__") == hasattr(theirs("a"), "__dict__")
        for one, two in ((ours("a", (1,), found=["b"]), theirs("a", (1,), found=["b"])), (ours("a"), theirs("a"))):
            assert repr(one) == repr(two)
            assert one.size == two.size
            assert dataclasses.asdict(one) == dataclasses.asdict(two)
            assert repr(dataclasses.replace(one, name="c")) == repr(dataclasses.replace(two, name="c"))
            assert one == ours(one.name, one.parts, one.span, one.found)
            assert one != two
            assert (one == ours("a", (1,), 3, ["b"])) == (two == theirs("a", (1,), 3, ["b"]))
            assert copy.deepcopy(one) == copy.copy(one) == one
            for act in (lambda x: setattr(x, "name", "d"), lambda x: delattr(x, "name"), hash):
                assert outcome(act, one) == outcome(act, two)
        assert outcome(ours) == outcome(theirs)
        assert outcome(ours, "a", None, 1, [], -1) == outcome(theirs, "a", None, 1, [], -1)


def outcome(act: Any, *given: Any) -> object:
    """What comes of a call, an error by its kind."""
    try:
        return act(*given) if act is hash else None
    except Exception as error:
        return type(error)


def test_nodes_can_be_pickled() -> None:
    tree: All[object] = All((All(()),))
    assert pickle.loads(pickle.dumps(tree)) == tree


def test_a_method_is_written_when_it_is_looked_up() -> None:
    node, _ = made(plain.dataclass, frozen=True, slots=True)
    assert isinstance(vars(node)["__init__"], plain._Method)
    assert node("a") == node("a")
    assert not isinstance(vars(node)["__init__"], plain._Method)
    assert isinstance(vars(node)["__hash__"], plain._Method)
    assert hash(node("a")) == hash(node("a"))
