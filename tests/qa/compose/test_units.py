"""The unit behind a number."""

import pytest

from qa.compose.units import with_unit
from qa.records.article import Article
from qa.records.reading import Span


def told(text, number, unit):
    passage = Article.create(text, id="weir").passage(0, len(text))
    start = text.index(number)
    return with_unit(Span(passage, start, start + len(number), (0, len(text)), 0.9), unit)


@pytest.mark.parametrize(
    ("text", "number", "unit", "with_its_unit"),
    [
        ("A fund of 300,000 crowns was set up.", "300,000", "money", "300,000 crowns"),
        ("It cost 3.1 billion crowns in all.", "3.1 billion", "money", "3.1 billion crowns"),
        ("It cost 3.1 billion crowns in all.", "3.1", "money", "3.1 billion crowns"),
        ("She won 52.3 per cent of the vote.", "52.3", "share", "52.3 per cent"),
        ("It lasted 12 days.", "12 days", "duration", "12 days"),
        ("Some 1,400 people left.", "1,400", "", "1,400"),
        ("The price was 70,000 Corvania said.", "70,000", "money", "70,000"),
        ("It rose to 640 and fell.", "640", "money", "640"),
        ("It rose to 640.", "640", "money", "640"),
        ("Nobody paid nine crowns.", "nine", "money", "nine"),
    ],
)
def test_bare_amount_gets_the_unit_right_behind_it(text, number, unit, with_its_unit):
    assert told(text, number, unit) == with_its_unit
