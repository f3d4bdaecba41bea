"""Conversations as files."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from markdown_it import MarkdownIt

from qa.language.cleaning import one_line
from qa.library.conversations import Conversation, Exchange
from qa.records.answer import Answer, Conflict, Hit, Statement
from qa.records.article import Article, Passage
from qa.records.question import Scope
from qa.records.trace import Step, Window
from ui.html.export import as_csv, as_json, as_markdown, as_text
from ui.html.plain_text import escape_controls

NOW = datetime(2024, 6, 13, tzinfo=UTC)
TALK = Conversation("c0ffee", "The *ferry*", NOW, NOW)


def test_markdown_has_a_footnote_for_each_article_with_its_quotations(ferry, make_answer):
    said = [Exchange(1, make_answer(ferry, 0, 61)), Exchange(2, make_answer(ferry, 62, 111))]
    lines = as_markdown(TALK, said).splitlines()
    assert lines[0] == "# The \\*ferry\\*"
    assert "Nine sailors died and 41 passengers were rescued.[^1]" in lines
    notes = [line for line in lines if line.startswith("[^")]
    assert notes == [
        "[^1]: Gazette, 2021-03-04: Ferry lost off Cape Tarrow: "
        "“The ferry Maid of Orlen sank off Cape Tarrow on 3 March 2021.” (characters 0 to 61), "
        "“Nine sailors died and 41 passengers were rescued.” (characters 62 to 111) "
        "<https://gazette.example/ferry>"
    ]


def test_articles_of_one_address_are_sources_of_their_own(ferry, make_answer):
    other = replace(ferry, id="other")
    said = [Exchange(1, make_answer(ferry, 0, 61)), Exchange(2, make_answer(other, 0, 61))]
    assert [line[:5] for line in as_markdown(TALK, said).splitlines()[-2:]] == ["[^1]:", "[^2]:"]
    assert [line[:4] for line in as_text(TALK, said).splitlines()[-2:]] == ["[1] ", "[2] "]


def test_markdown_of_an_abstention_is_its_reason(ferry, make_answer):
    answer = make_answer(ferry, statements=(), abstained=True, reason="Nothing found.")
    assert "Nothing found." in as_markdown(TALK, [Exchange(1, answer)])


def test_markup_of_an_article_is_text_in_markdown(hostile, make_answer):
    written = as_markdown(TALK, [Exchange(1, make_answer(hostile))])
    assert "<script>" not in written
    assert "<img" not in written


def test_text_has_each_source_once_with_its_address(ferry, make_answer):
    answer = make_answer(ferry, 0, 61)
    twice = replace(answer, statements=answer.statements * 2)
    lines = as_text(TALK, [Exchange(1, twice)]).splitlines()
    assert lines[0] == answer.question
    assert [line for line in lines if line.endswith(" [1]")] == [f"{ferry.text[:61]} [1]"] * 2
    assert lines[-1].startswith("[1] Gazette, 2021-03-04: Ferry lost off Cape Tarrow: “The ferry")
    assert lines[-1].endswith("” https://gazette.example/ferry")


def test_text_of_a_hostile_article_has_no_address_and_no_control(hostile, make_answer):
    text = as_text(TALK, [Exchange(1, make_answer(hostile))])
    assert "javascript:" not in text
    assert "\u202e" not in text


def test_json_is_the_records(ferry, make_answer):
    exchange = Exchange(1, make_answer(ferry))
    data = json.loads(as_json(TALK, [exchange]))
    assert data["title"] == TALK.title
    assert Exchange.from_dict(data["exchanges"][0]) == exchange


def test_csv_has_a_line_for_each_citation(ferry, make_answer):
    (row,) = csv.DictReader(io.StringIO(as_csv(TALK, [Exchange(1, make_answer(ferry, 0, 9))])))
    assert row["quote"] == "The ferry"
    assert (row["start"], row["end"], row["support"]) == ("0", "9", "verified")


def test_question_without_an_answer_has_a_line_with_its_limits(ferry, make_answer):
    answer = make_answer(ferry, statements=(), abstained=True, short="", reason="Nothing found.")
    scope = Scope(date(2030, 1, 1), None, ("Gazette", "Post"))
    said = [Exchange(1, answer, scope)]
    (row,) = csv.DictReader(io.StringIO(as_csv(TALK, said)))
    assert (row["question"], row["reason"], row["quote"]) == (answer.question, "Nothing found.", "")
    assert (row["since"], row["until"], row["sources"]) == ("2030-01-01", "", "Gazette; Post")
    assert "*From 2030-01-01, only Gazette, Post*" in as_markdown(TALK, said).splitlines()


def test_limits_of_every_kind_are_told_in_every_form(ferry, make_answer):
    window = Window(date(2021, 3, 1), date(2021, 3, 4), strict=True, said="from 1 to 4 March")
    scope = Scope(date(2021, 1, 1), date(2021, 12, 31), ("", "Gazette"), True, ("Ferries",))
    said = [Exchange(1, make_answer(ferry, window=window), scope)]
    told = (
        "From 2021-01-01, until 2021-12-31, undated too, only unknown outlet, Gazette, in Ferries, "
        "only: 2021-03-01 to 2021-03-04 (“from 1 to 4 March”)"
    )
    assert f"*{told}*" in as_markdown(TALK, said).splitlines()
    assert as_text(TALK, said).splitlines()[:3] == [said[0].answer.question, "", told]
    (row,) = csv.DictReader(io.StringIO(as_csv(TALK, said)))
    assert (row["until"], row["undated"], row["collections"]) == ("2021-12-31", "yes", "Ferries")
    assert row["days_named"] == "“from 1 to 4 March” taken as 2021-03-01 to 2021-03-04"
    assert json.loads(as_json(TALK, said))["exchanges"][0]["scope"]["collections"] == ["Ferries"]
    preferred = [Exchange(1, make_answer(ferry, window=replace(window, strict=False)))]
    assert "\nPreferred: 2021-03-01 to" in as_text(TALK, preferred)


def test_short_answer_and_what_was_searched_are_told(ferry, make_answer):
    answer = make_answer(ferry, short="nine", rewritten="How many sailors died?", confidence=0.7)
    said = [Exchange(1, answer)]
    lines = as_markdown(TALK, said).splitlines()
    assert "**nine** (70% sure)" in lines
    assert "*Searched as “How many sailors died?”*" in lines
    (row,) = csv.DictReader(io.StringIO(as_csv(TALK, said)))
    assert (row["answer"], row["confidence"]) == ("nine", "0.70")
    assert row["searched_as"] == "How many sailors died?"


def test_no_cell_is_a_formula(make_answer):
    article = Article.create("=HYPERLINK(1) is what it wrote.", title="+1")
    (row,) = csv.DictReader(io.StringIO(as_csv(TALK, [Exchange(1, make_answer(article))])))
    assert row["quote"].startswith("'=")
    assert row["title"] == "'+1"


MARKDOWN_ATTACKS = [
    "![x](https://evil.example/p.png)",
    "[click](https://evil.example/)",
    "[click][1]\n\n[1]: https://evil.example/",
    "<https://evil.example/>",
    "<img src=https://evil.example/p.png>",
    "<script>alert(1)</script>",
    "<!-- x --> <b>",
    "a>![x](https://evil.example/p.png)",
    "`code` ``more``",
    "```\nfence",
    "~~~ fence",
    "# heading",
    "heading\n===",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "> quoted",
    "    indented",
    "* * *",
    "---",
    "| a | b |\n|---|---|\n| c | d |",
    "&lt;b&gt; &#60;i&#62; &amp;lt;",
    "\\[x](https://evil.example/)",
    "\\\\![x](https://evil.example/)",
    "*a* **b** _c_ __d__ ~~e~~",
    "[^1]: https://evil.example/",
    "[^1]",
    "https://evil.example/ www.evil.example ftp://evil.example a@evil.example",
    "mailto:a@evil.example",
    "$\\href{javascript:alert(1)}{x}$",
    "javascript:alert(1)",
    "a\u2028# b\x85# c\x0b# d\x0c# e\r# f",
    ":::note",
]
ADDRESS_ATTACKS = [
    "https://gazette.example/a>![x](https://evil.example/p.png)",
    "https://gazette.example/a> <img src=https://evil.example/p.png>",
    "https://gazette.example/a b",
    "https://gazette.example/a\nb",
    "https://gazette.example/<https://evil.example/>",
    "https://gazette.example/`a`\\",
    "https://gazette.example@evil.example/",
    "https://gazette.example\\@evil.example/",
    "javascript:alert(1)",
    "JAVASCRIPT://gazette.example/%0aalert(1)",
    "data:text/html,<script>",
    "//evil.example/",
    "https://",
    "https://gazette.example/[x](https://evil.example)",
    "https://gazette.example/\u202egpj.exe",
    "https://gazette.example/\ud800",
]


def attacked(text, url="https://gazette.example/ferry"):
    """A conversation that holds the text wherever a conversation can hold one."""
    passage = Passage("a", 0, len(text), text, title=text, source=text, url=url)
    cited = passage.cite(0, len(text))
    statement = Statement(text, (cited,), "verified")
    answer = Answer(
        question=text,
        rewritten=text,
        short=text,
        statements=(statement,),
        conflicts=(Conflict((statement, replace(statement, text=f"{text} "))),),
        hits=(Hit(passage, 1.0),),
        confidence=0.5,
        abstained=False,
        reason=text,
        trace=(Step("read", text, 1.0),),
    )
    scope = Scope(None, None, (text,))
    return Conversation("c0ffee", text, NOW, NOW), [Exchange(1, answer, scope)]


def tokens(markdown):
    """What a parser makes of it, with strike-through and tables, inner tokens included."""
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        yield token
        yield from token.children or ()


OWN = {
    "inline", "text", "softbreak", "heading_open", "heading_close", "paragraph_open",
    "paragraph_close", "em_open", "em_close", "strong_open", "strong_close", "link_open",
    "link_close", "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
    "text_special",
}  # fmt: skip


@pytest.mark.parametrize("attack", MARKDOWN_ATTACKS)
def test_no_text_is_markup_in_markdown(attack):
    written = as_markdown(*attacked(attack))
    plain = as_markdown(*attacked("words"))
    kinds = [token.type for token in tokens(written)]
    assert set(kinds) <= OWN
    # As many headings, lists and links as with harmless words, and every link to the article.
    for kind in ("heading_open", "bullet_list_open", "list_item_open", "link_open"):
        assert kinds.count(kind) == [token.type for token in tokens(plain)].count(kind), kind
    addresses = {t.attrGet("href") for t in tokens(written) if t.type == "link_open"}
    assert addresses == {"https://gazette.example/ferry"}
    # What some dialects make links of by themselves is broken up.
    own = written.replace("<https://gazette.example/ferry>", "")
    assert not re.search(r"(?i)\b(https?|ftp|mailto):|\bwww\.|(?<!\\)@", own)


@pytest.mark.parametrize("attack", MARKDOWN_ATTACKS)
def test_text_reads_in_markdown_as_it_was(attack):
    written = as_markdown(*attacked(attack))
    heading = next(token for token in tokens(written) if token.type == "inline")
    shown = "".join(child.content for child in heading.children)
    assert shown.split() == escape_controls(one_line(attack)).split()


@pytest.mark.parametrize("url", ADDRESS_ATTACKS)
def test_address_of_an_article_leads_to_its_host_or_nowhere(url):
    written = as_markdown(*attacked("words", url))
    kinds = {token.type for token in tokens(written)}
    assert kinds <= OWN
    for token in tokens(written):
        if token.type == "link_open":
            assert urlsplit(token.attrGet("href")).hostname == "gazette.example"


CSV_ATTACKS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "\r=1", "  =1", "\uff1d1", "\uff0b1", "\uff0d1",
    "\uff201", "a;=1", "a; =1", "a\t=1", "a\n=1", "=cmd|' /C calc'!A0", '=HYPERLINK("https://e")',
    '"=1"', "'=1", "a,=1", "a\r\n=1",
]  # fmt: skip


@pytest.mark.parametrize("attack", CSV_ATTACKS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_is_a_formula_however_the_file_is_cut(attack, delimiter):
    written = as_csv(*attacked(attack))
    for row in csv.reader(io.StringIO(written), delimiter=delimiter):
        for cell in row:
            assert cell.lstrip()[:1] not in {*"=+-@\uff1d\uff0b\uff0d\uff20"} - {""}, cell
            assert not cell.startswith(("\t", "\r"))


def test_harmless_cells_stay_as_they_are(ferry, make_answer):
    written = as_csv(TALK, [Exchange(1, make_answer(ferry))])
    assert ferry.text in [cell for row in csv.reader(io.StringIO(written)) for cell in row]
    assert "'" not in written
