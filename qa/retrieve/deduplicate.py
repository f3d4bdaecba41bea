"""One place in the ranking for each text, however many articles carry it. Knows no search."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from qa.language.similarity import Wording
from qa.library.duplicates import Member, clusters_of, members, passages_of
from qa.library.store import Library
from qa.records.article import Copy, Passage
from qa.records.question import Scope

__all__ = ["Folding", "fold"]


@dataclass(frozen=True, slots=True)
class Folding:
    """A ranking without repetitions: ``scores`` by passage key, higher is better.

    ``instead_of`` has, for a passage that stays, the copies of it that were taken out.
    """

    scores: Mapping[int, float]
    instead_of: Mapping[int, tuple[int, ...]]
    clusters: Mapping[int, int]
    carriers: "_Carriers"

    def copies(self, key: int, passage: Passage, scope: Scope) -> tuple[Copy, ...]:
        """The other articles within the scope that carry the passage, earliest first."""
        return tuple(
            member.copy
            for member in self.carriers.within(self.clusters.get(key), scope)
            if member.copy.article_id != passage.article_id
            and self.carriers.of(member.copy.article_id).carries(passage)
        )


def fold(library: Library, scores: Mapping[int, float], *, timely: bool) -> Folding:
    """Take out each passage whose text a better-ranked article of its cluster carries.

    The best-ranked article stays, and its own passage takes the place of the copies. Of passages
    that read the same the earliest published is the best, unless the question is ``timely``,
    which prefers certain days. What only one of the copies says keeps its place.
    """
    clusters = clusters_of(library, list(scores))
    carriers = _Carriers(library)
    single_scores = {key: score for key, score in scores.items() if key not in clusters}
    instead_of: dict[int, list[int]] = {}
    leads: dict[int, list[_Carrier]] = {}
    numbers = dict(clusters)
    passages = library.passages(list(clusters))
    for key, score in _rank_copies(passages, scores, timely=timely):
        passage = passages[key]
        chosen_keys = leads.setdefault(clusters[key], [])
        lead = next((lead for lead in chosen_keys if lead.carries(passage)), None)
        if lead is None:
            lead = carriers.of(passage.article_id)
            chosen_keys.append(lead)
        # None if the article was changed just now, and is no longer what was found.
        homes = [key] if key in lead.passages else lead.holding(passage, scores) or [key]
        for home in homes:
            single_scores[home] = max(score, single_scores.get(home, 0.0))
            numbers[home] = clusters[key]
        if homes[0] != key:
            instead_of.setdefault(homes[0], []).append(key)
    replaced_keys = {home: tuple(keys) for home, keys in instead_of.items()}
    return Folding(single_scores, replaced_keys, numbers, carriers)


def _rank_copies(
    passages: Mapping[int, Passage], scores: Mapping[int, float], *, timely: bool
) -> list[tuple[int, float]]:
    """The passages best first. The order of those that read the same means nothing before."""
    best: dict[tuple[str, str, date | None], float] = {}
    for key, passage in passages.items():
        text = (passage.title, passage.text, passage.published if timely else None)
        best[text] = max(scores[key], best.get(text, 0.0))
    order = [
        (key, best[passage.title, passage.text, passage.published if timely else None])
        for key, passage in passages.items()
    ]
    return sorted(
        order, key=lambda each: (-each[1], passages[each[0]].published or date.max, each[0])
    )


class _Carrier:
    """An article that may stand for its copies."""

    def __init__(self, passages: Mapping[int, Passage]) -> None:
        self.passages = passages
        self._text = "\n".join(passage.text for passage in passages.values())

    @cached_property
    def _wording(self) -> Wording:
        return Wording(self._text)

    @cached_property
    def _wordings(self) -> dict[int, Wording]:
        return {key: Wording(passage.text) for key, passage in self.passages.items()}

    def carries(self, passage: Passage) -> bool:
        own = any(passage.article_id == each.article_id for each in self.passages.values())
        return (
            own
            or passage.text in self._text
            or self._wording.carries(passage.text, opening=passage.start == 0)
        )

    def holding(self, passage: Passage, scores: Mapping[int, float]) -> list[int]:
        """Which of its passages hold what the other one does: the best that was found itself, and
        those that were not, since they may begin and end elsewhere.
        """
        shares = {key: wording.share(passage.text) for key, wording in self._wordings.items()}
        holding = sorted(
            (key for key in shares if shares[key]),
            key=lambda key: (scores.get(key, 0.0), shares[key]),
            reverse=True,
        )
        if not holding or shares[holding[0]] == 1.0:
            return holding[:1]
        return [holding[0], *(key for key in holding[1:] if key not in scores)]


class _Carriers:
    """The articles of clusters, each read once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._carriers: dict[str, _Carrier] = {}
        self._members: dict[int, list[Member]] = {}

    def of(self, article_id: str) -> _Carrier:
        if article_id not in self._carriers:
            keys = passages_of(self._library, article_id)
            passages = self._library.passages(keys)
            self._carriers[article_id] = _Carrier(
                {key: passages[key] for key in keys if key in passages}
            )
        return self._carriers[article_id]

    def within(self, cluster: int | None, scope: Scope) -> Iterator[Member]:
        if cluster is None:
            return
        if cluster not in self._members:
            cluster_members = members(self._library, cluster)
            days_in_scope = self._library.days(
                [member.passage for member in cluster_members], scope
            )
            self._members[cluster] = [
                member for member in cluster_members if member.passage in days_in_scope
            ]
        yield from self._members[cluster]
