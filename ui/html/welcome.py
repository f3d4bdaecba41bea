"""What stands around the answers: the greeting with examples, where to look, troubles."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

from ui.html.export import EXPORTS
from ui.html.markup import text

__all__ = ["exports_html", "filters_html", "problem_html", "welcome_html"]

_MOST_OUTLETS = 40


def welcome_html(examples: Sequence[str], articles: int) -> str:
    """Questions to begin with, made of the collection itself."""
    buttons = "".join(
        f'<li><button type=button class=example data-example="{text(each)}">{text(each)}</button>'
        for each in examples
    )
    tried = f"<p class=soft>For example</p><ul>{buttons}</ul>" if buttons else ""
    noun = "article" if articles == 1 else "articles"
    return f"<div class=welcome><h2>Ask {articles:,} {noun}</h2>{tried}</div>"


def filters_html(outlets: Sequence[str], first: date | None, last: date | None) -> str:
    """Where to look: two days, the outlets, whether days in the question count, and whether the
    answer comes in order of time. The page reads what is set there.
    """
    ends = f'min="{first}" max="{last}"' if first and last else ""
    pills = "".join(
        f'<label class=pill><input type=checkbox name=outlet value="{text(name)}">'
        f"<span>{text(name)}</span></label>"
        for name in outlets[:_MOST_OUTLETS]
    )
    return (
        "<details id=where><summary>Where to look: <span id=where-said>everywhere</span></summary>"
        f"<form><label>From <input type=date name=since {ends}></label>"
        f"<label>until <input type=date name=until {ends}></label>"
        "<button type=reset class=chip>Everywhere</button>"
        "<label class=pill><input type=checkbox name=window checked>"
        "<span>Days that the question names</span></label>"
        "<label class=pill><input type=checkbox name=timeline><span>In order of time</span></label>"
        f"<fieldset><legend>Outlets</legend>{pills}</fieldset></form></details>"
    )


def exports_html(conversation: str) -> str:
    """Links to the conversation as a file."""
    links = " · ".join(
        f'<a href="/api/conversations/{quote(conversation, safe="")}/export?form={form}" download>'
        f"{form.upper() if form != 'markdown' else 'Markdown'}</a>"
        for form in EXPORTS
    )
    return f"<p class=exports>Export: {links}</p>"


def problem_html(words: str) -> str:
    """Why something did not work."""
    return f"<p class=note role=alert>{text(words)}</p>"
