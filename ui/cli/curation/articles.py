"""The commands that change or erase articles: ``edit`` and ``erase``."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import JsonOption, LibraryOption, WaitOption
from ui.cli.output import count_text, print_error, print_json, print_line
from ui.cli.progress import passage_counter, progress_bar

if TYPE_CHECKING:
    from qa.index.erasure import Erasure

__all__ = ["edit_article", "erase_articles"]

_IDS = typer.Argument(metavar="ID…", help="Ids, as `list` shows them.")


def edit_article(
    article_ids: Annotated[list[str], _IDS],
    library: LibraryOption = None,
    title: Annotated[str | None, typer.Option(help="Another title.")] = None,
    published: Annotated[
        str | None, typer.Option("--date", help="The day, as in 2024-06-13; empty: unknown.")
    ] = None,
    source: Annotated[
        str | None, typer.Option("--outlet", help="The outlet; empty: unknown.")
    ] = None,
    author: Annotated[str | None, typer.Option(help="The author; empty: unknown.")] = None,
    wait: WaitOption = False,
) -> None:
    """Change title, day, outlet or author of articles.

    What the source stated is kept, and so is the history. An edit stays when the article is read
    again, unless the source itself has changed that field since.
    """
    from qa.build import open_tools
    from qa.index.sync import drain
    from qa.library.curation.edits import edit_articles
    from qa.library.writer import open_writer

    given = {"title": title, "published": published, "source": source, "author": author}
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        raise typer.BadParameter("nothing to change; give --title, --date, --outlet or --author")
    with open_tools(library) as tools, open_writer(tools.library, wait=wait) as writer:
        try:
            changed = edit_articles(writer, article_ids, changes)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        drain(writer, tools.embedder, tools.index)
    for article in changed:
        print_line(f"edited {article.id}: {article.title}")
    if not changed:
        print_line("nothing changed: they say so already")


def erase_articles(
    article_ids: Annotated[list[str], _IDS],
    library: LibraryOption = None,
    as_json: JsonOption = False,
    wait: WaitOption = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask at a terminal.")] = False,
) -> None:
    """Erase articles for good, with a proof.

    Versions, passages, vectors, words, edits and what kept answers quote of them go, and so do
    evaluation runs that quote them. The indexes are made anew and the database is compacted, which
    takes as long as taking the library in. Then every file and table is searched for what the
    articles said. Exits with status 1 if something of it is left.
    """
    from qa.build import open_tools
    from qa.index.erasure import erase
    from qa.library.writer import open_writer

    if not yes and sys.stdin.isatty():
        count = len(article_ids)
        what = f"Erase {count} articles for good?" if count > 1 else "Erase the article for good?"
        typer.confirm(what, abort=True, err=True)
    with (
        open_tools(library) as tools,
        open_writer(tools.library, wait=wait) as writer,
        progress_bar("passages") as advance,
    ):
        total = tools.library.counts()["passages"]
        counter = passage_counter(advance, total)
        erasure = erase(writer, tools.embedder, tools.index, article_ids, on_progress=counter)
    if as_json:
        print_json({**erasure.to_dict(), "proved": erasure.proved})
    else:
        _print_erasure(erasure)
    if not erasure.proved:
        raise typer.Exit(1)


def _print_erasure(erasure: "Erasure") -> None:
    for article_id, title in erasure.titles.items():
        print_line(f"erased {article_id}: {title}")
    print_line(
        f"{count_text(erasure.versions, 'version')}, {count_text(erasure.passages, 'passage')} "
        f"with words and vectors, {count_text(erasure.edits, 'edit')}, quotations in "
        f"{count_text(erasure.answers, 'kept answer')}"
    )
    if erasure.runs:
        print_line(f"evaluation runs deleted that quoted them: {', '.join(erasure.runs)}")
    print_line("the indexes are made anew, the database is compacted")
    tables = f" and {count_text(erasure.tables, 'table')}" if erasure.tables else ""
    looked = (
        f"{count_text(erasure.phrases, 'phrase')} of no other article, looked for in "
        f"{count_text(erasure.files, 'file')}{tables} ({erasure.searched_bytes:,} bytes)"
    )
    if erasure.proved:
        print_line(f"verified absent: {looked}")
    else:
        names = ", ".join(erasure.remaining)
        print_error(f"NOT absent: {looked}; still in {names}")
    if erasure.unsearched:
        print_line(f"not searched: {erasure.unsearched}")
