"""Pages that are no article: walls of consent, bot checks, errors sent as pages, pages of links.

Each is told by what its title says and by how little stands in it. The words are those that the
programs behind such pages write, in the languages of most news on the web.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from ingest.pages.blocks import Block
from ingest.pages.facts import Page

__all__ = ["reason_against"]

# Characters of a text that may be all of such a page, of one whose day is stated, and of one that
# its title gives away.
_LITTLE = 600
_NEXT_TO_NOTHING = 250
_SOME = 3000
_LONGEST_TITLE = 120
# Headlines of other pages that make a page of links, and paragraphs in a row that make an article.
_LINKS = 10
_PARAGRAPHS = 3
_PARAGRAPH = 140
# Characters of a line that is a paragraph of a short story.
_LONG_LINE = 110
_SHORTEST_LINK = 20


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of page that is no article, by its title and by a text that is little.

    ``dated`` is True where even a page that states its day may be of the kind, ``wordy`` where it
    may have several paragraphs.
    """

    reason: str
    title: re.Pattern[str]
    text: re.Pattern[str]
    dated: bool = False
    wordy: bool = False


def _words(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE | re.DOTALL)


_KINDS = (
    _Kind(
        "a check for robots, not an article; open the page in a browser and save it from there",
        _words(
            r"just a moment|attention required|pardon our interruption|are you (?:a )?human"
            r"|you(?:'re)? (?:not )?(?:a )?robot|security check|human verification|captcha"
            r"|bot (?:check|detection|verification)|verif\w+ (?:that )?you(?:'re| are)"
            r"|einen moment|un momento|un instant"
        ),
        _words(
            r"captcha|not a robot|kein roboter|pas un robot|no (?:eres|soy) un robot"
            r"|unusual traffic|(?:checking|review|verify\w*)[\w ]{0,25} (?:security|browser"
            r"|connection)|cloudflare"
            r"|verif\w+ (?:that )?you(?:'re| are) (?:a )?human|ray id|automated (?:access|requests)"
        ),
        dated=True,
    ),
    _Kind(
        "a page that asks for scripts, not an article; open it in a browser and save it from there",
        _words(r"(?:enable|activ\w*|aktivier\w*|habilit\w*|requires?) java ?script"),
        _words(
            r"java ?script[\w ,.]{0,40}(?:enabled?|disabled|required|on\b|aktivier|activ|habilit"
            r"|attiv|inschakel|deaktiviert)|(?:enable|requires?|needs?|turn on|activ\w+|aktivier\w+"
            r"|habilit\w+|attiv\w+|without|ohne|sans|sin|support) (?:\w+ ){0,3}java ?script"
            r"|\A\W*(?:loading|please wait|wird geladen|chargement|cargando)\W*\Z"
        ),
        dated=True,
    ),
    _Kind(
        "a question of consent, not an article; answer it in a browser and save the page then",
        _words(
            r"(?:value|care about|respect|matters?)[\w ]* privacy"
            r"|privacy (?:settings|matters|choices)|your privacy|before you continue|consent"
            r"|cookies?\b|einwilligung"
            r"|zustimmung|datenschutz|privatsphäre|vie privée|consentement|privacidad"
            r"|consentimiento|consenso"
        ),
        _words(
            r"(?:(?:partners?|cookies?|consent|identifiers|personal data|your device|tracking"
            r"|partnern?|einwilligung|personenbezogene|geräte?|partenaires|données|appareil"
            r"|consentement|socios|datos|dispositivo|consentimiento|dati personali)\b.*?){3}"
        ),
        wordy=True,
    ),
    _Kind(
        "an error page (not found), not an article; look the address up again",
        _words(
            r"\b(?:404|410)\b|(?:page|site|url|file|document|content|article|story|error)\b"
            r".{0,25}(?:not (?:be )?found|n[o']t exist|no longer|unavailable|missing)|\bnot found\Z"
            r"|seite\b.{0,20}nicht|nicht gefunden|page\b.{0,20}introuvable|no encontrad"
            r"|non trovata|não encontrad|niet gevonden|ikke fund|hittades inte|nie znaleziono"
            r"|не найден|見つかりません|找不到"
        ),
        _words(
            r"(?:page|article|content|url|link)\b.{0,40}(?:not (?:be )?found|n[o']t exist|no longer"
            r"|(?:been )?(?:moved|removed|deleted))|seite\b.{0,40}(?:nicht gefunden"
            r"|existiert nicht)"
        ),
    ),
    _Kind(
        "a refusal (access denied), not an article; open the page in a browser and save it",
        _words(
            r"\b(?:401|403|429|451)\b|access (?:denied|forbidden|to this)|forbidden"
            r"|too many requests|zugriff verweigert|accès refusé|acceso denegado|accesso negato"
            r"|acesso negado"
            r"|not available in your|unavailable (?:for legal|in your|due to)"
        ),
        _words(
            r"(?:do(?:n't| not) have permission|not authorized|access denied|been blocked)"
            r"|not available (?:in|to) (?:your|visitors|users|readers)"
            r"|unavailable (?:in|for) (?:your|legal|most)"
        ),
    ),
    _Kind(
        "an error of the server, not an article; try again later",
        _words(
            r"\b50[0234]\b|(?:service|temporarily|site) (?:is )?(?:temporarily )?unavailable"
            r"|bad gateway|internal server error|gateway time-?out"
            r"|(?:under|for|scheduled) maintenance"
        ),
        _words(
            r"(?:service|temporarily) unavailable|bad gateway|internal server error"
            r"|down for maintenance|be (?:right )?back (?:soon|shortly|later)"
            r"|(?:performing|undergoing|carrying out) [\w ]{0,20}maintenance"
        ),
    ),
    _Kind(
        "a form to log in, not an article; log in in a browser and save the page then",
        _words(r"\A(?:log|sign) ?in\b|anmelden|einloggen|connexion|se connecter|iniciar sesión"),
        _words(
            r"forgot (?:your |my )?password|passwor[dt] vergessen|mot de passe oublié"
            r"|(?:log|sign) in to (?:your account|continue)"
        ),
    ),
    _Kind(
        "a redirection, not an article; take the address that it leads to",
        _words(r"\Aredirect|(?:being|be) redirected|object moved|moved permanently"),
        _words(r"\A\W*redirecting|being redirected|if you are not redirected|object moved"),
    ),
    _Kind(
        "a domain without a site, not an article; look the address up again",
        _words(r"domain .{0,30}(?:for sale|parked|expired)|parked domain|default (?:web )?page"),
        _words(
            r"domain (?:name )?(?:is |may be |has )?(?:for sale|been parked|expired)"
            r"|buy this domain|parked (?:free|domain)|domain .{0,20}zu verkaufen"
        ),
    ),
)  # fmt: skip


def reason_against(page: Page, text: str, title: str, *, dated: bool) -> str | None:
    """Why a page is no article, with what to do about it; None for an article.

    ``text`` and ``title`` are what was taken from it, ``dated`` is whether it states its day.
    """
    paragraphs = sum(len(line) >= _LONG_LINE for line in text.split("\n"))
    if len(text) <= _SOME:
        titles = [each for each in (title, page.heading, page.title) if len(each) <= _LONGEST_TITLE]
        for kind in _KINDS:
            if paragraphs >= _PARAGRAPHS and not kind.wordy:
                continue  # a story about such a page
            told = kind.text.search(text) is not None
            if dated:
                if kind.dated and told and len(text) <= _NEXT_TO_NOTHING:
                    return kind.reason
                continue
            little = len(text) <= _LITTLE
            named = any(kind.title.search(each) for each in titles)
            if (little and told) or (named and (told or len(text) <= _NEXT_TO_NOTHING)):
                return kind.reason
    if not dated and _is_index(page):
        feed = next(_feeds(page), None)
        way = f"take its feed, {feed}" if feed else "name its feed, or the articles' own addresses"
        return f"a page of links to articles, and none itself; {way}"
    return None


def _is_index(page: Page) -> bool:
    """Whether it shows the headlines of other pages, and no text of several paragraphs."""
    if page.is_article:
        return False
    headlines = row = longest = 0
    for block in page.blocks[page.headline or 0 :]:
        if block.aside:
            continue
        if _is_headline(block):
            headlines += 1
            row = 0
        elif len(block.text) >= _PARAGRAPH and block.linked * 3 < len(block.text):
            if not headlines:
                return False  # the text comes first
            row += 1
            longest = max(longest, row)
    return headlines >= _LINKS and longest < _PARAGRAPHS


def _is_headline(block: Block) -> bool:
    return len(block.text) >= _SHORTEST_LINK and block.linked * 5 >= len(block.text) * 4


def _feeds(page: Page) -> Iterator[str]:
    for link in page.tree.iter("link"):
        kind = (link.get("type") or "").lower()
        if "alternate" in (link.get("rel") or "").lower() and kind.startswith(
            ("application/rss", "application/atom", "application/feed+json")
        ):
            try:
                yield urljoin(page.url or "", (link.get("href") or "").strip())[:500]
            except ValueError:
                continue
