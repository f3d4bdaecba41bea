"""The commands over a library: ``list``, ``show``, ``remove``, ``doctor`` and ``rebuild``."""

from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.options import JsonOption, LibraryOption, WaitOption
from ui.cli.output import count_text, print_json, print_line
from ui.cli.progress import passage_counter, progress_bar

if TYPE_CHECKING:
    from datetime import date

    from qa.index.doctor import Health
    from qa.records.article import Article

__all__ = ["examine_library", "list_articles", "rebuild_index", "remove_articles", "show_article"]


def list_articles(
    library: LibraryOption = None,
    as_json: JsonOption = False,
    copies: Annotated[
        bool, typer.Option("--copies", help="List only articles that share a text, by text.")
    ] = False,
) -> None:
    """List the articles, newest first."""
    from qa.build import open_library

    if copies:
        _list_copies(library, as_json=as_json)
        return
    with open_library(library) as opened:
        summaries = opened.summaries()
    if as_json:
        print_json([summary.to_dict() for summary in summaries])
        return
    for summary in summaries:
        print_line(_list_line(summary.id, summary.published, summary.source, summary.title))


def show_article(
    article_id: Annotated[str, typer.Argument(metavar="ID", help="An id, as `list` shows it.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show an article and its metadata."""
    from qa.build import open_library
    from qa.library.duplicates import copies_of
    from ui.html.plain_text import copy_line

    with open_library(library) as opened:
        article = opened.article(article_id)
        copies = copies_of(opened, article_id)
        passages = opened.passages_of(article_id)
        versions = opened.versions(article_id)
    if as_json:
        print_json(
            {
                **article.to_dict(),
                "passages": [[stored.passage.start, stored.passage.end] for stored in passages],
                "copies": [copy.to_dict() for copy in copies],
            }
        )
        return
    for name, value in _metadata(article, versions=len(versions), passages=len(passages)).items():
        print_line(f"{name:10} {'unknown' if value is None else value}")
    for copy in copies:
        print_line(f"{'copy of':10} {copy_line(copy)}: {copy.title}")
    print_line()
    print_line(article.text)


def remove_articles(
    article_ids: Annotated[
        list[str], typer.Argument(metavar="ID…", help="Ids, as `list` shows them.")
    ],
    library: LibraryOption = None,
    wait: WaitOption = False,
) -> None:
    """Remove articles from the library, with all their versions."""
    from qa.build import open_tools
    from qa.index.removal import remove
    from qa.library.writer import open_writer

    with open_tools(library) as tools, open_writer(tools.library, wait=wait) as writer:
        titles = remove(writer, tools.embedder, tools.index, article_ids)
    for article_id, title in titles.items():
        print_line(f"removed {article_id}: {title}")


def _list_copies(library: str | None, *, as_json: bool) -> None:
    from qa.build import open_library
    from qa.library.duplicates import all_clusters

    with open_library(library) as opened:
        clusters = all_clusters(opened)
    if as_json:
        print_json([[copy.to_dict() for copy in cluster] for cluster in clusters])
        return
    for cluster in clusters:
        print_line(f"{len(cluster)} articles with the same text")
        for copy in cluster:
            line = _list_line(copy.article_id, copy.published, copy.source, copy.title)
            print_line(f"  {line}")


def _list_line(article_id: str, published: "date | None", source: str | None, title: str) -> str:
    # As wide as a day, so that what follows stands in columns.
    day = published.isoformat() if published else "undated   "
    return f"{article_id}  {day}  {source or 'unknown source'}: {title}"


def _metadata(article: "Article", *, versions: int, passages: int) -> dict[str, object]:
    marks = {"dated by": article.dated_by, "locked": "a paywall hides the rest" * article.locked}
    return {
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published,
        "updated": article.updated,
        "ingested": article.ingested,
        "url": article.url,
        "language": article.language,
        "version": f"{article.version} of {versions}",
        "passages": passages,
        **{name: value for name, value in marks.items() if value},
    }


def examine_library(
    library: LibraryOption = None,
    repair: Annotated[bool, typer.Option("--repair", help="Repair what is wrong.")] = False,
    as_json: JsonOption = False,
    wait: WaitOption = False,
) -> None:
    """Check the library and its indexes. Exits with status 1 if something is wrong."""
    from ingest.split import split
    from qa.build import open_tools
    from qa.index import doctor
    from qa.library.writer import open_writer

    with open_tools(library) as tools:
        health = doctor.examine(tools.library, tools.index)
        if repair and not health.healthy:
            if not as_json:
                _print_health(health)
            with (
                progress_bar("passages") as advance,
                open_writer(tools.library, wait=wait) as writer,
            ):
                health = doctor.repair(
                    writer,
                    tools.embedder,
                    tools.index,
                    split=split,
                    on_progress=passage_counter(advance, health.passages),
                )
    if as_json:
        print_json({**health.to_dict(), "healthy": health.healthy})
    else:
        _print_health(health)
    if not health.healthy:
        raise typer.Exit(1)


def rebuild_index(library: LibraryOption = None, wait: WaitOption = False) -> None:
    """Rebuild the vector index from the library, with the embedder that is set."""
    from qa.build import open_tools
    from qa.index.sync import rebuild
    from qa.library.writer import open_writer

    with open_tools(library) as tools, open_writer(tools.library, wait=wait) as writer:
        with progress_bar("passages") as advance:
            total = tools.library.counts()["passages"]
            count = rebuild(
                writer,
                tools.embedder,
                tools.index,
                on_progress=passage_counter(advance, total),
            )
        print_line(f"{count_text(count, 'passage')} embedded with {tools.embedder.fingerprint}")


def _print_health(health: "Health") -> None:
    print_line(
        f"{count_text(health.articles, 'article')}, {count_text(health.passages, 'passage')}, "
        f"{count_text(health.vectors, 'vector')}"
    )
    for finding in health.findings:
        print_line(f"{finding.name}: {finding.count:,} {finding.detail}")
    repair = "; `article-qa doctor --repair` repairs it" if health.repairable else ""
    print_line("healthy" if health.healthy else f"not healthy{repair}")
