"""Proof that what an answer cites stands in the articles, byte for byte."""

from collections.abc import Callable
from dataclasses import replace

from qa.compose.timeline import bare_text
from qa.errors import ArticleNotFound
from qa.records import Article, Citation, Statement
from qa.text import one_line

__all__ = ["verify"]


def verify(
    statements: tuple[Statement, ...], article: Callable[[str], Article]
) -> tuple[tuple[Statement, ...], list[str]]:
    """Check every citation against the article as it is stored now.

    A citation whose article is gone, or whose characters differ, is taken away. What remains of
    a statement is *verified* if its text is itself quoted, *weak* if it only has citations, and
    dropped if it has none. Returns the kept statements and a line for each thing taken away.
    """
    kept: list[Statement] = []
    faults: list[str] = []
    for statement in statements:
        good = tuple(citation for citation in statement.citations if _stands(citation, article))
        faults += [
            f"{citation.article_id}[{citation.start}:{citation.end}] no longer reads as quoted"
            for citation in statement.citations
            if citation not in good
        ]
        if not good:
            faults.append(f"dropped, nothing supports it: {statement.text!r}")
            continue
        text = one_line(bare_text(statement))
        quoted = any(text in one_line(citation.quote) for citation in good)
        kept.append(replace(statement, citations=good, support="verified" if quoted else "weak"))
    return tuple(kept), faults


def _stands(citation: Citation, article: Callable[[str], Article]) -> bool:
    try:
        text = article(citation.article_id).text
    except ArticleNotFound:
        return False
    return text[citation.start : citation.end] == citation.quote
