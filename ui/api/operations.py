"""What those who run the server look at: ``/metrics`` for Prometheus, for editors, since it tells
how much is asked here; ``/api/ready`` for load balancers.
"""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from qa.library.subscriptions import subscriptions
from ui.api.rest import who_of
from ui.background.work_pool import WorkPool
from ui.guard.problems import problem
from ui.metrics import CONTENT_TYPE, index_bytes
from ui.schemas import Problem
from ui.service import Service

__all__ = ["make_operations_router"]

# For which a database that does not answer is waited for.
_READY_SECONDS = 3.0


class ReadyOut(BaseModel):
    """Whether questions can be answered here, and what is missing."""

    ready: bool
    missing: list[str] = []


def make_operations_router(service: Service) -> APIRouter:
    """``/metrics`` and ``/api/ready``."""
    router = APIRouter(responses={"4XX": {"model": Problem}})
    # In threads of their own, so that no work keeps one from being told.
    checking = WorkPool("ready", workers=2, waiting=50, retry=1)

    @router.get("/api/ready", response_model=ReadyOut, responses={503: {"model": ReadyOut}})
    async def ready() -> Response:
        """Whether questions can be answered: the database is reached, its tables are those of this
        version, the models are loaded. If not, the status is 503, and ``missing`` says what.
        """
        try:
            missing = await asyncio.wait_for(
                checking.run(service.readiness.problems), _READY_SECONDS
            )
        except TimeoutError:
            missing = ["the database of the library does not answer"]
        status = 503 if missing else 200
        return JSONResponse(ReadyOut(ready=not missing, missing=missing).model_dump(), status)

    @router.get("/metrics", response_class=Response)
    def metrics(request: Request) -> Response:
        """Counts since the server's start, and how it is now, in Prometheus's text format."""
        if not who_of(request).edits:
            return problem(request.url.path, 403, "only an editor may see the metrics")
        return Response(service.metrics.text(_gauges(service)), media_type=CONTENT_TYPE)

    return router


def _gauges(service: Service) -> dict[str, tuple[str, str, dict[str, float]]]:
    library = service.library
    counts = library.counts()
    sources = subscriptions(library)
    failing = sum(source.failures > 0 for source in sources)
    running, waiting = service.asking.counts()
    return {
        "articles": ("Articles in the library.", "", {"": counts["articles"]}),
        "passages": (
            "Passages by whether the vector index has them.",
            "state",
            {
                "indexed": counts["passages"] - counts["pending"],
                "pending": counts["pending"],
            },
        ),
        "index_bytes": (
            "Bytes on the disk by part of the library.", "part", index_bytes(library.folder),
        ),
        "queue": (
            "Questions that are answered and that wait for it.",
            "state",
            {"running": running, "waiting": waiting},
        ),
        "writing": (
            "1 while something is taken in or removed here.", "", {"": service.writing.locked()},
        ),
        "sources": (
            "Sources that refresh themselves, by how their last visit ended.",
            "state",
            {"failing": failing, "well": len(sources) - failing},
        ),
    }  # fmt: skip
