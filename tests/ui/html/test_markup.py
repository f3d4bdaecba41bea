"""What comes from articles is data: it stays text, and opens nothing but pages."""

import ast
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.records.article import Article
from ui.html.markup import article_link, hide_paths, original_link, remote_words, web_address


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScript:alert(1)", " javascript:alert(1)", "data:text/html,x",
        "vbscript:x", "file:///etc/passwd", "//evil.example/x", "https:", "http://[", "", None,
    ],
)  # fmt: skip
def test_address_that_opens_no_page_is_dropped(url):
    assert web_address(url) == ""


@given(st.text(max_size=40))
def test_link_to_an_article_carries_any_id(id_):
    asked = parse_qs(urlsplit(article_link(id_)).query, keep_blank_values=True)
    assert asked["id"] == [id_.encode("utf-8", "replace").decode()]


def cited(words, url="https://gazette.example/ferry#top"):
    return Article.create(words, url=url).passage(0, len(words)).cite(0, len(words))


def test_original_is_opened_at_the_quoted_words():
    link = original_link(cited("Nine sailors died."))
    assert link == "https://gazette.example/ferry#:~:text=Nine%20sailors%20died."


def test_long_quotation_is_named_by_its_ends():
    words = "The ferry Maid of Orlen sank off Cape Tarrow on a well-known, cold day"
    fragment = original_link(cited(words)).partition("#:~:text=")[2]
    first, last = fragment.split(",")
    assert unquote(first) == "The ferry Maid of Orlen"
    # A comma, a hyphen or an ampersand would be read as part of the fragment's grammar.
    assert last == "on%20a%20well%2Dknown%2C%20cold%20day"


def test_article_without_an_address_has_no_original():
    assert original_link(cited("Nine sailors died.", url=None)) == ""


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("/srv/qa/gold.jsonl, line 1: bad", "…/gold.jsonl, line 1: bad"),
        ("no such file: '/srv/my data/a b.txt'", "no such file: '…/a b.txt'"),
        ('cannot open "/srv/my data/a.txt"', 'cannot open "…/a.txt"'),
        (
            "writing to the library /data/my library; wait",
            "writing to the library …/my library; wait",
        ),
        ("[Errno 2] No such file: '/srv/tmpab12/0/x.pdf'", "[Errno 2] No such file: '…/x.pdf'"),
        ("(/proc/self/environ)", "(…/environ)"),
        ("/data/my library/runs/x.json is none", "…/x.json is none"),
        ("see https://a.example/x/y and a/b, 3/4", "see https://a.example/x/y and a/b, 3/4"),
        ("no article with the id 'a/b'", "no article with the id 'a/b'"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_paths_are_shown_by_their_last_part(words, shown):
    assert hide_paths(words, Path("/data/my library"), Path("/")) == shown


@pytest.mark.parametrize(
    "url",
    ["https://good.example@evil.example/", "https://a:b@evil.example/", "https://a.example\\@b/",
     "https://a.example/\n", "https://a.exa\nmple/", "https:///x", "https://<b>/", "https://a b/"],
)  # fmt: skip
def test_address_that_deceives_is_none(url):
    assert web_address(url) == ""


@pytest.mark.parametrize(
    "url", ["https://a.example:8080/x?y=1#z", "http://[::1]:80/", "https://łódź.example/a b"]
)
def test_address_that_is_plain_stays(url):
    assert web_address(url) == url


ROOT = Path(__file__).parents[3]
COMMAND = re.compile(r"`article-qa [a-z]|QA_[A-Z]|--follow")


def texts_of(file):
    """What a module may say, with a value in each gap."""
    tree = ast.parse(file.read_text("utf-8"))
    parts = {id(each) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.Expr)
             for each in (*getattr(node, "values", ()), getattr(node, "value", None))}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(getattr(each, "value", "")) if isinstance(each, ast.Constant) else "7"
                          for each in node.values)  # fmt: skip
        elif isinstance(getattr(node, "value", None), str) and id(node) not in parts:
            yield node.value


def test_ways_out_of_the_command_line_are_told_to_nobody_who_has_none():
    files = [file for folder in ("qa", "ingest") for file in (ROOT / folder).rglob("*.py")]
    said = {text for file in files for text in texts_of(file) if COMMAND.search(text)}
    assert len(said) > 30
    assert {text for text in said if COMMAND.search(remote_words(text))} == set()
    tools = {remote_words(text, place="tools") for text in said}
    assert {text for text in tools if COMMAND.search(text) or "/api/" in text} == set()


def test_ways_out_that_a_screen_has_are_named():
    told = remote_words("the index is damaged; run `article-qa doctor --repair`, which mends it")
    assert told == "the index is damaged; run the repair in the library, which mends it"
    unknown = "no article with the id 'x'; `article-qa list` shows them all"
    assert remote_words(unknown).endswith("the library (GET /api/articles) shows them all")
    assert remote_words(unknown, place="tools").endswith("; search_articles gives their ids")
    spent = remote_words("QA_CHAT_BUDGET_DAY is 2 dollars, of which 1.9 are spent")
    assert "(see the settings) is 2 dollars" in spent
