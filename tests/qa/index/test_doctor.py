"""What is out of step between a library and its indexes is found, named and mended."""

from dataclasses import dataclass

import numpy as np
import pytest

from ingest.split import split
from qa.errors import IndexUnavailable
from qa.index.doctor import Finding, Health, examine, recover, repair
from qa.index.embedders import HashingEmbedder
from qa.index.vector_index import ChromaIndex
from qa.library.drafts import Draft
from qa.library.writer import open_writer
from qa.protocols import VectorEntry
from qa.records.article import Article
from qa.records.question import Scope


class Unprobed(ChromaIndex):
    """Without the child process, which takes two seconds and has tests of its own."""

    def check(self):
        pass


@dataclass
class Shop:
    library: object
    embedder: object
    index: object


@pytest.fixture
def shop(make_library, library_folder, ferry, bridge):
    made = make_library(ferry, bridge)
    made.index.close()
    index = Unprobed(library_folder, made.embedder)
    yield Shop(made.library, made.embedder, index)
    index.close()


def key_of(shop, article_id):
    return shop.library.passages_of(article_id)[0].key


def findings(shop):
    found = examine(shop.library, shop.index).findings
    return {finding.name: (finding.count, finding.keys) for finding in found}


def mend(shop):
    with open_writer(shop.library) as writer:
        return repair(writer, shop.embedder, shop.index)


def entry(key, article_id="a", version=1, start=0):
    return VectorEntry(key, article_id, version, start, 0, "")


def vectors(shop, count=1):
    return np.ones((count, shop.embedder.dimension), np.float32)


# What can be wrong, each planted behind the library's back


def lose(shop):
    shop.index.delete([key_of(shop, "ferry")])
    return {"missing": (1, (key_of(shop, "ferry"),))}


def stray(shop):
    shop.index.upsert([entry(777)], vectors(shop))
    return {"orphaned": (1, (777,))}


def outdate(shop):
    key = key_of(shop, "ferry")
    shop.index.upsert([entry(key, "ferry", version=9)], vectors(shop))
    return {"stale": (1, (key,))}


def mistake(shop):
    key = key_of(shop, "ferry")
    shop.index.upsert([entry(key, "bridge")], vectors(shop))
    return {"stale": (1, (key,))}


def interrupt(shop):
    rain = Article.create("It rained.", id="rain")
    with open_writer(shop.library) as writer:
        writer.put([Draft(rain, tuple(split(rain)))])
    return {"pending": (1, ())}


def half_remove(shop):
    with open_writer(shop.library) as writer:
        writer.remove("ferry")
    return {"removals": (1, ())}


def break_words(shop):
    shop.library.lexical_index.clear()
    return {"word index": (2, ())}


def change_embedder(shop):
    shop.index.close()
    shop.embedder = HashingEmbedder(16)
    shop.index = Unprobed(shop.library.folder, shop.embedder)
    return {"fingerprint": (1, ())}


def empty(shop):
    keys = tuple(sorted((key_of(shop, "ferry"), key_of(shop, "bridge"))))
    shop.index.clear()
    return {"missing": (2, keys)}


def everything(shop):
    return lose(shop) | stray(shop) | interrupt(shop) | break_words(shop) | {"word index": (3, ())}


PLANTED = [
    lose, stray, outdate, mistake, interrupt, half_remove, break_words, change_embedder, empty,
    everything,
]  # fmt: skip


def test_healthy_library_has_no_findings(shop):
    assert examine(shop.library, shop.index) == Health(2, 2, 2, ())


def test_empty_library_is_healthy(make_library):
    shop = make_library()
    assert examine(shop.library, shop.index).healthy


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_fault_is_found_and_named(shop, plant):
    expected = plant(shop)
    assert findings(shop) == expected


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_fault_is_mended(shop, plant):
    plant(shop)
    assert mend(shop).healthy
    counts = shop.library.counts()
    assert set(shop.index.entries()) == set(shop.library.keys())
    assert counts["pending"] == counts["removals"] == 0


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_mended_library_finds_by_meaning_and_by_words(shop, plant):
    plant(shop)
    mend(shop)
    vector = shop.embedder.embed_question("Repairs to the Kessel Bridge cost")
    assert shop.index.search(vector, 1, Scope())[0].key == key_of(shop, "bridge")
    (match,) = shop.library.words().search(["kessel"], 1, Scope())
    assert match.key == key_of(shop, "bridge")


def test_looking_changes_nothing(shop):
    everything(shop)
    before = (shop.library.generation(), shop.index.entries())
    examine(shop.library, shop.index)
    assert (shop.library.generation(), shop.index.entries()) == before


def test_mending_what_is_well_changes_no_vector(shop):
    before = shop.index.entries()
    assert mend(shop).healthy
    assert shop.index.entries() == before


def test_vectors_that_no_search_finds_are_made_again(shop, monkeypatch):
    lost = [key_of(shop, "ferry")]
    monkeypatch.setattr(shop.index, "unreachable", lambda keys: list(lost))
    upserted = []
    upsert = shop.index.upsert

    def note(entries, rows):
        upserted.extend(entry.key for entry in entries)
        lost.clear()
        return upsert(entries, rows)

    monkeypatch.setattr(shop.index, "upsert", note)
    expected = list(lost)
    assert findings(shop) == {"unreachable": (1, tuple(expected))}
    assert mend(shop).healthy
    assert upserted == expected


def test_unreadable_index_is_made_again(make_library, library_folder, ferry):
    shop = make_library(ferry)
    shop.index.close()
    for file in (library_folder / "chroma").glob("*.sqlite3"):
        file.write_bytes(b"It rained. " * 500)
    # Twice by a child: before and after.
    assert mend(shop).healthy
    assert shop.index.count() == 1


def test_index_that_cannot_be_reached_is_a_finding(shop, monkeypatch):
    def refuse():
        raise IndexUnavailable("the Chroma server did not answer")

    monkeypatch.setattr(shop.index, "check", refuse)
    (finding,) = examine(shop.library, shop.index).findings
    assert (finding.name, finding.detail) == ("unreadable", "the Chroma server did not answer")


def test_writer_after_a_death_mends_first(shop):
    lose(shop)
    with pytest.raises(KeyError), open_writer(shop.library):
        raise KeyError
    with open_writer(shop.library) as writer:
        recover(writer, shop.embedder, shop.index)
    assert findings(shop) == {}


def test_writer_after_a_good_end_does_not_look(shop):
    lose(shop)
    with open_writer(shop.library) as writer:
        recover(writer, shop.embedder, shop.index)
    assert "missing" in findings(shop)


def test_health_survives_json():
    health = Health(1, 2, 3, (Finding("missing", 1, "x", (4, 5)),))
    assert Health.from_json(health.to_json()) == health


# Copies


def test_article_without_a_signature_is_found_and_signed(shop):
    with shop.library.connection() as database:
        database.execute("DELETE FROM signatures")
    assert findings(shop)["copies"] == (2, ())
    assert mend(shop).healthy
