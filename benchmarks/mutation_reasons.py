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
    ("lungseg/masks/plausibility.py", "@property", ""): "of a protocol, which only the type checker reads",
    (
        "lungseg/preparation/geometry.py",
        "ROWS_AT_A_TIME = 1024  # of a large radiograph",
        "ROWS_AT_A_TIME = 1023  # of a large radiograph",
    ): "how many rows are done at once changes no value",
    (
        "lungseg/preparation/geometry.py",
        "values = values[..., 0]",
        "values = values[..., -1]",
    ): "the last axis has one place",
    (
        "lungseg/preparation/cropping.py",
        "if rows < 1 or columns < 1:  # no square fits into it",
        "if rows < 0 or columns < 1:  # no square fits into it",
    ): "of no rows, nothing is set, and all stays False",
    (
        "lungseg_course/engine/checking.py",
        "passed += verdict_of(look, exercise, answers, seed=1) is None",
        "passed += verdict_of(look, exercise, answers, seed= 2) is None",
    ): "any seed but that of check will do",
    (
        "lungseg_course/engine/checking.py",
        "for name, answer in zip(exercise.names, answers, strict=True):",
        "for name, answer in zip(exercise.names, answers, strict=False):",
    ): "their number was compared before",
    (
        "lungseg/generator.py",
        "for path, array in zip(paths, arrays, strict=True):",
        "for path, array in zip(paths, arrays, strict=False):",
    ): "arrays are made of paths, one each",
    (
        "lungseg/training/settings.py",
        '"cases": folders.pop() if len(folders) == 1 else None,',
        '"cases": folders.pop() if len(folders) <= 1 else None,',
    ): "the parts of a split hold cases, so there is a folder",
    (
        "lungseg/evaluation/thresholds.py",
        "return np.array([threshold_dice(truth == 1, probability, thresholds, clean) for _, truth, probability in bar])",  # noqa: E501
        "return np.array([threshold_dice(truth >= 1, probability, thresholds, clean) for _, truth, probability in bar])",  # noqa: E501
    ): "masks are checked to be 0 and 1 when they are read",
    (
        "lungseg/losses.py",
        "return 1 - ops.mean(dice_coefficient(y_true, y_pred, smooth), axis=-1)",
        "return 1 - ops.mean(dice_coefficient(y_true, y_pred, smooth), axis=+1)",
    ): "of (B, C), the last axis is axis 1",
    (
        "lungseg/masks/plausibility.py",
        '"slimmest": Range(0.0, 3.6, "", "a lung is very slim"),',
        '"slimmest": Range( -1.0, 3.6, "", "a lung is very slim"),',
    ): "a height over a width is never below 0",
    (
        "lungseg/preparation/cropping.py",
        "rows, columns = max(1, round(height / shrink)), max(1, round(width / shrink))",
        "rows, columns = max( 2, round(height / shrink)), max(1, round(width / shrink))",
    ): "a single row, or the same row twice, has the same box",
    (
        "lungseg/preparation/cropping.py",
        "lit &= (labels != labels[0, 0])[1:-1, 1:-1]  # only what the edge of the image reaches",
        "lit &= (labels != labels[0, 1])[1:-1, 1:-1]  # only what the edge of the image reaches",
    ): "the frame around the image is one component",
    (
        "lungseg/preparation/cropping.py",
        "if values.min() < 0 or values.max() > 255 or not np.array_equal(whole := values.astype(np.uint8), values):",
        "if values.min() < -1 or values.max() > 255 or not np.array_equal(whole := values.astype(np.uint8), values):",
    ): "what is below 0 is not equal to its 8 bits",
    (
        "lungseg/training/resume.py",
        'f"{self.folder / STATE}: the state it names cannot be loaded: {one_line(error)[:200]}. Copy the run "',
        'f"{self.folder / STATE}: the state it names cannot be loaded: {one_line(error)[: 199]}. Copy the run "',
    ): "how many letters of another library's message are quoted",
    (
        "lungseg/training/settings.py",
        "known = isinstance(value, numbers.Real) and math.isfinite(value) and value == int(value)",
        "known = isinstance(value, numbers.Real) and math.isfinite(value) and value <= int(value)",
    ): "only what is below 0 is below its whole part, and that is refused",
    (
        "lungseg/evaluation/thresholds.py",
        "THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(2, 19))  # 0.1, 0.15 … 0.9",
        "THRESHOLDS = tuple(round(0.05 * step, 3) for step in range(2, 19))  # 0.1, 0.15 … 0.9",
    ): "they have two places after the point",
}
