"""Who wrote it is no answer, unless that is what is asked."""

import pytest

from qa.readers.exclusions import asks_for_authors, bylines


@pytest.mark.parametrize(
    "line",
    [
        "By Rosamund Teale",
        "By Ada Low and Ilse Brand",
        "Von Käthe Orth",
        "Photo by Ben Ashe",
        "Rosamund Teale, 3 May 2024",
        "*Tarrow Notes, 27 April 2024.*",
        "Ada Low, May 3, 2024",
    ],
)
def test_line_that_names_an_author_is_found_where_it_stands(line):
    text = f"The clock is gone\n{line}\nThieves broke in."
    ((start, end),) = bylines(text)
    assert text[start:end] == line


@pytest.mark.parametrize(
    "line",
    [
        "By Monday the river had fallen.",
        "By the river it rained",
        "Byron left",
        "He was seen by Ada Low",
        "Ada Low, who arrived on 3 May 2024",
        "Ada Low, 3 Mayfair 2024",
        "Born in Tarrow, 3 May 2024",
        "By Ada Low, who had been there when the gates were opened to everybody",
    ],
)
def test_sentence_is_no_byline(line):
    assert bylines(f"Rain\n{line}\nMore rain.") == ()


@pytest.mark.parametrize(
    ("question", "asked"),
    [("Who wrote the report?", True), ("Which photographer was there?", True), ("Who?", False)],
)
def test_question_about_authors_may_be_answered_with_them(question, asked):
    assert asks_for_authors(question) is asked
