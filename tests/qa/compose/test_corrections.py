"""What a text says was wrong, and what it puts in its place."""

import pytest

from qa.compose.corrections import errata, withdrawals


@pytest.mark.parametrize(
    ("text", "answer", "right"),
    [
        ("An earlier version of this article said nine died. It should have said 11.", "9", "11"),
        ("The story gave 3 May 2021 as the day. It should have read 5 May 2021.", "3 May 2021",
         "5 May 2021"),
        ("The caption named Ada Low. Sorry. As the Post said, the correct name is Mia Bell.",
         "Ada Low", "Mia Bell"),
        ("The article said 61,000. As 2 readers noted, the correct figure is 16,000.", "61,000",
         "16,000"),
        ("In our March issue we said that she kept the lock for 23 years. She is 91, and it is 32 "
         "years.", "23 years", "32"),
        ("In our March issue we said she was 89 and kept the lock for 23 years. She is 91, and "
         "it is 32 years.", "89", "91"),
        ("We wrongly said in last week's edition that nine died. It was eleven.", "nine", "eleven"),
        ("In our March issue we said that it costs 14 pounds. It is 15 pounds a year.", "14 pounds",
         "15"),
        ("In our hotel room we said that nine died. Eleven were hurt.", "nine", ""),
        ("The union said in our interview that nine died. Eleven were hurt.", "nine", ""),
        ("A police report said 40 people died. In fact, 3 inspectors had warned them.", "40", ""),
        ("The police said 40 people died. The correct figure is 30.", "40", ""),
        ("The article said 40 people died. The correct procedure was followed by 3.", "40", ""),
        ("The caption put 61,000 cars on it. It rained. It rained. The correct sum is 5.", "61,000",
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


def test_days_and_small_words_of_a_notice_are_nothing_that_it_takes_back():
    text = (
        "Our article of 4 September said that 61,000 vehicles use the bridge. "
        "The correct figure is 16,000."
    )
    (withdrawal,) = withdrawals(text)
    assert withdrawal.wrong == {61000.0}
    assert not withdrawal.words & {"the", "of", "4", "61,000"}
    assert "vehicl" in withdrawal.words
