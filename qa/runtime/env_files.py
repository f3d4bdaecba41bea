"""``.env`` files: which of them are ours to believe, and what they say. Knows no setting."""

import os
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from platformdirs import user_config_path

from qa.errors import ConfigError

if TYPE_CHECKING:
    from pydantic_settings import DotEnvSettingsSource

__all__ = ["read_env_file", "user_env_file", "without_env_file"]

_LARGEST = 64 * 1024
_patching = threading.RLock()


def user_env_file() -> Path:
    """The ``.env`` in the user's configuration folder, whether or not there is one."""
    return user_config_path("article-qa") / ".env"


def read_env_file(file: Path) -> Mapping[str, str]:
    """What the file sets, names in capitals; empty when there is none.

    Values stand for themselves: ``${NAME}`` is not replaced, so that a file cannot put a secret of
    the environment into an address. Raises ConfigError for a file that somebody else could have
    written, and for one that cannot be read.
    """
    try:
        # A pipe would be waited for.
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as lines:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ConfigError(f"{file} is not a file")
        _check_ownership(file.parent, file.parent.stat())
        _check_ownership(file, os.fstat(descriptor))
        content = lines.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise ConfigError(f"{file} is larger than {_LARGEST:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not UTF-8 text") from error
    values = dotenv_values(stream=StringIO(text), interpolate=False)
    return {name.upper(): value for name, value in values.items() if value is not None}


def _check_ownership(path: Path, status: os.stat_result) -> None:
    if status.st_uid not in (os.geteuid(), 0):
        problem = f"belongs to another user (uid {status.st_uid})"
    elif status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        problem = f"can be written by others (mode {stat.S_IMODE(status.st_mode):o})"
    else:
        return
    raise ConfigError(
        f"settings in {path if path.name == '.env' else path / '.env'} are not read: {path} "
        f"{problem}; make it your own (chown, chmod go-w), or remove the .env and put the settings "
        f"into {user_env_file()}"
    )


@contextmanager
def without_env_file() -> Iterator[None]:
    """Until the block ends, settings of libraries that are made in this thread read no ``.env``.

    Some read the one in the current folder, whoever wrote it, and offer no way to prevent it.
    Other threads read theirs as before.
    """
    # Few processes need it, and its import takes longer than reading our settings.
    from pydantic_settings import DotEnvSettingsSource

    with _patching:
        original = DotEnvSettingsSource._read_env_files
        thread = threading.get_ident()

        def read_env_files(source: "DotEnvSettingsSource") -> Mapping[str, str | None]:
            return {} if threading.get_ident() == thread else original(source)

        DotEnvSettingsSource._read_env_files = read_env_files  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            DotEnvSettingsSource._read_env_files = original  # type: ignore[method-assign]
