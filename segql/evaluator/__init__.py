"""The meaning of a bound rule, executable: who is a member, in plain Python over plain rows, without any SQL.

It is the judge of every engine: it shares nothing with planner and emitter, and says each condition as its docstring in
`conditions` says it, in the plainest way. `shop` holds and groups the rows, `values` reads them, `predicates` tests
one row, `measures` computes one profile's numbers, `rules` decides.
"""

from .documents import read_json
from .rules import holds, members
from .shop import Key, Row, Shop

__all__ = ["Key", "Row", "Shop", "holds", "members", "read_json"]
