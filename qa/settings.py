"""Every setting, from the environment and ``.env`` files. Read in ``build`` only.

The environment counts most, then the ``.env`` in the library folder, then the one in the user's
configuration folder. The current folder does not count: what lies there may be anybody's.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
)

from qa.errors import ConfigError
from qa.runtime.env_files import read_env_file, user_env_file
from qa.runtime.location import is_database, local_folder
from qa.runtime.setting_values import value_range

__all__ = ["STORED", "STORED_VARIABLES", "Settings", "load_settings"]

# Where settings come from that are kept in the library.
STORED = "the settings page"
# Those that can be: they change what answers, not who gets in or what is read.
STORED_VARIABLES = (
    "QA_READER",
    "QA_HITS",
    "QA_UNSUPPORTED",
    "QA_CHAT",
    "OPENAI_BASE_URL",
    "OPENAI_API_KEY",
    "QA_CHAT_TOKENS",
    "QA_CHAT_TIMEOUT",
    "QA_CHAT_PRICE",
    "QA_CHAT_BUDGET_RUN",
    "QA_CHAT_BUDGET_DAY",
)
_ENVIRONMENT = "the environment"
# What the clients of OpenAI send along by themselves when the environment has it.
_SENT_ALONG = (
    "OPENAI_ADMIN_KEY",
    "OPENAI_CUSTOM_HEADERS",
    "OPENAI_ORGANIZATION",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
)
# What Chroma's client does.
_CHROMA_SECRETS = ("CHROMA_CLIENT_AUTH_CREDENTIALS", "CHROMA_SERVER_HEADERS")


def _networks(raw_value: object) -> object:
    """The networks in a text, apart by commas or spaces."""
    if not isinstance(raw_value, str):
        return raw_value
    return tuple(ip_network(each, strict=False) for each in raw_value.replace(",", " ").split())


def _location(raw_value: object) -> object:
    """A folder as a path, the address of a database as it is."""
    is_folder = isinstance(raw_value, str) and not is_database(raw_value)
    return Path(str(raw_value)) if is_folder else raw_value


class Settings(BaseModel):
    """Frozen; a field ``name`` is set by the variable ``QA_NAME``, or by that of its alias.

    Secrets are hidden wherever the settings are shown.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    _sources: dict[str, str] = PrivateAttr(default_factory=dict)

    library: Annotated[Path | str, BeforeValidator(_location)] = Field(
        default_factory=lambda: user_data_path("article-qa"),
        description="the library: a folder, or `postgresql://…`",
    )
    library_read: SecretStr = Field(
        default=SecretStr(""),
        description="`postgresql://…` of a replica of the library to read from; empty: none",
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
    token: SecretStr = Field(
        default=SecretStr(""),
        description="whoever sends it to the server is an admin; wanted beyond loopback",
    )
    rate: int = Field(
        default=120,
        ge=0,
        description="questions a minute from one client by every door together, and five times as "
        "many lookups; 0: any",
    )
    proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)] = Field(
        default=(),
        description="addresses or networks of reverse proxies whose X-Forwarded-For is believed",
    )
    auth_header: str = Field(
        default="",
        pattern=r"^([A-Za-z][A-Za-z0-9-]{0,60})?$",
        description="the header in which the proxies of QA_PROXIES tell who logged in there, as "
        "X-Remote-User; nobody else's is believed",
    )
    parse_memory: int = Field(
        default=1024,
        ge=256,
        le=1_048_576,
        description="megabytes of memory that the process which parses sources may use",
    )
    parse_seconds: float = Field(
        default=30,
        gt=0,
        le=3600,
        description="seconds that a file may take to be parsed; each article that comes of it "
        "gives a hundredth of them back",
    )
    ocr: str = Field(
        default="eng",
        pattern=r"^([A-Za-z_]+(\+[A-Za-z_]+)*)?$",
        description="languages of scanned pages and pictures, as Tesseract names them "
        "(`eng+deu`); empty: they are not read",
    )

    def openai_access(self) -> tuple[str, str]:
        """The key and the address for ``openai:`` models; either may be empty.

        Raises ConfigError when they come from different sources: whoever writes one of them
        decides where the key of the other goes.
        """
        key, address = self.openai_api_key.get_secret_value(), self.openai_base_url
        given_values = {"OPENAI_API_KEY": key, "OPENAI_BASE_URL": address}
        self._check_one_source([name for name in given_values if given_values[name]], _SENT_ALONG)
        if any(not "!" <= character <= "~" for character in key):
            raise ConfigError(
                f"OPENAI_API_KEY from {self._sources['OPENAI_API_KEY']} holds a space, a line "
                "break or another character that no key has; copy it again"
            )
        return key, address

    def origin(self, variable: str) -> str:
        """Where the value of a variable comes from; empty: nobody set it."""
        return self._sources.get(variable, "")

    def proxied_user_header(self) -> str:
        """The header in which trusted proxies tell who logged in; empty: none. Raises ConfigError
        when no proxy is named: anybody could send it.
        """
        if self.auth_header and not self.proxies:
            raise ConfigError(
                f"QA_AUTH_HEADER is {self.auth_header!r}, which is believed from the proxies in "
                "QA_PROXIES alone: name them"
            )
        return self.auth_header

    def chroma_server(self) -> str:
        """The address of the Chroma server; empty: none.

        Raises ConfigError when it comes from a file, and the secret for it from the environment.
        """
        if self.chroma_url:
            self._check_one_source(["QA_CHROMA_URL"], _CHROMA_SECRETS)
        return self.chroma_url

    def replica_of(self, library: str | Path | None) -> str:
        """The replica that this library (default: the setting) is read from; empty for none, and
        for another library than the one that is set. Raises ConfigError for one of a folder.
        """
        replica = self.library_read.get_secret_value()
        if not replica or (library or self.library) != self.library:
            return ""
        if not is_database(self.library) or not is_database(replica):
            raise ConfigError(
                "QA_LIBRARY_READ is set, but it or QA_LIBRARY is no postgresql://…; empty it, or "
                "name a standby of the library"
            )
        return replica

    def _check_one_source(self, names: Sequence[str], sent_along: Sequence[str]) -> None:
        sources = {name: self._sources[name] for name in names}
        if sources:
            environment = _environment()
            sources |= {name: _ENVIRONMENT for name in sent_along if environment.get(name)}
        if len({*sources.values()}) > 1:
            source_list = ", ".join(f"{name} from {source}" for name, source in sources.items())
            raise ConfigError(
                f"{source_list}: a key and the address it is sent to must come from one place; "
                "set them together in the environment or in one file, or empty the one you do "
                "not want there (NAME=)"
            )


def load_settings(
    library: str | Path | None = None,
    stored: Callable[[str | Path], Mapping[str, str]] = lambda location: {},
) -> Settings:
    """The settings in force for the library folder (default: the one that they name). ``stored``
    gives those that are kept in the library itself; they count least.

    Raises ConfigError, naming the variable and its value.
    """
    user_file = user_env_file()
    sources = {_ENVIRONMENT: _environment(), str(user_file): read_env_file(user_file)}
    location = library or _validate(sources).library
    file = local_folder(location) / ".env"
    # Where the library is, the file in it does not say.
    values = {name: value for name, value in read_env_file(file).items() if name != "QA_LIBRARY"}
    environment = sources.pop(_ENVIRONMENT)
    kept = {name: value for name, value in stored(location).items() if name in STORED_VARIABLES}
    return _validate({_ENVIRONMENT: environment, str(file): values, **sources, STORED: kept})


def _environment() -> dict[str, str]:
    return {name.upper(): value for name, value in os.environ.items()}


def _validate(sources: Mapping[str, Mapping[str, str]]) -> Settings:
    """The settings from variables by their source; earlier sources count more."""
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    for source, variables in sources.items():
        for variable, key in _variables().items():
            value = variables.get(variable)
            if variable == "OPENAI_BASE_URL" and value is None:
                value = variables.get("OPENAI_API_BASE")  # its older name
            if variable == "QA_LIBRARY" and not value:
                continue  # nothing is no folder, least of all the current one
            if value is not None and key not in values:
                values[key], origins[variable] = value, source
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        # Secrets and what has an alias never come here: every string will do.
        name = str(error.errors()[0]["loc"][0])
        text = f"QA_{name.upper()} is {values[name]!r}: it takes "
        raise ConfigError(text + value_range(Settings.model_fields[name])) from error
    settings._sources.update(origins)
    return settings


def _variables() -> dict[str, str]:
    """The variables that are read, each with the key under which it is validated."""
    return {
        str(field.validation_alias or f"QA_{name.upper()}"): str(field.validation_alias or name)
        for name, field in Settings.model_fields.items()
    }
