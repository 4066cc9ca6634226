"""From the journal to facts: what happened, as figures are made of."""
