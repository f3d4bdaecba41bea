"""The page of the app: Gradio’s, with our parts in its head, in the language of who asks for it."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ui.html.sources import source_form_html
from ui.html.welcome import first_visit_html, header_html, side_html
from ui.locales.wording import gettext, language, speaking
from ui.screen.bundle import Bundle

__all__ = ["AppPage"]

# It is in the bundle.
_ENTRY_STYLE = re.compile(rb"<link rel=\"stylesheet\"[^>]*? href=\"\./assets/index-[^>]*>")
_CONFIG = re.compile(rb"window\.gradio_config = (\{.*?\});</script>", re.DOTALL)
# It takes this for the language of its own words.
_BROWSER = 'Object.defineProperty(navigator, "language", {{ value: "{}" }})'
# What components say, and the markup that some show from the beginning.
_PROPS = ("label", "placeholder", "value", "submit_btn", "stop_btn")
_MARKUP: Sequence[Callable[[], str]] = (
    header_html,
    side_html,
    first_visit_html,
    source_form_html,
)


@dataclass
class AppPage:
    """``bundles`` are the scripts and styles of each language. Called with Gradio's page in English
    it returns that of who asks.
    """

    bundles: Mapping[str, Bundle]
    _markup: dict[str, dict[str, str]] = field(default_factory=dict)

    def __call__(self, page: bytes) -> bytes:
        code = language()
        script = f"<script>{_BROWSER.format(code)}</script>".encode()
        page = page.replace(b"</head>", script + self.bundles[code].head + b"</head>", 1)
        page = _ENTRY_STYLE.sub(b"", page, count=1)
        page = page.replace(b'lang="en"', f'lang="{code}"'.encode(), 1)
        config = _CONFIG.search(page)
        if code == "en" or config is None:
            return page
        told = json.loads(config[1])
        for component in told["components"]:
            self._translate(component["props"])
        # What would end the script is written as Gradio writes it.
        written = json.dumps(told, separators=(",", ":"))
        for sign in "<>&'":
            written = written.replace(sign, f"\\u{ord(sign):04x}")
        return page[: config.start(1)] + written.encode() + page[config.end(1) :]

    def _translate(self, props: dict[str, Any]) -> None:
        markup = self._markup_in(language())
        for name in _PROPS:
            text = props.get(name)
            if text and isinstance(text, str):
                props[name] = markup.get(text) or gettext(text)
        # Names that are chosen from, by what is sent for them.
        if choices := props.get("choices"):
            props["choices"] = [(gettext(label), value) for label, value in choices]

    def _markup_in(self, code: str) -> dict[str, str]:
        """What the markup is in that language, by what it is in English."""
        if code not in self._markup:
            with speaking("en"):
                english = [make() for make in _MARKUP]
            self._markup[code] = dict(zip(english, (make() for make in _MARKUP), strict=True))
        return self._markup[code]
