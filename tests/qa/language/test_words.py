"""Stems, whoever asks for them at the same time."""

from concurrent.futures import ThreadPoolExecutor

from qa.language.words import stem


def test_stems_are_right_from_many_threads():
    words = [f"{begin}{end}" for begin in "abcdefgh" for end in ("ations", "ingly", "nesses")]
    words += [f"{word}{number}" for word in words for number in "xyz"]
    alone = [stem.__wrapped__(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(stem.__wrapped__, words * 40))
    assert together == alone * 40
