"""The commands that serve a library, ``serve`` and ``mcp``, and ``user`` for who may log in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from qa.errors import ConfigError
from ui.cli.options import LibraryOption
from ui.cli.output import print_error, print_line

__all__ = ["add_user", "list_users", "remove_user", "serve", "serve_mcp"]


def serve(
    library: LibraryOption = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 7860,
    root_path: Annotated[
        str, typer.Option(help="The path below which a proxy has it, as in /articles.")
    ] = "",
) -> None:
    """Serve the web app, the REST API and the MCP tools. Creates the library if there is none."""
    with _requires_extra("ui"):
        from ui.server import serve as run_server

    run_server(library, host=host, port=port, root_path=root_path, announce=print_error)


def serve_mcp(library: LibraryOption = None) -> None:
    """Serve the MCP tools to an assistant, on standard input and output."""
    from qa.build import open_library

    with _requires_extra("ui"):
        from ui.api.mcp_tools import make_tools
        from ui.service import open_service

    # A server of pages makes one, to be filled; an assistant cannot.
    with open_library(library):
        pass

    with open_service(library) as service:
        make_tools(service).run("stdio")


def add_user(
    name: str,
    role: Annotated[
        str,
        typer.Option(
            help="reader: asks; editor: changes articles, too; admin: users and settings, too."
        ),
    ] = "reader",
    library: LibraryOption = None,
) -> None:
    """Add a user, or set a new password for one. It is asked for, or read from a pipe."""
    from qa.build import open_tools
    from qa.library.users import keep_user

    with _requires_extra("ui"):
        from ui.guard.access import hash_of

    password = _read_password()
    with open_tools(library, create=True) as tools:
        keep_user(tools.library, name, role, hash_of(password))
    print_line(f"{name} can log in as {role}")


def list_users(library: LibraryOption = None) -> None:
    """List the users with their roles."""
    from qa.build import open_library
    from qa.library.users import users

    with open_library(library) as opened:
        for user in users(opened):
            print_line(f"{user.name}  {user.role}")


def remove_user(name: str, library: LibraryOption = None) -> None:
    """Remove a user. Their conversations stay."""
    from qa.build import open_library
    from qa.library import users

    with open_library(library) as opened:
        users.remove_user(opened, name)
    print_line(f"removed {name}")


@contextmanager
def _requires_extra(name: str) -> Iterator[None]:
    """What is imported in the block is installed with that extra of the package."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ConfigError(f"this needs {error.name}: pip install 'article-qa[{name}]'") from error


def _read_password() -> str:
    if sys.stdin.isatty():
        password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return password
    return sys.stdin.readline().rstrip("\n")
