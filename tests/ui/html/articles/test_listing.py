"""The table of articles as HTML and CSV."""

import csv
from datetime import UTC, date, datetime

from qa.library.curation.choices import Choices
from qa.library.curation.listing import Listing, ListingRow
from tests.ui.reading import read
from ui.html.articles.listing import csv_lines, listing_html
from ui.locales.wording import speaking


def row(id_="ferry", **changes):
    given = {
        "id": id_, "title": "Ferry lost", "url": None, "published": date(2021, 3, 4),
        "updated": None, "author": "Ada Low", "source": "Gazette", "language": "en",
        "ingested": datetime(2024, 1, 1, tzinfo=UTC), "version": 1, "characters": 100,
        "copies": 0, "passages": 3, "pending": 0, "locked": False, "edited": False,
    }  # fmt: skip
    return ListingRow(**{**given, **changes})


def html(*rows, total=None, address=None, page=1, choices=None, **options):
    settings = {"sort": "published", "descending": True, "editable": False, "state": "1.0"}
    listing = Listing(rows, len(rows) if total is None else total)
    return listing_html(
        listing, choices or Choices(), address or {}, page, **{**settings, **options}
    )


def links(markup):
    return [dict(given).get("href") for tag, given in read(markup).opened if tag == "a"]


def test_row_tells_what_is_known_and_what_is_odd():
    said = read(html(row(), row("b", pending=2, copies=4, locked=True, edited=True))).said
    assert "Gazette4 Mar 2021Ada Lowen1 Jan 2024100" in said
    assert "edited paywall 2 passages waiting" in said


def test_words_that_are_searched_stand_between_the_signs_of_the_language():
    with speaking("de"):
        assert "„lake“" in read(html(row(), address={"q": ["lake"]})).said


def test_only_editors_select():
    assert "Select Ferry lost" in html(row(), editable=True)
    assert "Select" not in html(row(), editable=False)


def test_pages_know_their_ends():
    first, middle = html(row(), total=120), html(row(), total=120, page=2)
    assert "1 to 1 of 120" in first
    assert "Page 1 of 3" in read(first).said
    assert {"library?page=2", "library?page=3"} <= {*links(first)}
    assert "library" not in links(first)
    assert {"library", "library?page=3"} <= {*links(middle)}
    assert "library?page=4" not in links(html(row(), total=120, page=3))


def test_column_sorts_the_other_way_round_the_second_time():
    up = html(row(), sort="title", descending=False, address={"sort": ["title"], "order": ["asc"]})
    assert 'aria-sort="ascending"' in up.replace("aria-sort=ascending", 'aria-sort="ascending"')
    assert "library?sort=title" in links(up)
    assert "library?sort=author&order=asc" in links(up)


def test_each_filter_can_be_left_out_alone():
    address = {"q": ["lake"], "outlet": ["Gazette", ""], "undated": [True]}
    markup = html(address=address)
    assert "No article matches." in markup
    assert "library?outlet=Gazette&outlet=&undated=true" in links(markup)
    assert "library?q=lake&outlet=Gazette&undated=true" in links(markup)
    assert "unknown outlet" in read(markup).said


def test_export_has_the_same_filters():
    markup = html(row(), address={"q": ["a&b"]})
    assert "api/articles.csv?q=a%26b" in links(markup)


def test_titles_and_choices_are_text(hostile):
    attack = row(hostile.id, title=hostile.title, source=hostile.source, author=hostile.author)
    choices = Choices(((hostile.source, 1), (None, 1)), (("en", 2),), (("x", 1), ("<b>", 1)))
    markup = html(attack, choices=choices, address={"q": [hostile.title]}, editable=True)
    assert not {"script", "img", "b"} & {tag for tag, _ in read(markup).opened}


def test_csv_has_a_line_for_each_and_no_formula():
    lines = list(csv.DictReader("".join(csv_lines([row(title="=1+1"), row("b")])).splitlines()))
    assert [line["id"] for line in lines] == ["ferry", "b"]
    assert lines[0]["title"] == "'=1+1"
    assert lines[0]["published"] == "2021-03-04"


def test_columns_that_make_room_for_an_article_do_so_with_their_heads():
    opened = read(html(row())).opened
    wide = [tag for tag, given in opened if "wide" in (given.get("class") or "").split()]
    assert wide.count("th") == wide.count("td") == 5
