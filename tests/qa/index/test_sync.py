"""The index follows the library, wherever it was interrupted."""

import json
import random
from dataclasses import dataclass, field

import pytest

from ingest import ingest
from ingest.split import split
from qa.build import open_tools
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


def in_step(tools):
    """Whether the index holds exactly the passages of the library, and nothing waits."""
    places = {
        key: (entry.article_id, entry.version, entry.start)
        for key, entry in tools.index.entries().items()
    }
    counts = tools.library.counts()
    return places == tools.library.keys() and counts["pending"] == counts["removals"] == 0


def test_pending_passages_get_their_vectors(make_library, ferry, bridge):
    tools = make_library()
    with open_writer(tools.library) as writer:
        put(writer, ferry, bridge)
        assert drain(writer, tools.embedder, tools.index) == 2
    assert in_step(tools)


def test_nothing_pending_embeds_nothing(make_library, ferry):
    tools = make_library(ferry)
    with open_writer(tools.library) as writer:
        assert drain(writer, tools.embedder, tools.index) == 0


def test_title_goes_into_the_vector_and_never_into_the_text(make_library, ferry):
    tools = make_library()
    embedder = Recording(tools.embedder)
    with open_writer(tools.library) as writer:
        put(writer, ferry)
        drain(writer, embedder, tools.index)
    assert embedder.texts == [f"{ferry.title}. {ferry.text}"]
    assert tools.library.passages_of("ferry")[0].passage.text == ferry.text


def test_entry_knows_day_and_outlet(make_library, ferry, orchard):
    entries = make_library(ferry, orchard).index.entries().values()
    known = {entry.article_id: (entry.published, entry.source) for entry in entries}
    assert known == {"ferry": (20210304, "gazette"), "orchard": (0, "")}


def test_old_vectors_go_when_an_article_changes(make_library, store, ferry):
    tools = make_library(ferry)
    store(tools, Article.create("The ferry was raised.", id="ferry"))
    assert in_step(tools)
    (entry,) = tools.index.entries().values()
    assert entry.version == 2


def test_vectors_go_when_an_article_is_removed(make_library, ferry, bridge):
    tools = make_library(ferry, bridge)
    with open_writer(tools.library) as writer:
        writer.remove("ferry")
        drain(writer, tools.embedder, tools.index)
    assert in_step(tools)
    assert tools.index.count() == 1


@pytest.mark.parametrize("operation", ["upsert", "delete"])
def test_interrupted_between_index_and_library_it_finishes_later(make_library, ferry, operation):
    tools = make_library(Article.create("It rained.", id="rain"))
    with open_writer(tools.library) as writer:
        put(writer, ferry)
        writer.remove("rain")
        with pytest.raises(KeyboardInterrupt):
            drain(writer, tools.embedder, Failing(tools.index, operation))
        assert not in_step(tools)
        drain(writer, tools.embedder, tools.index)
    assert in_step(tools)


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
    tools = make_library(ferry, bridge)
    key = tools.library.passages_of("ferry")[0].key
    index = Hiding(tools.index, [key])
    embedder = Recording(tools.embedder)
    with open_writer(tools.library) as writer:
        writer.mark_pending([key])
        drain(writer, embedder, index)
    assert index.hidden == set()
    assert in_step(tools)


def test_what_stays_hidden_is_set_apart(make_library, ferry, bridge):
    tools = make_library(ferry, bridge)
    key = tools.library.passages_of("ferry")[0].key
    index = Hiding(tools.index, [key], for_good=True)
    before = tools.library.generation()
    with open_writer(tools.library) as writer:
        restore(writer, tools.embedder, index, [key])
    assert index.apart == [key]
    assert in_step(tools)
    # Other processes are to see it.
    assert tools.library.generation() > before


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
    with open_tools(tmp_path / "library") as tools:
        assert in_step(tools)
        assert tools.library.counts()["passages"] >= 500
        texts = {
            stored.key: f"{stored.passage.title}. {stored.passage.text}"
            for row in rows
            for stored in tools.library.passages_of(row["id"])
        }
        vectors = tools.embedder.embed_passages([*texts.values()])
        missed = [
            key
            for key, vector in zip(texts, vectors, strict=True)
            if key not in {match.key for match in tools.index.search(vector, 10, Scope())}
        ]
    assert missed == []


def test_removal_finishes_what_a_writer_that_died_left(make_library, ferry, bridge, monkeypatch):
    monkeypatch.setattr(ChromaIndex, "check", lambda index: None)
    tools = make_library(ferry, bridge)
    tools.index.delete([tools.library.passages_of("bridge")[0].key])
    (tools.library.folder / "writer.lock").write_text("12345")
    with open_writer(tools.library) as writer:
        assert remove(writer, tools.embedder, tools.index, ["ferry"]) == {"ferry": ferry.title}
    assert in_step(tools)


def test_progress_adds_up(make_library):
    tools = make_library()
    long = Article.create("The river rose again in the night. " * 300, id="long")
    seen = []
    with open_writer(tools.library) as writer:
        put(writer, long)
        count = drain(writer, tools.embedder, tools.index, on_progress=seen.append)
    assert sum(seen) == count == tools.library.counts()["passages"] > 10


def test_rebuilt_index_is_in_step(make_library, ferry, bridge):
    tools = make_library(ferry, bridge)
    tools.index.delete([1])
    with open_writer(tools.library) as writer:
        assert rebuild(writer, tools.embedder, tools.index) == 2
    assert in_step(tools)


def test_lost_index_is_rebuilt(make_library, library_folder, ferry):
    tools = make_library(ferry)
    tools.index.close()
    for file in (library_folder / "chroma").iterdir():
        file.unlink() if file.is_file() else [each.unlink() for each in file.iterdir()]
    with open_writer(tools.library) as writer:
        rebuild(writer, tools.embedder, tools.index)
    assert len(tools.index.search(tools.embedder.embed_question("ferry"), 5, Scope())) == 1
