"""What those who run the server look at: ``/metrics`` for Prometheus. For editors, since it tells
how much is asked here.
"""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from qa.library.subscriptions import subscriptions
from ui.api.rest import who_of
from ui.guard.problems import problem
from ui.metrics import CONTENT_TYPE, index_bytes
from ui.schemas import Problem
from ui.service import Service

__all__ = ["make_operations_router"]


def make_operations_router(service: Service) -> APIRouter:
    """``/metrics``."""
    router = APIRouter(responses={"4XX": {"model": Problem}})

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
