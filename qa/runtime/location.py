"""Where a library is: a folder, or the address of a PostgreSQL database. Opens nothing."""

import hashlib
import re
from pathlib import Path
from urllib.parse import urlsplit

from platformdirs import user_data_path

__all__ = ["is_database", "local_folder", "without_password"]

_ADDRESS = re.compile(r"postgres(?:ql)?://", re.IGNORECASE)


def is_database(location: str | Path) -> bool:
    """Whether it is an address as PostgreSQL writes them.

    >>> is_database("postgresql://db.internal/articles"), is_database("articles")
    (True, False)
    """
    return isinstance(location, str) and _ADDRESS.match(location) is not None


def local_folder(location: str | Path) -> Path:
    """The folder of a library; for one in a database, where this machine keeps what goes with it:
    settings, uploads under way, runs of the evaluation. It need not be there.
    """
    if not is_database(location):
        return Path(location).expanduser().absolute()
    name = hashlib.sha256(without_password(str(location)).encode()).hexdigest()[:16]
    return user_data_path("article-qa") / "databases" / name


def without_password(address: str) -> str:
    """The address as it may be shown.

    >>> without_password("postgresql://app:secret@db.internal:5433/articles?sslmode=require")
    'postgresql://app@db.internal:5433/articles'
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "postgresql://…"
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    return f"postgresql://{name}{'@' if name else ''}{host}{parts.path}"
