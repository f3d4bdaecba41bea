"""Where the server is among others, as ``/articles`` behind a proxy. Knows nothing of proxies.

Within the server an address is told without the root; links are relative to the base of a page.
"""

import re

from starlette.types import Scope

from qa.errors import ConfigError

__all__ = ["BASE", "bare_path", "checked_root", "enter", "rebased"]

# What every page of ours has in its head, for a server that is at the root.
BASE = b'<base href="/">'
_ROOT = re.compile(r"(/[A-Za-z0-9._~-]+)*")


def checked_root(given: str) -> str:
    """The root without a slash at its end, empty at the top. Raises ConfigError for what is none.

    >>> checked_root("/articles/")
    '/articles'
    """
    root = given.rstrip("/")
    if not _ROOT.fullmatch(root) or {"..", "."} & {*root.split("/")}:
        raise ConfigError(f"--root-path {given!r} is no path as in /articles")
    return root


def enter(scope: Scope, root: str) -> Scope:
    """The scope below the root, whether the proxy has left the root in the path or not."""
    if not root:
        return scope
    path, raw = scope["path"], scope.get("raw_path") or b""
    known = path == root or path.startswith(f"{root}/")
    return {
        **scope,
        "root_path": root,
        "path": path if known else root + path,
        "raw_path": raw if known else root.encode() + raw,
    }


def bare_path(scope: Scope) -> str:
    """The path of a request without the root; at least a slash."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    below = path == root or path.startswith(f"{root}/")
    return (path[len(root) :] if root and below else path) or "/"


def rebased(page: bytes, root: str) -> bytes:
    """A page of ours for a server at that root."""
    return page.replace(BASE, f'<base href="{root}/">'.encode(), 1)
