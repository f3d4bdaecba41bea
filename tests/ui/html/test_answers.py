"""Answers as HTML: what is in them, and that nothing of an article gets out of its place."""

from dataclasses import replace
from datetime import date
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from qa.library.conversations import Exchange
from qa.pipeline import Found
from qa.records.answer import Answer, Conflict, Hit, Statement
from qa.records.article import Article, Copy
from qa.records.clauses import clause, number_clause
from qa.records.question import Scope
from qa.records.trace import Step, Window
from tests.ui.reading import read
from ui.html.answers import exchange_html, pending_html, thread_html
from ui.locales.wording import speaking


def shown(answer, **more):
    return exchange_html(Exchange(1, answer, **more), "c0ffee")


def test_marker_leads_to_its_card_and_to_the_exact_characters(ferry, make_answer):
    html = shown(make_answer(ferry, 0, 61))
    reader = read(html)
    marks = [attributes for tag, attributes in reader.opened if attributes.get("class") == "cite"]
    assert [mark["data-card"] for mark in marks] == ["q1-s1"]
    assert "start=0&end=61&" in marks[0]["href"]
    assert "q1-s1" in reader.ids
    assert marks[0]["aria-describedby"] in reader.ids


def test_card_names_outlet_date_title_and_support(ferry, make_answer):
    said = read(shown(make_answer(ferry))).said
    assert "Gazette · 4 Mar 2021" in said
    assert "Ferry lost off Cape Tarrow" in said
    assert "✓ verified" in said


def test_weak_statement_says_so_in_a_word(ferry, make_answer):
    answer = make_answer(ferry)
    weak = replace(answer.statements[0], support="weak")
    assert read(shown(replace(answer, statements=(weak,)))).said.count("◐ weak") == 3


def test_what_the_record_says_is_marked_as_such(ferry, make_answer):
    answer = make_answer(ferry)
    record = replace(answer.statements[0], support="recorded")
    assert read(shown(replace(answer, statements=(record,)))).said.count("▤ recorded") == 3


def test_marks_of_an_answer_are_explained_below_it(ferry, make_answer):
    answer = make_answer(ferry)
    weak = replace(answer.statements[0], support="weak")
    said = read(shown(replace(answer, statements=(weak,)))).said
    assert "What the marks mean◐ weakthe quotation says this only in part" in said
    assert "answers the question" not in said
    nothing = replace(answer, statements=(), short="", abstained=True, reason="Nothing.")
    assert "What the marks mean" not in read(shown(nothing)).said


def test_what_is_unknown_is_said_to_be(orchard, make_answer):
    said = read(shown(make_answer(orchard))).said
    assert "Unknown source · undated" in said
    assert "Original" not in said


def test_conflict_shows_both_sides_with_their_sources(ferry, bridge, make_answer):
    one, other = make_answer(ferry).statements[0], make_answer(bridge).statements[0]
    hits = (*make_answer(ferry).hits, *make_answer(bridge).hits)
    answer = replace(
        make_answer(ferry), hits=hits, conflicts=(Conflict((one, other), ("nine", "twelve")),)
    )
    said = read(shown(answer)).said
    assert "The articles differ" in said
    assert "nine Gazette" in said
    assert "twelve Courier" in said


def test_abstention_says_what_was_searched_and_calls_the_nearest_so(ferry, make_answer):
    answer = make_answer(
        ferry, statements=(), abstained=True, reason="Nothing. Searched 3 articles."
    )
    reader = read(shown(answer))
    assert "Nothing. Searched 3 articles." in reader.said
    assert "Nearest passages, not an answer" in reader.said
    assert "cite" not in {attributes.get("class") for _, attributes in reader.opened}


def test_what_was_searched_is_told_with_times(ferry, make_answer):
    said = read(shown(make_answer(ferry))).said
    assert "search by words1 passage2 ms" in said


def test_window_and_outlets_are_chips_that_ask_again(ferry, make_answer):
    scope = Scope(date(2021, 1, 1), date(2021, 12, 31), ("Gazette",))
    reader = read(shown(make_answer(ferry), scope=scope))
    assert "From 1 Jan 2021Until 31 Dec 2021Gazette" in reader.said
    again = [attributes for _, attributes in reader.opened if "data-again" in attributes]
    assert '"since": "2021-01-01"' in again[0]["data-again"]


def test_days_in_the_question_are_a_chip_that_can_be_changed(ferry, make_answer):
    window = Window(date(2021, 3, 1), date(2021, 3, 31), said="in March 2021")
    reader = read(shown(make_answer(ferry, window=window)))
    assert "Preferred: 1 Mar 2021 to 31 Mar 2021 (“in March 2021”)All outlets" in reader.said
    again = [attributes for _, attributes in reader.opened if "data-again" in attributes]
    assert '"since": "2021-03-01", "until": "2021-03-31"' in again[0]["data-again"]
    strict = replace(window, strict=True)
    assert "Only: 1 Mar 2021" in read(shown(make_answer(ferry, window=strict))).said


def test_follow_up_shows_the_question_that_was_searched(ferry, make_answer):
    said = read(shown(make_answer(ferry, rewritten="How many died on the ferry?"))).said
    assert "Searched as: How many died on the ferry?" in said
    assert "Searched as" not in read(shown(make_answer(ferry))).said


def test_part_that_is_left_open_is_told(ferry, make_answer):
    said = read(shown(make_answer(ferry, reason="Not answered: “Who won?”"))).said
    assert "Not answered: “Who won?”" in said


def test_card_names_who_else_carries_the_text_and_when_it_was_corrected(ferry, make_answer):
    answer = make_answer(ferry)
    hit = replace(answer.hits[0], copies=(Copy("twin", source="Post"),))
    cited = replace(answer.citations[0], corrected=date(2021, 3, 9))
    statement = replace(answer.statements[0], citations=(cited,))
    reader = read(shown(replace(answer, hits=(hit,), statements=(statement,))))
    assert "2 outlets, 1 text" in reader.said
    assert "Also carried by Post" in reader.said
    assert "Corrected on 9 March 2021" in reader.said
    assert "article?id=twin" in [attributes.get("href") for _, attributes in reader.opened]


def test_prompt_injections_are_shown_and_lead_to_their_place(hostile, make_answer):
    passage = hostile.passage(0, len(hostile.text))
    reader = read(shown(make_answer(hostile, injections=(passage.cite(0, 40),))))
    assert "Ignored 1 prompt injection in the articles" in reader.said
    assert {"script", "img"}.isdisjoint(tag for tag, _ in reader.opened)


def test_question_under_way_shows_what_was_found(ferry, make_answer):
    found = Found(make_answer(ferry).hits)
    assert "Reading 1 passage of 1 article" in read(pending_html("Who?", found)).said
    assert "So far" in read(pending_html("Who?", found, "So far")).said


def test_conversation_keeps_its_order(ferry, make_answer):
    said = [Exchange(n, make_answer(ferry, question=f"Question {n}?")) for n in (1, 2)]
    html = thread_html(said, "c0ffee")
    assert html.index("Question 1?") < html.index("Question 2?")
    assert thread_html([], "") == ""


def plain_answer(words):
    """An answer in which every text is ``words``."""
    article = Article(id=words, title=words, text=words, source=words, url=words, author=words)
    cited = article.passage(0, len(words)).cite(0, len(words))
    said = Statement(words, (cited,), "weak")
    hits = (Hit(article.passage(0, len(words)), 1.0),)
    return Answer(
        words, words, (said,), hits, 0.5, False, conflicts=(Conflict((said, said), (words, words)),)
    )


HARMLESS = plain_answer("Nine sailors died")


# No carriage return: an HTML parser reads it as a line feed.
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_no_text_of_an_article_changes_the_structure_of_the_page(words):
    expected = [tag for tag, _ in read(shown(HARMLESS)).opened]
    # A last full stop, or equal words, hide the short answer; it is the statement here anyway.
    found = read(shown(plain_answer(words)))
    assert [tag for tag, _ in found.opened] == expected
    assert all(not name.startswith("on") for _, held in found.opened for name in held)


def test_attack_is_shown_and_not_obeyed(hostile, make_answer):
    html = shown(
        make_answer(hostile, question=hostile.title), scope=Scope(sources=(hostile.source,))
    )
    reader = read(html)
    assert not {"script", "img", "textarea"} & {tag for tag, _ in reader.opened}
    assert not any((held.get("href") or "").startswith("javascript") for _, held in reader.opened)
    assert "<script>alert(2)</script>" in unescape(html)
    assert "\u202e" not in html


def test_abstention_under_a_limit_says_so_and_offers_to_look_everywhere(make_answer, ferry):
    abstained = replace(
        make_answer(ferry), abstained=True, statements=(), short="", reason="Nothing found."
    )
    offer = "Only a part of the library was searched ("
    days = Window(date(2021, 3, 1), date(2021, 3, 4), strict=True, said="only in March", only=True)
    limited = [
        shown(abstained, scope=Scope(until=date(2021, 3, 4))),
        shown(abstained, scope=Scope(sources=("Gazette",))),
        shown(abstained, scope=Scope(collections=("Ferries",))),
        shown(replace(abstained, window=days)),
    ]
    for html in limited:
        assert offer in read(html).said
        assert "data-everywhere" in html
    with speaking("de"):
        scope = Scope(date(2021, 3, 1), sources=("Gazette", ""), collections=("Ferries",))
        said = read(shown(abstained, scope=scope)).said
    assert "durchsucht (ab 01.03.2021, nur Gazette, unbekanntes Medium, in Ferries)" in said
    # Days that the question names are no longer heeded, days that were set are taken away.
    assert ["data-all-days" in html for html in limited] == [False, False, False, True]
    set_days = Window(date(2021, 3, 1), strict=True, only=True)
    answer = replace(abstained, window=set_days)
    assert "data-all-days" not in shown(answer, scope=Scope(date(2021, 3, 1)))
    for html in (shown(abstained), shown(make_answer(ferry), scope=Scope(sources=("Gazette",)))):
        assert offer not in read(html).said


def test_abstention_is_no_part_to_who_may_read_no_more(make_answer, ferry):
    abstained = replace(
        make_answer(ferry), abstained=True, statements=(), short="", reason="Nothing found."
    )
    said = Exchange(1, abstained, Scope(collections=("Ferries",)))
    assert "data-everywhere" not in exchange_html(said, "c0ffee", ["Ferries"])
    assert "data-everywhere" in exchange_html(said, "c0ffee", ["Ferries", "Weather"])


def test_limits_are_there_for_paper(ferry, make_answer):
    scope = Scope(date(2021, 1, 1), sources=("Gazette",))
    assert '<p class="soft on-paper">From 1 Jan 2021, only Gazette</p>' in shown(
        make_answer(ferry), scope=scope
    )
    assert "on-paper" not in shown(make_answer(ferry))


def test_quotations_of_one_article_are_one_source(ferry, make_answer):
    answer, more = make_answer(ferry, 0, 61), make_answer(ferry, 62, 111)
    weak = replace(more.statements[0], support="weak")
    reader = read(shown(replace(answer, statements=(*answer.statements, weak))))
    marks = [held for _, held in reader.opened if held.get("class") == "cite"]
    assert [mark["data-card"] for mark in marks] == ["q1-s1", "q1-s1"]
    assert [mark["aria-describedby"] for mark in marks] == ["q1-s1-quote", "q1-s1-quote-2"]
    assert {mark["aria-describedby"] for mark in marks} <= set(reader.ids)
    assert ["start=0&" in mark["href"] for mark in marks] == [True, False]
    assert "1 source" in reader.said
    # Each quotation has the mark of how it supports what was said.
    assert reader.said.index("✓ verified") < reader.said.rindex("◐ weak")


def test_days_and_steps_are_told_in_the_language_of_the_page(ferry, make_answer):
    window = Window(date(2021, 3, 1), date(2021, 3, 31), said="in March 2021")
    steps = (
        Step.of("window", clause("asked as of %(day)s", day=date(2021, 4, 1)), window.clause),
        Step.of("search by words", number_clause("%(num)s passage", "%(num)s passages", 1200)),
        Step("chat", "as an earlier version kept it"),
    )
    answer = make_answer(ferry, window=window, trace=steps)
    with speaking("de"):
        said = read(shown(answer)).said
    assert "01.03.2021 bis 31.03.2021 („in March 2021“)" in said
    assert "gefragt mit Stand 01.04.2021; „in March 2021“ verstanden als 01.03.2021 bis" in said
    assert "Suche nach Wörtern1.200 Textstellen" in said
    assert "as an earlier version kept it" in said


def test_why_a_chat_model_did_not_answer_is_told_in_the_language_of_the_page(ferry, make_answer):
    why = clause("the server knows no %(model)s; check QA_CHAT (%(words)s)", model="m", words="404")
    step = Step.because("chat", clause("answered without %(model)s", model="m"), why)
    with speaking("de"):
        said = read(shown(make_answer(ferry, trace=(step,)))).said
    told = "ohne m beantwortet; der Server kennt kein m; prüfen Sie den Namen in den Einstellungen"
    assert said.count(told) == 2
    assert step.detail == "answered without m: the server knows no m; check QA_CHAT (404)"


def test_reason_is_told_in_the_language_of_the_page(ferry, make_answer):
    reasons = (
        number_clause(
            "The %(num)s article, of %(day)s, does not say this",
            "None of the %(num)s articles of %(day)s says this",
            2,
            day=date(2021, 3, 4),
        ),
        clause("The nearest says: “%(sentence)s”", sentence="It cost 100%. <b>"),
    )
    answer = replace(
        make_answer(ferry),
        short="",
        statements=(),
        conflicts=(),
        abstained=True,
        reason="None of the 2 articles of 4 March 2021 says this.",
        reason_clauses=reasons,
    )
    with speaking("de"):
        said = read(shown(answer)).said
    assert (
        "Keiner der 2 Artikel vom 4. März 2021 sagt das. Am nächsten kommt: „It cost 100%" in said
    )
    with speaking("de"):
        earlier = read(shown(replace(answer, reason_clauses=()))).said
    assert "None of the 2 articles of 4 March 2021 says this." in earlier
