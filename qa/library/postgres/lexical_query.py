"""What PostgreSQL keeps of a passage's words, and how they are asked for: places in a ``tsvector``,
for what stands in a row and where, and BM25 weights in a ``sparsevec``, for what is the better
match (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework").

Knows no table. The words are those of the index in a folder, and so is what they weigh.
"""

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, product

from qa.language.multilingual.segment import is_beginning
from qa.library.lexical.analysis import FIRST_WORD, WEIGHTS, Analyzer, fold, query_words, words_of
from qa.protocols import LexicalEntry, Place

__all__ = [
    "QueryTerms",
    "candidates",
    "phrase_query",
    "places_and_weights",
    "query_terms",
    "query_weights",
    "row_worth",
]

# BM25 as Tantivy has it. A passage is as long as our splitter makes it: about so many words with
# its title, and without; what they are on the average of one library moves no rank worth naming.
_K1, _B = 1.2, 0.75
_USUAL_LENGTHS = {"text": 110.0, "body": 100.0}
# Marks of a tsvector that tell where a word stands; those of a body are B and D.
_LABELS: dict[Place, str] = {"text": "", "title": "A", "body": "BD", "opening": "B"}
# Places between title and body, over which no phrase stands.
_GAP = 16
_MOST_PLACES = 16_000
# Characters of a word: PostgreSQL takes 2,046 bytes.
_LONGEST = 500
# Words are numbered by a checksum: among so many numbers few share one, and for such a word
# the places tell.
DIMENSION = 999_999_937
# Passages that are looked at because of one word alone, rare ones first; of the other words two
# have to stand in a passage. And how many pairs of them are looked for.
_MOST_ALONE, _MOST_PAIRS = 4000, 100


class QueryTerms:
    """The words of a question as the index has them: ``single``, ``rows`` of several in a row, and
    ``beginnings``.
    """

    def __init__(self) -> None:
        self.single: list[str] = []
        self.rows: list[tuple[str, ...]] = []
        self.beginnings: list[str] = []

    def lexemes(self) -> list[str]:
        """All of them but for beginnings, once each."""
        return list(dict.fromkeys([*self.single, *(each for row in self.rows for each in row)]))

    def row_queries(self) -> list[tuple[tuple[str, ...], str]]:
        """The words in a row, each with its ``tsquery``."""
        return [(row, _row(row, "")) for row in self.rows]

    def beginning_queries(self) -> list[str]:
        """The beginnings, each as a ``tsquery``."""
        return [f"{_quoted(word)}:*" for word in self.beginnings]


def query_terms(analyzer: Analyzer, words: Iterable[str]) -> QueryTerms:
    """What is looked for with these words."""
    terms = QueryTerms()
    for word in dict.fromkeys(words):
        lexemes = [lexeme[:_LONGEST] for lexeme in query_words(analyzer, word)]
        if not lexemes:
            continue
        if is_beginning(word):
            terms.beginnings.append(lexemes[0])
        elif len(lexemes) == 1:
            terms.single.append(lexemes[0])
        else:
            terms.rows.append(tuple(lexemes))
    return terms


def places_and_weights(analyzer: Analyzer, entry: LexicalEntry) -> tuple[str, str]:
    """The ``tsvector`` and the ``sparsevec`` of a passage, as PostgreSQL reads them."""
    body_text = fold(entry.text)
    title = [word[:_LONGEST] for word in words_of(analyzer, entry.title)]
    body = [word[:_LONGEST] for word in words_of(analyzer, entry.text)]
    first_word = FIRST_WORD.search(body_text)
    opening = len(analyzer.analyze(first_word.group())) if first_word else 0
    places: dict[str, list[str]] = {}
    for place, word in enumerate(title, start=1):
        places.setdefault(word, []).append(f"{min(place, _MOST_PLACES)}A")
    for number, word in enumerate(body):
        place = min(len(title) + _GAP + number, _MOST_PLACES)
        places.setdefault(word, []).append(f"{place}{'B' if number < opening else ''}")
    vector = " ".join(f"{_quoted(word)}:{','.join(each)}" for word, each in places.items())
    return vector, _sparse(_weights({"text": [*title, *body], "body": body}))


def query_weights(terms: QueryTerms, counts: Mapping[str, int], total: int) -> str:
    """What each single word is worth, as the ``sparsevec`` to multiply with."""
    return _sparse({word: _rarity(counts.get(word, 0), total) for word in terms.single})


def row_worth(row: Sequence[str], counts: Mapping[str, int], total: int) -> float:
    """What words in a row are worth where they stand."""
    return sum(_rarity(counts.get(word, 0), total) for word in row) * sum(WEIGHTS.values())


def candidates(terms: QueryTerms, counts: Mapping[str, int]) -> str:
    """The passages that may be the best, as a ``tsquery``; empty when there is no word."""
    alone: list[str] = []
    others: list[str] = []
    budget = _MOST_ALONE
    for word in sorted(dict.fromkeys(terms.single), key=lambda word: counts.get(word, 0)):
        count = counts.get(word, 0)
        if not count:
            continue
        if count <= budget:
            budget -= count
            alone.append(word)
        else:
            others.append(word)
    parts = [_quoted(word) for word in alone]
    if not alone and len(others) == 1:
        parts += [_quoted(others[0])]
    pairs = [*combinations(others, 2)][:_MOST_PAIRS]
    parts += [f"({_quoted(one)} & {_quoted(other)})" for one, other in pairs]
    parts += [f"({query})" for _, query in terms.row_queries()]
    parts += terms.beginning_queries()
    return " | ".join(parts)


def phrase_query(analyzer: Analyzer, words: str, place: Place = "text", apart: int = 0) -> str:
    """Passages with the words in a row, as a ``tsquery``; with ``apart`` in either order and with
    at most so many others between them. Empty without a word.
    """
    lexemes = [lexeme[:_LONGEST] for lexeme in query_words(analyzer, words)]
    if not lexemes:
        return ""
    if is_beginning(words):
        return f"{_quoted(lexemes[0])}:*{_LABELS[place]}"
    if not apart or len(lexemes) == 1:
        return _row(lexemes, _LABELS[place])
    gaps = [
        each for each in product(range(apart + 1), repeat=len(lexemes) - 1) if sum(each) <= apart
    ]
    orders = (lexemes, lexemes[::-1])
    return " | ".join(
        f"({_row(order, _LABELS[place], distances)})" for order in orders for distances in gaps
    )


def _weights(fields: Mapping[str, Sequence[str]]) -> dict[str, float]:
    weights: defaultdict[str, float] = defaultdict(float)
    for name, words in fields.items():
        length = len(words) / _USUAL_LENGTHS[name]
        for word, count in Counter(words).items():
            saturation = count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length))
            weights[word] += WEIGHTS[name] * saturation
    return dict(weights)


def _rarity(count: int, total: int) -> float:
    return math.log(1 + (max(total - count, 0) + 0.5) / (count + 0.5))


def _sparse(weights: Mapping[str, float]) -> str:
    numbered: defaultdict[int, float] = defaultdict(float)
    for word, weight in weights.items():
        numbered[zlib.crc32(word.encode()) % DIMENSION + 1] += weight
    # More than these pgvector does not take; no passage has as many words.
    pairs = sorted(numbered.items(), key=lambda each: -each[1])[:15_000]
    return f"{{{','.join(f'{number}:{weight:.5f}' for number, weight in pairs)}}}/{DIMENSION}"


def _row(lexemes: Sequence[str], label: str, gaps: Sequence[int] = ()) -> str:
    labels = f":{label}" if label else ""
    text = f"{_quoted(lexemes[0])}{labels}"
    for lexeme, gap in zip(lexemes[1:], gaps or [0] * len(lexemes), strict=False):
        text += f" <{gap + 1}> {_quoted(lexeme)}{labels}"
    return text


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
