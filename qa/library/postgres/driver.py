"""The psycopg package: imported when it is used, and its errors told from ours."""

from types import ModuleType

from qa.errors import ConfigError

__all__ = ["load_driver"]


def load_driver() -> ModuleType:
    """The package. Raises ConfigError where it is not installed."""
    try:
        import psycopg
    except ImportError as error:
        raise ConfigError(
            f"a library at postgresql:// needs the package psycopg ({error}); install it with "
            "`pip install 'article-qa[postgres]'`"
        ) from error
    return psycopg
