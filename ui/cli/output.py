"""What the command line prints. The only module that prints; nothing printed drives a terminal."""

import sys

__all__ = ["count_text", "print_error", "print_json", "print_line"]


def count_text(count: int, name: str) -> str:
    """How many there are of something whose plural ends in "s".

    >>> count_text(1, "article"), count_text(1200, "passage")
    ('1 article', '1,200 passages')
    """
    return f"{count:,} {name}{'s' * (count != 1)}"


def print_line(text: str = "") -> None:
    """Print a line, or lines, on standard output."""
    from ui.html.plain_text import escape_controls

    print(escape_controls(text))


def print_error(text: str) -> None:
    """Print an error or a note on standard error."""
    from ui.html.plain_text import escape_controls

    print(escape_controls(text), file=sys.stderr)


def print_json(data: object) -> None:
    """Print data as indented JSON on standard output."""
    from ui.html.plain_text import readable_json

    print(readable_json(data))
