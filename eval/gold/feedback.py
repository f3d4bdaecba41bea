"""Feedback as gold: a judged answer becomes a question that is asked from then on."""

from collections.abc import Iterable

from eval.gold.questions import Gold
from qa.library.feedback import Feedback
from qa.records.article import derive_id

__all__ = ["gold_of"]


def gold_of(feedback: Iterable[Feedback]) -> list[Gold]:
    """One gold question for each question that somebody judged; the latest verdict counts, and
    where it leaves open what is right there is none.

    A right answer is accepted with its evidence, a right abstention means that abstaining is
    right; with wrong evidence the answer is accepted without it; a wrong answer becomes gold only
    with the better one, for otherwise nobody knows what would be right.
    """
    made: dict[str, Gold] = {}
    for item in feedback:
        id_ = f"feedback-{derive_id(f'{item.answer.question} {item.as_of}')}"
        answers = _answers(item)
        if answers is None:
            made.pop(id_, None)
            continue
        cited = dict.fromkeys(citation.article_id for citation in item.answer.citations)
        articles = tuple(cited) if item.verdict == "right" else ()
        made[id_] = Gold(
            id=id_,
            question=item.answer.question,
            answers=answers,
            articles=articles,
            as_of=item.as_of,
            kind="feedback",
            versions={name: item.versions[name] for name in articles if name in item.versions},
        )
    return list(made.values())


def _answers(item: Feedback) -> tuple[str, ...] | None:
    if item.verdict == "right" and item.answer.abstained:
        return ()
    # Nothing that was found answers it: only who judged knows what does.
    if item.verdict == "wrong" or item.answer.abstained:
        return (item.better,) if item.better else None
    said = item.answer.short or item.answer.text
    return tuple(dict.fromkeys((*([item.better] if item.better else []), said)))
