"""Words that some engine does not take as bare names."""

from __future__ import annotations

RESERVED = frozenset(
    """
    all analyse analyze and anti any array as asc asof asymmetric at authorization between binary both by case
    cast check collate collation column columns concurrently constraint create cross cube current current_date
    current_time current_timestamp current_user default deferrable define desc describe distinct do else end
    enum escape except exclude exists extract false fetch following for foreign freeze from full function
    generated glob grant group grouping groups having if ignore ilike in initially inner intersect interval into
    is isnull join lambda lateral leading left like limit localtime localtimestamp lookup map merge natural new
    no not notnull nulls of off offset old on only or order outer over overlaps partition pivot pivot_longer
    pivot_wider placing positional preceding primary proto qualify range recursive references respect returning
    right rollup rows select semi session_user set show similar some struct summarize symmetric table
    tablesample then to trailing treat true try_cast tuple unbounded union unique unnest unpack unpivot user
    using values variadic verbose view when where window with within
    """.split()  # noqa: SIM905
)
"""Words that some engine does not take as a bare name of a column, a table or an alias; they are quoted."""
