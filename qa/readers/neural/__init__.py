"""The trained network: text to tokens, tokens to scores, scores to places in the text."""
