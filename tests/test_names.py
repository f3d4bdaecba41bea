"""What the code calls things."""

from tests.bare_names import ROOT, count, is_bare


def test_few_names_are_bare_participles_or_adverbs():
    bare, total = count(ROOT / "qa")
    assert bare.total() <= 0.04 * total, bare.most_common(20)


def test_bare_names_are_told_from_others():
    assert all(map(is_bare, ("found", "_said", "merged", "nearby", "FOLDED")))
    assert not any(map(is_bare, ("feed", "found_spans", "LibraryLocked", "spans", "family")))
