"""Sources with more in them than a title and a text: what newsrooms send, written by hand."""

import json
from functools import partial

from tests.ingest.samples import PAGE, TEXT, TITLE, docx, epub, mail, odt, packed_pdf, rtf, stream
from tests.ingest.samples import warc as captured

__all__ = ["rich_samples"]

SECOND = "The council met on Tuesday, and the mayor, Ann Lee, spoke of “a hundred-year flood”."
DAY = "2024-06-13T23:30:00-04:00"
LINKED = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "The Valley Herald"},
            {
                "@type": ["NewsArticle", "Article"],
                "headline": TITLE,
                "datePublished": DAY,
                "author": [{"@type": "Person", "name": "Ann Lee"}, {"name": "Bo Chan"}],
                "articleBody": f"{TEXT} {SECOND}",
            },
        ],
    }
)


def rich_samples() -> list[tuple[str, bytes]]:
    """Good sources with their suffixes."""
    groups = (pages(), feeds(), agencies(), tables(), records(), letters(), documents())
    return [(suffix, data) for group in groups for suffix, many in group.items() for data in many]


def pages() -> dict[str, list[bytes]]:
    """Web pages, saved and captured."""
    head = (
        f"<title>{TITLE} | The Valley Herald</title><link rel=canonical href='https://a.example/1'>"
        f"<meta property='article:published_time' content='{DAY}'>"
        f"<script type='application/ld+json'>{LINKED}</script>"
    )
    body = (
        f"<nav><a href='/'>Home</a></nav><h1>{TITLE}</h1><p class=byline>By Ann Lee and Bo Chan</p>"
        f"<time datetime='{DAY}'>13 June 2024</time><div class=lead><p>{TEXT}</p></div>"
        f"<article><p>{SECOND}<br><br>{TEXT}</p><ul><li>One<li>Two</ul><table><tr><th>Gauge<th>m"
        f"<tr><td>Alder<td>2.1</table><blockquote>{SECOND}</blockquote></article>"
        "<aside><h2>Read more</h2><a href='/2'>Sun</a></aside><footer>© Herald</footer>"
    )
    rich = f"<!doctype html><html lang=en-GB><head>{head}</head><body>{body}</body></html>"
    posts = "".join(
        "<div itemprop=liveBlogUpdate itemscope itemtype='https://schema.org/BlogPosting'>"
        f"<time itemprop=datePublished datetime='2024-06-13T0{hour}:00Z'>0{hour}.00</time>"
        f"<h2 itemprop=headline>Hour {hour}</h2><div itemprop=articleBody><p>{TEXT}</p></div></div>"
        for hour in range(1, 6)
    )
    live = (
        "<html><body itemscope itemtype='https://schema.org/LiveBlogPosting'>"
        f"<h1 itemprop=headline>{TITLE}</h1>{posts}</body></html>"
    )
    return {".html": [rich.encode(), live.encode()], ".warc": [captured(PAGE, rich, live)]}


def feeds() -> dict[str, list[bytes]]:
    """Feeds of all kinds, and lists of feeds and pages."""
    item = (
        f"<item><title>{TITLE} {{0}}</title><link>https://a.example/{{0}}</link>"
        "<guid isPermaLink='false'>{0}</guid><pubDate>Thu, 13 Jun 2024 09:00:00 +0200</pubDate>"
        "<dc:creator>Ann Lee</dc:creator><media:group><media:text type='html'>"
        f"&lt;p&gt;{SECOND}&lt;/p&gt;</media:text></media:group><description>{TEXT}</description>"
        f"<content:encoded><![CDATA[<p>{TEXT}</p><p>{SECOND}</p>]]></content:encoded></item>"
    )
    rss = (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'"
        " xmlns:content='http://purl.org/rss/1.0/modules/content/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/'>"
        "<channel><title>The Valley Herald</title><link>https://a.example</link>"
        f"{''.join(map(item.format, range(1, 4)))}</channel></rss>"
    )
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><id>tag:a.example,2024:f</id>"
        f"<title type='text'>Herald</title><entry><id>tag:a.example,2024:1</id><title>{TITLE}"
        f"</title><updated>{DAY}</updated><author><name>Ann Lee</name></author>"
        f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>{TEXT}</p></div>"
        f"</content></entry><entry><title type='html'>B &amp;amp; C</title><summary>{SECOND}"
        "</summary><link href='/2'/></entry></feed>"
    )
    items = [
        {"id": n, "title": TITLE, "content_html": f"<p>{TEXT}</p>", "date_published": DAY}
        for n in range(3)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Herald", "items": items}
    sites = "".join(f"<url><loc>https://a.example/{n}</loc></url>" for n in range(5))
    sitemap = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{sites}</urlset>"
    return {
        ".rss": [rss.encode()],
        ".xml": [rss.encode("utf-16"), atom.encode(), sitemap.encode()],
        ".atom": [atom.encode()],
        ".json": [json.dumps(feed).encode()],
    }


def agencies() -> dict[str, list[bytes]]:
    """Articles in the XML of agencies and archives."""
    nitf = (
        "<?xml version='1.0'?><nitf><head><docdata><doc-id id-string='r1'/>"
        "<date.issue norm='20240613T090000Z'/></docdata><pubdata name='Herald'/></head><body>"
        f"<body.head><hedline><hl1>{TITLE}</hl1></hedline><byline>By <person>Ann Lee</person>"
        f"</byline></body.head><body.content><block><p>{TEXT}</p><p>{SECOND}</p><table><tr>"
        "<td>Alder</td><td>2.1</td></tr></table></block></body.content></body></nitf>"
    )
    g2 = (
        "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><itemSet><newsItem guid='urn:n:1'"
        " version='2'><itemMeta><provider literal='Herald'/><firstCreated>2024-06-13T09:00:00Z"
        f"</firstCreated><pubStatus qcode='stat:usable'/></itemMeta><contentMeta><headline>{TITLE}"
        "</headline><by>Ann Lee</by></contentMeta><contentSet><inlineXML><html xmlns="
        f"'http://www.w3.org/1999/xhtml'><body><p>{TEXT}</p><p>{SECOND}</p></body></html>"
        "</inlineXML></contentSet></newsItem></itemSet></newsMessage>"
    )
    first = (
        "<NewsML><NewsItem><Identification><PublicIdentifier>urn:1</PublicIdentifier>"
        "<DateId>20240613</DateId></Identification><NewsComponent><NewsLines><HeadLine>"
        f"{TITLE}</HeadLine><ByLine>Ann Lee</ByLine></NewsLines><ContentItem><DataContent>"
        f"<p>{TEXT}</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
    )
    row = f"<article><title>{TITLE}</title><date>2024-06-13</date><body>{TEXT}</body></article>"
    plain = f"<articles>{row * 3}</articles>"
    return {".xml": [each.encode() for each in (nitf, g2, first, plain)]}


def tables() -> dict[str, list[bytes]]:
    """Tables as spreadsheets, databases and data sets have them."""
    return {
        ".csv": [
            f'sep=;\ntitle;body;date\n"The \\"loan\\"";"{TEXT}";2024-06-13\n'.encode(),
            f"\ufeffheadline|article|publication|date\nA|{TEXT}|Herald|13/06/2024\n".encode(),
            f"title,text,date\r'It''s, {TITLE}','{TEXT}',03/11/2024\r".encode("mac_roman"),
            f'Report\nby Ann\nid,title,text\n1,"A","{TEXT}\n{SECOND}"\n'.encode("utf-16"),
        ],
        ".tsv": [f"title\tcontent\tauthors\n{TITLE}\t{TEXT}\t['Ann Lee']\n".encode()],
    }


def records() -> dict[str, list[bytes]]:
    """Answers of APIs and exports of databases and readers."""
    guardian = {
        "webTitle": TITLE,
        "webPublicationDate": DAY,
        "fields": {"bodyText": f"<p>{TEXT}</p>", "byline": "By Ann Lee"},
    }
    word = {"title": {"rendered": TITLE}, "content": {"rendered": f"<p>{TEXT}</p>"}, "id": 7}
    hit = {"_id": "1", "_source": {"headline": TITLE, "body": TEXT, "publishedAt": DAY}}
    by_id = {f"id-{n}": {"title": f"{TITLE} {n}", "text": TEXT} for n in range(3)}
    action = json.dumps({"index": {"_id": "1"}})
    return {
        ".json": [
            json.dumps(each).encode()
            for each in (
                {"response": {"results": [guardian] * 3}},
                [word] * 2,
                {"hits": {"total": 2, "hits": [hit, hit]}},
                by_id,
            )
        ],
        ".jsonl": [f"{action}\n{json.dumps(hit['_source'])}\n".encode() * 3],
        ".md": [f"---\ntitle: {TITLE}\ntags: [a, b]\n---\n\n{TEXT}\n\n## B\n\n- a\n".encode()],
        ".txt": [f"{TITLE}\nBy Ann Lee\n13 June 2024\n\n{TEXT}\n".encode("cp1252")],
    }


def letters() -> dict[str, list[bytes]]:
    """Mail of several parts, in a mailbox and alone."""
    parts = "".join(
        f"--b\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n{text}\r\n"
        for kind, text in (("plain", TEXT), ("html", PAGE))
    )
    headers = (
        "From: =?utf-8?q?Ann_L=C3=A9e?= <ann@a.example>\r\nDate: Thu, 13 Jun 2024 09:00:00 +0200"
        '\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{0}; boundary="{1}"\r\n'
    )
    letter = mail(f"{parts}--b--", headers.format("alternative", "b"))
    attached = (
        f"--m\r\nContent-Type: text/plain\r\n\r\n{TEXT}\r\n--m\r\nContent-Type: message/rfc822"
        f"\r\n\r\n{letter.decode()}\r\n--m\r\nContent-Type: image/png; name=a.png\r\n"
        "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\niVBORw==\r\n"
    )
    packet = mail(f"{attached}--m--", headers.format("mixed", "m"), "=?x-made-up?b?QQ==?=")
    separator = b"\nFrom a@a.example Thu Jun 13 09:00:00 2024\n"
    return {
        ".eml": [letter, packet],
        ".mbox": [separator.join((b"", letter, packet, letter))],
    }


def documents() -> dict[str, list[bytes]]:
    """Documents of word processors, e-books and pages to print."""
    cell = "<table:table-cell><text:p>A</text:p></table:table-cell>"
    table = f"<table:table><table:table-row>{cell * 2}</table:table-row></table:table>"
    shown = b"BT /F1 12 Tf 1 0 0 1 %d %d Tm (%b) Tj ET "
    place = partial(bytes.__mod__, shown)
    columns = b"".join(
        place((40 + 300 * (line % 2), 700 - 14 * (line // 2), b"The river Alder rose by two me-"))
        for line in range(60)
    )
    return {
        ".docx": [docx(TITLE, "By Ann Lee", TEXT, SECOND, title="")],
        ".epub": [epub(PAGE, PAGE, facts="<title>Herald</title><date>2024-06-13</date>")],
        ".odt": [odt(f"<text:h>A</text:h><text:p>{TEXT}</text:p>{table}")],
        ".pdf": [packed_pdf(stream(columns), pages=3)],
        ".rtf": [rtf(r"Caf\'e9 \u8211? {\b bold}", TEXT, r"{\field{\*\fldinst{HYPERLINK}}x}")],
    }
