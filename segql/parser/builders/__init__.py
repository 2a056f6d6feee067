"""What each rule of the grammar builds, by the name the grammar gives it. Sugar ends here.

A builder gets the values of a rule's symbols and the stretch of text they cover. None recurses: the machine works
bottom up. A rule of one symbol that has no builder hands its value on.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...ast import All, Anniversary, AnyOf, Day, Edge, Either, Ever, Their
from ..checks import at
from ..engine.machine import Build
from . import comparisons, definitions, heads, spoken, values, windows
from .boolean import again, finish, group, negation, tree_first, tree_more
from .contexts import of_a_profile
from .parts import Among, Never, OfSegment, WithTheSame
from .subjects import chain, chain_first, chain_more, predicate, predicate_group, predicate_not, predicate_open

BUILDERS: Mapping[str, Build] = {
    # boolean structure
    "rule": lambda v, s: of_a_profile(finish(v[0])),
    "tree_first": tree_first,
    "tree_more": tree_more,
    "again": again,
    "phrase": lambda v, s: chain(v[0], s),
    "negation": negation,
    "group": group,
    "people": spoken.people,
    "had": spoken.had,
    "being": lambda v, s: v[1],
    # phrases
    "chain_first": chain_first,
    "chain_more": chain_more,
    "subject_first": values.first,
    "subject_more": values.longer,
    "never": lambda v, s: Never(v[1], at(v[0], s), s),
    "edge": lambda v, s: Edge(values.sense(v[0]), v[1], s),
    "any_of": lambda v, s: Either(tuple(v[2]), s),
    "aggregate": heads.aggregate,
    "aggregate_any": heads.aggregate_any,
    "date_part": heads.date_part,
    "anniversary": lambda v, s: Anniversary(v[1], s),
    "share": heads.share,
    "share_between": heads.share_between,
    "can_receive": heads.can_receive,
    "in_list": heads.in_list,
    "in_segment": heads.in_segment,
    "segment_ref": heads.segment_ref,
    "rank": heads.rank,
    "near": heads.near,
    "any_store": lambda v, s: v[0],
    "coordinates": heads.coordinates,
    "random": heads.random,
    "everyone": lambda v, s: All((), s),
    "no_one": lambda v, s: AnyOf((), s),
    "items": heads.items,
    "items_count": heads.items_count,
    "items_between": heads.items_between,
    # parts
    "where": predicate,
    "has": predicate,
    "predicate_open": predicate_open,
    "predicate_not": predicate_not,
    "predicate_group": predicate_group,
    "within": comparisons.within,
    "all_within": comparisons.all_within,
    "with_the_same": lambda v, s: WithTheSame(v[1], s),
    "because": comparisons.because,
    "among": lambda v, s: Among(v[1], s),
    "of_segment": lambda v, s: OfSegment(v[1], s),
    "regularity": comparisons.regularity,
    "regularity_between": comparisons.regularity_between,
    "different": comparisons.different,
    "different_between": comparisons.different_between,
    # comparisons
    "compare": comparisons.compare,
    "compare_is": comparisons.compare_is,
    "is_part": comparisons.is_part,
    "is_not_part": comparisons.is_not_part,
    "amount": comparisons.amount,
    "amount_ago": comparisons.amount_ago,
    "amount_times": comparisons.amount_times,
    "amount_later": comparisons.amount_later,
    "amount_word": comparisons.amount_word,
    "in_name": comparisons.in_name,
    "in_values": comparisons.in_values,
    "like": comparisons.like,
    "includes": comparisons.includes,
    "includes_of": comparisons.includes_of,
    "is_set": comparisons.is_set,
    "scaled": comparisons.scaled,
    "population": comparisons.population,
    "population_scaled": comparisons.population_scaled,
    "statistic": comparisons.statistic,
    "their": lambda v, s: Their(v[1], s),
    # quantities
    "count": comparisons.count,
    "count_times": comparisons.count_times,
    "count_word": comparisons.count_word,
    # windows and moments
    "between": windows.between,
    "between_times": windows.between_times,
    "in_last": windows.in_last,
    "in_the_last": windows.in_the_last,
    "in_the_next": windows.in_the_next,
    "relative": windows.relative,
    "period": windows.period,
    "ever": lambda v, s: Ever(s),
    "one_unit": windows.one_unit,
    "day": lambda v, s: Day(values.sense(v[0]), s),
    "ago": windows.ago,
    "day_ago": windows.ago,
    "from_now": windows.from_now,
    # names, values, runs
    "name": values.name,
    "text": values.value,
    "number": values.value,
    "percent": values.value,
    "money": values.value,
    "bool": values.value,
    "date": values.value,
    "time": values.value,
    "duration": values.value,
    "pair": values.pair,
    "first": values.first,
    "more": values.more,
    # definitions and metrics
    "let": definitions.let,
    "segment": definitions.segment,
    "sample": definitions.sample,
    "metric": definitions.metric,
}
