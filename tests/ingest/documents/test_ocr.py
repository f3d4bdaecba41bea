"""Scanned pages and pictures, with Tesseract and without it."""

import io

import pytest

from ingest.documents import tesseract
from ingest.documents.tesseract import has_tesseract
from ingest.loaders import PICTURES, Broken, Entry, Source, loader_for
from ingest.sandbox.parse import has_loader
from qa.errors import EmptySource, SourceTooLarge, UnreadableSource
from tests.ingest.samples import TEXT, pdf, scanned_pdf

needs_tesseract = pytest.mark.skipif(not has_tesseract(), reason="Tesseract is not installed")
LINES = (
    "Rain over Elmford",
    "Heavy rain fell on Elmford on Monday.",
    "The river rose by two metres.",
)


def load(suffix: str, data: bytes, languages: str = "eng"):
    source = Source(
        f"story{suffix}", lambda: io.BufferedReader(io.BytesIO(data)), None, None, languages
    )
    return [item for item in loader_for(suffix)(source) if isinstance(item, Entry | Broken)]


def picture(kind: str = "PNG", *, turned: int = 0) -> bytes:
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf(*LINES))[0]
    image = page.render(scale=2).to_pil().crop((0, 100, 900, 400))
    made = io.BytesIO()
    image.rotate(turned, expand=True).save(made, kind, dpi=(144, 144))
    return made.getvalue()


@needs_tesseract
def test_scanned_page_is_read_and_marked():
    (entry,) = load(".pdf", scanned_pdf(*LINES))
    mark, text = entry.article.text.split("\n\n", 1)
    assert mark == "[Page 1: text recognised in a picture]"
    assert "river rose by two metres" in text


@needs_tesseract
def test_scanned_page_among_others_is_read():
    (entry,) = load(".pdf", scanned_pdf(*LINES, before=TEXT))
    text = entry.article.text
    assert text.startswith(TEXT)
    assert "[Page 2: text recognised in a picture]" in text


@needs_tesseract
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_picture_of_text_is_an_article(kind):
    suffix = {"PNG": ".png", "JPEG": ".jpg", "TIFF": ".tif"}[kind]
    (entry,) = load(suffix, picture(kind))
    assert "Heavy rain fell on Elmford" in entry.article.text


@needs_tesseract
def test_picture_without_text_is_refused():
    from PIL import Image

    made = io.BytesIO()
    Image.new("L", (300, 300), 255).save(made, "PNG")
    with pytest.raises(EmptySource, match="no text was recognised"):
        load(".png", made.getvalue())


@needs_tesseract
def test_language_without_data_is_named():
    with pytest.raises(EmptySource, match="tesseract-ocr-xyz"):
        load(".pdf", pdf(), "xyz")


@needs_tesseract
def test_huge_picture_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(tesseract, "MAX_PIXELS", 1000)
    with pytest.raises(SourceTooLarge, match="pixels"):
        load(".png", picture())


@needs_tesseract
@pytest.mark.parametrize("data", [b"none", picture()[:300]], ids=["none", "cut"])
def test_picture_that_is_damaged_says_so(data):
    with pytest.raises((UnreadableSource, EmptySource)):
        load(".png", data)


@pytest.mark.parametrize("suffix", [".pdf", ".png"])
def test_without_tesseract_it_says_what_to_install(monkeypatch, suffix):
    monkeypatch.setattr(tesseract, "_library", lambda names: None)
    with pytest.raises(EmptySource, match="apt install tesseract-ocr"):
        load(suffix, pdf())


def test_without_tesseract_text_is_kept_and_scanned_pages_are_named(monkeypatch):
    monkeypatch.setattr(tesseract, "_library", lambda names: None)
    entry, broken = load(".pdf", scanned_pdf(*LINES, before=TEXT))
    assert entry.article.text == TEXT
    assert broken.place == "pages 2"


def test_pictures_in_folders_are_looked_at_only_where_they_can_be_read(monkeypatch):
    monkeypatch.setattr("ingest.sandbox.parse.has_tesseract", lambda: False)
    assert not any(has_loader(f"logo{suffix}") for suffix in PICTURES)
