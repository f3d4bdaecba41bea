"""The index follows the library, wherever it was interrupted."""

from dataclasses import dataclass, field

import pytest

from ingest.split import split
from qa.asking import Scope
from qa.indexing import drain, rebuild
from qa.library_writer import Draft, open_writer
from qa.records import Article


@dataclass
class Recording:
    """An embedder that remembers what it was given."""

    embedder: object
    texts: list = field(default_factory=list)

    def embed_passages(self, texts):
        self.texts += texts
        return self.embedder.embed_passages(texts)


class Failing:
    """An index that ends the process, as far as the caller can tell."""

    def __init__(self, index, operation):
        self._index, self._operation = index, operation

    def __getattr__(self, name):
        return getattr(self._index, name)

    def upsert(self, entries, vectors):
        self._index.upsert(entries, vectors)
        if self._operation == "upsert":
            raise KeyboardInterrupt

    def delete(self, keys):
        self._index.delete(keys)
        if self._operation == "delete":
            raise KeyboardInterrupt


def put(writer, *articles):
    writer.put(Draft(article, tuple(split(article))) for article in articles)


def in_step(shop):
    """Whether the index holds exactly the passages of the library, and nothing waits."""
    places = {
        key: (entry.article_id, entry.version, entry.start)
        for key, entry in shop.index.entries().items()
    }
    counts = shop.library.counts()
    return places == shop.library.keys() and counts["pending"] == counts["removals"] == 0


def test_pending_passages_get_their_vectors(make_library, ferry, bridge):
    shop = make_library()
    with open_writer(shop.library) as writer:
        put(writer, ferry, bridge)
        assert drain(writer, shop.embedder, shop.index) == 2
    assert in_step(shop)


def test_nothing_pending_embeds_nothing(make_library, ferry):
    shop = make_library(ferry)
    with open_writer(shop.library) as writer:
        assert drain(writer, shop.embedder, shop.index) == 0


def test_title_goes_into_the_vector_and_never_into_the_text(make_library, ferry):
    shop = make_library()
    embedder = Recording(shop.embedder)
    with open_writer(shop.library) as writer:
        put(writer, ferry)
        drain(writer, embedder, shop.index)
    assert embedder.texts == [f"{ferry.title}. {ferry.text}"]
    assert shop.library.passages_of("ferry")[0].passage.text == ferry.text


def test_entry_knows_day_and_outlet(make_library, ferry, orchard):
    entries = make_library(ferry, orchard).index.entries().values()
    known = {entry.article_id: (entry.published, entry.source) for entry in entries}
    assert known == {"ferry": (20210304, "gazette"), "orchard": (0, "")}


def test_old_vectors_go_when_an_article_changes(make_library, store, ferry):
    shop = make_library(ferry)
    store(shop, Article.create("The ferry was raised.", id="ferry"))
    assert in_step(shop)
    (entry,) = shop.index.entries().values()
    assert entry.version == 2


def test_vectors_go_when_an_article_is_removed(make_library, ferry, bridge):
    shop = make_library(ferry, bridge)
    with open_writer(shop.library) as writer:
        writer.remove("ferry")
        drain(writer, shop.embedder, shop.index)
    assert in_step(shop)
    assert shop.index.count() == 1


@pytest.mark.parametrize("operation", ["upsert", "delete"])
def test_interrupted_between_index_and_library_it_finishes_later(make_library, ferry, operation):
    shop = make_library(Article.create("It rained.", id="rain"))
    with open_writer(shop.library) as writer:
        put(writer, ferry)
        writer.remove("rain")
        with pytest.raises(KeyboardInterrupt):
            drain(writer, shop.embedder, Failing(shop.index, operation))
        assert not in_step(shop)
        drain(writer, shop.embedder, shop.index)
    assert in_step(shop)


def test_progress_adds_up(make_library):
    shop = make_library()
    long = Article.create("The river rose again in the night. " * 300, id="long")
    seen = []
    with open_writer(shop.library) as writer:
        put(writer, long)
        count = drain(writer, shop.embedder, shop.index, on_progress=seen.append)
    assert sum(seen) == count == shop.library.counts()["passages"] > 10


def test_rebuilt_index_is_in_step(make_library, ferry, bridge):
    shop = make_library(ferry, bridge)
    shop.index.delete([1])
    with open_writer(shop.library) as writer:
        assert rebuild(writer, shop.embedder, shop.index) == 2
    assert in_step(shop)


def test_lost_index_is_rebuilt(make_library, library_folder, ferry):
    shop = make_library(ferry)
    shop.index.close()
    for file in (library_folder / "chroma").iterdir():
        file.unlink() if file.is_file() else [each.unlink() for each in file.iterdir()]
    with open_writer(shop.library) as writer:
        rebuild(writer, shop.embedder, shop.index)
    assert len(shop.index.search(shop.embedder.embed_question("ferry"), 5, Scope())) == 1
