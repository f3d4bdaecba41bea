"""Edits of what a source stated: kept, indexed, and what becomes of them when it comes again."""

from dataclasses import replace
from datetime import date

import pytest

from ingest.split import split
from qa.errors import ArticleNotFound
from qa.index.sync import drain
from qa.library.curation.edits import edit_articles, edits_of
from qa.library.drafts import Draft
from qa.library.integrity import damaged_articles
from qa.library.writer import open_writer
from qa.records.question import Scope


def edit(tools, *ids, editor="", **changes):
    with open_writer(tools.library) as writer:
        changed = edit_articles(writer, ids, changes, editor=editor)
        drain(writer, tools.embedder, tools.index)
    return changed


def again(tools, article, origin="/n/news.jsonl:1"):
    """As an ingest of the same source takes it in."""
    with open_writer(tools.library) as writer:
        known = tools.library.is_current(article)
        passages = () if known else tuple(split(article))
        (outcome,) = writer.put([Draft(article, passages, origin)])
        drain(writer, tools.embedder, tools.index)
    return outcome


@pytest.fixture
def tools(make_library, ferry):
    opened = make_library()
    again(opened, ferry)
    return opened


def test_edit_is_shown_searched_and_kept_with_its_history(tools, ferry):
    (changed,) = edit(
        tools, "ferry", editor="ada", title="Maid of Orlen is lost", published="2021-03-05"
    )
    article = tools.library.article("ferry")
    assert (article.title, article.published) == ("Maid of Orlen is lost", date(2021, 3, 5))
    assert (article.text, article.version) == (ferry.text, 1) == (changed.text, changed.version)
    # By its words and by its day.
    matches = tools.library.words().search(["orlen"], 5, Scope(since=date(2021, 3, 5)))
    assert len(matches) == tools.library.counts()["passages"]
    assert not tools.library.words().having("lost off Cape", place="title")
    assert {entry.published for entry in tools.index.entries().values()} == {20210305}
    title, day = edits_of(tools.library, "ferry")
    assert (title.stated, title.value, title.editor) == (ferry.title, article.title, "ada")
    assert (day.earlier, day.value, day.state) == ("2021-03-04", "2021-03-05", "valid")
    assert damaged_articles(tools.library) == []


def test_edit_survives_the_same_source(tools, ferry):
    edit(tools, "ferry", source="The Gazette", author="Ilse Moor")
    assert again(tools, ferry) == "unchanged"
    newer = replace(ferry, text=f"{ferry.text} The wreck was found.")
    assert again(tools, newer) == "updated"
    article = tools.library.article("ferry")
    assert (article.source, article.author, article.version) == ("The Gazette", "Ilse Moor", 2)
    assert [each.state for each in edits_of(tools.library, "ferry")] == ["valid", "valid"]


def test_source_that_changes_the_field_takes_its_place(tools, ferry):
    edit(tools, "ferry", title="Maid of Orlen is lost", author="Ilse Moor")
    assert again(tools, replace(ferry, title="Inquiry into ferry")) == "updated"
    article = tools.library.article("ferry")
    assert (article.title, article.author) == ("Inquiry into ferry", "Ilse Moor")
    states = {each.field: each.state for each in edits_of(tools.library, "ferry")}
    assert states == {"title": "the source changed it", "author": "valid"}


def test_source_that_states_what_was_edited_changes_nothing(tools, ferry):
    edit(tools, "ferry", title="Maid of Orlen is lost")
    corrected = replace(ferry, title="Maid of Orlen is lost")
    assert again(tools, corrected) == "unchanged"
    assert tools.library.passages_of("ferry")
    # The source says it now: another change of it counts.
    assert again(tools, replace(ferry, title="Inquiry into ferry")) == "updated"
    assert tools.library.article("ferry").title == "Inquiry into ferry"


def test_edited_article_is_known_again_by_title_and_day(make_library, ferry):
    tools = make_library()
    nameless = replace(ferry, id="7", url=None)
    again(tools, nameless)
    edit(tools, "7", title="Lost", published=None)
    newer = replace(nameless, id="8", text=f"{ferry.text} More is known now.")
    assert again(tools, newer, origin="/n/news.jsonl:2") == "updated"
    assert tools.library.counts()["articles"] == 1
    assert tools.library.article("7").title == "Lost"


def test_edit_is_taken_back_by_the_value_before(tools, ferry):
    edit(tools, "ferry", title="Lost")
    edit(tools, "ferry", title=ferry.title)
    assert [each.state for each in edits_of(tools.library, "ferry")] == [
        "edited again",
        "taken back",
    ]
    assert again(tools, replace(ferry, title="Inquiry into ferry")) == "updated"


def test_many_are_edited_at_once_or_none(make_library, ferry, bridge):
    tools = make_library(ferry, bridge)
    assert len(edit(tools, "ferry", "bridge", author="Ilse Moor")) == 2
    with pytest.raises(ArticleNotFound):
        edit(tools, "ferry", "nobody", author="Somebody")
    assert tools.library.article("ferry").author == "Ilse Moor"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "Other."}, "'text' cannot be edited"),
        ({"title": " "}, "needs a title"),
        ({"published": "in May"}, "'in May' is no day"),
        ({"author": "x" * 501}, "at most 500"),
    ],
)
def test_what_cannot_be_is_refused(tools, changes, reason):
    with pytest.raises(ValueError, match=reason):
        edit(tools, "ferry", **changes)


def test_history_goes_with_the_article(tools):
    edit(tools, "ferry", title="Lost")
    with open_writer(tools.library) as writer:
        writer.remove("ferry")
    assert edits_of(tools.library, "ferry") == []
