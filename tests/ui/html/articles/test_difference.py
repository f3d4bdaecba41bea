"""What differs between two states of a text."""

from hypothesis import given
from hypothesis import strategies as st

from ui.html.articles.difference import difference

WORDS = st.lists(st.sampled_from(["rain. ", "The ", "ferry ", "sank.\n\n", "Nine ", "é"])).map(
    "".join
)


def side(runs, other):
    return "".join(run.text for run in runs if run.kind != other)


@given(WORDS, WORDS)
def test_runs_make_both_texts(old, new):
    runs = difference(old, new)
    if old == new:
        assert runs == []
    elif not any(run.omitted for run in runs):
        assert side(runs, "added") == old
        assert side(runs, "removed") == new


def test_changed_words_are_shown_within_their_sentence():
    old = "The ferry sank on Monday. Nine sailors died in the storm. Divers search."
    new = "The ferry sank on Monday. Eleven sailors died in the storm. Divers search."
    changes = [(run.kind, run.text) for run in difference(old, new) if run.kind != "same"]
    assert changes == [("removed", "Nine "), ("added", "Eleven ")]


def test_another_sentence_is_shown_whole():
    old, new = "It rained. Bees sleep at night.", "It rained. Owls hunt without any sound, too."
    changes = [run.text for run in difference(old, new) if run.kind != "same"]
    assert changes == ["Bees sleep at night.", "Owls hunt without any sound, too."]


def test_what_is_unchanged_is_cut_short():
    same = "The lake of Quillmere froze in January. " * 50
    runs = difference(f"{same}It rained. {same}", f"{same}It snowed. {same}")
    assert [run.omitted > 1000 for run in runs if run.omitted] == [True, True]
    assert sum(len(run.text) for run in runs) < 800


def test_text_made_to_be_slow_is_shown_as_replaced():
    old = "a. " * 20_000
    runs = difference(f"Begin. {old}", f"{old}End.")
    assert {run.kind for run in runs} <= {"same", "added", "removed"}
