"""A family of names that are not those of today, or not those of here, for the same reason."""

from dataclasses import dataclass, field

from lungseg_course.engine.verdict import Wrong

PYTORCH = "PyTorch"


@dataclass(frozen=True)
class Family:
    """Names that have the same reason.

    Parameters
    ----------
    of : str
        "Keras 2": the version that renamed them. "PyTorch": where they come
        from.
    table : str
        A row in each line: the name, and what is called so today, or a
        sentence that says what to do. A slash separates names for the same.
    owner : str
        For attributes, a pattern for the module or the type: "numpy",
        "DataFrame|Series". For arguments, names and modules it is empty.
    foreign : bool
        Whether the names come from elsewhere, and not from an older version.
    called : bool
        Whether they are meant only where they are called: `size` might also be a variable that was forgotten.
    """

    of: str
    table: str
    owner: str = ""
    foreign: bool = False
    called: bool = False
    rows: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self):
        for line in filter(None, map(str.strip, self.table.splitlines())):
            names, _, today = line.partition(" ")
            self.rows.update(dict.fromkeys(names.split("/"), today.strip()))

    def wrong(self, name: str) -> Wrong:
        """Return what the student is told of one of the names."""
        today = self.rows[name]
        is_sentence = today.endswith(".")
        if self.foreign:
            cause = f"a name of {self.of}: `{name}`"
            why = "Here there is none of this name." if is_sentence else f"Here it is called `{today}`."
        else:
            cause = f"a name of older versions: `{name}`"
            why = f"It is gone since {self.of}." if is_sentence else f"Since {self.of} it has another name: `{today}`."
        return Wrong(
            cause, received="", expected="no error", why=why, remedy=today if is_sentence else f"Write `{today}`."
        )
