"""Whether a paywall hides the rest of an article, and its prompts, which are no text of it."""

import re
from collections.abc import Callable, Iterator

from ingest.pages.facts import Page
from ingest.pages.structured_data import text_in

__all__ = ["is_locked", "without_invitations", "without_prompts"]

# Characters of a text that can be all a paywall shows, of a line that can be its prompt, and of
# the part that it would hide.
_TEASER = 2000
_PROMPT_LINE = 250
_PART = 200
# The share of an article's words from which on it is there.
_WHOLE = 0.6
# Lines at the end of a text among which a prompt stands.
_LAST_LINES = 8

_PROMPT = re.compile(
    r"(?:subscri|sign (?:in|up)|log ?in|register|become a member|abonn|anmeld|einlogg|registrier"
    r"|connecte|suscri|inicia|abbon|acced|assin|prenumer|logg inn)\w*.{0,80}?(?:continu|read|full"
    r"|unlock|access|article|story|weiter|lesen|lire|suite|intégral|leer|seguir|legg|contenut|ler\b"
    r"|läs|les\b|\b(?:a|per|pro|par|al) (?:month|week|year|monat|mois|mes))"
    r"|(?:article|story|content|artikel|inhalt|contenu|contenido"
    r"|articolo)\b.{0,40}\b(?:subscribers?"
    r"|members?|abonn|premium|suscriptores|abbonati)|already (?:a|have) .{0,15}(?:subscri|member"
    r"|account)"
    r"|\b(?:for|nur für|réservé aux|solo para) (?:our )?(?:subscribers|members|abonn|suscriptores)"
    r"|to (?:continue|keep) reading|to read (?:on|the (?:full|rest))|weiterlesen|lire la suite",
    re.IGNORECASE,
)


_OFFERS = (
    "sign up", "subscrib", "join", "get", "melden sie sich", "abonnieren", "inscrivez", "suscrib",
    "suscríb", "iscriv",
)  # fmt: skip
_CHANNEL = re.compile(r"\b(?:newsletters?|inbox|e-?mail alerts?)\b", re.IGNORECASE)
_OFFER_REACH = 90


def without_prompts(text: str) -> str:
    """The text without the lines at its end that ask to subscribe or log in."""
    return _without_last(text, _is_prompt)


def without_invitations(text: str) -> str:
    """The text without the lines at its end that offer newsletters, which lock nothing."""
    return _without_last(text, _is_invitation)


def is_locked(page: Page, text: str, *, prompted: bool) -> bool:
    """Whether ``text`` is but the beginning of its article; ``prompted`` if a prompt ended it."""
    tier = (page.meta.get("articlecontenttier") or "").lower()
    if not (prompted or tier == "locked" or any(_paid(page))):
        return False
    count = page.item.get("wordcount")
    count = (
        int(count)
        if isinstance(count, (int, str)) and str(count).isdecimal() and len(str(count)) < 8
        else 0
    )
    if count:
        return len(text.split()) < _WHOLE * count
    return len(text) < _TEASER and not _shows_paid_part(page)


def _paid(page: Page) -> Iterator[bool]:
    parts = page.item.get("haspart")
    for part in ({**page.item}, *(parts if isinstance(parts, list) else [parts])):
        if isinstance(part, dict):
            free = {key.lower(): value for key, value in part.items()}.get("isaccessibleforfree")
            yield free is False or text_in(free).lower().rpartition("/")[2] in ("false", "no")


def _shows_paid_part(page: Page) -> bool:
    """Whether the part that is said to cost is in the page all the same."""
    parts = page.item.get("haspart")
    for part in parts if isinstance(parts, list) else [parts]:
        selector = text_in(part.get("cssSelector")) if isinstance(part, dict) else ""
        if re.fullmatch(r"\.[\w-]{1,100}", selector):
            name = selector[1:]
            for element in page.tree.iter():
                if name in (element.get("class") or "").split():
                    return len(element.text_content()) >= _PART
    return False


def _without_last(text: str, is_unwanted: Callable[[str], bool]) -> str:
    """The text without those of its last lines that are short and unwanted."""
    lines = text.split("\n\n")
    start = max(len(lines) - _LAST_LINES, 0)
    return "\n\n".join(
        line
        for number, line in enumerate(lines)
        if number < start or len(line) > _PROMPT_LINE or not is_unwanted(line)
    )


def _is_prompt(line: str) -> bool:
    return _PROMPT.search(line) is not None


def _is_invitation(line: str) -> bool:
    """Whether it offers a newsletter or the like."""
    opening = line.strip(" \t*•>–-—|“\"'")[:_OFFER_REACH]
    return opening.lower().startswith(_OFFERS) and bool(_CHANNEL.search(opening))
