"""What people ask for, by name."""

from typing import Literal, get_args

__all__ = ["AIMED_KINDS", "COLLECTION_KINDS", "QUESTION_KINDS", "CollectionKind", "QuestionKind"]

CollectionKind = Literal[
    "written-by",
    "published-on",
    "outlets",
    "article-count",
    "article-list",
    "contents",
    "newest",
    "oldest",
    "article-summary",
    "greeting",
]
"""What is answered from the library's own records, not from what an article says."""

QuestionKind = Literal[
    "fact",
    "yes-no",
    "digest",
    "list",
    "count",
    "compare",
    "change",
    "conflict",
    "outlet-said",
    CollectionKind,
]
"""``fact``: a name, a number, a day; ``digest``: what sentences tell, as why, how, a summary;
``count``: of things that no article counts; ``change``: what is so now, and was before;
``conflict``: where reports differ; ``outlet-said``: what one outlet wrote of something.
"""

COLLECTION_KINDS: tuple[CollectionKind, ...] = get_args(CollectionKind)
QUESTION_KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)
AIMED_KINDS: tuple[QuestionKind, ...] = ("article-summary", "count", "outlet-said")
"""What asks for one article, one outlet, or the members of what nobody counts."""
