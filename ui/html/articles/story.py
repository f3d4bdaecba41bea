"""A story as a page: its texts in order of days, what each adds, where they differ.

The markup is in ``templates/story.jinja``.
"""

from datetime import date

from qa.language.cleaning import one_line
from qa.runtime.templates import macros
from qa.stories.story import Story
from ui.html.markup import article_link, passage_link
from ui.locales.wording import TEMPLATE_WORDS, day
from ui.locales.wording import gettext as _

__all__ = ["story_page"]


def story_page(story: Story) -> str:
    """The story, called by the title of the article that one came from."""
    titles = {text.article_id: text.title for text in story.texts}
    title = one_line(titles.get(story.article_id, "")) or _("Story")
    return str(_MACROS["story"](title, story))


def _day_text(iso: str | None) -> str:
    return day(date.fromisoformat(iso)) if iso else _("undated")


def _change_text(change: str) -> str:
    """What became of an article on which day, as the record has it in English."""
    what, _on, iso = change.rpartition(" on ")
    if what == "corrected":
        return _("corrected on %(day)s", day=_day_text(iso))
    return _("taken in again on %(day)s", day=_day_text(iso)) if what else change


_MACROS = macros(
    "ui.html",
    "story",
    **TEMPLATE_WORDS,
    article_link=article_link,
    change_text=_change_text,
    day_text=_day_text,
    one_line=one_line,
    passage_link=passage_link,
)
