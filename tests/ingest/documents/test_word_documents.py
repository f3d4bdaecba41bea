"""What is read of a Word document."""

from datetime import date

import pytest

from ingest.loaders import LOADERS, Entry, Source
from tests.ingest.costly_sources import word


def read(body: str):
    (entry,) = LOADERS[".docx"](Source.from_bytes("story.docx", word(body)))
    assert isinstance(entry, Entry)
    return entry.article


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inner: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{inner}</w:p>"


@pytest.mark.parametrize(
    "body",
    [
        paragraph(
            run("It cost ")
            + f"<w:del>{run('2')}</w:del><w:ins>{run('3')}</w:ins>"
            + run(" crowns.")
        ),
        paragraph(run("It cost ") + f"<w:moveTo>{run('3')}</w:moveTo>" + run(" crowns."))
        + paragraph(f"<w:moveFrom>{run('3')}</w:moveFrom>"),
        paragraph(run("It cost ") + f"<w:smartTag>{run('3')}</w:smartTag>" + run(" crowns.")),
        paragraph(
            run("It cost ")
            + f"<w:sdt><w:sdtContent>{run('3')}</w:sdtContent></w:sdt>"
            + run(" crowns.")
        ),
        f"<w:sdt><w:sdtContent>{paragraph(run('It cost 3 crowns.'))}</w:sdtContent></w:sdt>",
        paragraph(f"<w:fldSimple>{run('It cost 3')}</w:fldSimple>" + run(" crowns.")),
        paragraph(
            run("It cost 3 crowns.")
            + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r>"
        ),
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>It cost</w:t></w:r></w:p>"
        + paragraph(run(" 3 crowns.")),
    ],
    ids=["changed", "moved", "smart tag", "control", "block control", "field", "hidden", "joined"],
)  # fmt: skip
def test_text_is_that_after_all_changes(body):
    assert read(body).text == "It cost 3 crowns."


def test_text_box_follows_the_paragraph_it_is_anchored_in_once():
    box = f"<w:txbxContent>{paragraph(run('BOX: nobody was hurt.'))}</w:txbxContent>"
    both = (
        '<w:r xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback><w:pict>{box}</w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    text = read(paragraph(run("It burned.") + both) + paragraph(run("It rained."))).text
    assert text == "It burned.\n\nBOX: nobody was hurt.\n\nIt rained."


def test_deleted_row_of_a_table_is_out_and_wrapped_cells_are_in():
    def row(*cells: str, deleted: bool = False) -> str:
        mark = "<w:trPr><w:del/></w:trPr>" if deleted else ""
        return f"<w:tr>{mark}{''.join(cells)}</w:tr>"

    cell = f"<w:tc>{paragraph(run('a'))}</w:tc>"
    control = f"<w:sdt><w:sdtContent>{cell}</w:sdtContent></w:sdt>"
    assert read(f"<w:tbl>{row(cell, control)}{row(cell, deleted=True)}</w:tbl>").text == "a | a"


def test_title_paragraph_counts_more_than_properties():
    article = read(
        paragraph(run("Mill Lane closed"), "Title")
        + paragraph(run("By Nora Fields, 12 March 2024"))
        + paragraph(run("Mill Lane in Brenton is closed to cars from Monday."))
    )
    assert article.title == "Mill Lane closed"
    assert (article.author, article.published) == ("Nora Fields", date(2024, 3, 12))


def test_elements_deep_in_each_other_are_read():
    nested = "<w:sdt><w:sdtContent>" * 60 + paragraph(run("Rain.")) + "</w:sdtContent></w:sdt>" * 60
    assert read(nested).text == "Rain."
