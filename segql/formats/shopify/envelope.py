"""The queries of a document: one as text, or segments as the GraphQL Admin API gives them."""

from __future__ import annotations

from pathlib import PurePath

from ...plain import dataclass
from ...source import Source
from ..core.documents import Node, read_json, wrong
from ..core.report import Impossible
from ..core.trees import unique


@dataclass(frozen=True, slots=True)
class Found:
    """A segment of the document: its name, where it stands, its query or what is wrong with it."""

    name: str
    path: str
    query: Source | Impossible


def queries_of(document: Source) -> list[Found]:
    """The segments of a document. Raises SegQLError for what holds none."""
    if not document.text.lstrip().startswith(("{", "[")):
        if not document.text.strip():
            raise wrong(document, "There is no query here.", 0, "write one, or JSON with `name` and `query`")
        return [Found(unique([PurePath(document.name).stem])[0], "", document)]
    nodes = list(_nodes(read_json(document), document))
    names = unique(_text(node, "name") for node in nodes)
    return [Found(name, node.path, _query(node)) for name, node in zip(names, nodes, strict=True)]


def _nodes(node: Node, document: Source) -> list[Node]:
    """Through `data`, `segments`, `nodes` and `edges`, down to the segments."""
    if isinstance(node.value, list):
        return [one for item in node.items() for one in _within(item)]
    for key in ("data", "segments", "nodes", "edges", "segment"):
        if (inner := node.get(key)) is not None and isinstance(inner.value, dict | list):
            return _nodes(inner, document)
    if isinstance(node.value, dict) and "query" in node.value:
        return [node]
    help = 'a segment is `{"name": .., "query": "number_of_orders > 3"}`'
    raise wrong(document, "This is no segment of Shopify, and no list of them.", 0, help)


def _within(item: Node) -> list[Node]:
    inner = item.get("node")
    return [inner if inner is not None else item]


def _text(node: Node, key: str) -> str:
    found = node.get(key)
    return found.value if found is not None and isinstance(found.value, str) else ""


def _query(node: Node) -> Source | Impossible:
    try:
        node.only("query", "name", "id", *_OTHERS)
        return Source(node.need("query").text(), "query")
    except Impossible as error:
        return error


_OTHERS = ("creationDate", "lastEditDate", "__typename", "tagMigrated", "valid", "translation")
"""What the API says of a segment that does not change who is in it."""
