"""Documents of other programs that are long, deep, half, in circles or unknown: each segment has its report."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import segql
from segql import formats
from segql.catalog import Catalog
from segql.errors import Problem, SegQLError
from segql.formats import Setting, exporter, text_of
from segql.source import Source

from ..case_files import read_case
from .imported import imported, names_of, report

Json = Any
FOLDER = Path(__file__).parent
NAMES = "events: {Bought: placed order, '1': placed order}\nproperties: {city: country}\nlists: {'1': Newsletter}"


def klaviyo(n: int, type: str, **more: Json) -> Json:
    condition = {"type": type, "property": "city", "filter": {"type": "string", "operator": "equals", "value": f"{n}"}}
    groups = [{"conditions": [{**condition, **more}]}]
    return {
        "type": "segment",
        "id": f"S{n}",
        "attributes": {"name": f"S{n}", "definition": {"condition_groups": groups}},
    }


def posthog(n: int, type: str, **more: Json) -> Json:
    leaf = {"type": type, "key": "city", "operator": "exact", "value": f"{n}", **more}
    return {"id": n, "name": f"S{n}", "filters": {"properties": {"type": "AND", "values": [leaf]}}}


def mailchimp(n: int, type: str, **more: Json) -> Json:
    condition = {"condition_type": type, "field": "city", "op": "is", "value": f"{n}", **more}
    return {"id": n, "name": f"S{n}", "options": {"match": "all", "conditions": [condition]}}


def hubspot(n: int, type: str, **more: Json) -> Json:
    operation = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": [f"{n}"]}
    filter = {"filterType": type, "property": "city", "operation": operation, **more}
    branch = {"filterBranchType": "AND", "filters": [filter], "filterBranches": []}
    return {"listId": f"{n}", "name": f"S{n}", "filterBranch": branch}


def segment(n: int, type: str, **more: Json) -> Json:
    query = f"trait('city') = '{n}'" if type == "known" else f"{type}('city') = '{n}'"
    return {"name": f"S{n}", "key": f"s{n}", "definition": {"type": "users", "query": more.get("query", query)}}


def dittofeed(n: int, type: str, **more: Json) -> Json:
    node = {"type": type, "id": "1", "path": "city", "operator": {"type": "Equals", "value": f"{n}"}, **more}
    return {"id": f"{n}", "name": f"S{n}", "definition": {"entryNode": node, "nodes": []}}


def mautic(n: int, type: str, **more: Json) -> Json:
    filter = {"glue": "and", "field": "city", "object": "lead", "type": type, "operator": "=", "filter": f"{n}", **more}
    return {"id": n, "name": f"S{n}", "filters": [filter]}


def shopify(n: int, type: str, **more: Json) -> Json:
    query = f"customer_cities CONTAINS '{n}'" if type == "known" else f"{type} CONTAINS '{n}'"
    return {"name": f"S{n}", "query": more.get("query", query)}


FORMATS: dict[str, tuple[Callable[..., Json], str, Callable[[list[Json]], Json]]] = {
    "klaviyo": (klaviyo, "profile-property", lambda found: {"data": found}),
    "posthog": (posthog, "person", lambda found: {"results": found}),
    "mailchimp": (mailchimp, "TextMerge", lambda found: {"segments": found}),
    "hubspot": (hubspot, "PROPERTY", lambda found: {"lists": found}),
    "segment": (segment, "known", lambda found: {"audiences": found}),
    "dittofeed": (dittofeed, "Trait", lambda found: {"segments": found}),
    "mautic": (mautic, "text", lambda found: found),
    "shopify": (shopify, "known", lambda found: found),
}
"""What makes a segment of a number and the type of its condition, a known type, and what holds several."""


def many(format: str, count: int) -> None:
    """Of so many segments each hundredth has a condition of an unknown type; the rest go on."""
    made, known, several = FORMATS[format]
    document = several([made(n, "never_heard_of" if n % 100 == 99 else known) for n in range(count)])
    reads = formats.importer(format)
    assert reads is not None
    heard: list[str] = []
    found = formats.settled(reads(Source(json.dumps(document)), names_of(NAMES)), heard.append)
    assert [one.name for one in found] == [f"S{n}" for n in range(count)]
    assert {n for n, one in enumerate(found) if not one.written} == set(range(99, count, 100))
    assert all(one.findings for one in found)
    assert all(f.path or format == "segment" for one in found if not one.written for f in one.findings), found[99]
    assert heard == [f"{n:,} segments" for n in range(1, count + 1)]
    written = segql.segments_from(text_of(found))
    assert written.problems == ()
    assert len(list(written)) == count - count // 100


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_of_many(format: str) -> None:
    many(format, 100)


@pytest.mark.long
@pytest.mark.parametrize("format", FORMATS)
def test_a_file_of_ten_thousand(format: str) -> None:
    many(format, 10_000)


@pytest.mark.parametrize("format", FORMATS)
def test_half_a_document_is_an_error_with_its_place(format: str) -> None:
    made, known, several = FORMATS[format]
    text = json.dumps(several([made(n, known) for n in range(3)]), indent=1)
    for end in range(1, len(text) - 2, 31):
        if format in ("segment", "shopify") and text[:end].strip()[0] not in "[{":
            continue
        with pytest.raises(SegQLError) as caught:
            imported(format, text[:end], NAMES)
        assert caught.value.problems[0].line


IN_CIRCLES: dict[str, Callable[[int, int], Json]] = {
    "klaviyo": lambda n, to: klaviyo(n, "profile-group-membership", property=None, filter=None, is_member=True,
                                     group_ids=[f"S{to}"]),
    "posthog": lambda n, to: posthog(n, "cohort", key="id", operator="in", value=to),
    "mailchimp": lambda n, to: mailchimp(n, "StaticSegment", field="static_segment", op="static_is", value=to),
    "hubspot": lambda n, to: hubspot(n, "IN_LIST", property=None, operation=None, listId=f"{to}", operator="IN_LIST"),
    "segment": lambda n, to: segment(n, "known", query=f"trait('s{to}') = true"),
    "mautic": lambda n, to: mautic(n, "leadlist", field="leadlist", operator="in", filter=[to]),
}  # fmt: skip


@pytest.mark.parametrize("format", IN_CIRCLES)
def test_segments_that_refer_to_each_other_in_a_circle_are_not_written(format: str) -> None:
    made, several = IN_CIRCLES[format], FORMATS[format][2]
    circle = [made(n, to) for n, to in ((11, 12), (12, 13), (13, 11), (14, 11))]
    found = imported(format, json.dumps(several([*circle, FORMATS[format][0](15, FORMATS[format][1])])), NAMES)
    assert [one.written for one in found] == [False] * 4 + [True], report(found)
    said = [one.findings[-1].said for one in found[:4]]
    assert said[:3] == ["Segments refer to each other in a circle."] * 3, said
    assert all(one.findings[-1].path for one in found[:4])


def deep(format: str, depth: int) -> str:
    """One segment, its condition inside so many groups, or as many texts."""
    made, known, several = FORMATS[format]
    match format:
        case "posthog":
            tree: Json = made(1, known)["filters"]["properties"]
            for _ in range(depth):
                tree = (
                    {"type": "AND", "values": [tree, tree["values"][0]]} if False else {"type": "OR", "values": [tree]}
                )
            return _deep_json({"name": "S1", "filters": {"properties": None}}, tree)
        case "hubspot":
            tree = made(1, known)["filterBranch"]
            for _ in range(depth):
                tree = {"filterBranchType": "OR", "filters": [], "filterBranches": [tree]}
            return _deep_json({"name": "S1", "filterBranch": None}, tree)
        case "segment":
            return json.dumps(several([made(1, known, query="( " * depth + "trait('city') = '1'" + " )" * depth)]))
        case "shopify":
            query = "(" * depth + "customer_cities CONTAINS '1'" + ")" * depth
            return json.dumps(several([made(1, known, query=query)]))
    raise AssertionError(format)


def _deep_json(whole: Json, tree: Json) -> str:
    """JSON of what is nested deeper than the library writes."""
    parts: list[str] = []
    ends: list[str] = []
    while True:
        inner = next((v for v in tree.values() if isinstance(v, list) and v and _nests(v[0])), None)
        if inner is None:
            parts.append(json.dumps(tree))
            break
        key = next(k for k, v in tree.items() if v is inner)
        others = {k: v for k, v in tree.items() if k != key}
        parts.append(f"{json.dumps(others)[:-1]}, {json.dumps(key)}: [")
        ends.append("]}")
        tree = inner[0]
    body = "".join(parts) + "".join(reversed(ends))
    return json.dumps(whole).replace("null", body)


def _nests(one: Json) -> bool:
    return isinstance(one, dict) and ("values" in one or "filterBranches" in one)


@pytest.mark.parametrize("depth", [100, pytest.param(30_000, marks=pytest.mark.long), 2_000])
@pytest.mark.parametrize("format", ["posthog", "hubspot", "segment", "shopify"])
def test_what_is_nested_deep_ends_in_words(format: str, depth: int) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        (one,) = imported(format, deep(format, depth), NAMES)
    except SegQLError as error:
        problems = error.problems
    else:
        assert one.written or any(f.verdict == "impossible" and f.said.endswith(".") for f in one.findings)
    assert all(problem.line is not None and problem.message.endswith(".") for problem in problems)


# --- what a message offers -------------------------------------------------------------------------------------------

_OFFERED = re.compile(r"give --names with `([^`]+)`")


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("*/*.segql-import")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_names_that_a_message_asks_for_mend_it_when_they_are_pasted(path: Path, catalog: Catalog) -> None:
    case = read_case(path).sections
    if "--names with `" not in case["report"]:
        return
    format = path.parent.name.replace("_", "-")
    given = catalog if "catalog" in case else None
    names = case.get("names", "")
    for offered in dict.fromkeys(_OFFERED.findall(case["report"])):
        pasted = names_of(offered.replace("NAME", "placed order"))
        kinds = {**names_of(names, given).kinds}
        for kind, ids in pasted.kinds.items():
            kinds[kind] = {**kinds.get(kind, {}), **ids}
        read = formats.importer(format)
        assert read is not None
        found = list(read(Source(case["document"]), formats.Names(kinds, given)))
        assert offered not in report(found), offered


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.segql-export")), ids=str)
def test_names_that_an_export_asks_for_are_names(path: Path) -> None:
    for offered in _OFFERED.findall(read_case(path).sections["report"]):
        assert names_of(offered).kinds


# --- values that are spelled otherwise -------------------------------------------------------------------------------

SPELLED = "values: {account status: {ENABLED: enabled, DISABLED: disabled, INVITED: enabled}, country: {NL: nl}}"


def test_values_are_spelled_as_the_warehouse_has_them() -> None:
    query = "customer_account_status = 'ENABLED' OR customer_account_status = 'INVITED' OR customer_language = 'en'"
    (one,) = imported("shopify", query, SPELLED)
    assert 'account status is "enabled"' in text_of([one])
    assert 'language is "en"' in text_of([one])
    several = json.dumps(posthog(1, "person", key="country", value=["NL", "BE"]))
    assert 'country in ("nl", "BE")' in text_of(imported("posthog", several, SPELLED))


def test_values_are_spelled_as_the_other_program_has_them(catalog: Catalog) -> None:
    text = (
        'segment "A" = note is not "nl" and in segment "B"\nsegment "B" = country in ("nl", "BE") or nick name is "x"'
    )
    segments = segql.segments_from(text)
    names = names_of(f"{SPELLED[:-1]}, nickname: {{X: x}}}}", catalog)
    write = exporter("posthog")
    assert write is not None
    found = json.dumps(write(segments["A"], Setting(catalog, names, segments)).document)
    assert '"value": ["NL", "BE"]' in found
    assert '"value": ["X"]' in found
    assert '"operator": "is_not", "value": ["nl"]' in found
