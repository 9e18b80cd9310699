"""YAML → RuleSet: the language, the verbs, loading, examples."""
