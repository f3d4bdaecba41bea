"""The languages of the screen: a catalogue of texts for each, days and numbers as written there."""
