"""The tantivy package: imported when it is used, and its failures told from ours."""

import platform
from types import ModuleType

from qa.errors import ConfigError

__all__ = ["is_failure", "load_tantivy"]


def load_tantivy() -> ModuleType:
    """The package. Raises ConfigError where it is not installed, as where it has no wheel."""
    try:
        import tantivy
    except ImportError as error:
        raise ConfigError(
            f"the package tantivy, which searches by words, cannot be imported ({error}); install "
            "tantivy 0.27, or build it from its source where there is no wheel for "
            f"{platform.system()} {platform.machine()} and Python {platform.python_version()}"
        ) from error
    return tantivy


def is_failure(error: BaseException) -> bool:
    """Whether the index failed. Panics of its native half are no Exception, so that few would catch
    them.
    """
    return isinstance(error, (ValueError, OSError)) or type(error).__name__ == "PanicException"
