"""Records as exports and APIs hold articles: names of fields, their values, where records lie."""
