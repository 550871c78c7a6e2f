"""Mutants that behave as the code does: the module, the line before and after, and why nobody can tell."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "lungseg/splits.py",
        "for item, name in zip(items, ids, strict=True):",
        "for item, name in zip(items, ids, strict=False):",
    ): "ids are made of items, one each",
    (
        "lungseg/splits.py",
        "largest = max(counts.values(), default=0)",
        "largest = max(counts.values(), default= 1)",
    ): "without cases, nothing is repeated",
}
