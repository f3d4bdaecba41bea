"""The list of conversations, and one of them for others to read."""

from datetime import UTC, datetime, timedelta, timezone

from qa.library.conversations import Conversation, Exchange
from tests.ui.conftest import ATTACK
from tests.ui.reading import read
from ui.html.conversations import conversations_html, shared_page

NOW = datetime(2024, 6, 13, 1, 0, tzinfo=UTC)


def conversation(hours_ago, title="Ferries"):
    changed = NOW - timedelta(hours=hours_ago)
    return Conversation("c0ffee", title, changed, changed)


def headings(html):
    return [line for line in ("Today", "Yesterday", "1 June 2024") if f"<h3>{line}</h3>" in html]


def test_conversations_stand_under_their_days():
    ages = [0, 2, 12 * 24]
    html = conversations_html([conversation(each) for each in ages], NOW)
    assert headings(html) == ["Today", "Yesterday", "1 June 2024"]


def test_days_are_those_of_whoever_reads():
    west = NOW.astimezone(timezone(timedelta(hours=-5)))
    assert headings(conversations_html([conversation(0), conversation(2)], west)) == ["Today"]


def test_nothing_kept_and_nothing_matching_are_told_apart():
    assert "kept here" in conversations_html([], NOW)
    assert "has these words" in conversations_html([], NOW, searched=True)


def test_hostile_title_is_text():
    reader = read(conversations_html([conversation(0, ATTACK)], NOW))
    assert {"img", "script"}.isdisjoint(tag for tag, _ in reader.opened)


def test_page_for_others_has_the_answer_and_nothing_to_press(hostile, make_answer):
    reader = read(shared_page(conversation(0, ATTACK), [Exchange(1, make_answer(hostile))]))
    tags = {tag for tag, _ in reader.opened}
    assert {"img", "button", "form"}.isdisjoint(tags)
    assert "sank off Cape Tarrow" in reader.said
    assert not any((held.get("href") or "").startswith("javascript") for _, held in reader.opened)
