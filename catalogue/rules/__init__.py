"""Pure rules of the catalogue: cards, their faults, the words files use."""
