r"""Characters that deceive: controls, signs that nobody sees, letters that pass for others.

One table for everything that shows, cleans or examines text. Sources: Unicode 16.0 general
categories Cc, Cs and Cf, the property Default_Ignorable_Code_Point, and confusables.txt of
UTS #39 for the Latin letters.
"""

import re

__all__ = ["CONFUSABLES", "CONTROLS", "INVISIBLE", "TAGS", "ZERO_WIDTH", "replace_controls"]

# What drives a terminal or reorders what is read: C0 and C1 without tab, line feed and carriage
# return, bidirectional overrides and isolates, halves of characters. The inside of a class.
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
# The letters that once named languages; with them any text can be written unseen.
TAGS = "\U000e0000-\U000e007f"
# Nobody sees these, and no language needs them between its letters.
INVISIBLE = "\u00ad\u034f\u115f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# These join and separate letters where scripts (Arabic, Indic, emoji) need it.
ZERO_WIDTH = "\u200c\u200d"
# Cyrillic, Greek and Armenian letters that pass for Latin ones.
CONFUSABLES = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕЅЈКМНОРСТУХІոαοεινρτυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwABESJKMHOPCTYXInaoeivptukABEZHIKMNOPTYX",
)
_CONTROL = re.compile(f"[{CONTROLS}]")


def replace_controls(text: str) -> str:
    r"""The text with U+FFFD for each control character; as many characters as before.

    >>> replace_controls("\x1b[31mred\u202e")
    '\ufffd[31mred\ufffd'
    """
    return text if text.isascii() and text.isprintable() else _CONTROL.sub("\ufffd", text)
