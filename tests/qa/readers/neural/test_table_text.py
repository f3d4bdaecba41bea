"""Tables in words: only what a question names, each character of it a character of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.readers.neural.table_text import cell_around, table_rows

DAMAGE = """The flood reached four districts.

| District | Homes flooded | Damage (million euros) | Reopening of the school |
|---|:-:|---|---|
| Millside | 212 | 4.1 | 18 March |
| Old Harbour | 87 | 2.6 | 11 March |
| Saint Anne | | 0.7 | 6 March |

The mayor said so."""
# As pages and documents have it: no line sets the header apart.
BARE = """Race | Winner | Club
Single sculls | Maren Oltmann | Tarn
Double sculls | Ada Pohl | Lakeside"""


def shown(question, text=DAMAGE):
    return [row.text for row in table_rows(question, text)[1]]


@pytest.mark.parametrize(
    ("question", "text", "rows"),
    [
        (
            "How many homes were flooded in Old Harbour?",
            DAMAGE,
            ["District: Old Harbour; Homes flooded: 87."],
        ),
        (
            "When does the school of Millside open?",
            DAMAGE,
            ["District: Millside; Reopening of the school: 18 March."],
        ),
        # A cell that is empty has nothing to say.
        (
            "What of Saint Anne?",
            DAMAGE,
            [
                "District: Saint Anne; Damage (million euros): 0.7; "
                "Reopening of the school: 6 March."
            ],
        ),
        ("Who won the single sculls?", BARE, ["Race: Single sculls; Winner: Maren Oltmann."]),
        # Words that no other row has all of name it, too.
        ("Which club is Pohl in?", BARE, ["Winner: Ada Pohl; Club: Lakeside."]),
        ("Who won the Northern Harbour prize?", DAMAGE, []),
        # Not of the table, or of each row of it.
        ("How many homes were flooded in Northgate?", DAMAGE, []),
        ("Who won the quadruple sculls?", BARE, []),
        # No table: one row, figures in the first, rows of other sizes.
        ("What of Old Harbour?", "District | Homes | Days\nOld Harbour | 87 | 3", []),
        ("What of b?", "a | 1 | c\nb | 2 | d\ne | 3 | f", []),
        ("What of b?", "a | b\nc | d", []),
        ("What of b?", "x | y | z\nb | c\nd | e", []),
        ("What of b?", "a|\n|\n||\n", []),
    ],
)
def test_rows_are_those_that_the_question_names(question, text, rows):
    assert shown(question, text) == rows


def test_rest_keeps_its_places_and_loses_the_rows():
    rest, _ = table_rows("Who?", DAMAGE)
    assert len(rest) == len(DAMAGE)
    assert rest.index("The mayor") == DAMAGE.index("The mayor")
    assert "Homes flooded" in rest
    assert "Millside" not in rest


CELLS = st.text(st.characters(exclude_characters="|", codec="utf-8"), max_size=12)


@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=3, max_size=5),
    asked=st.text(max_size=20),
    above=st.text(max_size=30),
)
def test_each_character_is_one_of_the_text_or_was_added(rows, asked, above):
    text = f"{above}\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows)
    rest, found = table_rows(" ".join([asked, *rows[-1]]), text)
    assert len(rest) == len(text)
    assert all(one in (other, " ") for one, other in zip(rest, text, strict=True))
    for row in found:
        assert [*row.places] == sorted(row.places)
        for place, is_added in enumerate(row.labels):
            start, end = row.original(place, place + 1)
            assert (end == start) is is_added
            assert is_added or text[start:end] == row.text[place]


def test_span_in_a_short_cell_is_the_cell():
    place = DAMAGE.index("Harbour")
    assert DAMAGE[slice(*cell_around(DAMAGE, place, place + 7))] == "Old Harbour"
    for words in ("flood", "Harbour | 87"):
        place = DAMAGE.index(words)
        assert cell_around(DAMAGE, place, place + len(words)) == (place, place + len(words))
    line = "By Ada Pohl | 3 March 2024"
    assert cell_around(line, 3, 11) == (3, 11)
