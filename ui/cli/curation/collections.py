"""The commands over named sets of articles: ``collection``."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import JsonOption, LibraryOption, day_option
from ui.cli.output import count_text, print_error, print_json, print_line

if TYPE_CHECKING:
    from qa.library.store import Library

__all__ = [
    "add_articles",
    "delete_named",
    "limit_reader",
    "list_collections",
    "put_collection",
    "take_articles",
]

_NAME = typer.Argument(metavar="NAME", help="The name of the collection.")
_IDS = typer.Argument(metavar="ID…", help="Ids, as `list` shows them.")


def list_collections(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the collections with their rules."""
    from qa.build import open_library
    from qa.library.curation.collections import collections

    with open_library(library) as opened:
        known = collections(opened)
    if as_json:
        print_json([each.to_dict() for each in known])
        return
    for each in known:
        note = f"  {each.note}" if each.note else ""
        print_line(
            f"{each.name}  {count_text(each.articles, 'article')}, {each.by_hand:,} by hand{note}"
        )
        for rule in each.rules:
            parts = [f"{name} {value}" for name, value in rule.to_dict().items() if value]
            print_line(f"  {', '.join(parts)}")


def put_collection(
    name: Annotated[str, _NAME],
    library: LibraryOption = None,
    note: Annotated[str, typer.Option(help="What it is for.")] = "",
    outlets: Annotated[
        list[str] | None,
        typer.Option("--outlet", help="Let in what is of this outlet; may be repeated."),
    ] = None,
    sources: Annotated[
        list[str] | None,
        typer.Option(
            "--from", help="Let in what is read from this file, folder or address; may be repeated."
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Let in what is of this language, as in en.")
    ] = None,
    since: Annotated[
        date | None, day_option("Let in what is published on this day or later.")
    ] = None,
    until: Annotated[
        date | None, day_option("Let in what is published on this day or earlier.")
    ] = None,
) -> None:
    """Make a collection, or give one other rules; without a rule it is filled by hand."""
    from qa.build import open_library
    from qa.library.curation.collections import Rule, make_collection

    chosen_outlets: tuple[str | None, ...] = tuple(outlets or ()) or (None,)
    chosen_sources: tuple[str | None, ...] = tuple(sources or ()) or (None,)
    rules = [
        Rule(outlet, language, since, until, source)
        for outlet in chosen_outlets
        for source in chosen_sources
    ]
    with open_library(library) as opened:
        try:
            made = make_collection(opened, name, note=note, rules=[each for each in rules if each])
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        for line in _unmet_lines(opened, outlets or (), language):
            print_error(line)
    print_line(f"{made.name} has {count_text(made.articles, 'article')}")


def _unmet_lines(library: "Library", outlets: Sequence[str], language: str | None) -> Iterator[str]:
    """What of the rules no article of the library meets so far, and which names are near."""
    from qa.library.curation.choices import choices
    from qa.library.curation.outlets import nearest_outlets

    known = choices(library)
    known_outlets = {name or "" for name, _ in known.outlets}
    for outlet in outlets:
        if outlet not in known_outlets:
            near = ", ".join(nearest_outlets(library, outlet))
            way_out = f"like it are: {near}" if near else "`article-qa list` shows which there are"
            yield f"no article is of the outlet {outlet!r} so far; {way_out}"
    known_languages = [name for name, _ in known.languages if name]
    if language and language not in known_languages:
        names = ", ".join(known_languages)
        way_out = f"there are {names}" if names else "none says its language"
        yield f"no article is of the language {language!r} so far; {way_out}"


def delete_named(name: Annotated[str, _NAME], library: LibraryOption = None) -> None:
    """Delete a collection. Its articles stay."""
    from qa.build import open_library
    from qa.library.curation.collections import delete_collection

    with open_library(library) as opened:
        delete_collection(opened, name)
    print_line(f"deleted {name}; its articles stay")


def add_articles(
    name: Annotated[str, _NAME],
    article_ids: Annotated[list[str], _IDS],
    library: LibraryOption = None,
) -> None:
    """Put articles into a collection."""
    from qa.build import open_library
    from qa.library.curation.collections import add_to_collection

    with open_library(library) as opened:
        count = add_to_collection(opened, name, article_ids)
    print_line(f"{count_text(count, 'article')} added to {name}")


def take_articles(
    name: Annotated[str, _NAME],
    article_ids: Annotated[list[str], _IDS],
    library: LibraryOption = None,
) -> None:
    """Take articles out of a collection; what a rule lets in stays."""
    from qa.build import open_library
    from qa.library.curation.collections import take_from_collection

    with open_library(library) as opened:
        count = take_from_collection(opened, name, article_ids)
    print_line(f"{count_text(count, 'article')} taken out of {name}")


def limit_reader(
    user: Annotated[str, typer.Argument(metavar="USER", help="The name of a reader.")],
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="[COLLECTION]…", help="What they may read; none: everything."),
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Let a reader of the server see some collections and nothing else."""
    from qa.build import open_library
    from qa.library.curation.collections import limit_user
    from qa.library.users import find_user

    with open_library(library) as opened:
        if find_user(opened, user) is None:
            raise typer.BadParameter(f"no user {user!r}; `article-qa user list` shows them all")
        limit_user(opened, user, names or [])
    print_line(f"{user} reads {', '.join(names) if names else 'every article'}")
