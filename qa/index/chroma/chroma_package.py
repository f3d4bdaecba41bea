"""The chromadb package: imported here alone, and told what it must not do."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qa.errors import ConfigError
from qa.runtime.env_files import without_env_file
from qa.runtime.telemetry import disable_telemetry

if TYPE_CHECKING:
    pass

__all__ = ["close_client", "is_failure", "load_chromadb", "server_address"]


def load_chromadb() -> tuple[Any, Any]:
    """The package and its settings, from the environment alone."""
    disable_telemetry()
    # Importing it makes settings already, of which any `.env` nearby could be part.
    with without_env_file():
        import chromadb
        from chromadb.config import Settings

        return chromadb, Settings(anonymized_telemetry=False)


def is_failure(error: BaseException) -> bool:
    """Panics of Chroma's native half are no Exception, so that few would catch them."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


def close_client(client: Any) -> None:
    # Chroma's own close leaves its connections to a server open.
    servers = [client._server, client._admin_client._server]
    client.close()
    for server in servers:
        if session := getattr(server, "_session", None):
            session.close()


def server_address(url: str) -> tuple[str, int, bool]:
    example = f"QA_CHROMA_URL is {url!r}; it should read like http://127.0.0.1:8000"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigError(example) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(example)
    ssl = parts.scheme == "https"
    return parts.hostname, port or (443 if ssl else 80), ssl
