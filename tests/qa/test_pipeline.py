"""From a question to a verified answer, over a library with the parts that are the default."""

import asyncio
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda

import qa
from qa import Answer, Article, Statement, Turn, open_pipeline
from qa.asking import Plan
from qa.build import READERS, open_workshop
from qa.compose.extract import ExtractComposer
from qa.compose.verify import verify
from qa.conversation import Rewrite
from qa.errors import LibraryError, ModelError
from qa.library_writer import open_writer
from qa.pipeline import Found, Pipeline, Text
from qa.records import Conflict, Usage
from qa.seams import Composition

SAILORS = "How many sailors died on the Maid of Orlen?"
BRIDGE = "How much will repairs to the Kessel Bridge cost?"
ABSENT = "Who painted the ceiling of the Zanthor Palace?"
ORCHARDS = "What did growers blame for the small harvest?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, ferry, bridge, orchard):
    """A library that no test changes, made as an ingest makes it."""
    from ingest.split import split
    from qa.indexing import drain
    from qa.library_writer import Draft

    folder = tmp_path_factory.mktemp("library")
    articles = (ferry, bridge, orchard)
    with open_workshop(folder, create=True) as shop, open_writer(shop.library) as writer:
        writer.put(Draft(article, tuple(split(article))) for article in articles)
        drain(writer, shop.embedder, shop.index)
    return folder


@pytest.fixture(scope="module")
def pipeline(folder):
    with open_pipeline(folder) as opened:
        yield opened


@pytest.fixture
def changing(make_library, ferry, bridge, monkeypatch):
    """A pipeline over a library that the test may change, and the workshop to do it with."""
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    shop = make_library(ferry, bridge)
    with open_pipeline(shop.library.folder) as opened:
        yield opened, shop


def with_parts(pipeline, **parts):
    """The pipeline with another reader, retriever or composer."""
    kept = {name: getattr(pipeline, name) for name in ("retriever", "reader", "composer")}
    return Pipeline(library=pipeline.library, **{**kept, **parts})


def plain(answer):
    """What does not depend on time."""
    return (answer.short, answer.statements, answer.hits, answer.confidence, answer.reason)


# Answers


@pytest.mark.parametrize(("question", "short"), [(SAILORS, "Nine"), (BRIDGE, "12 million euros")])
def test_question_is_answered(pipeline, question, short):
    answer = pipeline.ask(question)
    assert (answer.short, answer.abstained, answer.reason) == (short, False, "")


@pytest.mark.parametrize("question", [SAILORS, BRIDGE, ORCHARDS])
def test_citations_are_the_article_byte_for_byte(pipeline, question):
    answer = pipeline.ask(question)
    assert answer.citations
    for citation in answer.citations:
        text = pipeline.library.article(citation.article_id).text
        assert text[citation.start : citation.end].encode() == citation.quote.encode()


def test_statements_are_verified(pipeline):
    answer = pipeline.ask(SAILORS)
    assert {statement.support for statement in answer.statements} == {"verified"}


def test_citation_says_where_it_stands(pipeline, ferry):
    (citation, *_) = pipeline.ask(SAILORS).citations
    known = (citation.article_id, citation.url, citation.title, citation.source, citation.published)
    assert known == ("ferry", ferry.url, ferry.title, ferry.source, ferry.published)


def test_absent_fact_is_abstained_from(pipeline):
    answer = pipeline.ask(ABSENT)
    assert (answer.abstained, answer.short, answer.statements) == (True, "", ())
    assert "zanthor" in answer.reason.lower()


def test_reason_tells_how_much_was_searched(pipeline):
    assert pipeline.ask(ABSENT).reason.endswith(
        ". Searched 3 articles from 2021-03-04 to 2023-05-20."
    )


def test_reason_counts_within_the_scope(pipeline):
    reason = pipeline.ask(ABSENT, sources=["gazette"]).reason
    assert "Searched 1 article from 2021-03-04" in reason


def test_abstained_answer_carries_the_nearest_hits(pipeline):
    assert pipeline.ask(ABSENT).hits


def test_empty_library_is_abstained_from(make_library, library_folder):
    make_library()
    with open_pipeline(library_folder) as pipeline:
        answer = pipeline.ask(SAILORS)
    assert (answer.abstained, answer.hits) == (True, ())
    assert "0 articles" in answer.reason


def test_answer_survives_json(pipeline):
    answer = pipeline.ask(SAILORS)
    assert Answer.from_json(answer.to_json()) == answer


def test_trace_tells_each_step(pipeline):
    names = [step.name for step in pipeline.ask(SAILORS).trace]
    assert names == [
        "window", "search by words", "search by meaning", "fuse", "read", "compose and verify",
    ]  # fmt: skip


def test_window_in_the_trace_names_what_was_left_out(pipeline):
    answer = pipeline.ask(
        SAILORS, as_of=date(2024, 1, 1), since=date(2021, 1, 1), sources=["Gazette", "x"]
    )
    assert answer.trace[0].detail == (
        "asked as of 2024-01-01; published from 2021-01-01 to the last; "
        "undated articles left out; only Gazette, x"
    )


def test_time_is_measured(pipeline):
    answer = pipeline.ask(SAILORS)
    assert 0 < sum(step.took_ms for step in answer.trace) <= answer.took_ms * 1.01


# Questions


@pytest.mark.parametrize("question", ["", " \n"])
def test_empty_question_is_a_mistake(pipeline, question):
    with pytest.raises(ValueError, match="empty"):
        pipeline.ask(question)


@pytest.mark.parametrize(
    "question",
    [
        'sailors" OR ( * ^ : {',
        "How many sailors\0 died?",
        "How many sailors died\udce9?",
        "How many sailors died? 🎉 \x1b[31m",
        "死了多少水手？",
        "sailors " * 3000,
        "*** ???",
    ],
    ids=range(7),
)
def test_any_question_gets_an_answer(pipeline, question):
    answer = pipeline.ask(question)
    assert Answer.from_json(answer.to_json()) == answer
    answer.to_json().encode()


# Options


@pytest.mark.parametrize(
    "options",
    [{"since": date(2021, 3, 5)}, {"until": date(2021, 3, 3)}, {"sources": ["courier"]}],
    ids=str,
)
def test_what_is_out_of_scope_is_not_used(pipeline, options):
    answer = pipeline.ask(SAILORS, **options)
    assert answer.abstained
    assert "ferry" not in {hit.passage.article_id for hit in answer.hits}


@pytest.mark.parametrize(
    "options",
    [
        {"since": date(2021, 3, 4), "until": date(2021, 3, 4)},
        {"sources": ["GAZETTE"]},
        {"as_of": date(2023, 6, 1)},
        {"as_of": date(1999, 1, 1)},
    ],
    ids=str,
)
def test_what_is_in_scope_is_used(pipeline, options):
    assert pipeline.ask(SAILORS, **options).short == "Nine"


def test_undated_article_is_found_without_a_window_alone(pipeline):
    assert pipeline.ask(ORCHARDS).citations[0].article_id == "orchard"
    assert pipeline.ask(ORCHARDS, since=date(1900, 1, 1)).abstained


def test_impossible_window_is_a_mistake(pipeline):
    with pytest.raises(ValueError, match="since"):
        pipeline.ask(SAILORS, since=date(2024, 1, 2), until=date(2024, 1, 1))


# Stream and batch


def test_stream_is_hits_then_text_then_the_answer(pipeline):
    first, *texts, last = pipeline.stream(SAILORS)
    assert isinstance(first, Found)
    assert texts
    assert all(isinstance(text, Text) for text in texts)
    assert isinstance(last, Answer)


def test_stream_of_an_abstention_has_no_text(pipeline):
    assert [type(event) for event in pipeline.stream(ABSENT)] == [Found, Answer]


def test_stream_gives_the_answer_that_ask_gives(pipeline):
    *_, last = pipeline.stream(SAILORS)
    assert plain(last) == plain(pipeline.ask(SAILORS))


def test_streamed_text_is_the_text_of_the_answer(pipeline):
    _, *texts, last = pipeline.stream(SAILORS)
    assert " ".join(text.text for text in texts) == last.text


def test_batch_keeps_the_order(pipeline):
    asked = [SAILORS, ABSENT, BRIDGE] * 4
    assert [answer.question for answer in pipeline.batch(asked)] == asked


def test_empty_batch(pipeline):
    assert pipeline.batch([]) == []


def test_threads_give_the_answers_of_one(pipeline):
    asked = [SAILORS, ABSENT, BRIDGE, ORCHARDS] * 16
    alone = {question: plain(pipeline.ask(question)) for question in set(asked)}
    with ThreadPoolExecutor(16) as pool:
        together = list(pool.map(pipeline.ask, asked))
    assert all(plain(answer) == alone[answer.question] for answer in together)


def test_answers_while_articles_come_and_go(changing, store, ferry):
    pipeline, shop = changing
    storm = Article.create("A storm took the roof of the mill. " * 20, id="storm")
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(pipeline.ask, SAILORS) for _ in range(40)]
        for _ in range(3):
            store(shop, storm)
            with open_writer(shop.library) as writer:
                writer.remove("storm")
    assert {answer.result().short for answer in answers} == {"Nine"}


# Articles that change while they are read


@dataclass
class Meddling:
    """Composes as usual after something has happened to the library."""

    happens: object

    def compose(self, question, reading):
        self.happens()
        yield from ExtractComposer().compose(question, reading)


def remove(shop, article_id):
    with open_writer(shop.library) as writer:
        writer.remove(article_id)


def test_citation_of_an_article_removed_meanwhile_is_dropped(changing):
    pipeline, shop = changing
    answer = with_parts(pipeline, composer=Meddling(lambda: remove(shop, "ferry"))).ask(SAILORS)
    assert (answer.abstained, answer.statements, answer.short) == (True, (), "")
    assert "changed while they were read" in answer.reason
    assert any("no longer reads as quoted" in step.detail for step in answer.trace)


def test_citation_of_an_article_changed_meanwhile_is_dropped(changing, store):
    pipeline, shop = changing
    news = Article.create("Ten sailors died off the cape.", id="ferry")
    answer = with_parts(pipeline, composer=Meddling(lambda: store(shop, news))).ask(SAILORS)
    assert answer.abstained


@dataclass
class Saying:
    """Composes what it was told to."""

    composition: Composition

    def compose(self, question, reading):
        yield self.composition


def cited(pipeline, article_id, words):
    article = pipeline.library.article(article_id)
    start = article.text.index(words)
    return article.passage(0, len(article.text)).cite(start, start + len(words))


def test_short_answer_goes_with_the_statement_that_held_it(changing):
    pipeline, _ = changing
    gone = cited(pipeline, "ferry", "Nine sailors died")
    good = cited(pipeline, "bridge", "The bridge reopens in June.")
    said = Composition(
        short="Ten",
        statements=(
            Statement("Ten sailors died", (qa.Citation("ferry", 0, 16, "Ten sailors died"),)),
            Statement(good.quote, (good,)),
        ),
    )
    answer = with_parts(pipeline, composer=Saying(said)).ask("sailors and the bridge reopens")
    assert [statement.text for statement in answer.statements] == [good.quote]
    assert answer.short != "Ten"
    assert gone not in answer.citations


def test_composer_that_says_nothing_is_abstained_from(pipeline):
    class Silent:
        def compose(self, question, reading):
            return iter(())

    answer = with_parts(pipeline, composer=Silent()).ask(SAILORS)
    assert answer.abstained
    assert "no answer" in answer.reason


# Verify


def test_statement_that_is_quoted_is_verified(pipeline):
    citation = cited(pipeline, "ferry", "Nine sailors died")
    ((kept,), faults) = verify(
        (Statement("Nine  sailors\ndied", (citation,)),), pipeline.library.article
    )
    assert (kept.support, faults) == ("verified", [])


def test_statement_in_other_words_is_weak(pipeline):
    citation = cited(pipeline, "ferry", "Nine sailors died")
    ((kept,), _) = verify((Statement("9 dead", (citation,), "verified"),), pipeline.library.article)
    assert kept.support == "weak"


def test_statement_without_citation_is_dropped_and_told(pipeline):
    kept, faults = verify((Statement("Pears are blue."),), pipeline.library.article)
    assert kept == ()
    assert "'Pears are blue.'" in faults[0]


def test_good_citations_stay_when_a_bad_one_goes(pipeline):
    good = cited(pipeline, "ferry", "Nine sailors died")
    bad = qa.Citation("ferry", 0, 4, "Nine")
    ((kept,), faults) = verify(
        (Statement("Nine sailors died", (bad, good)),), pipeline.library.article
    )
    assert kept.citations == (good,)
    assert faults == ["ferry[0:4] no longer reads as quoted"]


# Opening and closing


def test_ask_opens_asks_and_closes(folder):
    assert qa.ask(SAILORS, library=str(folder), as_of=date(2021, 4, 1)).short == "Nine"


def test_no_library_is_an_error(tmp_path):
    with pytest.raises(LibraryError, match="no library in"):
        open_pipeline(tmp_path / "none")


def test_library_of_the_setting_is_the_default(folder, monkeypatch):
    monkeypatch.setenv("QA_LIBRARY", str(folder))
    with open_pipeline() as pipeline:
        assert pipeline.library.folder == folder


def test_number_of_hits_is_a_setting(folder, monkeypatch):
    monkeypatch.setenv("QA_HITS", "1")
    with open_pipeline(folder) as pipeline:
        assert len(pipeline.ask("ferry bridge orchards").hits) == 1


def test_reader_that_cannot_start_is_replaced_and_the_trace_says_so(folder, monkeypatch):
    def broken():
        raise ModelError("the weights are damaged")

    monkeypatch.setitem(READERS, "span", broken)
    with open_pipeline(folder) as pipeline:
        answer = pipeline.ask(SAILORS)
    assert answer.short == "Nine"
    assert "the weights are damaged" in next(
        step.detail for step in answer.trace if step.name == "warning"
    )


def test_conflict_whose_article_changed_meanwhile_is_dropped(changing, ferry, bridge):
    pipeline, _ = changing
    gone = replace(bridge.passage(0, 10).cite(0, 10), article_id="gone")
    sides = tuple(
        Statement("x", (citation,), "verified")
        for citation in (ferry.passage(0, 10).cite(0, 10), gone)
    )
    said = Statement(ferry.text[:10], (ferry.passage(0, 10).cite(0, 10),), "verified")

    class Contentious:
        def compose(self, question, reading):
            yield Composition("", (), (said,), (Conflict(sides, ("a", "b")),))

    answer = with_parts(pipeline, composer=Contentious()).ask(SAILORS)
    assert (answer.conflicts, answer.abstained) == ((), False)
    assert any(step.name == "verify" for step in answer.trace)


def test_what_is_stored_later_is_found(changing, store, orchard):
    pipeline, shop = changing
    assert pipeline.ask(ORCHARDS).abstained
    store(shop, orchard)
    assert "frost" in pipeline.ask(ORCHARDS).text


def test_damaged_index_leaves_the_search_by_words(changing, library_folder):
    pipeline, shop = changing
    shop.index.close()
    for file in (library_folder / "chroma").rglob("*.sqlite3"):
        file.write_bytes(b"x" * 5000)
    answer = pipeline.ask(SAILORS)
    assert answer.short == "Nine"
    assert any("not searched" in step.detail for step in answer.trace)


# LangChain


def test_runnable_is_one(pipeline):
    assert isinstance(pipeline.as_runnable(), Runnable)


def test_runnable_takes_a_question(pipeline):
    assert pipeline.as_runnable().invoke(SAILORS).short == "Nine"


def test_runnable_takes_options(pipeline):
    asked = {"question": SAILORS, "since": date(2022, 1, 1)}
    assert pipeline.as_runnable().invoke(asked).abstained


def test_runnable_batch_keeps_the_order(pipeline):
    answers = pipeline.as_runnable().batch([SAILORS, BRIDGE, ABSENT])
    assert [answer.question for answer in answers] == [SAILORS, BRIDGE, ABSENT]


def test_runnable_streams_the_events(pipeline):
    kinds = [type(event) for event in pipeline.as_runnable().stream(SAILORS)]
    assert kinds == [type(event) for event in pipeline.stream(SAILORS)]


def test_runnable_is_composed_with_a_bar(pipeline):
    chain = RunnableLambda(str.strip) | pipeline.as_runnable() | RunnableLambda(lambda a: a.short)
    assert chain.invoke(f" {SAILORS} ") == "Nine"


def test_runnable_is_called_asynchronously(pipeline):
    assert asyncio.run(pipeline.as_runnable().ainvoke(SAILORS)).short == "Nine"


def test_runnable_streams_asynchronously(pipeline):
    async def events():
        return [event async for event in pipeline.as_runnable().astream(SAILORS)]

    assert isinstance(asyncio.run(events())[-1], Answer)


def test_runnable_tells_its_events(pipeline):
    async def events():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # LangChain calls this interface beta
            return [
                event["event"]
                async for event in pipeline.as_runnable().astream_events(SAILORS, version="v2")
            ]

    told = asyncio.run(events())
    assert told[0] == "on_chain_start"
    assert told[-1] == "on_chain_end"


def test_runnable_passes_errors_on(pipeline):
    with pytest.raises(ValueError, match="empty"):
        pipeline.as_runnable().invoke(" ")


def test_retriever_is_one(pipeline):
    assert isinstance(pipeline.as_retriever(), BaseRetriever)


def test_documents_are_the_articles_at_their_offsets(pipeline):
    documents = pipeline.as_retriever().invoke(SAILORS)
    assert documents
    for document in documents:
        place = document.metadata
        text = pipeline.library.article(place["article_id"]).text
        assert text[place["start"] : place["end"]] == document.page_content


def test_documents_are_told_apart(pipeline):
    documents = pipeline.as_retriever().invoke("ferry bridge orchards")
    assert len({document.id for document in documents}) == len(documents) == 3


def test_document_knows_its_article(pipeline, ferry):
    (document,) = pipeline.as_retriever(1).invoke(SAILORS)
    known = {name: document.metadata[name] for name in ("title", "url", "source", "published")}
    assert known == {
        "title": ferry.title, "url": ferry.url, "source": "Gazette", "published": "2021-03-04",
    }  # fmt: skip


# Follow-ups and parts

CAPTAIN = "Who was the captain of the Maid of Orlen?"


def test_follow_up_is_answered_and_shows_what_was_searched(pipeline):
    first = pipeline.ask("When did the Maid of Orlen sink off Cape Tarrow?")
    answer = pipeline.ask("How many sailors died on it?", history=[Turn.of(first)])
    assert answer.question == "How many sailors died on it?"
    assert answer.rewritten == "How many sailors died on the Maid of Orlen?"
    assert answer.short == "Nine"
    assert answer.trace[0].name == "rewrite"
    assert Answer.from_json(answer.to_json()) == answer


def test_question_that_stands_alone_is_searched_as_without_history(pipeline):
    with_history = pipeline.ask(BRIDGE, history=[Turn(SAILORS, "Nine", "Nine sailors died.")])
    assert plain(with_history) == plain(pipeline.ask(BRIDGE))
    assert with_history.rewritten == ""


def test_single_question_has_the_same_steps_as_ever(pipeline):
    names = [step.name for step in pipeline.ask(SAILORS).trace]
    assert "rewrite" not in names
    assert "part 1" not in names


def test_turn_survives_json(pipeline):
    turn = Turn.of(pipeline.ask(SAILORS))
    assert Turn.from_json(turn.to_json()) == turn
    assert (turn.question, turn.short) == (SAILORS, "Nine")


def test_parts_are_answered_from_their_own_articles(pipeline):
    answer = pipeline.ask(
        "How many sailors died on the Maid of Orlen and how much will repairs to the Kessel "
        "Bridge cost?"
    )
    assert answer.short == "Nine; 12 million euros"
    assert [cited.article_id for cited in answer.citations[:2]] == ["ferry", "bridge"]
    assert {"ferry", "bridge"} <= {hit.passage.article_id for hit in answer.hits}
    assert [step.name for step in answer.trace if step.name.startswith("part")] == [
        "part 1", "part 2",
    ]  # fmt: skip


def test_part_that_is_not_answered_leaves_the_other(pipeline):
    answer = pipeline.ask(
        "How many sailors died on the Maid of Orlen and who painted the ceiling of the Zanthor "
        "Palace?"
    )
    assert (answer.short, answer.abstained) == ("Nine", False)
    assert "Not answered: “Who painted the ceiling of the Zanthor Palace?”" in answer.text


def test_parts_are_found_one_after_the_other(pipeline):
    question = "How many sailors died on the Maid of Orlen and who was its captain?"
    events = [*pipeline.stream(question)]
    assert [type(event) for event in events].count(Found) == 2
    assert type(events[-1]) is Answer


def test_outlets_that_the_library_lacks_leave_the_question_whole(pipeline):
    answer = pipeline.ask("Did the Herald and the Mirror agree on how many sailors died?")
    assert not [step for step in answer.trace if step.name.startswith("part")]


def test_outlets_are_asked_each_for_itself(pipeline):
    answer = pipeline.ask("Did the Gazette and the Courier agree on how many sailors died?")
    (part, *_) = [step for step in answer.trace if step.name == "window"]
    assert part.detail.endswith("only Gazette")


def test_outlets_out_of_scope_are_not_asked(pipeline):
    asked = "Did the Gazette and the Courier agree on how many sailors died?"
    answer = pipeline.ask(asked, sources=["Gazette"])
    assert {hit.passage.source for hit in answer.hits} == {"Gazette"}
    assert not [step for step in answer.trace if step.name.startswith("part")]


def test_outlet_without_an_answer_is_named(pipeline):
    answer = pipeline.ask("Did the Gazette and the Courier agree on how many sailors died?")
    assert "(Courier)” " in answer.reason


def test_other_rewriter_and_splitter_can_be_put_in(pipeline):
    class Shouting:
        def rewrite(self, question, history):
            return Rewrite(SAILORS, "by shouting", Usage(3, 1))

    class Whole:
        def split(self, question):
            return Plan((question,), usage=Usage(4, 1))

    other = with_parts(pipeline, rewriter=Shouting(), splitter=Whole())
    answer = other.ask("And the sailors?", history=[Turn("Who?")])
    assert (answer.short, answer.rewritten) == ("Nine", SAILORS)
    assert answer.usage == Usage(7, 2)


def test_runnable_takes_a_history(pipeline):
    asked = {"question": "How many sailors died on it?", "history": [Turn(CAPTAIN)]}
    assert pipeline.as_runnable().invoke(asked).short == "Nine"
