"""How a text becomes the words of the index, and a question the queries of Tantivy.

One field set for all: words without capitals and accents, with English endings taken off (Porter's
second stemmer), scripts without spaces cut into overlapping pieces. Every value is a term of a
query object; none is ever read as syntax.
"""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from qa.language.dates import day_number
from qa.language.multilingual.segment import cut, is_beginning, segment, unaccented
from qa.library.lexical.tantivy_package import load_tantivy
from qa.protocols import LexicalEntry, Place
from qa.records.question import Scope

if TYPE_CHECKING:
    from tantivy import Document, Query, Schema, Searcher, TextAnalyzer

__all__ = [
    "ANALYZER",
    "FIRST_WORD",
    "WEIGHTS",
    "Analyzer",
    "any_word",
    "document",
    "fold",
    "make_analyzer",
    "make_schema",
    "of_keys",
    "phrase",
    "query_words",
    "within_scope",
    "words_of",
]

Analyzer: TypeAlias = "TextAnalyzer"
"""What cuts a text into words."""
ANALYZER = "words"
"""The name by which the fields know the analyzer."""
# Title and body as one text, in which a word of either weighs the same and lengths are of both;
# the body once more. Fitted on news-train: the one text alone, or title and body as two, find
# less in the first place (docs/measured.md).
WEIGHTS = {"text": 0.7, "body": 1.0}
# Marks that belong to letters, as in Hindi and Thai, are part of a word; Tantivy's tokenizer cuts
# at them.
_WORD = r"[\p{L}\p{N}\p{M}\p{Co}]+"
FIRST_WORD = re.compile(r"[^\W_]\S*")
# Days whose lists of passages are joined.
_MOST_LISTS = 366
# Words that the beginning of one may stand for.
_MOST_EXPANDED = 100


def make_schema() -> "Schema":
    """The fields: nothing is stored, for the library has it."""
    builder = load_tantivy().SchemaBuilder()
    builder.add_unsigned_field("key", indexed=True, fast=True)
    for name in ("text", "title", "body", "opening"):
        builder.add_text_field(name, tokenizer_name=ANALYZER)
    builder.add_unsigned_field("published", indexed=True, fast=True)
    builder.add_text_field("source", tokenizer_name="raw", index_option="basic")
    schema: Schema = builder.build()
    return schema


def make_analyzer() -> "TextAnalyzer":
    """What cuts a text, once it is folded, at everything that is no letter or digit."""
    tantivy = load_tantivy()
    filters = tantivy.Filter
    analyzer: TextAnalyzer = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_WORD))
        .filter(filters.lowercase())
        .filter(filters.stemmer("english"))
        .build()
    )
    return analyzer


def fold(text: str) -> str:
    """The text as the index takes it: without accents, unspaced scripts with all their pieces.

    >>> fold("Malmö, 着陆")
    'Malmo,  着 着陆 陆 '
    """
    return text if text.isascii() else _encodable(unaccented(segment(text)))


def words_of(analyzer: "TextAnalyzer", text: str) -> list[str]:
    """The words of a text as they stand in the index, in order."""
    return analyzer.analyze(fold(text))


def query_words(analyzer: "TextAnalyzer", text: str) -> list[str]:
    """The same of what is looked for; of unspaced scripts it is a piece already."""
    return analyzer.analyze(text if text.isascii() else _encodable(unaccented(cut(text))))


def document(entry: LexicalEntry) -> "Document":
    """What the index takes of a passage."""
    made: Document = load_tantivy().Document()
    title, body = fold(entry.title), fold(entry.text)
    made.add_unsigned("key", entry.key)
    # Two values, between which no phrase stands.
    for name, text in (("text", title), ("text", body), ("title", title), ("body", body)):
        made.add_text(name, text)
    first_word = FIRST_WORD.search(body)
    made.add_text("opening", first_word.group() if first_word else "")
    made.add_unsigned("published", day_number(entry.published))
    made.add_text("source", (entry.source or "").lower())
    return made


def any_word(
    schema: "Schema", searcher: "Searcher", analyzer: "TextAnalyzer", words: Iterable[str]
) -> "Query | None":
    """Passages with any of the words, which are ranked by BM25; None when there is no word."""
    tantivy = load_tantivy()
    subqueries = []
    for word in dict.fromkeys(words):
        tokens = query_words(analyzer, word)
        if not tokens:
            continue
        for field, weight in WEIGHTS.items():
            query = _in_a_row(schema, field, tokens)
            if is_beginning(word):
                query = _beginning(schema, searcher, field, tokens[0])
            if weight != 1.0:
                query = tantivy.Query.boost_query(query, weight)
            subqueries.append((tantivy.Occur.Should, query))
    made: Query | None = tantivy.Query.boolean_query(subqueries) if subqueries else None
    return made


def phrase(
    schema: "Schema",
    searcher: "Searcher",
    analyzer: "TextAnalyzer",
    words: str,
    place: Place,
    apart: int,
) -> "Query | None":
    """Passages with the words in a row; with ``apart`` in either order and with at most so many
    others between them. None without a word.
    """
    tantivy = load_tantivy()
    tokens = query_words(analyzer, words)
    if not tokens:
        return None
    if is_beginning(words):
        return _beginning(schema, searcher, place, tokens[0])
    if not apart or len(tokens) == 1:
        return _in_a_row(schema, place, tokens)
    queries = [
        (tantivy.Occur.Should, tantivy.Query.phrase_query(schema, field, order, apart))
        # Not across the end of a title.
        for field in (("title", "body") if place == "text" else (place,))
        for order in (tokens, tokens[::-1])
    ]
    made: Query = tantivy.Query.boolean_query(queries)
    return made


def within_scope(schema: "Schema", query: "Query", scope: Scope) -> "Query":
    """Those of the matches that the scope admits, as high as without it."""
    tantivy = load_tantivy()
    filters = []
    if scope.since or scope.until:
        # Zero stands for an unknown day, which lies in no window.
        days = tantivy.Query.range_query(
            schema,
            "published",
            tantivy.FieldType.Unsigned,
            day_number(scope.since) or 1,
            day_number(scope.until) or None,
            # A few days by their lists of passages, ten times as quick there as looking at the day
            # of each match, which is quicker for many.
            use_inverted_index=bool(
                scope.since and scope.until and (scope.until - scope.since).days <= _MOST_LISTS
            ),
        )
        if scope.undated:
            undated = tantivy.Query.term_query(schema, "published", 0)
            should = tantivy.Occur.Should
            days = tantivy.Query.boolean_query([(should, days), (should, undated)])
        filters.append(days)
    if scope.sources:
        names = [source.lower() for source in scope.sources]
        filters.append(tantivy.Query.term_set_query(schema, "source", names))
    must = tantivy.Occur.Must
    weightless = [(must, tantivy.Query.const_score_query(each, 0.0)) for each in filters]
    made: Query = tantivy.Query.boolean_query([(must, query), *weightless]) if filters else query
    return made


def of_keys(schema: "Schema", keys: Sequence[int]) -> "Query":
    """The passages under these keys."""
    made: Query = load_tantivy().Query.term_set_query(schema, "key", list(keys))
    return made


def _in_a_row(schema: "Schema", field: str, tokens: Sequence[str]) -> "Query":
    queries = load_tantivy().Query
    made: Query = (
        queries.term_query(schema, field, tokens[0])
        if len(tokens) == 1
        else queries.phrase_query(schema, field, list(tokens))
    )
    return made


def _beginning(schema: "Schema", searcher: "Searcher", field: str, token: str) -> "Query":
    words = searcher.terms_with_prefix(field, token, limit=_MOST_EXPANDED)
    made: Query = load_tantivy().Query.term_set_query(schema, field, [word for word, _ in words])
    return made


def _encodable(text: str) -> str:
    """The text without what is no Unicode, which Tantivy would refuse."""
    return text.encode("utf-8", "replace").decode("utf-8")
