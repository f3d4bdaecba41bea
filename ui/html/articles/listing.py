"""The table of articles as HTML and CSV: filters, order, pages, each with its address.

The markup is in ``templates/listing.jinja``.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from urllib.parse import urlencode

from qa.library.curation.choices import Choices
from qa.library.curation.collections import Collection
from qa.library.curation.listing import Listing, ListingRow, Sort
from qa.runtime.templates import macros
from ui.html.export import csv_cell
from ui.html.markup import article_link
from ui.locales.wording import N_, TEMPLATE_WORDS, short_day
from ui.locales.wording import gettext as _

__all__ = ["PAGE", "Address", "csv_lines", "listing_html"]

PAGE = 50
Address = Mapping[str, Sequence[object]]
"""What stands in the address of a listing: names with their values; none that are the default."""

_COLUMNS: dict[Sort, str] = {
    "title": N_("Article"),
    "source": N_("Outlet"),
    "published": N_("Date"),
    "author": N_("Author"),
    "language": N_("Language"),
    "ingested": N_("Taken in"),
    "characters": N_("Length"),
    "copies": N_("Copies"),
}
# What sorts from the smallest first when it is chosen.
_ASCENDING: tuple[Sort, ...] = ("title", "source", "author", "language")
_MARKS = {"undated": N_("undated"), "locked": N_("behind a paywall"), "copies": N_("with copies")}
_NAMES = {
    "outlet": N_("Outlet"),
    "language": N_("Language"),
    "collection": N_("Collection"),
    "source": N_("Read from"),
}
_UNKNOWN = {"outlet": N_("unknown outlet"), "language": N_("unknown language")}
_FIELDS = (
    "id", "title", "source", "author", "published", "updated", "language", "url", "ingested",
    "version", "characters", "copies", "locked", "edited",
)  # fmt: skip


def listing_html(
    listing: Listing,
    choices: Choices,
    address: Address,
    page: int,
    *,
    sort: Sort,
    descending: bool,
    editable: bool,
    state: str,
    collections: Sequence[Collection] = (),
) -> str:
    """The filters and one page, counted from 1, of a listing; ``state`` is that of the library, by
    which the page knows when there is another. With ``editable`` articles can be selected.
    """
    here = partial(_listing_address, address)
    last = max(1, -(-listing.total // PAGE))
    heads = [
        (
            name,
            _(label),
            "" if name != sort else "descending" if descending else "ascending",
            here(sort=name, order="asc" if _goes_up(name, sort, descending) else "desc"),
        )
        for name, label in _COLUMNS.items()
    ]
    pages = {
        _("First"): here(page=1) if page > 1 else "",
        _("Previous"): here(page=page - 1) if page > 1 else "",
        _("Next"): here(page=page + 1) if page < last else "",
        _("Last"): here(page=last) if page < last else "",
    }
    return str(
        _MACROS["listing"](
            listing,
            _groups(choices, collections, address, editable=editable),
            _chips(address),
            address,
            heads,
            pages,
            (page, last, (page - 1) * PAGE),
            editable,
            state,
            f"api/articles.csv{here().removeprefix('library')}",
            [each.name for each in collections],
        )
    )


def csv_lines(rows: Iterable[ListingRow]) -> Iterator[str]:
    """The articles as lines of CSV, the names of the columns first."""
    yield _csv_line(_FIELDS)
    for row in rows:
        values = row.to_dict()
        yield _csv_line([values[name] for name in _FIELDS])


def _csv_line(values: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([csv_cell(value) for value in values])
    return out.getvalue()


def _goes_up(name: Sort, sort: Sort, descending: bool) -> bool:
    """Whether choosing a column sorts from the smallest on: the other way round the second time."""
    return descending if name == sort else name in _ASCENDING


def _groups(
    choices: Choices, collections: Sequence[Collection], address: Address, *, editable: bool
) -> list[tuple[str, str, list[tuple[str, str, int, bool]]]]:
    """Each filter with what can be chosen: value, label, number of articles, whether it is."""
    options: dict[str, Sequence[tuple[str | None, int]]] = {
        "outlet": choices.outlets,
        "language": choices.languages,
        "collection": [(each.name, each.articles) for each in collections],
        # Where articles come from may be a secret, as the address of a feed.
        "source": choices.sources if editable else (),
    }
    return [
        (
            name,
            _(_NAMES[name]),
            [
                (value or "", _label(name, value), count, (value or "") in address.get(name, ()))
                for value, count in options[name]
            ],
        )
        for name in options
        if len(options[name]) > (name != "collection") or address.get(name)
    ]


def _chips(address: Address) -> list[tuple[str, str]]:
    """What is filtered by, each with the address without it."""
    chips = []
    for name, values in address.items():
        for value in values:
            rest = [each for each in values if each != value]
            label = {
                "q": _("“%(words)s”", words=value),
                "since": _("from %(day)s", day=_day_text(value)),
                "until": _("until %(day)s", day=_day_text(value)),
                **{each: _(words) for each, words in _MARKS.items()},
            }.get(name) or (_label(name, str(value)) if name in _NAMES else "")
            if label:
                chips.append((label, _listing_address({**address, name: rest})))
    return chips


def _label(name: str, value: str | None) -> str:
    return value or _(_UNKNOWN.get(name, N_("unknown")))


def _day_text(value: object) -> str:
    return short_day(value) if isinstance(value, date) else str(value)


def _listing_address(address: Address, **changes: object) -> str:
    """The address with other values; a change of order or filter goes to its first page.

    >>> _listing_address({"q": ["lake"], "page": [2]}, sort="title", order="desc")
    'library?q=lake&sort=title'
    """
    values = {name: [*those] for name, those in address.items() if name != "page"}
    values |= {name: [value] for name, value in changes.items()}
    defaults = {"sort": ["published"], "order": ["desc"], "page": [1]}
    pairs = [
        (name, "true" if value is True else value)
        for name, those in values.items()
        if those != defaults.get(name)
        for value in those
    ]
    return f"library?{urlencode(pairs, errors='replace')}" if pairs else "library"


_MACROS = macros("ui.html", "listing", **TEMPLATE_WORDS, article_link=article_link)
