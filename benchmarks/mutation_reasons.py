"""Mutants that behave as the code does: the module, the line before and after, and why nobody can tell."""

EQUIVALENT: dict[tuple[str, str, str], str] = {}
