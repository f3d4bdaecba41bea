"""What a browser would make of HTML."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.opened, self.said = [], ""

    @property
    def ids(self):
        return [held["id"] for _, held in self.opened if "id" in held]

    def handle_starttag(self, tag, attrs):
        self.opened.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said += data


def read(html):
    """The elements with their attributes, in order, and all text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
