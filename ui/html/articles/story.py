"""A story as a page: its texts in order of days, what each adds, where they differ.

The markup is in ``templates/story.jinja``.
"""

from qa.language.cleaning import one_line
from qa.runtime.templates import macros
from qa.stories.story import Story
from ui.html.markup import article_link, passage_link

__all__ = ["story_page"]


def story_page(story: Story) -> str:
    """The story, called by the title of the article that one came from."""
    titles = {text.article_id: text.title for text in story.texts}
    title = one_line(titles.get(story.article_id, "")) or "Story"
    return str(_MACROS["story"](title, story))


_MACROS = macros(
    "ui.html", "story", article_link=article_link, one_line=one_line, passage_link=passage_link
)
