"""How often the equality of answers agrees with examples that somebody else labelled.

``python tests/qa/language/equivalence_trials.py`` prints the shares for the two halves of
``tests/data/equivalence/independent-*.tsv``, whose author knew nothing of the code: mistakes in the
first half were looked at and mended, the second was only ever counted. Rows that need knowledge
of the world ("JFK") are among them, those marked *hard* are not.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from qa.language.equivalence import form, relation  # noqa: E402 - from the tree beside it

TABLES = ROOT / "tests" / "data" / "equivalence"


def rows(name):
    return [line.split("\t") for line in (TABLES / name).read_text("utf-8").splitlines()[1:]]


def share(right):
    return f"{sum(right) / len(right):.3f} of {len(right)}"


def main():
    for half, first in (("looked at", 0), ("held out", 1)):
        pairs = [
            (expected, relation(one, other))
            for _, one, other, expected, why in rows("independent-relation.tsv")[first::2]
            if not why.startswith("hard")
        ]
        forms = [
            ({"other": "phrase"}.get(row[1], row[1]), form(row[0]))
            for row in rows("independent-form.tsv")[first::2]
        ]
        print(half)
        print("  relation", share([one == other for one, other in pairs]))
        for name in ("same", "contradicting"):
            print(f"  {name} or not", share([(a == name) == (b == name) for a, b in pairs]))
        print("  form", share([one == other for one, other in forms]))


if __name__ == "__main__":
    main()
