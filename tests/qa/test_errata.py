"""What a text says was wrong, and what it puts in its place."""

import pytest

from qa.compose.errata import errata


@pytest.mark.parametrize(
    ("text", "answer", "right"),
    [
        ("An earlier version of this article said nine died. In fact, eleven did.", "9", "eleven"),
        ("The story gave 3 May 2021 as the day. It should have read 5 May 2021.", "3 May 2021",
         "5 May 2021"),
        ("We named Ada Low as the author. Sorry. The correct name is Mia Bell.", "Ada Low",
         "Mia Bell"),
        ("The table put 61,000 cars on it. It rained. It rained. The correct sum is 5.", "61,000",
         ""),
        ("The article said that nine died. Eleven were hurt.", "nine", ""),
        ("Nine died. The correct figure is eleven.", "nine", ""),
        ("The article said nine died. The correct figure is nine.", "nine", ""),
        ("The article said nine died. The correct place is Ostermark.", "nine", ""),
        ("The article said so. The correct figure is 5.", "nine", ""),
        ("", "nine", ""),
    ],
)  # fmt: skip
def test_what_is_put_right(text, answer, right):
    found = [text[slice(*each.right)] for each in errata(text, answer)]
    assert found == ([right] if right else [])


def test_ranges_are_those_of_the_sentences():
    text = "Correction. The article said nine died. The correct figure is ten. It rained."
    (each,) = errata(text, "nine")
    assert text[slice(*each.error)] == "The article said nine died."
    assert text[slice(*each.sentence)] == "The correct figure is ten."
