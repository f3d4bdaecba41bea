"""What is said instead of an answer: plain words, and the nearest sentence of the articles."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from operator import itemgetter

import qa.thresholds as thresholds
from qa.compose.digest import is_headline
from qa.language.cleaning import one_line
from qa.language.multilingual.notices import NOTICES, Notice
from qa.language.sentences import sentences
from qa.language.words import stems
from qa.library.store import Library
from qa.question.wording.language import language_notice, question_language
from qa.question.wording.spelling import unknown_words
from qa.records.article import Passage
from qa.records.clauses import Clause, clause, day_in_words, number_clause, verbatim
from qa.records.question import Question, Scope
from qa.records.reading import UNANSWERED, Reading
from qa.safety.injection import overlaps
from qa.safety.untrusted import untrusted_in

__all__ = ["abstention"]

# Unknown words that are named, letters of a sentence that are quoted.
_NAMED, _QUOTED = 3, 400


def abstention(
    library: Library, question: Question, reading: Reading, reason: str, *more: Clause
) -> tuple[Clause, ...]:
    """The reason as sentences: that no article says this, with their number and days (or the
    reason, if it is another one), ``more``, what no article mentions, and the nearest sentence.
    What is asked in another language is told in it.
    """
    count, first, last = library.coverage(question.scope)
    if not count:
        elsewhere = question.scope and library.coverage(Scope())[0]
        return (
            clause("No article is of the days, outlets and collections to be searched")
            if question.scope.collections
            else clause("No article is of the days and outlets to be searched")
            if elsewhere
            else clause("The library is empty: there is no article to search yet"),
            *more,
        )
    language = question_language(question.text, library)
    notice = NOTICES.get(language)
    clauses = [clause(reason)]
    if reason == UNANSWERED:
        clauses = [
            verbatim(language_notice(question.text, library, most=True) or notice.unanswered)
            if notice
            else _unanswered(library, question.scope, count, first, last)
        ]
    text = question.text
    if question.window and question.window.strict and question.window.said:
        window_words = question.window.said
        text = text.replace(window_words, " ")
        clauses += (
            [] if notice else [clause("The search was limited by “%(words)s”", words=window_words)]
        )
    clauses += more
    unknown = [] if notice else unknown_words(text, library)
    if 0 < len(unknown) <= _NAMED:
        clauses.append(_unmentioned(unknown))
    if nearest := _nearest(question, reading, notice):
        clauses.append(nearest)
    return tuple(clauses)


def _unmentioned(words: Sequence[str]) -> Clause:
    match words:
        case [word]:
            return clause("No article mentions “%(word)s”", word=word)
        case [first, second]:
            return clause(
                "No article mentions “%(first)s” or “%(second)s”", first=first, second=second
            )
        case _:
            first, second, third = words
            return clause(
                "No article mentions “%(first)s” or “%(second)s” or “%(third)s”",
                first=first,
                second=second,
                third=third,
            )


def _unanswered(
    library: Library, scope: Scope, count: int, first: date | None, last: date | None
) -> Clause:
    """That no article says this, with the days of those that have one."""
    if not first or not last:
        return number_clause(
            "The %(num)s article does not say this", "None of the %(num)s articles says this", count
        )
    dated_count = library.coverage(replace(scope, since=scope.since or date.min, undated=False))[0]
    undated_count = count - dated_count
    if undated_count and first == last:
        return clause(
            "None of the %(num)s articles (%(dated)s of %(day)s, %(undated)s undated) says this",
            num=count,
            dated=dated_count,
            undated=undated_count,
            day=first,
        )
    if undated_count:
        return clause(
            "None of the %(num)s articles (%(dated)s from %(day_first)s to %(day_last)s, "
            "%(undated)s undated) says this",
            num=count,
            dated=dated_count,
            undated=undated_count,
            day_first=first,
            day_last=last,
        )
    if first == last:
        return number_clause(
            "The %(num)s article, of %(day)s, does not say this",
            "None of the %(num)s articles of %(day)s says this",
            count,
            day=first,
        )
    return clause(
        "None of the %(num)s articles from %(day_first)s to %(day_last)s says this",
        num=count,
        day_first=first,
        day_last=last,
    )


def _nearest(question: Question, reading: Reading, notice: Notice | None) -> Clause | None:
    """The sentence that a good answer would quote soonest, by the reader's judgement (where nobody
    judged, by the question's words in it), with its outlet and day; None if no passage holds any
    of the question.

    On `annotated/n` it holds the accepted answer for 0.84 of 398 questions, by words alone for
    0.52; of near misses it is the one that seems to answer for 0.50, by words alone for 0.31.
    """
    best = max(_near_sentences(question, reading), key=itemgetter(2), default=None)
    if best is None:
        return None
    passage, sentence, _ = best
    source, day = passage.source, passage.published
    if notice:
        return verbatim(f"{notice.nearest} “{sentence}”{_origin(passage)}")
    if source and day:
        return clause(
            "The nearest says: “%(sentence)s” (%(outlet)s, %(day)s)",
            sentence=sentence,
            outlet=source,
            day=day,
        )
    if day:
        return clause("The nearest says: “%(sentence)s” (%(day)s)", sentence=sentence, day=day)
    if source:
        return clause(
            "The nearest says: “%(sentence)s” (%(outlet)s)", sentence=sentence, outlet=source
        )
    return clause("The nearest says: “%(sentence)s”", sentence=sentence)


def _near_sentences(question: Question, reading: Reading) -> Iterator[tuple[Passage, str, float]]:
    """Sentences near enough to be quoted, with their passages, and how near each is."""
    expected = question.expected
    for hit in reading.hits:
        passage = hit.passage
        if not expected.weight_in(stems(f"{passage.title} {passage.text}")):
            continue
        untrusted_spans = untrusted_in(hit, question.text)
        for start, end in sentences(passage.text):
            sentence = one_line(passage.text[start:end])
            if len(sentence) > _QUOTED or is_headline(sentence):
                continue
            if overlaps(untrusted_spans, start, end):
                continue
            share = expected.weight_in(stems(sentence)) / sum(expected.terms.values())
            odds = reading.judged(passage.article_id, passage.start + start, passage.start + end)
            if not reading.evidence:
                odds = 0.0 if share else None
            if odds is not None and odds >= thresholds.NEAREST:
                yield passage, sentence, odds + share


def _origin(passage: Passage) -> str:
    day = day_in_words(passage.published) if passage.published else ""
    parts = [part for part in (passage.source, day) if part]
    return f" ({', '.join(parts)})" if parts else ""
