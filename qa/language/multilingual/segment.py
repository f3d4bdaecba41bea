"""Scripts that write no spaces between words, cut into overlapping pieces that stand for them.

Two characters in a row tell most of what words would (Nie et al. 2000, "On the use of words and
n-grams for Chinese information retrieval"), with the single ones beside them for abbreviations; an
alphabet without spaces, as the Thai, takes three. Knows no dictionary and no language.
"""

import re
import unicodedata

__all__ = ["MARKS", "cut", "is_beginning", "pieces", "segment", "unaccented"]

MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0963\u0966-\u0e3a\u0e40-\u0e4e"
    "\u0eb1-\u0ece\u1000-\u109f\u1780-\u17d3"
)
"""What belongs to the word before it though it is no letter, with the scripts that use it much. The
inside of a class."""
_IDEOGRAPHS = (
    "\u2e80-\u2fdf\u3005-\u3007\u3041-\u309f\u30a0-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
# Thai, Lao, Burmese and Khmer, without their digits.
_ALPHABETS = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1050-\u108f\u1780-\u17d3"
_RUN = re.compile(f"[{_IDEOGRAPHS}]+|[{_ALPHABETS}]+")
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")
# What the rest of this module has no business with: most of what is written.
_OTHER = re.compile(
    "[^\x00-\xc5\xc7-\xcf\xd1-\xd7\xd9-\xdd\xe0-\xe5\xe7-\xef\xf1-\xf7\xf9-\xfd\xff\u2010-\u2027\u20ac]"
)
_WIDE = re.compile("[\uff01-\uffdc]+")
_DIGIT = re.compile(r"(?![0-9])\d")
# They choose how the character before them is drawn, and are not looked up.
_VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Letters that are written with an ASCII one where they cannot be typed, and fall apart into none.
_LETTERS = str.maketrans({
    "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ı": "i", "ð": "d", "Ð": "D", "þ": "th",
})  # fmt: skip


def unaccented(word: str) -> str:
    """The letters without accents, and those of other alphabets as they are.

    >>> unaccented("Malmö"), unaccented("Łódź"), unaccented("Straße")
    ('Malmo', 'Lodz', 'Strasse')
    """
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word.translate(_LETTERS))
    bare = re.sub("(?<=[A-Za-z])[\u0300-\u036f]+", "", decomposed)
    return unicodedata.normalize("NFC", bare)


def segment(text: str) -> str:
    """The text as it is indexed: with the pieces of its words, single characters too, in the place
    of its runs without spaces, and digits of every script as 0 to 9. English text is as it was.

    >>> segment("Kestrel-2着陆了")
    'Kestrel-2 着 着陆 陆 陆了 了 '
    """
    return _replace(text, whole=True).translate(_LETTERS) if _OTHER.search(text) else text


def cut(text: str) -> str:
    """The same with pieces of the ordinary length alone, which tell more than single characters.

    >>> cut("Kestrel-2着陆了").split()
    ['Kestrel-2', '着陆', '陆了']
    """
    return _replace(text, whole=False)


def pieces(text: str) -> list[str]:
    """Only the pieces to look up, in order and once each; none of ordinary text.

    >>> pieces("Kestrel-2着陆")
    ['着', '着陆', '陆']
    """
    if not _OTHER.search(text):
        return []
    runs = _RUN.findall(_plain(text))
    return list(
        dict.fromkeys(
            piece for run in runs for piece in _pieces(run, whole=bool(_IDEOGRAPH.match(run)))
        )
    )


def is_beginning(piece: str) -> bool:
    """Whether a piece is shorter than those of its alphabet in the index, which may begin with it.

    >>> is_beginning("สะ"), is_beginning("สะพ"), is_beginning("着"), is_beginning("a")
    (True, False, False, False)
    """
    run = _RUN.fullmatch(piece)
    return bool(run) and not _IDEOGRAPH.match(piece) and len(_characters(piece)) < 3


def _replace(text: str, *, whole: bool) -> str:
    if not _OTHER.search(text):
        return text
    return _RUN.sub(lambda run: f" {' '.join(_pieces(run[0], whole=whole))} ", _plain(text))


def _plain(text: str) -> str:
    """Letters and digits of full and half width, and digits of every script, as ordinary ones."""
    text = _VARIATIONS.sub("", text)
    text = _WIDE.sub(lambda wide: unicodedata.normalize("NFKC", wide[0]), text)
    return _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)


def _pieces(run: str, *, whole: bool) -> list[str]:
    """Of a run too short for a piece, the run; ``whole``: what a shorter question may look up."""
    characters = _characters(run)
    size = 2 if _IDEOGRAPH.match(run) else 3
    full = ["".join(characters[low : low + size]) for low in range(len(characters) - size + 1)]
    if not whole:
        return full or [run]
    if size == 2:
        return [*_interleave(characters, full)]
    # Every character begins a piece, so that the beginning of one finds a shorter word.
    return full + ["".join(characters[-left:]) for left in (2, 1) if left <= len(characters)]


def _interleave(characters: list[str], pairs: list[str]) -> list[str]:
    """In the order of the text."""
    return [each for pair in zip(characters, [*pairs, ""], strict=True) for each in pair if each]


def _characters(run: str) -> list[str]:
    """Each with the marks that stand above, below and behind it."""
    characters: list[str] = []
    for each in run:
        if characters and unicodedata.category(each)[0] == "M":
            characters[-1] += each
        else:
            characters.append(each)
    return characters
