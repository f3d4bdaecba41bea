"""From spans to statements in the articles' own words."""
