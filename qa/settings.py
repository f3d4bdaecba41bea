"""Every setting, from the environment (``QA_*``) and a ``.env`` file. Read in ``build`` only."""

from pathlib import Path

from platformdirs import user_data_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.errors import ConfigError

__all__ = ["Settings", "load_settings"]


class Settings(BaseSettings):
    """Frozen; a field ``name`` is set by the variable ``QA_NAME``."""

    model_config = SettingsConfigDict(
        env_prefix="QA_", env_file=".env", extra="ignore", frozen=True
    )

    library: Path = Field(
        default_factory=lambda: user_data_path("article-qa"), description="the library folder"
    )
    embedder: str = Field(
        default="static",
        description="`static`, `minilm`, `hashing`, or LangChain's `provider:model`",
    )
    reader: str = Field(
        default="span", description="`span`: the trained reader; `sentence`: no model at all"
    )
    chroma_url: str = Field(
        default="", description="a Chroma server to use instead of the embedded index"
    )
    hits: int = Field(default=20, ge=1, le=200, description="passages read for each answer")
    token: str = Field(
        default="",
        description="whoever sends it to the server is an editor; wanted beyond loopback",
    )
    rate: int = Field(
        default=120, ge=0, description="questions a minute from one client of the server; 0: any"
    )


def load_settings() -> Settings:
    """The settings in force. Raises ConfigError, naming the variable and its value."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = f"QA_{first['loc'][0]}".upper()
        raise ConfigError(f"{name} is {first['input']!r}: {first['msg']}") from error
