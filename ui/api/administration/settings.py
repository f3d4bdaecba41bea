"""What answers, and who changed what. For admins."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from qa.errors import ConfigError
from qa.library.accounts.preferences import AuditLine, audit_lines
from ui.administration import Administration
from ui.api.rest import who_of
from ui.guard.problems import problem
from ui.schemas import Problem

__all__ = ["make_settings_router"]


def make_settings_router(administration: Administration) -> APIRouter:
    """``/api/settings`` and ``/api/audit``."""
    router = APIRouter(prefix="/api", responses={"4XX": {"model": Problem}})

    @router.get("/settings")
    def get_settings(request: Request) -> Any:
        """What is set, by variable, each with where that comes from; of a key only whether there is
        one.
        """
        if not who_of(request).administers:
            return problem("", 403, "only an admin may see the settings")
        return administration.answering()

    @router.patch("/settings", status_code=204, responses={422: {"model": Problem}})
    def change_settings(changes: dict[str, str], request: Request) -> Response:
        """Set variables as text, empty for the program's own value; it answers so from now on. 422
        says what is wrong with a value, and nothing is changed.
        """
        try:
            administration.set_answering(changes, who_of(request))
        except ConfigError as error:
            return problem("", 422, str(error))
        return Response(status_code=204)

    @router.post("/settings/test", status_code=204, responses={422: {"model": Problem}})
    def test_chat_model() -> Response:
        """Ask the chat model that is set for one word; 422 says why there is no reply."""
        if words := administration.try_model():
            return problem("", 422, words)
        return Response(status_code=204)

    @router.get("/audit", response_model=list[AuditLine])
    def list_changes(request: Request) -> Response:
        """Who changed what in the settings and among the users, the newest first."""
        if not who_of(request).administers:
            return problem("", 403, "only an admin may see who changed what")
        lines = audit_lines(administration.service.library)
        return JSONResponse([each.to_dict() for each in lines])

    return router
