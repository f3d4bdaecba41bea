"""The commands ``copy``, ``backup`` and ``restore``: a library elsewhere, or saved in a file."""

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.options import LibraryOption, check_library
from ui.cli.output import count_text, print_line
from ui.cli.progress import passage_counter, progress_bar

__all__ = ["back_up_library", "copy_library", "migrate_library", "restore_library"]


def copy_library(
    source: Annotated[
        str,
        typer.Argument(callback=check_library, help="The library: a folder, or postgresql://…"),
    ],
    target: Annotated[
        str,
        typer.Argument(
            callback=check_library, help="Where it is copied to; no library may be there."
        ),
    ],
) -> None:
    """Copy a library from a folder into a database, or back, and compare them row by row."""
    from qa.build import open_library, open_tools
    from qa.index.sync import drain
    from qa.library.tables.copying import copy_tables
    from qa.library.writer import open_writer

    with open_library(source) as original, open_tools(target, create=True) as tools:
        counts = copy_tables(original.database, tools.library.database)
        print_line(
            f"{count_text(sum(counts.values()), 'row')} copied and compared: "
            + ", ".join(f"{name} {count:,}" for name, count in counts.items() if count)
        )
        with open_writer(tools.library) as writer, progress_bar("passages") as advance:
            on_progress = passage_counter(advance, counts["passages"])
            drain(writer, tools.embedder, tools.index, on_progress=on_progress)
    print_line("the indexes are made")


def migrate_library(library: LibraryOption = None) -> None:
    """Make the tables of a library, or bring them to this version: what opening it does, too, but
    before many processes open it at once.
    """
    from qa.build import open_tools

    with open_tools(library, create=True) as tools:
        print_line(f"{tools.library.name} is as this version wants it")


def back_up_library(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")],
    library: LibraryOption = None,
) -> None:
    """Save a library folder in one file, while others ask and write."""
    from qa.build import open_library
    from qa.errors import ConfigError
    from qa.library.sqlite.backup import save_folder
    from qa.runtime.location import is_database

    with open_library(library) as opened:
        if is_database(opened.location):
            raise ConfigError(
                f"the library {opened.name} is a database; save it with pg_dump, which can go on "
                "while others ask and write"
            )
        save_folder(opened.folder, file.absolute())
    print_line(f"saved in {file}")


def restore_library(
    file: Annotated[Path, typer.Argument(help="What `backup` wrote.")],
    library: LibraryOption = None,
) -> None:
    """Make a library folder from a backup, with its indexes."""
    from qa.build import open_tools, settings_of
    from qa.errors import ConfigError
    from qa.index.sync import drain
    from qa.library.sqlite.backup import restore_folder
    from qa.library.writer import open_writer
    from qa.runtime.location import is_database, local_folder

    location = library or settings_of().library
    if is_database(location):
        raise ConfigError("a backup is restored into a folder; `copy` then brings it to a database")
    restore_folder(file.absolute(), local_folder(location))
    with open_tools(location) as tools, open_writer(tools.library) as writer:
        with progress_bar("passages") as advance:
            on_progress = passage_counter(advance, tools.library.counts()["passages"])
            drain(writer, tools.embedder, tools.index, on_progress=on_progress)
        articles = tools.library.counts()["articles"]
    print_line(f"{count_text(articles, 'article')} restored")
