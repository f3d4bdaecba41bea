"""The index follows the library, wherever it was interrupted."""

import json
import random
from dataclasses import dataclass, field

import pytest

from ingest import ingest
from ingest.split import split
from qa.build import open_workshop
from qa.index.removal import remove
from qa.index.sync import drain, rebuild, restore
from qa.index.vector_index import ChromaIndex
from qa.library.drafts import Draft
from qa.library.store import Library
from qa.library.writer import open_writer
from qa.records.article import Article
from qa.records.question import Scope


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


class Hiding:
    """An index whose graph hides some keys, for good or until they are added again."""

    def __init__(self, index, hidden, *, for_good=False):
        self._index, self.hidden, self._for_good = index, set(hidden), for_good
        self.apart = []

    def __getattr__(self, name):
        return getattr(self._index, name)

    def upsert(self, entries, vectors):
        replaced = self._index.upsert(entries, vectors)
        if replaced and not self._for_good:
            self.hidden -= set(replaced)
        return replaced

    def unreachable(self, keys):
        return sorted(self.hidden & set(keys))

    def set_apart(self, keys):
        self.apart += keys
        self.hidden -= set(keys)


def test_what_the_index_has_already_is_searched_for_and_made_again(make_library, ferry, bridge):
    shop = make_library(ferry, bridge)
    key = shop.library.passages_of("ferry")[0].key
    index = Hiding(shop.index, [key])
    embedder = Recording(shop.embedder)
    with open_writer(shop.library) as writer:
        writer.mark_pending([key])
        drain(writer, embedder, index)
    assert index.hidden == set()
    assert in_step(shop)


def test_what_stays_hidden_is_set_apart(make_library, ferry, bridge):
    shop = make_library(ferry, bridge)
    key = shop.library.passages_of("ferry")[0].key
    index = Hiding(shop.index, [key], for_good=True)
    before = shop.library.generation()
    with open_writer(shop.library) as writer:
        restore(writer, shop.embedder, index, [key])
    assert index.apart == [key]
    assert in_step(shop)
    # Other processes are to see it.
    assert shop.library.generation() > before


@pytest.mark.timeout(600)
def test_passages_said_to_wait_twice_are_all_found(tmp_path, monkeypatch):
    # Vectors of the default embedder lie near each other; so many of them hide one another when
    # they are changed in place.
    monkeypatch.setenv("QA_EMBEDDER", "static")
    dice = random.Random(3)
    words = ["".join(dice.choices("abcdefghijklmnop", k=dice.randint(3, 9))) for _ in range(2000)]
    rows = [
        {"id": f"a{n}", "text": " ".join(dice.choices(words, k=90)) + ".", "language": "en"}
        for n in range(500)
    ]
    source = tmp_path / "news.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ingest([source], library=tmp_path / "library")
    library = Library.open(tmp_path / "library")
    with library.connection() as database:
        database.execute("UPDATE passages SET indexed = 0")
    library.close()
    ingest([source], library=tmp_path / "library")
    with open_workshop(tmp_path / "library") as shop:
        assert in_step(shop)
        assert shop.library.counts()["passages"] >= 500
        texts = {
            stored.key: f"{stored.passage.title}. {stored.passage.text}"
            for row in rows
            for stored in shop.library.passages_of(row["id"])
        }
        vectors = shop.embedder.embed_passages([*texts.values()])
        missed = [
            key
            for key, vector in zip(texts, vectors, strict=True)
            if key not in {match.key for match in shop.index.search(vector, 10, Scope())}
        ]
    assert missed == []


def test_removal_finishes_what_a_writer_that_died_left(make_library, ferry, bridge, monkeypatch):
    monkeypatch.setattr(ChromaIndex, "check", lambda index: None)
    shop = make_library(ferry, bridge)
    shop.index.delete([shop.library.passages_of("bridge")[0].key])
    (shop.library.folder / "writer.lock").write_text("12345")
    with open_writer(shop.library) as writer:
        assert remove(writer, shop.embedder, shop.index, ["ferry"]) == {"ferry": ferry.title}
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
