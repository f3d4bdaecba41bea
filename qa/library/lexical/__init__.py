"""The words of the passages in Tantivy: derived from the tables, and rebuildable from them."""
