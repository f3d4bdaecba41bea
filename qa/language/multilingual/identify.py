"""Which language a short text is in: by its script, else by a model of letters. Strings only."""

import re

from qa.language.lexicon import QUESTION_WORDS

__all__ = ["identify", "is_latin", "language_of_script", "ranked_languages"]

# Scripts that are written in one great language, or nearly so; Chinese writes no kana.
_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u309f\u30a1-\u30fa]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("ar", re.compile("[\u0620-\u064a]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("hi", re.compile("[\u0904-\u0939]")),
)
# Scripts of several languages, which the model tells apart.
_SHARED = ("ru", "ar", "hi")
_NO_LATIN = re.compile("[^\\W\\d_A-Za-z\u00aa-\u024f\u1e00-\u1eff\ufb00-\ufb06\uff21-\uff5a]")
_LATIN_WORD = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
# Those of Latin script that a question is taken to be in; further ones are taken for one of these.
_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "pl", "tr")
# How much likelier than English another language must be, in nats: names pull to their own. Of 25
# English questions none reached 6.5, of 83 in the other languages two stayed below.
_MARGIN = 7.0


def is_latin(text: str) -> bool:
    """Whether it has as many Latin words as others, one for three letters; true without letters.

    >>> is_latin("Who is 林浩?"), is_latin("谁是Greyhaven的市长？")
    (True, False)
    """
    if text.isascii():
        return True
    others = len(_NO_LATIN.findall(text))
    return not others or others <= 3 * len(_LATIN_WORD.findall(text))


def language_of_script(text: str) -> str:
    """The language that the script alone tells, two letters; empty for Latin script and for one
    of several languages.

    >>> language_of_script("新しい橋"), language_of_script("新桥"), language_of_script("bridge")
    ('ja', 'zh', '')
    """
    script = _script(text)
    return "" if script in _SHARED else script


def identify(question: str) -> str:
    """The language of a question, two letters; empty when its words do not tell, as when there are
    only names.

    >>> identify("Who sank?"), identify("旧桥什么时候拆除？"), identify("Tolland Bridge")
    ('en', 'zh', '')
    """
    script = _script(question)
    if script and script not in _SHARED:
        return script
    text = question.lower() if question.isupper() else question
    words = re.findall(r"[^\W\d_]+", text)
    # No other language has these words; the model takes a second to load.
    if {word.lower() for word in words} & QUESTION_WORDS:
        return "en"
    # Names stand in questions of any language.
    common = words[:1] + [word for word in words[1:] if not word[0].isupper()]
    if len(common) < 2:
        return script
    scores = ranked_languages(" ".join(common))
    best = max(scores, key=lambda code: scores[code]) if script else _best_latin(scores)
    return best or script


def ranked_languages(text: str) -> dict[str, float]:
    """How likely each language is, in nats, likeliest first, by its two-letter code."""
    # The model takes most of a second to load: only those who need it wait.
    import py3langid

    return {str(code): float(score) for code, score in py3langid.rank(text) if len(code) == 2}


def _script(text: str) -> str:
    """The greatest language of a script that is not Latin."""
    if is_latin(text):
        return ""
    return next((code for code, letters in _SCRIPTS if letters.search(text)), "")


def _best_latin(scores: dict[str, float]) -> str:
    best = max(_LANGUAGES, key=lambda code: scores.get(code, float("-inf")))
    return best if best == "en" or scores[best] - scores["en"] >= _MARGIN else "en"
