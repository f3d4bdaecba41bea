"""Evaluations over REST: what can be asked, measuring, the runs kept, their reports and comparison.

With ``errors`` the only module of the interface that knows of evaluations.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from qa.errors import QAError
from ui.api.rest import EventStream
from ui.background.work_pool import WorkPool
from ui.evaluations import Evaluations
from ui.schemas import MeasureRequest, Problem
from ui.service import Service

__all__ = ["make_runs_router"]

# The page names in itself the one script it runs; this only lets that be decided there.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)


def make_runs_router(service: Service, evaluations: Evaluations) -> APIRouter:
    """``/api/gold``, ``/api/runs``, and the runs as files."""
    router = APIRouter(responses={"4XX": {"model": Problem}})
    # One is measured at a time; whoever comes next is told so at once.
    measuring = WorkPool("measure", workers=1, waiting=1)

    @router.get("/api/gold")
    def list_gold() -> list[str]:
        """The names of the questions with answers that an evaluation can ask."""
        return evaluations.golds()

    @router.get("/api/runs")
    def list_runs() -> list[str]:
        """The names of the runs kept, newest first."""
        return evaluations.runs()

    @router.post("/api/runs")
    async def measure(given: MeasureRequest) -> Response:
        """Ask the questions and score the answers.

        The reply is server-sent events: ``warning`` if the questions are not about the articles
        here, ``progress`` with how many of how many are ``done``, and last ``run`` with its
        ``name``. Whoever leaves ends it; what was measured is kept. Unknown gold is a 404, an
        unknown reader or composer a 422.
        """
        await run_in_threadpool(evaluations.check, given.gold, given.reader, given.composer)
        return EventStream(measuring.stream(lambda: _events(service, evaluations, given)))

    @router.get("/api/runs/{name}")
    def get_run(name: str) -> Response:
        """A run: its setting, its scores, and every question with its answer."""
        return Response(evaluations.load(name).to_json(), media_type="application/json")

    @router.get("/api/runs/{name}/comparison")
    def compare_runs(name: str, base: str) -> Response:
        """How a run differs from ``base``: for each measure both means, the difference with its
        interval, and how often luck alone would make it.
        """
        return JSONResponse(_finite(evaluations.compare(base, name).to_dict()))

    @router.get("/runs/{name}.html", response_class=HTMLResponse, include_in_schema=False)
    def report(name: str) -> Response:
        return HTMLResponse(evaluations.report(name), headers={"content-security-policy": _POLICY})

    @router.get("/runs/{name}.json", include_in_schema=False)
    def whole(name: str) -> Response:
        return Response(evaluations.load(name).to_json(), media_type="application/json")

    return router


def _events(service: Service, evaluations: Evaluations, given: MeasureRequest) -> Iterator[str]:
    reader = given.reader or evaluations.readers()[0]
    composer = given.composer or evaluations.composers()[0]
    try:
        if warning := evaluations.warning(given.gold):
            yield _event("warning", {"message": warning})
        for event in evaluations.measure(
            given.gold, sample=given.sample, reader=reader, composer=composer
        ):
            if isinstance(event, str):
                yield _event("run", {"name": event})
            else:
                yield _event("progress", {"done": event[0], "total": event[1]})
    except (QAError, ValueError) as error:
        # The reply has begun, so its status can tell nothing any more.
        yield _event("error", Problem(error=service.explain(error)).model_dump())


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _finite(value: Any) -> Any:
    """The same with null for what is no number: JSON has no other word for it."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
