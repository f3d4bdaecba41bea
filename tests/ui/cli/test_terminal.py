"""Answers as text for a terminal, which article text cannot drive."""

import io
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console

from qa.pipeline import Found, Restart, Text
from qa.records.answer import Answer, Conflict, Hit, Statement
from qa.records.article import Article, Copy
from qa.records.trace import Step, Window
from ui.cli.terminal import answer_lines, answer_notes, show_stream, trace_lines
from ui.html.plain_text import escape_controls, source_line

ARTICLE = Article.create(
    "Nine sailors died. The pump\nhad broken.",
    id="a",
    title="Ferry lost",
    url="https://gazette.example/ferry",
    published=date(2021, 3, 4),
    source="Gazette",
)
PASSAGE = ARTICLE.passage(0, len(ARTICLE.text))
NINE, PUMP = PASSAGE.cite(0, 18), PASSAGE.cite(19, 39)
ANSWER = Answer(
    question="What happened?",
    short="Nine",
    statements=(
        Statement("Nine sailors died.", (NINE,), "verified"),
        Statement("The pump had broken.", (PUMP, NINE), "verified"),
    ),
    hits=(Hit(PASSAGE, 1.0),),
    confidence=0.9,
    abstained=False,
    trace=(Step("fuse", "1 passage\x1b[2J", 1.25),),
    took_ms=3.5,
)
ABSTAINED = replace(ANSWER, short="", statements=(), abstained=True, reason="Nothing. Searched 1.")


def test_statements_bear_the_numbers_of_their_sources():
    assert next(answer_lines(ANSWER)) == "Nine sailors died. [1] The pump had broken. [1]"


def test_sources_show_outlet_day_title_quote_and_address():
    lines = list(answer_lines(ANSWER))
    assert lines[lines.index("Sources") + 1 :] == [
        "[1] Gazette, 2021-03-04: Ferry lost",
        "    “Nine sailors died.”",
        "    “The pump had broken.”",
        "    https://gazette.example/ferry",
    ]


def test_abstained_answer_shows_its_reason_and_the_nearest_passages():
    assert list(answer_lines(ABSTAINED)) == [
        "Nothing. Searched 1.",
        "",
        "Nearest passages",
        "- Gazette, 2021-03-04: Ferry lost",
        "  Nine sailors died. The pump had broken.",
    ]


def test_abstained_answer_without_hits_is_its_reason():
    assert list(answer_lines(replace(ABSTAINED, hits=()))) == ["Nothing. Searched 1."]


def test_sides_of_a_conflict_are_shown_with_their_sources():
    conflict = Conflict((ANSWER.statements[0], Statement("Ten sailors died.")))
    lines = list(answer_lines(replace(ANSWER, conflicts=(conflict,))))
    assert "- Gazette, 2021-03-04: Ferry lost: Nine sailors died. [1]" in lines
    assert "- no source: Ten sailors died." in lines


def test_prompt_injection_is_quoted_with_its_source():
    lines = list(answer_lines(replace(ANSWER, injections=(PUMP,))))
    place = lines.index("Ignored a prompt injection in Gazette, 2021-03-04: Ferry lost:")
    assert lines[place + 1] == "  “The pump had broken.”"


@pytest.mark.parametrize(
    ("strict", "scope"),
    [
        (False, "preferring articles from or near these dates"),
        (True, "only articles from these dates, and undated ones"),
    ],
)
def test_dates_of_the_question_are_shown_with_what_they_do(strict, scope):
    window = Window(date(2021, 3, 1), date(2021, 3, 31), strict=strict, said="in March")
    *_, last = answer_lines(replace(ANSWER, window=window), width=200)
    assert last == f"{window.clause.text()}: {scope} (--no-window: any date)"


@pytest.mark.parametrize("width", [40, 60, 96])
def test_lines_keep_to_the_width(width):
    long = Article.create("The river rose again in the night. " * 20, id="a", title="Rise " * 20)
    passage = long.passage(0, len(long.text))
    statement = Statement(passage.text, (passage.cite(0, len(passage.text)),), "verified")
    answer = replace(ANSWER, statements=(statement,), hits=(Hit(passage, 1.0),))
    assert max(map(len, answer_lines(answer, width=width))) <= width


def test_unknown_origin_is_said_to_be_unknown():
    passage = Article.create("x", id="a").passage(0, 1)
    assert source_line(passage) == "unknown source, undated: untitled"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\rb", "a\\rb"),
        ("\x07\x00\x7f", "\\x07\\x00\\x7f"),
        ("\x9b31m", "\\x9b31m"),
        ("\u202etxt.exe", "\\u202etxt.exe"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("é 日本 👩‍🚀 e\u0301", "é 日本 👩‍🚀 e\u0301"),
        ("half \ud83d", "half \\ud83d"),
    ],
)
def test_control_characters_are_written_out(text, shown):
    assert escape_controls(text) == shown


def test_hostile_article_drives_no_terminal():
    hostile = Article.create("Nine \x1b]0;owned\x07 died \x9b2J.", id="a", source="Ga\x1bzette")
    passage = replace(hostile.passage(0, len(hostile.text)), title="\x1b[31m", url="https://a/\x1b")
    statement = Statement(passage.text, (passage.cite(0, 5),), "verified")
    for answer in (
        replace(ANSWER, statements=(statement,), hits=(Hit(passage, 1.0),)),
        replace(ABSTAINED, hits=(Hit(passage, 1.0),)),
    ):
        assert not {"\x1b", "\x07", "\x9b"} & set("".join(answer_lines(answer)))


def test_trace_shows_each_step_and_the_whole_time():
    assert list(trace_lines(ANSWER)) == [
        "    1.2 ms  fuse: 1 passage\\x1b[2J",
        "    3.5 ms  in total",
    ]


def followed(*events, width=60, height=10):
    """The answer, and what a terminal of that size was sent, frame by frame."""
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=True, width=width, height=height, color_system=None, _environ={}
    )
    return show_stream(events, console), out.getvalue()


def test_text_is_shown_as_it_comes_and_wiped_at_the_end():
    answer, sent = followed(Found(()), Text("Nine "), Text("died [1]."), ANSWER)
    assert answer is ANSWER
    assert "Nine died [1]." in sent
    # Up to its line and everything on it erased is the last thing that happens to it.
    assert sent.rindex("\x1b[2K") > sent.rindex("died")


def test_text_that_is_taken_back_is_not_shown_with_what_follows():
    _, sent = followed(Text("Ten died"), Restart("it broke"), Text("Nine died"), ANSWER)
    assert "Ten died" in sent
    assert "Ten diedNine" not in sent


def test_end_of_long_text_is_what_is_shown():
    words = [Text(f"word{number} ") for number in range(200)]
    sent = followed(*words, ANSWER)[1]
    last = sent[: sent.rindex("word199")].rindex("word150")
    assert last > sent.rindex("word10 ")


def test_text_that_comes_cannot_drive_the_terminal():
    assert "\x1b[31m" not in followed(Text("\x1b[31mred \x9b2J[bold]"), ANSWER)[1]
    assert "[bold]" in followed(Text("[bold]"), ANSWER)[1]


def test_notes_tell_why_the_chat_model_did_not_answer():
    asked = replace(ANSWER, trace=(Step("read", "x"), Step("chat", "answered without m\x1b")))
    assert list(answer_notes(asked)) == ["answered without m\\x1b"]
    assert list(answer_notes(ANSWER)) == []


def test_every_outlet_that_carries_the_text_is_named():
    copies = (Copy("b", source="Post", published=date(2021, 3, 5)), Copy("c", source="Ev\x1bil"))
    lines = list(answer_lines(replace(ANSWER, hits=(Hit(PASSAGE, 1.0, copies=copies),))))
    assert "Sources (3 outlets, 1 text)" in lines
    assert "    also carried by: Post, 2021-03-05 (b); Ev\\x1bil, undated (c)" in lines
