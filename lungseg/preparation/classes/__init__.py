"""Which values of a mask are which class, and masks that are read by that."""

from lungseg.preparation.classes.labels import Labels, read_labels
from lungseg.preparation.classes.table import ClassTable, read_table_of_classes

__all__ = ["ClassTable", "Labels", "read_labels", "read_table_of_classes"]
