"""Tools that look at a rule set as a whole: what it cannot see, what it forces, how it does."""
