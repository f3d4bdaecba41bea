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
from qa.build import READERS, open_tools
from qa.chat.markers import marked_text
from qa.compose.extract import ExtractComposer
from qa.errors import ConfigError, LibraryError, ModelError, OutletNotFound
from qa.library.writer import open_writer
from qa.pipeline import Found, Restart, Text
from qa.protocols import Composition
from qa.question.understand import understand
from qa.records.answer import Conflict
from qa.records.conversation import Rewrite
from qa.records.question import Plan
from qa.records.trace import Usage, Window

SAILORS = "How many sailors died on the Maid of Orlen?"
BRIDGE = "How much will repairs to the Kessel Bridge cost?"
ABSENT = "Who painted the ceiling of the Zanthor Palace?"
ORCHARDS = "What did growers blame for the small harvest?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, ferry, bridge, orchard):
    """A library that no test changes, made as an ingest makes it."""
    from ingest.split import split
    from qa.index.sync import drain
    from qa.library.drafts import Draft

    folder = tmp_path_factory.mktemp("library")
    articles = (ferry, bridge, orchard)
    with open_tools(folder, create=True) as tools, open_writer(tools.library) as writer:
        writer.put(Draft(article, tuple(split(article))) for article in articles)
        drain(writer, tools.embedder, tools.index)
    return folder


@pytest.fixture(scope="module")
def pipeline(folder):
    with open_pipeline(folder) as opened:
        yield opened


@pytest.fixture
def changing(make_library, ferry, bridge, monkeypatch):
    """A pipeline over a library that the test may change, and the tools to do it with."""
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    tools = make_library(ferry, bridge)
    with open_pipeline(tools.library.folder) as opened:
        yield opened, tools


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
    assert pipeline.ask(ABSENT).reason == (
        "None of the 3 articles (2 from 4 March 2021 to 20 May 2023, 1 undated) says this. "
        "No article mentions “Zanthor” or “Palace”."
    )


def test_reason_counts_within_the_scope(pipeline):
    reason = pipeline.ask(ABSENT, sources=["gazette"]).reason
    assert reason.startswith("The 1 article, of 4 March 2021, does not say this.")


def test_abstained_answer_carries_the_nearest_hits(pipeline):
    assert pipeline.ask(ABSENT).hits


def test_empty_library_is_abstained_from(make_library, library_folder):
    make_library()
    with open_pipeline(library_folder) as pipeline:
        answers = [pipeline.ask(SAILORS), pipeline.ask(SAILORS, sources=["Gazette"])]
    for answer in answers:
        assert (answer.abstained, answer.hits) == (True, ())
        assert "The library is empty" in answer.reason


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
        SAILORS, as_of=date(2024, 1, 1), since=date(2021, 1, 1), sources=["Gazette", "courier"]
    )
    assert answer.trace[0].detail == (
        "asked as of 2024-01-01; published from 2021-01-01 to the last; "
        "undated articles left out; only Gazette, courier"
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


# Wording


def test_slip_is_mended_and_told(pipeline):
    answer = pipeline.ask("How many sailers died on the Maid of Orlan?")
    assert answer.short == "Nine"
    assert answer.question == "How many sailers died on the Maid of Orlan?"
    assert answer.rewritten == "How many sailors died on the Maid of Orlen?"
    assert answer.trace[0].name == "spelling"
    assert answer.trace[0].detail == f"Searched for “{answer.rewritten}” instead."


def test_abstention_tells_in_which_words_was_searched(pipeline):
    answer = pipeline.ask("Who painted the Kessel Brigde?")
    assert answer.abstained
    assert answer.reason.endswith("Searched for “Who painted the Kessel Bridge?” instead.")


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_capitals_do_not_matter(pipeline, change):
    answer = pipeline.ask(change(SAILORS))
    assert (answer.short, answer.rewritten) == (pipeline.ask(SAILORS).short, "")


@pytest.mark.parametrize("asked", ["Xyzzyq?", "the Quorvex and the Plimbar"])
def test_nothing_is_told_of_what_no_article_names(pipeline, asked):
    answer = pipeline.ask(asked)
    assert answer.abstained or answer.kind == "greeting"


@pytest.mark.parametrize("asked", ["ferry", "ferry disaster", "Maid of Orlen"])
def test_keywords_are_asked_of_the_articles(pipeline, asked):
    answer = pipeline.ask(asked)
    assert "ferry" in {citation.article_id for citation in answer.citations}


def test_question_in_a_pasted_text_is_answered(pipeline):
    story = "The harbour office met on Monday and spoke of many things for hours. " * 60
    answer = pipeline.ask(f"{story}{SAILORS} Thank you.")
    assert answer.short == "Nine"


def test_question_in_another_language_is_told_so(make_library, ferry, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    tools = make_library(replace(ferry, language="en"))
    with open_pipeline(tools.library.folder) as opened:
        answer = opened.ask("Wie viele Matrosen starben auf der Maid of Orlen?")
    assert answer.abstained
    assert answer.reason.startswith("Die Artikel sind auf Englisch, die Frage ist auf Deutsch.")


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
    kept = pipeline.ask(ORCHARDS, since=date(1900, 1, 1), undated=True)
    assert kept.citations[0].article_id == "orchard"
    assert "undated articles kept" in kept.trace[0].detail


@pytest.mark.parametrize("sources", [["Gazete"], ["Courier", "Gazete"], ["", "Gazete"]])
def test_outlet_without_an_article_is_named_with_those_there_are(pipeline, sources):
    with pytest.raises(OutletNotFound, match=r"'Gazete'; there are Gazette, Courier$"):
        pipeline.ask(SAILORS, sources=sources)


def test_articles_of_an_unknown_outlet_can_be_chosen(pipeline):
    answer = pipeline.ask(ORCHARDS, sources=["", "Gazette"])
    assert answer.citations[0].article_id == "orchard"
    assert "only unknown outlet, Gazette" in answer.trace[0].detail
    assert pipeline.ask(ORCHARDS, sources=["Gazette"]).abstained


def test_impossible_window_is_a_mistake(pipeline):
    with pytest.raises(ValueError, match="since"):
        pipeline.ask(SAILORS, since=date(2024, 1, 2), until=date(2024, 1, 1))


# Windows


def test_window_of_the_question_is_shown(pipeline):
    answer = pipeline.ask(f"{SAILORS[:-1]} in March 2021?", as_of=date(2024, 1, 1))
    assert answer.window == Window(date(2021, 3, 1), date(2021, 3, 31), said="in March 2021")
    assert answer.trace[0].detail == (
        "asked as of 2024-01-01; “in March 2021” taken as 2021-03-01 to 2021-03-31; "
        "articles in or near it preferred; undated articles kept"
    )


def test_question_without_days_has_no_window(pipeline):
    assert pipeline.ask(SAILORS).window is None


def test_day_of_an_event_does_not_lose_the_article_that_tells_of_it(pipeline):
    assert pipeline.ask("In 1998, how many sailors died on the Maid of Orlen?").short == "Nine"


def test_articles_of_the_window_come_first(make_library, monkeypatch):
    monkeypatch.setenv("QA_EMBEDDER", "hashing")
    years = [
        Article.create(f"The harbour festival drew {year} visitors.", id=str(year),
                       published=date(year, 7, 1))
        for year in (2015, 2017, 2019)
    ]  # fmt: skip
    tools = make_library(*years)
    with open_pipeline(tools.library.folder) as opened:
        for year in (2015, 2017, 2019):
            asked = understand(f"How many visitors did the harbour festival draw in July {year}?")
            assert opened.search(asked).hits[0].passage.article_id == str(year)
            ignored = understand("How many visitors did the harbour festival draw in it?")
            assert len(opened.search(asked).hits) == len(opened.search(ignored).hits) == 3


def test_strict_window_leaves_out_other_days_and_keeps_undated_articles(pipeline):
    answer = pipeline.ask("Only articles from 2023: what did growers blame for the small harvest?")
    assert {hit.passage.article_id for hit in answer.hits} == {"bridge", "orchard"}
    assert (answer.citations[0].article_id, answer.window.only) == ("orchard", True)


def test_abstention_within_a_strict_window_names_it(pipeline):
    answer = pipeline.ask(f"Only articles from 2023: {SAILORS}")
    assert answer.abstained
    assert answer.reason.startswith(
        "None of the 2 articles (1 of 20 May 2023, 1 undated) says this. "
        "The search was limited by “Only articles from 2023”."
    )


def test_strict_window_that_may_be_of_the_event_is_widened_when_nothing_in_it_answers(pipeline):
    asked = "How many sailors died between 1998 and 2002 on the Maid of Orlen?"
    events = [*pipeline.stream(asked)]
    assert [type(event) for event in events[:2]] == [Found, Found]
    assert "ferry" not in {hit.passage.article_id for hit in events[0].hits}
    answer = events[-1]
    assert (answer.short, answer.window.strict) == ("Nine", False)
    details = [step.detail for step in answer.trace if step.name == "window"]
    assert "nothing in it answers, so it is a preference only" in details


def test_scope_without_any_article_is_named_as_the_reason(pipeline):
    answer = pipeline.ask(SAILORS, since=date(2099, 1, 1))
    assert answer.abstained
    assert answer.reason == "No article is of the days and outlets to be searched."


def test_window_of_the_caller_takes_the_place_of_the_question(pipeline):
    asked = "How many sailors died on the Maid of Orlen between 1998 and 2002?"
    answer = pipeline.ask(asked, since=date(2021, 1, 1))
    assert (answer.short, answer.window) == ("Nine", Window(date(2021, 1, 1), None, True, "", True))


def test_window_can_be_switched_off(pipeline):
    asked = "How many sailors died on the Maid of Orlen between 1998 and 2002?"
    answer = pipeline.ask(asked, window=False)
    assert (answer.short, answer.window) == ("Nine", None)
    assert all(step.detail != "" and "taken as" not in step.detail for step in answer.trace)


def test_day_that_the_question_names_is_the_day_it_is_asked_as_of(pipeline):
    answer = pipeline.ask("As of 5 March 2021, how many sailors died?", as_of=date(2024, 1, 1))
    assert answer.trace[0].detail.startswith("asked as of 2021-03-05; “As of 5 March 2021” taken")
    assert answer.window.until == date(2021, 3, 5)


def test_timeline_puts_the_day_in_front_and_leaves_the_short_answer(pipeline):
    plain_one, ordered = pipeline.ask(SAILORS), pipeline.ask(SAILORS, timeline=True)
    assert ordered.statements[0].text == f"2021-03-04: {plain_one.statements[0].text}"
    assert ordered.statements[0].support == "verified"
    assert (ordered.short, ordered.citations) == (plain_one.short, plain_one.citations)


def test_timeline_is_in_the_order_of_days(pipeline):
    quotes = [("bridge", "The bridge reopens in June."), ("ferry", "Nine sailors died")]
    said = tuple(Statement(words, (cited(pipeline, name, words),)) for name, words in quotes)
    opened = pipeline.with_parts(composer=Saying(Composition(short="Nine", statements=said)))
    answer = opened.ask("How did it happen?", timeline=True)
    assert answer.text == "2021-03-04: Nine sailors died 2023-05-20: The bridge reopens in June."
    assert opened.ask("How did it happen?").text == "The bridge reopens in June. Nine sailors died"
    assert answer.short == "Nine"


def test_citation_of_an_article_that_changed_says_when(changing, store, ferry):
    opened, tools = changing
    newer = replace(ferry, text=f"{ferry.text} A fund was opened.", updated=date(2021, 3, 9))
    store(tools, newer)
    citation = opened.ask(SAILORS).citations[0]
    assert citation.corrected == date(2021, 3, 9)
    assert newer.text[citation.start : citation.end] == citation.quote


def test_citation_of_an_article_as_it_appeared_says_nothing(pipeline):
    assert [citation.corrected for citation in pipeline.ask(SAILORS).citations] == [None]


# Stream and batch


def test_question_of_one_part_is_understood_once(pipeline, monkeypatch):
    reader = type(pipeline.parts.reader)
    texts, states = [], reader.states
    monkeypatch.setattr(
        reader, "states", lambda self, text: (texts.append(text), states(self, text))[1]
    )
    assert pipeline.ask(SAILORS).short
    assert texts == [SAILORS]


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
    assert "".join(text.text for text in texts) == last.text


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
    pipeline, tools = changing
    storm = Article.create("A storm took the roof of the mill. " * 20, id="storm")
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(pipeline.ask, SAILORS) for _ in range(40)]
        for _ in range(3):
            store(tools, storm)
            with open_writer(tools.library) as writer:
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


def remove(tools, article_id):
    with open_writer(tools.library) as writer:
        writer.remove(article_id)


def test_citation_of_an_article_removed_meanwhile_is_dropped(changing):
    pipeline, tools = changing
    answer = pipeline.with_parts(composer=Meddling(lambda: remove(tools, "ferry"))).ask(SAILORS)
    assert (answer.abstained, answer.statements, answer.short) == (True, (), "")
    assert "changed while they were read" in answer.reason
    assert any("no longer reads as quoted" in step.detail for step in answer.trace)


def test_citation_of_an_article_changed_meanwhile_is_dropped(changing, store):
    pipeline, tools = changing
    news = Article.create("Ten sailors died off the cape.", id="ferry")
    answer = pipeline.with_parts(composer=Meddling(lambda: store(tools, news))).ask(SAILORS)
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
    answer = pipeline.with_parts(composer=Saying(said)).ask("sailors and the bridge reopens")
    assert [statement.text for statement in answer.statements] == [good.quote]
    assert answer.short != "Ten"
    assert gone not in answer.citations


def test_composer_that_says_nothing_is_abstained_from(pipeline):
    class Silent:
        def compose(self, question, reading):
            return iter(())

    answer = pipeline.with_parts(composer=Silent()).ask(SAILORS)
    assert answer.abstained
    assert "no answer" in answer.reason


# Proof


def stating(text, *words):
    """A composer that says this, citing these words of the ferry article."""

    class Stating:
        def compose(self, question, reading):
            passage = reading.hits[0].passage
            start = passage.start + passage.text.index(words[0])
            cited = passage.cite(start, start + len(words[0]))
            yield Composition("", (), (Statement(text, (cited,)),))

    return Stating()


def test_statement_of_a_composer_is_narrowed_and_judged(pipeline):
    whole = "The ferry Maid of Orlen sank off Cape Tarrow on 3 March 2021. Nine sailors died"
    answer = pipeline.with_parts(composer=stating("Nine sailors died.", whole)).ask(SAILORS)
    assert [citation.quote for citation in answer.citations] == ["Nine sailors died"]
    assert answer.statements[0].support == "verified"


def test_unsupported_statement_is_dropped_and_the_trace_says_so(pipeline):
    answer = pipeline.with_parts(composer=stating("Ten sailors died.", "Nine sailors died")).ask(
        SAILORS
    )
    assert answer.abstained
    assert any("no Ten" in step.detail for step in answer.trace if step.name == "verify")


def test_quotations_answer_when_nothing_of_what_was_composed_is_supported(pipeline):
    composer = stating("Ten sailors died.", "Nine sailors died")
    opened = pipeline.with_parts(composer=composer, fallback=ExtractComposer())
    *events, answer = opened.stream(SAILORS)
    assert "Nine sailors died" in answer.text
    assert "Ten" not in answer.text
    assert any(isinstance(event, Restart) for event in events)
    assert [step.name for step in answer.trace if "answered by quotations" in step.detail] == [
        "chat"
    ]
    assert any("no Ten" in step.detail for step in answer.trace if step.name == "verify")


def test_unsupported_statement_is_kept_and_marked_when_the_setting_says_so(folder, monkeypatch):
    monkeypatch.setenv("QA_UNSUPPORTED", "flag")
    with open_pipeline(folder) as opened:
        stated = stating("Ten sailors died.", "Nine sailors died")
        answer = opened.with_parts(composer=stated).ask(SAILORS)
    assert answer.statements[0].support == "unsupported"
    assert marked_text(answer) == "Ten sailors died. [unsupported]"


def test_setting_that_is_unknown_is_an_error(folder, monkeypatch):
    monkeypatch.setenv("QA_UNSUPPORTED", "burn")
    with pytest.raises(ConfigError, match="QA_UNSUPPORTED is 'burn'"):
        open_pipeline(folder)


def test_judge_that_cannot_be_made_is_an_error(folder, monkeypatch):
    monkeypatch.setenv("QA_JUDGE", "nonsense:model")
    with pytest.raises(ConfigError, match="the chat model 'nonsense:model' cannot be used"):
        open_pipeline(folder)


def test_judge_takes_away_what_it_does_not_find_supported(pipeline):
    class No:
        name = "no"

        def supports(self, statement, quotes):
            return False

    composer = stating("Nine sailors of the ferry died.", "Nine sailors died")
    assert pipeline.with_parts(composer=composer, judge=No()).ask(SAILORS).abstained
    assert not pipeline.with_parts(composer=composer).ask(SAILORS).abstained


def test_extracts_come_out_of_the_proof_as_they_went_in(pipeline):
    made = []

    class Watching:
        def compose(self, question, reading):
            for part in ExtractComposer().compose(question, reading):
                if isinstance(part, Composition):
                    made.append(part)
                yield part

    for asked in (SAILORS, BRIDGE, ORCHARDS):
        answer = pipeline.with_parts(composer=Watching()).ask(asked)
        # The proof adds no more than that the evidence answers.
        assert [replace(each, support="quoted") for each in answer.statements] == [
            *made[-1].statements
        ]


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

    answer = pipeline.with_parts(composer=Contentious()).ask(SAILORS)
    assert (answer.conflicts, answer.abstained) == ((), False)
    assert any(step.name == "verify" for step in answer.trace)


def test_what_is_stored_later_is_found(changing, store, orchard):
    pipeline, tools = changing
    assert pipeline.ask(ORCHARDS).abstained
    store(tools, orchard)
    assert "frost" in pipeline.ask(ORCHARDS).text


def test_damaged_index_leaves_the_search_by_words(changing, library_folder):
    pipeline, tools = changing
    tools.index.close()
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
    first, second = (event.text for event in events if isinstance(event, Text))
    assert (first[:1], second[:1]) == (first.strip()[:1], " ")


def test_outlets_that_the_library_lacks_leave_the_question_whole(pipeline):
    answer = pipeline.ask("Did the Herald and the Mirror agree on how many sailors died?")
    assert not [step for step in answer.trace if step.name.startswith("part")]


def test_outlets_are_asked_each_for_itself(pipeline):
    answer = pipeline.ask("Did the Gazette and the Courier agree on how many sailors died?")
    (part, *_) = [step for step in answer.trace if step.name == "window"]
    assert part.detail.endswith("only Gazette")


def test_where_no_outlet_is_named_all_are_asked_at_once(pipeline):
    answer = pipeline.ask("Do the papers agree on how many sailors died on the Maid of Orlen?")
    assert answer.short == "Nine"
    assert not [step for step in answer.trace if step.name.startswith("part")]


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

    other = pipeline.with_parts(rewriter=Shouting(), splitter=Whole())
    answer = other.ask("And the sailors?", history=[Turn("Who?")])
    assert (answer.short, answer.rewritten) == ("Nine", SAILORS)
    assert answer.usage == Usage(7, 2)


def test_question_before_may_be_typed_without_capitals(pipeline):
    before = Turn("how many sailors died on the maid of orlen", "Nine")
    answer = pipeline.ask("Where did it sink?", history=[before])
    assert answer.rewritten == "Where did the Maid of Orlen sink?"


def test_runnable_takes_a_history(pipeline):
    asked = {"question": "How many sailors died on it?", "history": [Turn(CAPTAIN)]}
    assert pipeline.as_runnable().invoke(asked).short == "Nine"
