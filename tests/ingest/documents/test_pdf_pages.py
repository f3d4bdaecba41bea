"""What is read of a PDF: columns, heads, paragraphs, letters, and who wrote it when."""

from datetime import date

import pytest

from ingest.loaders import LOADERS, Entry, Source
from tests.ingest.samples import packed_pdf, stream

BODY = (
    "The council of Elmford met on",
    "Monday and agreed to mend the",
    "old bridge over the Alder. So",
    "work begins in May and is to",
    "take all of the summer, the",
    "mayor said after the vote.",
)
OTHER = (
    "Boats may pass under it on",
    "two days of every week, and",
    "the ferry runs in the evening.",
    "Shops on the quay expect to",
    "lose a third of their trade,",
    "and ask for help from town.",
)


def page(*drawn: tuple[float, float, float, str]) -> bytes:
    """The content of a page: texts with their place and the size of their font."""
    shown = (f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET" for x, y, size, text in drawn)
    return stream("\n".join(shown).encode("latin-1"))


def column(lines, x, top=700, size=10, pitch=12):
    return [(x, top - pitch * number, size, line) for number, line in enumerate(lines)]


def read(content: bytes, *, pages: int = 1, title: str = "untitled"):
    data = packed_pdf(content, pages=pages, title=title)
    (entry,) = LOADERS[".pdf"](Source.from_bytes("story.pdf", data))
    assert isinstance(entry, Entry)
    return entry.article


def paragraphs(content: bytes) -> list[str]:
    return read(content).text.split("\n\n")


def interleaved(*columns):
    return [text for row in zip(*columns, strict=True) for text in row]


@pytest.mark.parametrize("order", ["columns", "rows"])
def test_columns_are_read_one_after_the_other_however_they_are_drawn(order):
    left, right = column(BODY, 40), column(OTHER, 220)
    drawn = interleaved(left, right) if order == "rows" else [*left, *right]
    text = " ".join(paragraphs(page(*drawn)))
    assert text == " ".join([*BODY, *OTHER])


def test_line_that_fills_its_column_is_not_joined_to_the_one_beside_it():
    long = "The council of all of Elmford did meet on"
    left, right = column([long, *BODY[1:]], 40), column(OTHER, 226)
    assert " ".join(paragraphs(page(*interleaved(left, right)))).startswith(f"{long} Monday and")


def test_what_stands_below_three_columns_comes_after_them():
    columns = [column(BODY[:4], 40), column(OTHER[:4], 210), column(BODY[:4], 380)]
    below = [
        (40, 620, 16, "Chess club wins again"),
        (40, 600, 10, "It beat Holm by five to three."),
    ]
    text = read(page((40, 740, 20, "Bridge to be mended"), *interleaved(*columns), *below)).text
    assert text.endswith("Chess club wins again\n\nIt beat Holm by five to three.")
    assert text.index(BODY[0]) < text.index(OTHER[0]) < text.rindex(BODY[0])


def test_byline_in_the_middle_of_the_page_is_over_all_columns():
    columns = [column(BODY, 40), column(OTHER, 210), column(BODY, 380)]
    content = page((150, 745, 20, "Bridge to be mended"), (230, 728, 10, "By Nora Fields"),
                   *(each for lines in columns for each in lines))  # fmt: skip
    assert paragraphs(content)[:2] == ["Bridge to be mended", "By Nora Fields"]


def test_table_is_read_row_by_row():
    rows = [("Boat", "Length", "Crew"), ("Marigold", "24 m", "6"), ("Petrel", "18 m", "4")]
    drawn = [
        (40 + 120 * place, 700 - 14 * number, 10, cell)
        for number, row in enumerate(rows)
        for place, cell in enumerate(row)
    ]
    assert "Marigold | 24 m | 6" in read(page(*drawn)).text


def test_heads_and_page_numbers_are_no_text():
    content = page(
        (40, 780, 10, "THE VALLEY HERALD"), (300, 780, 10, "7"), *column(BODY, 40),
        (200, 20, 10, "Page 7 of 12"),
    )  # fmt: skip
    assert read(content).text == " ".join(BODY)


def test_page_of_one_line_keeps_it_though_others_have_the_same():
    assert read(page((40, 780, 10, "Rain over Elmford")), pages=3).text.count("Rain") == 3


def test_number_at_the_end_of_the_text_is_no_page_number():
    assert (
        "VALVE NUMBER 417" in read(page(*column(BODY, 40), (40, 600, 10, "VALVE NUMBER 417"))).text
    )


def test_paragraphs_are_told_by_indents_and_by_space():
    indented = [*column(OTHER[:3], 40), (52, 664, 10, OTHER[3]), *column(OTHER[4:], 40, 652)]
    spaced = [*column(OTHER[:3], 40), *column(OTHER[3:], 40, 655)]
    told = [" ".join(OTHER[:3]), " ".join(OTHER[3:])]
    assert paragraphs(page(*indented)) == paragraphs(page(*spaced)) == told


def test_paragraph_goes_on_in_the_next_column():
    left, right = column(BODY[:5], 40), column(["council said so, and that it", *OTHER], 220)
    assert any("summer, the council said so" in each for each in paragraphs(page(*left, *right)))


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("about the new inspec-", "tions of the laundry", "inspections"),
        ("it is a well-", "known story of the town", "well-known"),
        ("the two-year-", "old child was found", "two-year-old"),
        ("a poem in Anglo-", "Saxon verse was read", "Anglo-Saxon"),
        ("some twenty-", "two boats were out", "twenty-two"),
        ("the zone of the no-trawl-", "ing order of the no-trawling law", "no-trawling"),
        ("both pre-", "and post-war houses fell", "pre- and"),
    ],
)
def test_hyphens_at_the_end_of_a_line(first, second, joined):
    assert joined in read(page(*column([first, second], 40))).text


@pytest.mark.parametrize("moved", [0.2, 0.5])
def test_letters_drawn_twice_to_look_bold_are_read_once(moved):
    drawn = [(40 + 8 * place + shift, 700, 12, letter)
             for place, letter in enumerate("HELLO") for shift in (0, moved)]  # fmt: skip
    assert read(page(*drawn)).text == "HELLO"


def test_letters_set_wide_apart_are_words():
    content = stream(b"BT /F1 12 Tf 4 Tc 40 700 Td (VALVE NUMBER) Tj ET")
    assert read(content).text == "VALVE NUMBER"


def test_page_that_is_turned_is_read_along_its_lines():
    lines = "\n".join(
        f"BT /F1 10 Tf 0 1 -1 0 {300 + 12 * n} 40 Tm ({line}) Tj ET" for n, line in enumerate(BODY)
    )
    assert read(stream(lines.encode())).text == " ".join(BODY)


@pytest.mark.parametrize("stated", ["untitled", "Microsoft Word - final_NEW.docx", "s3_final.indd"])
def test_title_of_a_program_gives_way_to_the_one_on_the_page(stated):
    content = page((40, 740, 18, "Bridge to be mended"), *column(BODY, 40))
    assert read(content, title=stated).title == "Bridge to be mended"


def test_byline_and_first_lines_tell_author_and_day():
    content = page(
        (40, 740, 18, "Bridge to be mended"), (40, 722, 10, "By Nora Fields"),
        (400, 780, 8, "Elmford Post, Friday 15 March 2024"), *column(BODY, 40),
    )  # fmt: skip
    article = read(content)
    assert (article.author, article.published) == ("Nora Fields", date(2024, 3, 15))


def test_day_within_the_text_is_no_day_of_publication():
    assert read(page(*column([*BODY, "It was built on 3 May 1921 by"], 40))).published is None
