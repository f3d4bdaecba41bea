"""Which language a text is in, as a two-letter code."""

import re

__all__ = ["language_of"]

# Below this many characters a guess is wrong too often to be worth having.
MIN_CHARACTERS = 100
# More tell no better; 1,000 take about 0.3 ms.
SAMPLE = 1000


def language_of(text: str, declared: str | None = None) -> str | None:
    """The declared language, else a guess from the text, else None. Two letters, lower case.

    >>> language_of("", "en-GB"), language_of("Too short to tell.")
    ('en', None)
    """
    code = re.match(r"\s*([A-Za-z]{2})(?![A-Za-z])", declared or "")
    if code:
        return code[1].lower()
    sample = text[: 4 * SAMPLE].strip()[:SAMPLE]
    if len(sample) < MIN_CHARACTERS or not any(map(str.isalpha, sample)):
        return None
    # The model takes most of a second to load: only those who need it wait.
    import py3langid  # type: ignore[import-untyped]

    return str(py3langid.classify(sample)[0])
