"""One question each; means over a run are made elsewhere."""
