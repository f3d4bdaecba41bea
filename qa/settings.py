"""Every setting, from the environment (``QA_*``) and a ``.env`` file. Read in ``build`` only."""

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qa.errors import ConfigError

__all__ = ["Settings", "load_settings"]


class Settings(BaseSettings):
    """Frozen; a field ``name`` is set by the variable ``QA_NAME``, or by that of its alias."""

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
    unsupported: Literal["drop", "flag"] = Field(
        default="drop", description="what becomes of statements that no quotation supports"
    )
    judge: str = Field(
        default="",
        description="a chat model, `provider:model`, that must find every statement supported, too",
    )
    hits: int = Field(default=20, ge=1, le=200, description="passages read for each answer")
    chat: str = Field(
        default="",
        description="a chat model as LangChain's `provider:model`; empty: the articles' sentences",
    )
    chat_tokens: int = Field(
        default=4000, ge=1, description="the most tokens of passages that the chat model is given"
    )
    chat_timeout: float = Field(
        default=60, gt=0, le=3600, description="seconds that a chat model's reply may take in all"
    )
    chat_price: str = Field(
        default="", description="its price: dollars per million tokens, `input,output`"
    )
    chat_budget_run: float | None = Field(
        default=None, ge=0, description="the most dollars that one process spends on it"
    )
    chat_budget_day: float | None = Field(
        default=None, ge=0, description="the most dollars spent on it in a day over this library"
    )
    openai_api_key: SecretStr = Field(
        default=SecretStr(""),
        validation_alias="OPENAI_API_KEY",
        description="the key for `openai:` chat models; servers of your own mostly need none",
    )
    openai_base_url: str = Field(
        default="",
        validation_alias="OPENAI_BASE_URL",
        description="the address of an OpenAI-compatible server for `openai:` chat models",
    )
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
