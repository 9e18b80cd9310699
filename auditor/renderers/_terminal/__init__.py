"""The parts of the terminal renderer."""
