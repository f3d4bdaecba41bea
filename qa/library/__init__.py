"""The truth: articles, versions, passages, and what people keep beside them."""
