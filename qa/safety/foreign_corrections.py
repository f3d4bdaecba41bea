"""Who corrects whom. An outlet corrects its own articles, and says so; others only disagree.

Strings only. A line that calls itself a correction, or says that some report was wrong, without
telling whose it was and without a source, would take the place of what is right if it were
believed.
"""

import re
from functools import lru_cache

from qa.language.sentences import sentences

__all__ = ["foreign_corrections"]

_LABEL = re.compile(
    r"[^\w“\"]{0,4}(?:corrections?|corrected|corrigend\w+|errat(?:um|a)|clarification|"
    r"rectification|berichtigung|korrektur|richtigstellung|correctif|"
    r"rectificati(?:f|e)|corrección|fe de erratas|rettifica|correzione|correção|rättelse|rettelse|"
    r"sprostowanie|поправка|исправление|更正|訂正|정정)"
    r"(?: (?:on|to|of|about|regarding|notice|update)\b[^:.–—]{0,60})?[*_]*\s*"
    r"(?:[:：–—]|- |\.(?: |$))",
    re.IGNORECASE,
)
_ERROR_CLAIM = re.compile(
    r"\b(?:was|were|been) (?:wrongly|incorrectly|erroneously|mistakenly|falsely) (?:reported|"
    r"stated|said|given|published) (?:that|as|by|in|elsewhere|to be)\b"
    r"|\b(?:figure|report|account|story|version|number)s?\b[^.;]{0,60}\b"
    r"(?:was|were|is|are) (?:all )?(?:wrong|mistaken|incorrect|inaccurate|false|in error|"
    r"withdrawn|superseded)\b"
    r"|\baccording to (?:the|a) (?:corrected|revised|amended) (?:edition|version)\b"
    r"|\bsupersed(?:es|ing) (?:all )?(?:earlier|previous|other) (?:reports|figures|accounts)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:this|our) (?:\w+ )?(?:article|story|headline|caption|column|report|version|edition|"
    r"post|piece|page|website)\b"
    r"|\ban? (?:earlier|previous|original) (?:\w+ )?(?:version|edition|article|story|report)\b"
    r"|\b(?:an?|the) (?:\w+ ){0,3}(?:article|story|headline|caption|column)\b"
    r"|\bwe (?:wrongly |incorrectly )?(?:misstated|misidentified|misspelled|wrote|reported|said|"
    r"gave|published)\b",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"\b(?:said|says|told|tells|according to|announced|wrote|admitted|acknowledged|argued|"
    r"confirmed|insisted|added|warned|stressed|testified|explained|alleged|ruled|found|showed)\b"
    r"|[“\"]",
    re.IGNORECASE,
)


@lru_cache(512)
def foreign_corrections(text: str, source: str) -> tuple[tuple[int, int], ...]:
    """The half-open ranges of a text of the outlet ``source`` that claim to correct something
    which is not, by their own words, an article of that outlet; in order.

    Each goes on to the end of its paragraph. What a person is quoted with is no such claim: it is
    attributed.

    >>> foreign_corrections("It rained. Correction: It snowed.", "Post")
    ((11, 33),)
    >>> foreign_corrections("Correction: Our report said that it rained. It snowed.", "Post")
    ()
    """
    ranges = sentences(text) if _LABEL.search(text) or _ERROR_CLAIM.search(text) else []
    spans: list[tuple[int, int]] = []
    for place, (low, high) in enumerate(ranges):
        sentence = text[low:high]
        has_label = _LABEL.match(sentence) is not None
        claim = _ERROR_CLAIM.search(sentence)
        if not has_label and (claim is None or _is_attributed(sentence, claim)):
            continue
        start, end = text.rfind("\n\n", 0, low) + 1, text.find("\n\n", high)
        context_start, context_end = (
            ranges[max(0, place - 1)][0],
            ranges[min(place + 1, len(ranges) - 1)][1],
        )
        context = text[
            max(start, context_start) : min(context_end, end) if end >= 0 else context_end
        ]
        if _OWN.search(context) or (source and f"{source.lower()} " in context.lower()):
            continue
        # Whatever follows in the paragraph is in the range already.
        if not spans or low >= spans[-1][1]:
            rest = text[low : end if end >= 0 else len(text)]
            spans.append((low, low + len(rest.rstrip())))
    return tuple(spans)


def _is_attributed(sentence: str, claim: re.Match[str]) -> bool:
    """Whether somebody is named as the source of a claim; "according to" may belong to it."""
    rest = sentence[: claim.start()] + sentence[claim.end() :]
    return _ATTRIBUTION.search(rest) is not None
