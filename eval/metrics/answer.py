"""Answer strings against gold strings, as SQuAD's official script defines it.

Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text".
"""

import re
import string
from collections import Counter
from collections.abc import Sequence

__all__ = ["contains", "contains_parts", "exact_match", "normalize", "token_f1"]

# Han, Hiragana, Katakana and Thai.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalize(text: str) -> str:
    """Lower case, without ASCII punctuation and articles, white space folded.

    >>> normalize('The "Salt  Ledger"!')
    'salt ledger'
    """
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def exact_match(predicted: str, golds: Sequence[str]) -> float:
    """1 if the normalised prediction equals one of the normalised golds, else 0."""
    return float(any(normalize(predicted) == normalize(gold) for gold in golds))


def contains_parts(text: str, golds: Sequence[str]) -> float:
    """1 if the text holds every part, set apart by semicolons, of one of the golds, else 0.

    >>> contains_parts("It has 19 seats. Tomas Reyl is the deputy.", ["19; Tomas Reyl"])
    1.0
    """
    return float(any(all(contains(text, [part]) for part in gold.split(";")) for gold in golds))


def token_f1(predicted: str, golds: Sequence[str]) -> float:
    """Best token-overlap F1 over the golds, in [0, 1]; tokens count as often as they occur.

    >>> token_f1("in Paris, France", ["Paris"])
    0.5
    >>> round(token_f1("二十四万", ["二十四万克朗"]), 2)
    0.8
    """
    return max((_f1(_tokens(predicted), _tokens(gold)) for gold in golds), default=0.0)


def contains(text: str, golds: Sequence[str]) -> float:
    """1 if the normalised text holds one of the normalised golds as whole words, else 0."""
    folded = f" {' '.join(_tokens(text))} "
    return float(any(f" {' '.join(_tokens(gold))} " in folded for gold in golds if _tokens(gold)))


def _tokens(text: str) -> list[str]:
    """Words; of scripts that set none apart, characters, as MLQA's script has it."""
    return _UNSPACED.sub(r" \g<0> ", normalize(text)).split()


def _f1(predicted: Sequence[str], gold: Sequence[str]) -> float:
    common = (Counter(predicted) & Counter(gold)).total()
    if not common:
        return float(predicted == gold)
    precision, recall = common / len(predicted), common / len(gold)
    return 2 * precision * recall / (precision + recall)
