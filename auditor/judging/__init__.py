"""RuleSet × Facts → Audit: evaluating, folding, grading. Knows no file format."""
