"""Documents of word processors and e-readers."""
