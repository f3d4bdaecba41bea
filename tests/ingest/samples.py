"""The same article in every format, each made by hand or by the library of its format."""

import base64
import io
import json
import zipfile
import zlib

__all__ = [
    "ATOM", "LOCKED_PDF", "PAGE", "RSS", "SAMPLES", "TEXT", "TITLE", "docx", "epub", "mail", "odt",
    "packed_pdf", "pdf", "rtf", "scanned_pdf", "stream", "warc", "zipped",
]  # fmt: skip

TITLE = "Rain over Elmford"
TEXT = "Heavy rain fell on Elmford on Monday night. The river Alder rose by two metres."


def pdf(*lines: str, title: str = TITLE) -> bytes:
    """A PDF of one page; no lines make it a picture without text."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    content = f"BT /F1 12 Tf 40 700 Td {shown} ET" if lines else "0 0 99 99 re f"
    return packed_pdf(stream(content.encode()), title=title)


def scanned_pdf(*lines: str, before: str = "") -> bytes:
    """A PDF whose last page is a picture of these lines; ``before`` makes a page before it."""
    import pypdfium2

    page = pypdfium2.PdfDocument(pdf(*lines))[0]
    bitmap = page.render(scale=2, rev_byteorder=True)
    made = pypdfium2.PdfDocument(pdf(before)) if before else pypdfium2.PdfDocument.new()
    picture = pypdfium2.PdfImage.new(made)
    picture.set_bitmap(bitmap)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(900, 800))
    scan = made.new_page(900, 800)
    scan.insert_obj(picture)
    scan.gen_content()
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def packed_pdf(content: bytes, *forms: bytes, pages: int = 1, title: str = TITLE) -> bytes:
    """A PDF of one page, that many times, with its content and its forms as whole streams.

    The page can draw the first form as ``/X0 Do``; the forms are the objects from 7 on.
    """
    kids = b"3 0 R " * pages
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, pages),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 800]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>/XObject<</X0 7 0 R>>>>>>",
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Title({title})/Author(Ann Lee)/CreationDate(D:20200101000000Z)>>".encode(),
        *forms,
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%bendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        b"%bxref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R/Info 6 0 R>>\n"
        b"startxref\n%d\n%%%%EOF" % (body, size, table, size, len(body))
    )


def stream(data: bytes, *, said: bytes = b"", times: int = 0) -> bytes:
    """A stream of a PDF, packed that many times."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    said += b"/Filter[%b]" % (b"/FlateDecode" * times) if times else b""
    return b"<</Length %d%b>>stream\n%b\nendstream" % (len(data), said, data)


# One blank page, encrypted with a user password, packed.
LOCKED_PDF = zlib.decompress(
    base64.b64decode(
        "eNqNUctuE0EQvM9X9MVHMu/HSisfSGIJAYrlBC4oh3n0GCNrNxqPpYSf5MAfwI8wXiCsMAdWu9JsdVV1T9di"
        "fbV6wS8kWXz7/uUr4cBgDJ9I3xO6LmM6RizQd0miyVkmvyTLJcEhnThixr17ekCga7/FA6GX43GowAl9vUsH"
        "+ACqETdwP5PKM+mlr34/bslPDzh5b2YC9c9ehG7wMB5LbIpWaXT6FtPOvxwfW1t2wabPitN7f7Iu2Ab721vP"
        "vN+DaKYgCX2Dw7Z+BC5cE4ISneqMFV0rr3b72rZCb6sfki+J0BvoGWrRqtpLVOisijJmHwNmzbm30keFUYTk"
        "jE4xyaSMsIarjlsfcrKo2ujvoDdJMUQVpEpOcR2czDyjE0lEl1OQwoWsULcWVjuvuFGMtf+WTfaMMzeP57Fg"
        "JgwMYc8PGK2lhgzPGG+XnyrDH0x3Zxjn7hwz9gwTc20tfrfHMu31dvcZ2yh0M44V5BQAfTXkEfiv81ULrDc+"
        "OgyaW5Qao5euCzJH42y7YkxJLP+H0oK+HmJ5eqigfyd9qL7UaSHKKrJYXN+syA8OhsXa"
    )
)


def docx(*paragraphs: str, title: str = TITLE) -> bytes:
    import docx

    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = "Ann Lee"
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def zipped(**parts: str | bytes) -> bytes:
    """A zip of parts, each under its name with ``__`` for a slash and ``_`` for a dot."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name.replace("__", "/").replace("_", ".")), part)
    return data.getvalue()


def odt(content: str, meta: str = f"<title>{TITLE}</title>") -> bytes:
    """An OpenDocument text; ``content`` is what stands in its body, in bare names."""
    names = "xmlns:office='o' xmlns:text='t' xmlns:table='b'"
    return zipped(
        mimetype="application/vnd.oasis.opendocument.text",
        content_xml=f"<office:document-content {names}><office:body><office:text>{content}"
        "</office:text></office:body></office:document-content>",
        meta_xml=f"<meta>{meta}</meta>",
    )


def epub(*chapters: str, facts: str = "") -> bytes:
    """An e-book of chapters, each a whole page; ``facts`` is its metadata."""
    items = "".join(f"<item id='i{n}' href='c{n}.xhtml'/>" for n in range(len(chapters)))
    spine = "".join(f"<itemref idref='i{n}'/>" for n in range(len(chapters)))
    return zipped(
        mimetype="application/epub+zip",
        **{"META-INF__container_xml": "<container><rootfile full-path='OPS/b.opf'/></container>"},
        OPS__b_opf=f"<package><metadata>{facts}</metadata><manifest>{items}</manifest>"
        f"<spine>{spine}</spine></package>",
        **{f"OPS__c{n}_xhtml": chapter for n, chapter in enumerate(chapters)},
    )


def rtf(*paragraphs: str, title: str = TITLE) -> bytes:
    body = "".join(f"\\pard\\f0 {paragraph}\\par\n" for paragraph in paragraphs)
    fonts = "{\\fonttbl{\\f0\\fswiss\\fcharset0 Helvetica;}}"
    return f"{{\\rtf1\\ansi\\ansicpg1252{fonts}{{\\info{{\\title {title}}}}}\n{body}}}".encode()


def mail(text: str = TEXT, headers: str = "", subject: str = TITLE) -> bytes:
    return f"Subject: {subject}\r\n{headers}\r\n{text}\r\n".encode()


def warc(*pages: str, headers: str = "Content-Type: text/html; charset=utf-8") -> bytes:
    """A web archive of pages, each at its number."""
    records = []
    for number, page in enumerate(pages, start=1):
        answer = f"HTTP/1.1 200 OK\r\n{headers}\r\n\r\n{page}".encode()
        records.append(
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/%d\r\n"
            b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
            b"%b\r\n\r\n" % (number, len(answer), answer)
        )
    return b"".join(records)


RSS = f"""<rss version="2.0"><channel><title>The Valley Herald</title><item>
<title>{TITLE}</title><description>&lt;p&gt;{TEXT}&lt;/p&gt;</description></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>The Valley Herald</title><entry>
<title>{TITLE}</title><content type="html">&lt;p&gt;{TEXT}&lt;/p&gt;</content></entry></feed>"""
RDF = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/"><channel><title>The Valley Herald</title></channel><item>
<title>{TITLE}</title><description>{TEXT}</description></item></rdf:RDF>"""
PAGE = (
    f"<html><head><title>{TITLE}</title></head><body><article><p>{TEXT}</p></article></body></html>"
)
OBJECT = json.dumps({"title": TITLE, "text": TEXT})
MARKDOWN = f"# {TITLE}\n\n{TEXT}"
MHTML = (
    "Subject: Saved\r\nSnapshot-Content-Location: https://a.example/1\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
    "Content-Type: text/html; charset=utf-8\r\nContent-Location: https://a.example/1\r\n\r\n"
    f"{PAGE}\r\n--b--\r\n"
)
MBOX = b"From ann@a.example Thu Jun 13 09:00:00 2024\n" + mail()
OPML = (
    "<opml version='2.0'><body><outline text='News'>"
    "<outline type='rss' xmlUrl='https://a.example/feed'/></outline></body></opml>"
)
SUBTITLES = f"1\n00:00:01,000 --> 00:00:04,000\n{TEXT}\n"

# The same article in every format.
SAMPLES: dict[str, bytes] = {
    ".adoc": f"= {TITLE}\n\n{TEXT}".encode(),
    ".atom": ATOM.encode(),
    ".csv": f'title,text\n{TITLE},"{TEXT}"\n'.encode(),
    ".docx": docx(TEXT),
    ".eml": mail(),
    ".epub": epub(PAGE),
    ".htm": PAGE.encode(),
    ".html": PAGE.encode(),
    ".json": OBJECT.encode(),
    ".jsonl": OBJECT.encode(),
    ".markdown": MARKDOWN.encode(),
    ".mbox": MBOX,
    ".md": MARKDOWN.encode(),
    ".mht": MHTML.encode(),
    ".mhtml": MHTML.encode(),
    ".ndjson": OBJECT.encode(),
    ".odt": odt(f"<text:p>{TEXT}</text:p>"),
    ".opml": OPML.encode(),
    ".org": f"#+TITLE: {TITLE}\n\n{TEXT}".encode(),
    ".pdf": pdf(TEXT),
    ".rdf": RDF.encode(),
    ".rss": RSS.encode(),
    ".rst": f"{TITLE}\n{'=' * len(TITLE)}\n\n{TEXT}".encode(),
    ".rtf": rtf(TEXT),
    ".shtml": PAGE.encode(),
    ".srt": SUBTITLES.encode(),
    ".text": f"{TITLE}\n\n{TEXT}".encode(),
    ".tsv": f"title\ttext\n{TITLE}\t{TEXT}\n".encode(),
    ".txt": f"{TITLE}\n\n{TEXT}".encode(),
    ".vtt": f"WEBVTT - {TITLE}\n\n00:01.000 --> 00:04.000\n{TEXT}\n".encode(),
    ".warc": warc(PAGE),
    ".xhtml": f"<?xml version='1.0' encoding='utf-8'?>{PAGE}".encode(),
    ".xml": RSS.encode(),
}
