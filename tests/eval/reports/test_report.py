"""Reports: whole, harmless, and complete."""

import base64
import hashlib
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from eval.metrics.judges import WordsJudge
from eval.metrics.registry import score
from eval.reports.charts import latency_chart, recall_chart
from eval.reports.plain import junit_report, markdown_report
from eval.reports.report import html_report, tags
from eval.runs.run import Item, Run, Setting
from eval.runs.summary import CAUSES, cause, figures, slices
from qa.records.answer import Statement
from qa.records.article import Citation
from qa.records.trace import Usage

SETTING = Setting(gold="g", library="l", judge="words", system="test", options={"reader": "x"})
ATTACK = "</style></script><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202e"


@pytest.fixture
def items(make_gold, make_answer):
    """A right answer, a wrong one, one in the text only, an abstention, and the unanswerable."""
    pairs = [
        (make_gold("right", kind="number"), make_answer()),
        (make_gold("reading"), make_answer(short="all day", text="It rained all day.")),
        (make_gold("composing"), make_answer(short="sailors")),
        (make_gold("retrieval", articles=("gone",)), make_answer()),
        (make_gold("abstained"), make_answer(short="", text="", confidence=0.1)),
        (make_gold("answered", answers=(), articles=()), make_answer()),
        (make_gold("silent", answers=(), articles=()), make_answer(short="", text="")),
    ]
    # An answer that is right, though not from the gold article, is right.
    pairs[3] = (make_gold("retrieval", answers=("eleven",)), make_answer())
    return tuple(Item(gold, answer, score(gold, answer, WordsJudge())) for gold, answer in pairs)


@pytest.fixture
def made(items):
    return Run(SETTING, items)


def test_every_failure_has_its_cause(items):
    assert {item.gold.id: cause(item) for item in items} == {
        **{name: name for name in CAUSES if name not in ("ingest", "gold")},
        "silent": "right",
    }


@pytest.mark.parametrize(("evidence", "why"), [("missing", "ingest"), ("silent", "gold")])
def test_what_nobody_could_have_answered_is_not_the_search_nor_the_reader(items, evidence, why):
    _, reading, *_, answered, _ = items
    assert cause(replace(reading, evidence=evidence)) == why
    assert cause(replace(items[0], evidence=evidence)) == "right"
    assert cause(answered) == "answered"


def test_page_holds_every_question_and_outcome(made):
    page = html_report(made)
    for item in made.items:
        assert f"({item.gold.id})" in page
    assert page.count("<details data-tags") == 7


def test_cited_characters_are_marked_within_their_passage(made):
    assert "<mark>Nine sailors died.</mark> It rained all day." in html_report(made)


def test_each_report_is_said_in_its_own_words(items):
    made = Run(SETTING, items)

    def german_words(text, **values):
        text = "Hauptwerte" if text == "Headline" else text
        return text % values if values else text

    assert "<h2>Headline</h2>" in html_report(made)
    german = html_report(made, say=german_words, language="de")
    assert "<h2>Hauptwerte</h2>" in german
    assert "<h2>Headline</h2>" in html_report(made)


def test_hostile_text_stays_text(made, make_gold, make_answer):
    bad = replace(
        make_answer(),
        short=ATTACK,
        statements=(Statement(ATTACK, (Citation("ferry", 0, len(ATTACK), ATTACK, title=ATTACK),)),),
    )
    page = html_report(Run(SETTING, (Item(make_gold(ATTACK), bad, {"f1": 0.5}),)), title=ATTACK)
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", page)


def test_page_asks_nothing_of_the_network(made):
    page = html_report(made)
    assert not re.search(r"\b(src|href|action|srcset)\s*=\s*[\"']?(https?:)?//", page)
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_only_the_pages_own_script_may_run(made):
    page = html_report(made)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page


def test_filters_find_what_they_name(items):
    found = {item.gold.id: tags(item) for item in items}
    assert found["right"] == []
    assert "misread" in found["reading"]
    assert "notfound" in found["retrieval"]
    assert "unanswerable" in found["answered"]
    assert "abstained" in found["silent"]
    assert "wrong" not in found["silent"]


def test_empty_run_is_a_page():
    assert "0 questions" in html_report(Run(SETTING, ()))


def test_unreviewed_questions_are_told_apart(made, items):
    drafts = tuple(replace(item, gold=replace(item.gold, reviewed=False)) for item in items)
    page = html_report(Run(SETTING, drafts))
    assert "Unreviewed gold (7 questions" in page


# Figures


def test_figures_count_the_questions_they_apply_to(items):
    known = {figure.name: figure for figure in figures(items)}
    assert known["exact_match"].n == 5
    assert known["exact_match"].value == pytest.approx(1 / 5)
    assert known["abstention"].n == 7
    assert known["citation_recall"].n == 5  # not the two that say nothing
    assert known["abstention F1"].value == pytest.approx(2 * 1 / (2 + 2))


def test_effort_is_told_with_its_units(items, make_gold, make_answer):
    known = {figure.name: figure.value for figure in figures(items)}
    assert known["passages read"] == 2
    assert "tokens" not in known  # no chat model was asked
    times = [
        Item(make_gold(str(ms)), replace(make_answer(), took_ms=ms, usage=Usage(90, 10, 0.5)), {})
        for ms in range(1, 102)
    ]
    known = {figure.name: figure.value for figure in figures(times)}
    assert known["milliseconds, median"] == 51
    assert known["milliseconds, 95th percentile"] == 96
    assert (known["tokens"], known["cost (USD)"]) == (100, 0.5)


def test_no_figure_leaves_its_interval(items):
    for figure in figures(items):
        assert figure.low <= figure.value <= figure.high


def test_slices_by_what_is_known(items):
    assert {name: len(part) for name, part in slices(items).items()} == {
        "kind: number": 1,
        "outlet: Gazette": 5,
        "answerable: yes": 5,
        "answerable: no": 2,
    }


# Other forms


def test_failure_shows_what_it_overlooked_with_the_answer_marked(items):
    _, reading, _, retrieval, abstained, *_ = items
    shown = "rank 1 of what was found:</p><blockquote>"
    for item in (reading, abstained):
        page = html_report(Run(SETTING, (item,)))
        assert shown in page
        assert "<mark>Nine</mark> sailors died." in page
    assert shown not in html_report(Run(SETTING, (retrieval, items[0])))


def test_junit_counts_failures_with_their_causes(made):
    suite = ElementTree.fromstring(junit_report(made))
    assert (suite.get("tests"), suite.get("failures")) == ("7", "5")
    assert {failure.get("type") for failure in suite.iter("failure")} == {*CAUSES} - {
        "right",
        "ingest",
        "gold",
    }


def test_junit_survives_hostile_text(make_gold, make_answer):
    item = Item(make_gold(ATTACK), replace(make_answer(), short=ATTACK), {"f1": 0.5})
    ElementTree.fromstring(junit_report(Run(SETTING, (item,))))


def test_markdown_tells_figures_and_outcomes(made):
    text = markdown_report(made, "Demo")
    assert text.startswith("# Demo\n")
    assert "| exact_match | 0.200 |" in text
    assert "| retrieval | 1 |" in text


def labels_of(chart, axis):
    return re.findall(rf'id="{axis}tick_\d+".*?>([−\d.]+)</text>', chart, re.DOTALL)


@pytest.mark.parametrize("took", [[5.0], [5.0, 900.0], [1.0, 1.0, 2.0]])
def test_questions_are_counted_in_whole_numbers(took):
    labels = labels_of(latency_chart(took), "y")
    assert labels == [str(count) for count in range(len(labels))]


@pytest.mark.parametrize("deepest", [1, 2, 3])
def test_passages_are_counted_in_whole_numbers(items, deepest):
    answer = replace(items[0].answer, hits=items[0].answer.hits[:1] * deepest)
    labels = labels_of(recall_chart([replace(items[0], answer=answer)], [1]), "x")
    assert labels == [str(count) for count in range(1, max(deepest, 2) + 1)]
