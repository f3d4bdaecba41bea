"""Articles counted and listed by the library's own records."""

import re
import unicodedata
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ingest.split import split
from qa.library.drafts import Draft
from qa.library.store import Library
from qa.library.tables.catalog import Selection
from qa.library.writer import open_writer
from qa.records.article import Article
from qa.records.question import Scope

# Words that no ending is taken from.
WORDS = ["pear", "plum", "café", "Tarrow", "Orlen", "12", "Straße", "ox", '"', "NOT", "*"]
WORD = st.sampled_from(WORDS)
LINE = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
TEXT = st.lists(LINE, min_size=1, max_size=4).map(". ".join)
DAY = st.sampled_from([None, date(2024, 5, 1), date(2024, 5, 2), date(2024, 6, 1)])
ROWS = st.lists(st.tuples(LINE, TEXT, DAY, st.sampled_from(["Post", "Gazette", None])), max_size=6)
SCOPES = st.builds(
    Scope,
    since=st.sampled_from([None, date(2024, 5, 2)]),
    sources=st.sampled_from([(), ("post",)]),
)


def words_of(text):
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", plain.lower())


def has_phrase(article, phrase):
    wanted = f" {' '.join(words_of(phrase))} "
    return any(wanted in f" {' '.join(words_of(text))} " for text in (article.title, article.text))


def admits(scope, article):
    in_time = not scope.since or (article.published and article.published >= scope.since)
    return in_time and (not scope.sources or (article.source or "").lower() in scope.sources)


@given(rows=ROWS, phrases=st.lists(LINE, max_size=2), scope=SCOPES)
def test_count_is_that_of_looking_at_every_article(tmp_path_factory, rows, phrases, scope):
    articles = [
        Article.create(text, id=f"a{number}", title=title, published=day, source=source)
        for number, (title, text, day, source) in enumerate(rows)
        if words_of(text)
    ]
    phrases = [phrase for phrase in phrases if words_of(phrase)]
    expected = {
        article.id
        for article in articles
        if admits(scope, article) and all(has_phrase(article, phrase) for phrase in phrases)
    }
    library = Library.open(tmp_path_factory.mktemp("library"), create=True)
    with open_writer(library) as writer:
        # Passages so short that sentences are cut.
        writer.put(Draft(each, tuple(split(each, minimum=6, maximum=12))) for each in articles)
    selection = Selection(scope, tuple(phrases))
    with library.catalog() as catalog:
        assert set(catalog.article_ids(selection, 100)) == expected
        assert catalog.coverage(selection)[0] == len(expected)
        assert sum(number for _, number in catalog.outlets(selection)) == len(expected)
    library.close()


def test_newest_come_first_and_undated_last(make_library):
    days = [date(2024, 5, 1), None, date(2024, 6, 1)]
    articles = [
        Article.create(f"Rain on day {day}.", id=str(day), title="Rain", published=day)
        for day in days
    ]
    with make_library(*articles).library.catalog() as catalog:
        ids = catalog.article_ids(Selection(), 10)
    assert ids == ["2024-06-01", "2024-05-01", "None"]


def test_scripts_without_spaces_are_looked_for_as_they_stand(make_library):
    library = make_library(
        Article.create("渡轮公司宣布罢工结束。居民松了一口气。", id="ferry", title="罢工结束"),
        Article.create("大桥重新开放。", id="bridge", title="大桥"),
    ).library
    with library.catalog() as catalog:
        assert catalog.article_ids(Selection(phrases=("罢工",)), 10) == ["ferry"]


def test_text_without_a_word_leaves_none_out(make_library, ferry):
    with make_library(ferry).library.catalog() as catalog:
        assert catalog.article_ids(Selection(phrases=("— * \0",)), 10) == ["ferry"]
        assert catalog.title_ids(["—"], Scope(), 10) == []


def test_titles_have_all_words_or_these_in_a_row(make_library, ferry, bridge):
    with make_library(ferry, bridge).library.catalog() as catalog:
        assert catalog.title_ids(["tarrow", "ferry"], Scope(), 10) == ["ferry"]
        assert catalog.title_ids(["tarrow", "ferry"], Scope(), 10, in_a_row=True) == []
        assert catalog.title_ids(["Cape", "Tarrow"], Scope(), 10, in_a_row=True) == ["ferry"]
        assert catalog.title_ids(["sailors"], Scope(), 10) == []


def test_phrase_of_a_sentence_that_two_passages_share_is_found(tmp_path):
    article = Article.create("pear plum ox " * 9 + "Tarrow Orlen " + "pear plum ox " * 9, id="a")
    library = Library.open(tmp_path / "long", create=True)
    with open_writer(library) as writer:
        cut = article.text.index("Orlen")
        passages = (article.passage(0, cut), article.passage(cut, len(article.text)))
        writer.put([Draft(article, passages)])
    with library.catalog() as catalog:
        assert catalog.coverage(Selection(phrases=("tarrow orlen",)))[0] == 1
        assert catalog.coverage(Selection(phrases=("orlen tarrow",)))[0] == 0
    library.close()
