"""What the library's own records say of its articles: how many, which, of whom, of which days.

Nothing here loads more articles than it returns, but for what ``_across_passages`` tells. Every
value is bound; whatever a question says reaches the word index as words.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from qa.library.tables.connection import Connection
from qa.library.tables.rows import placeholders, scope_condition, to_day
from qa.protocols import LexicalIndex
from qa.records.question import Scope

__all__ = ["Catalog", "Selection"]

_NEWEST_FIRST = "a.published IS NULL, a.published DESC, a.key DESC"
_OLDEST_FIRST = "a.published IS NULL, a.published, a.key"
# Words that texts are chosen by before they are compared; the others are compared all the same.
_MOST_LOOKED_UP = 20
# Scripts that write words without spaces, or join particles to them: these characters are looked
# for as they stand. Thai, Lao, Burmese, Khmer, Japanese, Chinese, Korean.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are meant: those of the scope that have every one of ``phrases``, each as
    words in a row in title or text, in any case, accents and English endings aside, one of
    ``authors`` as the whole line of the author, one of ``languages`` as a two-letter code, and no
    day where ``undated``. What is empty leaves none out.
    """

    scope: Scope = field(default_factory=Scope)
    phrases: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    undated: bool = False


@dataclass(frozen=True, slots=True)
class Catalog:
    """The records of one library, with the index of its words; get one from ``Library.catalog``.

    An article whose words the index has yet to take over counts as having none.
    """

    database: Connection
    words: LexicalIndex

    def coverage(self, selection: Selection) -> tuple[int, date | None, date | None, int]:
        """How many articles there are, their first and last day, and how many of them name a
        day.
        """
        where, values = self.condition(selection)
        row = self.database.execute(
            f"""SELECT count(*), min(a.published), max(a.published), count(a.published)
                FROM articles a WHERE {where}""",
            values,
        ).fetchone()
        return row[0], to_day(row[1]), to_day(row[2]), row[3]

    def article_ids(
        self, selection: Selection, limit: int, *, oldest_first: bool = False
    ) -> list[str]:
        """At most ``limit``, the newest first or the oldest, those without a day last."""
        where, values = self.condition(selection)
        order = _OLDEST_FIRST if oldest_first else _NEWEST_FIRST
        rows = self.database.execute(
            f"SELECT a.id FROM articles a WHERE {where} ORDER BY {order} LIMIT ?",
            (*values, limit),
        )
        return [row[0] for row in rows]

    def title_ids(
        self, words: Sequence[str], scope: Scope, limit: int, *, in_a_row: bool = False
    ) -> list[str]:
        """The articles whose titles have all of the words, the newest first; none without a
        word.
        """
        phrases = [" ".join(words)] if in_a_row else words
        phrases = [phrase for phrase in phrases if self.words.words_of(phrase)]
        if not phrases:
            return []
        where, scope_values = scope_condition(scope, self.database.dialect)
        keys = [_json(self.words.having(phrase, place="title")) for phrase in phrases]
        has_words = " AND ".join([self._has_passage] * len(phrases))
        rows = self.database.execute(
            f"""SELECT a.id FROM articles a WHERE {has_words} AND {where}
                ORDER BY {_NEWEST_FIRST} LIMIT ?""",
            (*keys, *scope_values, limit),
        )
        return [row[0] for row in rows]

    def newest_titles(self, limit: int) -> dict[str, str]:
        """By outlet (empty: none) the title of its newest article, of so many of the newest; the
        outlet of the newest first.
        """
        rows = self.database.execute(
            f"""SELECT coalesce(a.source, ''), a.title FROM articles a
                ORDER BY {_NEWEST_FIRST} LIMIT ?""",
            (limit,),
        )
        titles: dict[str, str] = {}
        for outlet, title in rows:
            titles.setdefault(outlet, title)
        return titles

    def outlets(self, selection: Selection) -> list[tuple[str | None, int]]:
        """The outlets with the number of their articles, most articles first; None stands for
        those that name no outlet, and comes last.
        """
        return self._tally(selection, "source")

    def languages(self, selection: Selection) -> list[tuple[str | None, int]]:
        """The same of the two-letter codes of languages."""
        return self._tally(selection, "language")

    def authors(self, selection: Selection) -> list[tuple[str | None, int]]:
        """The same of the lines of authors, as the articles have them."""
        return self._tally(selection, "author")

    def _tally(
        self, selection: Selection, column: Literal["source", "language", "author"]
    ) -> list[tuple[str | None, int]]:
        where, values = self.condition(selection)
        rows = self.database.execute(
            f"""SELECT a.{column}, count(*) FROM articles a WHERE {where} GROUP BY a.{column}
                ORDER BY a.{column} IS NULL, count(*) DESC, a.{column}""",
            values,
        )
        return [(row[0], row[1]) for row in rows]

    def condition(self, selection: Selection) -> tuple[str, list[Any]]:
        """The selection as a condition on ``articles a``, with its values."""
        where, scope_values = scope_condition(selection.scope, self.database.dialect)
        conditions, values = [where], list[Any](scope_values)
        for column, wanted in (("author", selection.authors), ("language", selection.languages)):
            if wanted:
                conditions.append(f"a.{column} IN ({placeholders(wanted)})")
                values += wanted
        if selection.undated:
            conditions.append("a.published IS NULL")
        for phrase in selection.phrases:
            if _UNSPACED.search(phrase):
                position = self.database.dialect.position
                conditions.append(f"({position}(a.title, ?) > 0 OR {position}(a.text, ?) > 0)")
                values += [phrase, phrase]
            elif words := self.words.words_of(phrase):
                further_keys = self._across_passages(phrase, words)
                conditions.append(
                    f"({self._has_passage} OR a.key IN ({placeholders(further_keys)}))"
                )
                values += [_json(self.words.having(phrase)), *further_keys]
        return " AND ".join(conditions), values

    @property
    def _has_passage(self) -> str:
        # One value, as there is no limit to how many passages have a word.
        return f"""a.key IN (SELECT p.article FROM passages p
                   WHERE p.key IN {self.database.dialect.key_list})"""

    def _across_passages(self, phrase: str, words: Sequence[str]) -> list[int]:
        """The keys of the articles in whose text the phrase stands, but in none of its passages.

        A passage holds whole sentences, so this is a sentence that was too long for one, or two
        that nothing but space parts. Only texts are looked at that have all of the words, and a
        passage that begins with one of them.
        """
        if len(words) < 2:
            return []
        parts = re.findall(r"[^\W_]+", phrase)
        chosen = [set(self.words.having(part)) for part in dict.fromkeys(parts[:_MOST_LOOKED_UP])]
        if len(parts) <= _MOST_LOOKED_UP:
            openings = [self.words.having(part, place="opening") for part in parts[1:]]
            chosen.append({key for keys in openings for key in keys})
        has_words = " AND ".join([self._has_passage] * len(chosen))
        rows = self.database.execute(
            f"""SELECT a.key, a.text FROM articles a
                WHERE {has_words} AND NOT {self._has_passage}""",
            (*map(_json, chosen), _json(self.words.having(phrase))),
        )
        return [key for key, text in rows if _has_run(self.words.words_of(text), words)]


def _has_run(words: Sequence[str], run: Sequence[str]) -> bool:
    """Whether some words stand in a row among others."""
    # No word has a space.
    return f" {' '.join(run)} " in f" {' '.join(words)} "


def _json(keys: Iterable[int]) -> str:
    return json.dumps(list(keys))
