"""What every index of words does: Tantivy in the library folder, tables in PostgreSQL."""

import os
import re
import signal
import subprocess
import sys
import unicodedata
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.errors import ConfigError, IndexUnavailable
from qa.language.multilingual.segment import pieces
from qa.language.words import terms
from qa.library.lexical.tantivy_index import TantivyIndex
from qa.library.postgres.opening import open_postgres
from qa.protocols import LexicalEntry
from qa.records.question import Scope

ANY = Scope()
# One index for all examples, which each of them clears.
many_examples = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
in_folder = pytest.mark.parametrize("make", ["tantivy"], indirect=True)


@pytest.fixture(params=["tantivy", "postgres"])
def make(request, tmp_path, opened):
    """``make()``: another index object over the same words, as another process has it."""
    if request.param == "postgres":
        url = request.getfixturevalue("database_url")
        opened.append(open_postgres(url, create=True)[1])

    def make():
        if request.param == "postgres":
            opened.append(open_postgres(url, create=False)[1])
        else:
            opened.append(TantivyIndex(tmp_path))
        return opened[-1]

    return make


def entry(key, text, title="", published=None, source=None):
    return LexicalEntry(key, title, text, published, source)


def put(index, *texts, **known):
    index.upsert([entry(key, text, **known) for key, text in enumerate(texts, start=1)])


def keys(index, *words, k=10, scope=ANY):
    return [match.key for match in index.search(words, k, scope)]


# Search


def test_nothing_in_an_index_that_is_not_there(index):
    assert index.search(["ferry"], 5, ANY) == []
    assert (index.having("ferry"), index.keys(), index.count()) == ([], [], 0)
    index.check()


def test_any_of_the_words_is_enough_and_more_are_better(index):
    put(index, "A pear.", "The ferry sank off the cape.", "A ferry.", "The cape was calm today.")
    assert keys(index, "ferry", "cape")[0] == 2
    assert {*keys(index, "ferry", "cape")} == {2, 3, 4}


def test_rare_words_count_more(index):
    put(index, "The council met.", "The council met.", "The council met.", "Pebbles met.")
    assert keys(index, "council", "pebbles")[0] == 4


def test_better_matches_have_higher_scores(index):
    put(index, "ferry", "ferry council", "ferry council sank")
    scores = [match.similarity for match in index.search(["ferry", "council", "sank"], 5, ANY)]
    assert scores == sorted(scores, reverse=True)
    assert len({*scores}) == 3


def test_at_most_k(index):
    put(index, "ferry one", "ferry two", "ferry three")
    assert len(keys(index, "ferry", k=2)) == 2


def test_equals_come_in_the_order_of_their_keys(index):
    index.upsert([entry(key, "The ferry sank.") for key in (9, 4, 7)])
    assert keys(index, "ferry") == [4, 7, 9]


def test_title_is_searched_too(index):
    put(index, "It sank in the night.", title="Ferry lost")
    assert keys(index, "ferry") == [1]


@pytest.mark.parametrize("words", [[], [""], ["?", '"', "()"], ["***"]])
def test_without_words_nothing_is_found(index, words):
    put(index, "The ferry sank? * ( )")
    assert index.search(words, 5, ANY) == []


@pytest.mark.parametrize(
    "words",
    [
        ["ferry", '"AND', "OR", "NOT", "*", "(", ")", "^", ":", "{"],
        ["ferry*", "NEAR(a", "b,", "3)", "title:ferry", "-body"],
        ["ferry'); DROP TABLE articles; --"],
        ["ferry", '" unbalanced'],
        ["ferry", "verylong" * 5000],
        ["ferry", "\0", "\ud800", "\U0001f6a2"],
        ["ferry", *(f"word{number}" for number in range(5000))],
        [""],
    ],
    ids=range(8),
)
def test_words_are_never_syntax(index, words):
    put(index, "The ferry'); DROP TABLE articles; -- sank.", "Another.")
    assert set(keys(index, *words)) <= {1}
    if "" not in words:
        assert keys(index, *words) == [1]


# What counts as one word


@pytest.mark.parametrize("word", ["cafe", "CAFÉ", "Cafe\u0301", "cafés"])
def test_accents_case_and_plural_do_not_matter(index, word):
    put(index, "The café burned down.", "Cafeteria.")
    assert keys(index, word) == [1]


@pytest.mark.parametrize(
    ("text", "words", "others"),
    [
        ("They were dropping leaflets.", ["dropped", "leaflet"], ["A raindrop", "A leaf"]),
        ("The Kestrel-2 probe landed.", ["Kestrel-2"], ["Kestrel landed", "2 probes"]),
        ("It cost 12,000 euros.", ["12,000"], ["12", "000 euros"]),
        ("Growth was 4.25 per cent.", ["4.25"], ["4 or 25"]),
        ("Nowy most w Łodzi, Ørsted-Brücke.", ["lodzi", "Orsted-Brucke"], ["Orsted"]),
        ("Die Straße ist gesperrt.", ["strasse"], ["Straßburg"]),
        ("市政厅宣布，东边的新桥造价三亿元。", ["新桥", "造价", "桥"], ["新造"]),
        ("新しい橋の建設費は三億円である。", ["建設", "橋"], ["費建"]),
        ("สะพานใหม่มีค่าก่อสร้างสามร้อยล้านบาท", ["สะพ", "สร้", "บ"], ["พะส"]),
        ("새로운 다리의 건설비는 삼억 원이다.", ["다리", "건설"], ["리다"]),
        ("नए पुल की लागत तीस करोड़ रुपये है।", ["पुल", "रुपये", "करोड़"], ["लपु"]),
        ("１２,０００ euros", ["12,000"], ["1"]),
    ],
)
def test_words_of_every_script_are_found(index, text, words, others):
    put(index, text, *others)
    for word in words:
        assert keys(index, word) == [1]


LETTERS = st.text(st.sampled_from("abcxyzéßøÅ 12-'’.橋建สะนö्ु"), min_size=1, max_size=30)


@many_examples
@given(texts=st.lists(LETTERS, min_size=1, max_size=5))
def test_every_text_is_found_by_its_own_words(index, texts):
    index.clear()
    put(index, *texts)
    for key, text in enumerate(texts, start=1):
        words = [*terms(text), *pieces(text)]
        for word in words:
            assert key in keys(index, word) or not index.words_of(word)
            assert key in index.having(word) or not index.words_of(word)


# Words in a row


def test_words_in_a_row_stand_in_title_or_body_and_not_across(index):
    index.upsert(
        [
            entry(1, "The old pier sank.", "Ferry lost"),
            entry(2, "The pier is old.", "Ferry"),
            entry(3, "Pier sank."),
        ]
    )
    assert index.having("old pier") == [1]
    assert index.having("ferry lost") == [1]
    assert index.having("lost the") == []
    assert {*index.having("piers")} == {1, 2, 3}


def test_words_are_looked_for_where_they_are_to_stand(index):
    index.upsert([entry(1, "— Pier sank.", "Ferry lost"), entry(2, "Ferry on a pier.", "Pier")])
    assert index.having("ferry", place="title") == [1]
    assert index.having("ferry", place="body") == [2]
    assert index.having("pier", place="opening") == [1]
    assert {*index.having("pier")} == {1, 2}


def test_words_near_each_other_in_either_order(index):
    put(index, "kestrel probe", "probe of the kestrel", "kestrel on the old probe", "kestrel")
    assert {*index.having("kestrel probe", apart=2)} == {1, 2}


def test_at_most_so_many_are_named(index):
    put(index, *["ferry"] * 5)
    assert len(index.having("ferry", limit=2)) == 2
    assert {*index.having("ferry")} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("words", ["", "— *", '"'])
def test_no_word_stands_nowhere(index, words):
    put(index, "ferry")
    assert index.having(words) == []


WORD = st.sampled_from(["pear", "plum", "café", "Tarrow", "12", "Straße", "ox"])
LINE = st.lists(WORD, min_size=1, max_size=6).map(" ".join)


def plain_words(text):
    plain = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return re.findall(r"[^\W_]+", "".join(s for s in plain if not unicodedata.combining(s)))


@many_examples
@given(lines=st.lists(LINE, min_size=1, max_size=5), phrase=LINE)
def test_phrases_are_those_of_looking_at_every_text(index, lines, phrase):
    index.clear()
    put(index, *lines)
    run = f" {' '.join(plain_words(phrase))} "
    assert {*index.having(phrase)} == {
        key for key, line in enumerate(lines, start=1) if run in f" {' '.join(plain_words(line))} "
    }


# Scope


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), {1, 2, 3}),
        (Scope(since=date(2021, 3, 4)), {1, 2}),
        (Scope(since=date(2021, 3, 5)), {2}),
        (Scope(until=date(2023, 5, 20)), {1, 2}),
        (Scope(until=date(2023, 5, 19)), {1}),
        (Scope(since=date(2022, 1, 1), until=date(2022, 12, 31)), set()),
        (Scope(since=date(2021, 3, 4), until=date(2021, 3, 4)), {1}),
        (Scope(since=date(2021, 3, 4), until=date(2021, 12, 31), undated=True), {1, 3}),
        (Scope(since=date(2020, 1, 1), until=date(2023, 5, 19)), {1}),
        (Scope(sources=("gazette",)), {1}),
        (Scope(sources=("GAZETTE", "courier")), {1, 2}),
        (Scope(sources=("Écho",)), {3}),
        (Scope(sources=("Gazette",), since=date(2022, 1, 1)), set()),
        (Scope(sources=("nobody",)), set()),
        (Scope(since=date(2022, 1, 1), undated=True), {2, 3}),
        (Scope(until=date(2022, 1, 1), undated=True), {1, 3}),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_scope_leaves_out_the_rest(index, scope, expected):
    index.upsert(
        [
            entry(1, "ferry", published=date(2021, 3, 4), source="Gazette"),
            entry(2, "ferry", published=date(2023, 5, 20), source="Courier"),
            entry(3, "ferry", source="écho"),
        ]
    )
    assert {*keys(index, "ferry", scope=scope)} == expected


def test_scope_changes_no_score(index):
    put(index, "The ferry sank.", "A ferry.", published=date(2021, 3, 4), source="Gazette")
    scope = Scope(since=date(2021, 1, 1), sources=("gazette",))
    assert index.search(["ferry"], 5, scope) == index.search(["ferry"], 5, ANY)


# Changes


def test_the_same_key_again_takes_the_place_of_the_first(index):
    put(index, "rain")
    put(index, "snow")
    assert keys(index, "rain") == []
    assert keys(index, "snow") == [1]
    assert (index.keys(), index.count()) == ([1], 1)


def test_deleted_passages_are_gone_and_unknown_keys_ignored(index):
    put(index, "rain", "snow")
    index.delete([1, 77])
    assert keys(index, "rain") == index.having("rain") == []
    assert index.keys() == [2]


def test_cleared_index_is_empty_and_takes_in_again(make, index):
    put(index, "rain")
    other = make()
    assert keys(other, "rain") == [1]
    index.clear()
    assert (index.count(), keys(index, "rain")) == (0, [])
    other.refresh(1)
    assert keys(other, "rain") == []
    put(index, "snow")
    assert keys(index, "snow") == [1]


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["upsert", "delete", "clear", "reopen"]),
        st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True),
        st.sampled_from(["rain", "snow", "fog"]),
    ),
    max_size=8,
)


@many_examples
@given(changes=CHANGES)
def test_any_sequence_of_changes_is_as_in_a_dictionary(index, changes):
    index.clear()
    expected = {}
    for change, numbers, word in changes:
        if change == "upsert":
            index.upsert([entry(key, word) for key in numbers])
            expected |= dict.fromkeys(numbers, word)
        elif change == "delete":
            index.delete(numbers)
            expected = {key: text for key, text in expected.items() if key not in numbers}
        elif change == "clear":
            index.clear()
            expected = {}
        else:
            index.close()
    assert sorted(index.keys()) == sorted(expected)
    for word in ("rain", "snow", "fog"):
        assert sorted(keys(index, word)) == sorted(k for k, w in expected.items() if w == word)


# Other processes


def test_another_object_sees_a_commit_at_the_next_generation(make, index):
    put(index, "rain")
    other = make()
    assert keys(other, "snow") == []
    put(index, "rain", "snow")
    other.refresh(2)
    assert keys(other, "snow") == [2]


def test_one_that_was_opened_before_there_was_anything_sees_it(make, index):
    other = make()
    assert other.count() == 0
    put(index, "rain")
    assert keys(other, "rain") == [1]


KILLED = """
import sys
from pathlib import Path
from qa.language.multilingual.segment import pieces
from qa.language.words import terms
from qa.library.lexical.tantivy_index import TantivyIndex
from qa.library.postgres.opening import open_postgres
from qa.protocols import LexicalEntry
index = TantivyIndex(Path(sys.argv[1]))
index.upsert([LexicalEntry(1, "", "rain", None, None)])
def write(opened, writer):
    from qa.library.lexical import analysis
    for key in range(2, 3000):
        writer.add_document(analysis.document(LexicalEntry(key, "", "snow " * 50, None, None)))
    print("written", flush=True)
    sys.stdin.read()
index._write(write)
"""


@in_folder
def test_killed_writer_leaves_the_last_commit_and_no_lock(make, tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "written\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    index = make()
    index.check()
    assert index.keys() == [1]
    put(index, "rain", "snow")
    assert keys(index, "snow") == [2]


def test_searches_go_on_while_it_is_written_and_cleared(make, index):
    put(index, "rain")
    other = make()
    for round_ in range(3):
        put(index, "rain", *["snow"] * round_)
        assert keys(other, "rain") == [1]
        other.refresh(round_)
    index.clear()
    assert keys(other, "rain") in ([], [1])


# Damage


def files(index):
    index.close()
    return sorted(path for path in index._home.iterdir() if path.suffix not in (".json", ".lock"))


@in_folder
def test_every_flipped_byte_is_found_before_it_is_read(make, index):
    put(index, "The ferry sank.", "It rained.", "It snowed.", published=date(2024, 1, 1))
    index.delete([2])
    places = [(path, place) for path in files(index) for place in range(path.stat().st_size)]
    assert len({path.suffix for path, _ in places}) >= 6
    for path, place in places[:: max(1, len(places) // 60)]:
        whole = path.read_bytes()
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        damaged = make()
        with pytest.raises(IndexUnavailable, match="doctor --repair"):
            damaged.check()
        with pytest.raises(IndexUnavailable, match="cannot be used"):
            damaged.search(["ferry"], 5, ANY)
        path.write_bytes(whole)
    assert keys(make(), "ferry") == [1]


@in_folder
@pytest.mark.parametrize("damage", ["cut", "empty", "gone", "meta", "no index"])
def test_damaged_index_is_an_error_until_it_is_cleared(make, index, damage):
    put(index, "The ferry sank.")
    path = files(index)[0]
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "gone":
        path.unlink()
    else:
        text = '{"segments": ' if damage == "meta" else '{"segments": []}'
        (path.parent / "meta.json").write_text(text)
    other = make()
    with pytest.raises(IndexUnavailable):
        other.check()
    with pytest.raises(IndexUnavailable):
        other.upsert([entry(1, "rain")])
    other.clear()
    put(other, "rain")
    assert keys(other, "rain") == [1]


@in_folder
def test_index_of_other_fields_is_damaged(make, index, tmp_path):
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("other")
    (tmp_path / "words").mkdir()
    tantivy.Index(builder.build(), str(tmp_path / "words")).writer(15_000_000, 1).commit()
    with pytest.raises(IndexUnavailable, match="schema"):
        index.search(["ferry"], 5, ANY)


@in_folder
def test_folder_that_cannot_be_written_is_searched_and_stays_as_it_is(make, index, monkeypatch):
    put(index, "rain")
    index.close()
    before = {path: path.stat().st_mtime_ns for path in index._home.iterdir()}
    monkeypatch.setattr(os, "access", lambda path, mode, **options: mode != os.W_OK)
    reader = make()
    assert keys(reader, "rain") == [1]
    reader.upsert([entry(2, "snow")])
    assert keys(reader, "snow") == [2]
    reader.close()
    assert {path: path.stat().st_mtime_ns for path in index._home.iterdir()} == before


@in_folder
def test_index_is_for_its_owner_alone(index):
    put(index, "rain")
    assert index._home.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in index._home.iterdir())


def test_package_that_is_missing_is_named(index, monkeypatch):
    monkeypatch.setitem(sys.modules, "tantivy", None)
    with pytest.raises(ConfigError, match=r"the package tantivy.*no wheel"):
        index.upsert([entry(1, "rain")])


def test_threads_search_at_once(index):
    from concurrent.futures import ThreadPoolExecutor

    put(index, *(f"ferry number {number}" for number in range(50)))
    index.close()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: keys(index, str(number))[0], range(50)))
    assert found == list(range(1, 51))
