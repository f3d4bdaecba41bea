"""Users and invitations for admins; one's own password, tokens and sessions for everybody."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from qa.errors import QAError
from qa.library.accounts.preferences import audit_lines
from qa.library.accounts.tokens import Token, tokens
from qa.library.users import users
from ui.administration import Administration
from ui.api.login import set_session
from ui.api.rest import who_of
from ui.guard.access import digest_of
from ui.guard.middleware import COOKIE
from ui.guard.problems import problem
from ui.html.settings import invitation_page, settings_page
from ui.schemas import InviteRequest, PasswordRequest, Problem, RoleRequest, TokenRequest

__all__ = ["make_accounts_router"]


def make_accounts_router(administration: Administration) -> APIRouter:
    """``/api/users``, ``/api/tokens``, ``/api/sessions``, and the pages for people."""
    router = APIRouter(responses={"4XX": {"model": Problem}})
    library = administration.service.library

    @router.get("/api/users")
    def list_users(request: Request) -> Any:
        """The users with their roles, and who is invited. For admins."""
        if not who_of(request).administers:
            return problem("", 403, "only an admin may see the users")
        invited = tokens(library, "invitation")
        return {
            "users": [{"name": user.name, "role": user.role} for user in users(library)],
            "invited": [{"name": each.name, "role": each.role} for each in invited],
        }

    @router.post("/api/users")
    def invite(given: InviteRequest, request: Request) -> dict[str, str]:
        """Invite somebody: whoever opens the address within a week sets a password, and is that
        user.
        """
        key = administration.invite(given.name.strip(), given.role, who_of(request))
        return {"invitation": f"{str(request.base_url).rstrip('/')}/invite/{key}"}

    @router.patch("/api/users/{name}", status_code=204)
    def change_role(name: str, given: RoleRequest, request: Request) -> None:
        """Give a user another role: ``reader``, ``editor`` or ``admin``."""
        administration.set_role(name, given.role, who_of(request))

    @router.delete("/api/users/{name}", status_code=204)
    def remove(name: str, request: Request) -> None:
        """Take a user out, with sessions and tokens, or withdraw the invitation of that name.
        Conversations stay.
        """
        administration.remove(name, who_of(request))

    @router.put("/api/me/password", status_code=204)
    async def change_password(given: PasswordRequest, request: Request) -> None:
        """Give yourself another password. All your sessions end."""
        address = request.client.host if request.client else ""
        await administration.set_password(who_of(request), given.old, given.new, address)

    @router.get("/api/tokens", response_model=list[Token])
    def list_tokens(request: Request) -> Response:
        """Your tokens, without what is sent, the newest first."""
        own = tokens(library, "program", name=who_of(request).name)
        return JSONResponse([each.to_dict() for each in own])

    @router.post("/api/tokens")
    def make_token(given: TokenRequest, request: Request) -> dict[str, str]:
        """A token for a program of yours, told this once."""
        token = administration.make_token(who_of(request), given.label, given.days)
        return {"token": token}

    @router.delete("/api/tokens/{token}", status_code=204)
    def end_token(token: str, request: Request) -> None:
        """End one of your tokens."""
        administration.end_token(who_of(request), token)

    @router.get("/api/sessions")
    def list_sessions(request: Request) -> list[dict[str, Any]]:
        """Where you are logged in."""
        here = digest_of(request.cookies.get(COOKIE, ""))
        return [
            {
                "id": each.digest[:16],
                "began": each.began,
                "ends": each.ends,
                "here": each.digest == here,
            }
            for each in administration.sessions(who_of(request))
        ]

    @router.delete("/api/sessions/{session}", status_code=204)
    def end_session(session: str, request: Request) -> None:
        """Log out somewhere else."""
        administration.end_session(who_of(request), session)

    @router.get("/settings", response_class=HTMLResponse, include_in_schema=False)
    def settings(request: Request) -> Response:
        who = who_of(request)
        admin = {
            "answering": administration.answering(),
            "choices": administration.choices(),
            "users": users(library),
            "invited": tokens(library, "invitation"),
            "audit": audit_lines(library, 50),
        }
        return HTMLResponse(
            settings_page(
                who.name,
                tokens(library, "program", name=who.name) if who.name else [],
                list_sessions(request),
                admin if who.administers else None,
            )
        )

    @router.get("/invite/{key}", response_class=HTMLResponse, include_in_schema=False)
    def invitation(key: str) -> Response:
        known = administration.invited(key)
        page = invitation_page(known.name if known else "", "")
        return HTMLResponse(page, 200 if known else 404)

    @router.post("/invite/{key}", include_in_schema=False)
    def accept(key: str, request: Request, password: Annotated[str, Form()]) -> Response:
        known = administration.invited(key)
        try:
            who = administration.accept(key, password)
        except (QAError, ValueError) as error:
            return HTMLResponse(invitation_page(known.name if known else "", str(error)), 422)
        reply = RedirectResponse(f"{request.scope.get('root_path', '')}/", 303)
        set_session(reply, request, administration.access.begin(who))
        return reply

    return router
