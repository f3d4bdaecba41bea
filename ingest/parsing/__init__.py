"""What the loaders share: encodings, lines, fields, dates, pages."""
