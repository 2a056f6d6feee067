"""Segments as a service: validate, compile, explain, complete and count, for one of several clients per request.

`CLIENTS` stands where your log-in is: whoever asks is some client, and every statement reads the rows of that client
alone, because SegQL writes no SQL of this catalog without one.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from pydantic import BaseModel, Field

import segql
from segql.catalog import Catalog
from segql.warehouse import AwaitedWarehouse, WarehouseError, open_awaited

HERE = Path(__file__).parent
CATALOG = segql.load_catalog(HERE / "catalog.yaml").limited(200)
CLIENTS = ("north", "south")
SECONDS = 10
REMEMBERS = os.environ.get("SERVICE_REMEMBERS", "1") == "1"
"""Whether rules are compiled from memory where they can be; to measure what that saves."""


@lru_cache
def catalog_of(client: str) -> Catalog:
    """One object a client: `segql.compile` remembers rules by the catalog that they were compiled with."""
    return CATALOG.narrowed(client)


def client(x_client: Annotated[str, Header()] = "") -> Catalog:
    """The catalog of who asks."""
    if x_client not in CLIENTS:
        raise HTTPException(401, "say who you are: the header X-Client")
    return catalog_of(x_client)


Client = Annotated[Catalog, Depends(client)]


class Asked(BaseModel):
    """A rule, and where the cursor stands in it."""

    rule: str = Field(max_length=4_000)
    cursor: int = 0


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncIterator[None]:
    """One warehouse for each process."""
    async with await open_awaited(os.environ["SERVICE_WAREHOUSE"], size=4, seconds=SECONDS) as warehouse:
        app.state.warehouse = warehouse
        yield


app = FastAPI(title="Segments", lifespan=opened)


@app.exception_handler(segql.SegQLError)
async def _mistakes(_: Request, error: segql.SegQLError) -> JSONResponse:
    return JSONResponse({"problems": _data(error.problems)}, 422)


@app.exception_handler(RequestValidationError)
async def _body(_: Request, error: RequestValidationError) -> JSONResponse:
    """Without what was sent, as FastAPI would say it: NaN, and half of a letter, are no JSON."""
    return JSONResponse({"detail": [{"loc": one["loc"], "msg": one["msg"]} for one in error.errors()]}, 422)


@app.exception_handler(WarehouseError)
async def _warehouse(_: Request, error: WarehouseError) -> JSONResponse:
    return JSONResponse({"detail": error.message, "hint": error.hint}, 503)


@app.post("/validate")
async def validate(asked: Asked, catalog: Client) -> dict[str, Any]:
    """What is wrong with a rule, and what is worth knowing; no error is an answer, too."""
    return {"problems": _data(segql.check(asked.rule, catalog))}


@app.post("/complete")
async def complete(asked: Asked, catalog: Client) -> dict[str, Any]:
    """What may stand at the cursor."""
    found = segql.complete(asked.rule, asked.cursor, catalog)
    return {"options": [{"start": one.start, "end": one.end, "text": one.text, "kind": one.kind} for one in found[:40]]}


@app.post("/compile")
async def compile(asked: Asked, catalog: Client) -> dict[str, Any]:
    """The rule as SQL."""
    done = _compiled(asked.rule, catalog)
    return {"rule": done.text, "sql": done.sql, "tables": done.tables}


@app.post("/explain")
async def explain(asked: Asked, catalog: Client) -> dict[str, Any]:
    """The rule in plain English."""
    done = _compiled(asked.rule, catalog)
    return {"rule": done.text, "english": done.english, "problems": _data(done.problems)}


@app.post("/count")
async def count(asked: Asked, catalog: Client, request: Request) -> dict[str, Any]:
    """How many members the rule has, of how many people of the client."""
    warehouse: AwaitedWarehouse = request.app.state.warehouse
    done, everyone = _compiled(asked.rule, catalog), _compiled("everyone", catalog)
    try:
        async with asyncio.timeout(SECONDS):  # a client who goes, or this, stops the statement
            members, profiles = await warehouse.counts(done.sql, everyone.sql)
    except TimeoutError:
        raise HTTPException(504, f"this took longer than {SECONDS} seconds") from None
    return {"members": members, "profiles": profiles}


def _data(problems: Iterable[segql.Problem]) -> list[dict[str, Any]]:
    """Problems with the stretch of the text that each is about, in code points."""
    return [{**one.to_dict(), "start": one.span.start, "end": one.span.end} for one in problems]


def _compiled(rule: str, catalog: Catalog) -> segql.Compiled:
    return segql.compile(rule, catalog) if REMEMBERS else segql.compile(rule, catalog, parameters={})


@app.get("/")
async def page() -> FileResponse:
    """The page with the editor."""
    return FileResponse(HERE / "page.html")


@app.get("/editor.js")
async def editor() -> FileResponse:
    """The editor, as `npm run build` makes it."""
    made = HERE / "dist" / "editor.js"
    if not made.exists():
        raise HTTPException(404, "the editor is not built: npm install && npm run build")
    return FileResponse(made, media_type="text/javascript")
