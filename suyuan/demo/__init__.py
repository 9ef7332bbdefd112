"""The demonstration: one season of four families, told through the same acts as real input."""
