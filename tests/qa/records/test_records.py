"""Records are checked where they are born and survive JSON unchanged."""

import json
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.language.cleaning import canonical_url
from qa.records import answer, article, conversation, question, reading, trace
from qa.records.answer import Answer, Conflict, Hit, Statement
from qa.records.article import Article, Citation, Copy, Passage
from qa.records.conversation import Rewrite, Turn
from qa.records.question import CollectionRequest, ExpectedAnswer, Plan, Question, Scope
from qa.records.reading import Evidence, Reading, Retrieval, Span
from qa.records.serialization import Record
from qa.records.trace import Step, Usage, Window

ARTICLE = Article.create(
    "It rained. 🌧 Ilse left.",
    id="a",
    title="Rain",
    url="https://news.example/rain",
    published=date(2024, 5, 1),
    updated=date(2024, 5, 2),
    author="Ilse",
    source="News",
    language="en",
)
PASSAGE = ARTICLE.passage(0, 23)
CITATION = PASSAGE.cite(11, 23)
COPY = Copy("b", "Rain", "https://post.example/rain", "Post", date(2024, 5, 2))
HIT = Hit(PASSAGE, 0.5, {"words": 1, "meaning": 3}, (COPY,))
STATEMENT = Statement("🌧 Ilse left.", (CITATION,), "verified")
SPAN = Span(PASSAGE, 13, 17, (11, 23), 0.9)
EVIDENCE = Evidence("a", 11, 23, 0.75)
EXPECTED = ExpectedAnswer("name", ("left",), {"left": 1.0}, frozenset({"ilse", "low"}))
QUESTION = Question(
    "Who left?",
    date(2024, 5, 3),
    EXPECTED,
    Scope(since=date(2024, 1, 1), sources=("News", "Other")),
    True,
)
WINDOW = Window(date(2024, 1, 1), None, strict=True, said="since January", only=True)
ANSWER = Answer(
    question="Who left?",
    short="Ilse",
    statements=(STATEMENT,),
    hits=(HIT,),
    confidence=0.75,
    abstained=False,
    conflicts=(Conflict((STATEMENT, Statement("Nobody left."))),),
    trace=(Step("fuse", "1 passage", 0.25),),
    took_ms=1.5,
    usage=Usage(10, 2, 0.001),
    window=WINDOW,
    rewritten="Who left the house?",
)
EXAMPLES = [
    EXPECTED,
    ANSWER, ARTICLE, CITATION, Conflict((STATEMENT,)), COPY, HIT, PASSAGE, QUESTION,
    Reading((HIT,), (SPAN,), 0.5, "why", form="list", items=(SPAN,), evidence=(EVIDENCE,)),
    EVIDENCE, Retrieval((HIT,), (Step("fuse", "x"),)),
    Scope(until=date(2024, 1, 1)), SPAN, STATEMENT, Step("fuse", "x", 2.0), Usage(1, 2, 3.0),
    WINDOW,
    CollectionRequest("article-count", "the ferry strike"),
    Plan(("A?", "B?"), "earlier", ("a", "b"), Usage(1, 2, 3.0)), Turn("Who?", "Ilse", "Ilse left."),
    Rewrite("Who left?", "by rules", Usage(1, 2, 3.0)),
]  # fmt: skip

# Characters that break offsets, lines, JSON or SQLite when they are not minded.
AWKWARD = '\0\r\n\t \x1b\x85\xa0\u2028\u0301é日本。👩‍🚀\U0001f469\ud800\udfff\ufeff\u202e"\\'
text = st.text(st.sampled_from(AWKWARD) | st.characters(), max_size=40)
maybe = st.none() | text
days = st.none() | st.dates()
urls = st.none() | text | st.sampled_from(["https://a.example/x", "http://a.example/?b=1#c"])
articles = st.builds(
    Article.create,
    text,
    title=text,
    id=maybe,
    url=urls,
    published=days,
    updated=days,
    author=maybe,
    source=maybe,
    language=st.sampled_from([None, "en", "zh"]),
)


@st.composite
def passages(draw):
    article = draw(articles.filter(lambda article: article.text))
    start = draw(st.integers(0, len(article.text) - 1))
    return article, article.passage(start, draw(st.integers(start + 1, len(article.text))))


@st.composite
def citations(draw):
    article, passage = draw(passages())
    start = draw(st.integers(passage.start, passage.end - 1))
    return article, passage, passage.cite(start, draw(st.integers(start + 1, passage.end)))


@st.composite
def answers(draw):
    cited = draw(st.lists(citations(), max_size=3))
    return Answer(
        question=draw(text),
        short=draw(text),
        statements=tuple(Statement(draw(text), (each[2],), "verified") for each in cited),
        hits=tuple(Hit(each[1], draw(st.floats(0, 1)), {"words": 1}) for each in cited),
        confidence=draw(st.floats(0, 1)),
        abstained=False,
    )


# JSON


@pytest.mark.parametrize("record", EXAMPLES, ids=lambda record: type(record).__name__)
def test_every_record_survives_json(record):
    assert type(record).from_json(record.to_json()) == record


def test_examples_hold_every_record():
    named = [
        getattr(module, name)
        for module in (answer, article, conversation, question, reading, trace)
        for name in module.__all__
    ]
    kinds = {kind for kind in named if isinstance(kind, type) and issubclass(kind, Record)}
    assert {type(record) for record in EXAMPLES} == kinds


@given(articles)
def test_any_article_survives_json(article):
    assert Article.from_json(article.to_json()) == article


@given(passages())
def test_any_passage_survives_json(drawn):
    assert Passage.from_json(drawn[1].to_json()) == drawn[1]


@given(citations())
def test_any_citation_survives_json(drawn):
    assert Citation.from_json(drawn[2].to_json()) == drawn[2]


@given(answers())
def test_any_answer_survives_json(answer):
    assert Answer.from_json(answer.to_json()) == answer


def test_json_keeps_characters_readable():
    assert "🌧" in ARTICLE.to_json()


def test_json_with_unknown_keys_is_read():
    assert Usage.from_dict({"input_tokens": 3, "later": True}) == Usage(3)


def test_json_without_a_needed_key_is_refused():
    with pytest.raises((KeyError, TypeError)):
        Step.from_json(json.dumps({"name": "fuse"}))


def test_records_cannot_be_patched():
    with pytest.raises(FrozenInstanceError):
        ARTICLE.title = "Snow"


# Offsets


@given(passages())
def test_passage_is_the_article_at_its_offsets(drawn):
    article, passage = drawn
    assert article.text[passage.start : passage.end] == passage.text


@given(citations())
def test_citation_is_the_article_at_its_offsets(drawn):
    article, _, citation = drawn
    assert article.text[citation.start : citation.end] == citation.quote


def test_passage_carries_what_is_known_of_its_article():
    known = (PASSAGE.article_id, PASSAGE.title, PASSAGE.url, PASSAGE.source, PASSAGE.published)
    assert known == ("a", "Rain", "https://news.example/rain", "News", date(2024, 5, 1))


def test_citation_carries_what_is_known_of_its_article():
    known = (CITATION.article_id, CITATION.title, CITATION.url, CITATION.source, CITATION.published)
    assert known == ("a", "Rain", "https://news.example/rain", "News", date(2024, 5, 1))


@pytest.mark.parametrize("offsets", [(-1, 3), (0, 0), (3, 2), (0, 24), (23, 24)])
def test_no_passage_outside_the_text(offsets):
    with pytest.raises(ValueError, match=r"no passage"):
        ARTICLE.passage(*offsets)


@pytest.mark.parametrize("offsets", [(4, 6), (11, 12), (5, 5), (8, 7), (0, 23)])
def test_no_citation_outside_the_passage(offsets):
    with pytest.raises(ValueError, match="outside the passage"):
        ARTICLE.passage(5, 11).cite(*offsets)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Passage("a", 0, 5, "four"),
        lambda: Passage("a", -1, 3, "four"),
        lambda: Passage("a", 3, 3, ""),
        lambda: Citation("a", 0, 5, "four"),
        lambda: Citation("a", -4, 0, "four"),
        lambda: Citation("a", 3, 3, ""),
        lambda: replace(SPAN, start=10),
        lambda: replace(SPAN, end=13),
        lambda: replace(SPAN, sentence=(11, 24)),
    ],
)
def test_offsets_that_do_not_fit_are_refused(make):
    with pytest.raises(ValueError, match=r"offsets|span"):
        make()


def test_span_knows_its_words_and_its_sentence():
    assert (SPAN.text, SPAN.quote) == ("Ilse", "🌧 Ilse left.")


# Other invariants


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan"), float("inf")])
def test_confidence_is_a_probability(confidence):
    with pytest.raises(ValueError, match="confidence"):
        replace(ANSWER, confidence=confidence)


@pytest.mark.parametrize(
    "parts",
    [
        {"short": "", "statements": (), "reason": ""},
        {"short": "", "reason": "why"},
        {"statements": (), "reason": "why"},
    ],
)
def test_abstained_answer_has_a_reason_and_states_nothing(parts):
    with pytest.raises(ValueError, match="abstained"):
        replace(ANSWER, abstained=True, **parts)


def test_text_of_an_abstained_answer_is_its_reason():
    abstained = replace(ANSWER, short="", statements=(), abstained=True, reason="Nothing there.")
    assert abstained.text == "Nothing there."


def test_answer_cites_only_what_was_retrieved():
    with pytest.raises(ValueError, match=r"not retrieved.*'a'"):
        replace(ANSWER, hits=())


def test_answer_lists_each_citation_once_in_order_of_use():
    other = PASSAGE.cite(0, 10)
    statements = (Statement("x", (other, CITATION)), Statement("y", (CITATION, other)))
    assert replace(ANSWER, statements=statements).citations == (other, CITATION)


def carried(article_id, source, *copies):
    """A hit, and the citation of all of it, with the outlets of its copies."""
    made = Article.create("It rained.", id=article_id, source=source)
    passage = made.passage(0, 10)
    others = tuple(Copy(f"{article_id}{source}", source=source) for source in copies)
    return Hit(passage, 1.0, {}, others), passage.cite(0, 10)


def answer_of(*carried):
    hits, citations = zip(*carried, strict=True)
    statement = Statement("It rained.", citations, "verified")
    return replace(ANSWER, statements=(statement,), hits=hits, conflicts=())


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([carried("a", "Wire", "Post", "Courier", "Herald")], "4 outlets, 1 text"),
        ([carried("a", "Wire", "Post"), carried("z", "Gazette")], "3 outlets, 2 texts"),
        ([carried("a", "Wire", "Post"), carried("aPost", "Post")], "2 outlets, 1 text"),
        ([carried("a", "Wire"), carried("z", "Gazette")], ""),
        ([carried("a", "Wire", "Wire")], ""),
    ],
)
def test_copies_of_one_text_are_one_source(sources, expected):
    assert answer_of(*sources).sourcing == expected


def test_citation_knows_who_else_carries_its_text():
    assert ANSWER.copies(CITATION) == (COPY,)
    assert ANSWER.copies(replace(CITATION, article_id="z")) == ()


def test_abstained_answer_has_no_sourcing():
    abstained = replace(
        ANSWER, short="", statements=(), conflicts=(), abstained=True, reason="Nothing."
    )
    assert abstained.sourcing == ""


def test_hit_of_before_there_were_copies_is_read():
    old = HIT.to_dict()
    del old["copies"]
    assert Hit.from_dict(old) == replace(HIT, copies=())


@pytest.mark.parametrize("support", ["verified", "quoted"])
def test_statement_without_citation_is_neither_verified_nor_quoted(support):
    with pytest.raises(ValueError, match=support):
        Statement("It rained.", (), support)


def test_scope_ends_after_it_begins():
    with pytest.raises(ValueError, match="2024-02-01"):
        Scope(since=date(2024, 2, 1), until=date(2024, 1, 1))


def test_scope_is_true_when_it_leaves_something_out():
    assert [bool(scope) for scope in (Scope(), Scope(sources=("x",)))] == [False, True]


@pytest.mark.parametrize("bad", ["nul \0", "half \ud83d"])
def test_article_text_is_clean_or_refused(bad):
    with pytest.raises(ValueError, match=r"Article\.create"):
        Article(id="a", title="", text=bad)


def test_article_needs_an_id():
    with pytest.raises(ValueError, match="id"):
        Article(id="", title="", text="It rained.")


# How an article is made


def test_text_loses_nul_and_half_characters_and_keeps_the_rest():
    article = Article.create(" a\0b\ud83dc\r\nd\u0301 ")
    assert article.text == "ab\ufffdc\r\nd\u0301"


def test_title_is_one_line_without_controls():
    assert Article.create("x", title=" a\n\x1b[31mb\tc\x9b ").title == "a [31mb c"


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/a?b=1",
        "HTTPS://NEWS.example:443/a?b=1#top",
        "https://news.example/a?b=1&utm_source=feed&fbclid=x",
        "https://news.example/a?gclid=1&b=1",
    ],
)
def test_one_page_has_one_id(url):
    expected = Article.create("x", url="https://news.example/a?b=1").id
    assert Article.create("another text", url=url).id == expected


def test_tracking_tags_do_not_change_the_rest_of_the_query():
    plain = Article.create("x", url="https://news.example/?q=a%20b&flag")
    tagged = Article.create("x", url="https://news.example/?q=a%20b&flag&utm_source=feed")
    assert tagged.id == plain.id


def test_other_pages_have_other_ids():
    addresses = ["https://a.example/x", "https://a.example/y", "https://a.example/x?page=2"]
    assert len({Article.create("x", url=url).id for url in addresses}) == 3


def test_given_id_is_kept():
    assert Article.create("x", id="news-17", url="https://a.example/x").id == "news-17"


def test_id_without_url_derives_from_the_content():
    made = [Article.create(text, title="T", source="S") for text in ("x", "x", "y")]
    assert made[0].id == made[1].id != made[2].id
    assert made[0].has_content_id


@pytest.mark.parametrize("origin", [{"id": "x"}, {"url": "https://a.example/x"}])
def test_other_ids_are_not_content_ids(origin):
    assert not Article.create("x", **origin).has_content_id


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://a.example/x", "//x",
     "a.example/x", "https://", "http:///x", "http://[::1", "http://a.example:port/"],
)  # fmt: skip
def test_address_no_reader_should_be_sent_to_is_dropped(url):
    assert Article.create("x", url=url).url is None


def test_source_defaults_to_the_host():
    assert Article.create("x", url="https://www.news.example/a").source == "news.example"


def test_content_hash_ignores_when_and_how_often_it_was_stored():
    later = replace(ARTICLE, ingested=datetime(2025, 1, 1, tzinfo=UTC), version=7)
    assert later.content_hash == ARTICLE.content_hash


@pytest.mark.parametrize(
    "changed",
    [{"text": "It snowed."}, {"title": "Snow"}, {"published": None}, {"author": "Low"},
     {"source": None}, {"url": None}, {"updated": None}, {"language": "de"}],
    ids=str,
)  # fmt: skip
def test_content_hash_minds_everything_a_reader_sees(changed):
    assert replace(ARTICLE, **changed).content_hash != ARTICLE.content_hash


# URLs


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.example:80/x", "http://a.example/x"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        (" https://a.example/a b\n", "https://a.example/a%20b"),
        ("https://user:secret@a.example/", "https://a.example/"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://[::1]/x", "http://[::1]/x"),
    ],
)
def test_canonical_url(url, expected):
    assert canonical_url(url) == expected


parts = st.text("aZ09.-_~%20&=+?/#:@[]; é\0", max_size=12)


@given(
    st.sampled_from(["http", "HTTPS", "https"]),
    st.sampled_from(["a.example", "A.Example:80", "b.example:8443", "[::1]", "u@c.example"]),
    parts,
    st.text("ab=&%20+;", max_size=12),
    st.sampled_from(["", "utm_source=x", "fbclid=1&utm_medium=y"]),
)
@example("http", "[::1]", "", "", "")
@example("https", "a.example", "", "q=a%20b", "utm_source=x")
def test_canonical_url_is_its_own_canonical_url(scheme, host, path, query, tracking):
    once = canonical_url(f"{scheme}://{host}/{path}?{query}&{tracking}")
    assert canonical_url(once) == once


def cited(start, end):
    return replace(CITATION, article_id="a", start=start, end=end, quote="x" * (end - start))


@pytest.mark.parametrize(
    ("start", "end", "answers"),
    [(11, 23, True), (0, 12, True), (0, 11, False), (23, 30, False)],
)
def test_citation_answers_if_it_holds_some_of_a_sentence_that_does(start, end, answers):
    reading = Reading((HIT,), (SPAN,), 0.8, evidence=(EVIDENCE,))
    assert reading.is_answering(cited(start, end)) is answers


@pytest.mark.parametrize(("brevity", "answers"), [(0.9, False), (0.1, True)])
def test_doubtful_short_answer_answers_nothing(brevity, answers):
    reading = Reading((HIT,), (SPAN,), 0.6, evidence=(EVIDENCE,), brevity=brevity)
    assert reading.is_answering(cited(11, 23)) is answers


def test_sentence_that_hardly_answers_does_not_make_a_citation_answer():
    reading = Reading((HIT,), (SPAN,), 0.8, evidence=(replace(EVIDENCE, score=0.2),))
    assert not reading.is_answering(cited(11, 23))


# How a day is known, and what a paywall hides


def test_article_keeps_how_its_day_is_known_and_whether_it_is_locked():
    article = Article.create("Rain.", published=date(2024, 6, 13), dated_by="byline", locked=True)
    again = Article.from_json(article.to_json())
    assert (again, again.dated_by, again.locked) == (article, "byline", True)


def test_article_without_a_day_is_dated_by_nothing():
    assert Article.create("Rain.", dated_by="byline").dated_by is None


def test_record_from_before_there_were_such_marks_is_read():
    fields = Article.create("Rain.", published=date(2024, 6, 13)).to_dict()
    del fields["dated_by"], fields["locked"]
    assert Article.from_dict(fields).dated_by is None


def test_content_hash_changes_with_a_mark_only():
    plain = Article.create("Rain.", id="a", published=date(2024, 6, 13))
    hashes = {
        replace(plain, dated_by=mark, locked=locked).content_hash
        for mark in (None, "byline")
        for locked in (False, True)
    }
    assert len(hashes) == 4
