"""A story as a page."""

from qa.records.article import Copy
from qa.stories.story import Difference, Story, StoryText
from tests.ui.reading import read
from ui.html.articles.story import story_page


def test_story_shows_order_news_copies_and_differences(ferry, bridge):
    nine, twelve = ferry.passage(0, 60).cite(0, 30), bridge.passage(0, 60).cite(0, 30)
    texts = (
        StoryText("ferry", "Ferry lost", "Gazette", "2021-03-04", (Copy("c", source="Wire"),)),
        StoryText("bridge", "Ferry found", None, None, new=(twelve,), changed="corrected"),
        StoryText("third", "Ferry again", "Post", "2021-03-09"),
    )
    story = Story("ferry", texts, (Difference(nine, twelve, "Nine", "12"),), ("Gazette", "Wire"))
    html = story_page(story)
    said = read(html).said
    assert "2 outlets, 3 texts on this event." in said
    assert "Nine against 12" in said
    assert "The same text: Wire" in said
    assert said.index("4 March 2021") < said.index("undated · unknown source · corrected")
    assert "Nothing that was not told before." in said
    assert f"article?id=ferry&amp;start={nine.start}&amp;end={nine.end}" in html


def test_attack_in_a_story_is_text(hostile):
    cited = hostile.passage(0, 40).cite(0, 40)
    text = StoryText(
        hostile.id, hostile.title, hostile.source, None, (Copy("x", "<img>"),), (cited,)
    )
    html = story_page(Story(hostile.id, (text,), (), ()))
    assert "img" not in {tag for tag, _ in read(html).opened}
