"""A site of documentation made from the rules and forms themselves; it opens from disk."""
