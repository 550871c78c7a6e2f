"""Files: written whole, named safely, one command at a time; and read safely, whoever made them."""

from lungseg.files.disk import FULL, DiskFull, open_folder, telling_of_a_full_disk
from lungseg.files.locking import LOCK, folder_lock
from lungseg.files.names import DEVICES, LONGEST_NAME, as_folder, case_key, check_name, name_key, told_apart
from lungseg.files.paths import as_items, as_path, as_paths
from lungseg.files.writing import UNFINISHED, remove_unfinished, write_array, write_text, writing

__all__ = [
    "DEVICES",
    "FULL",
    "LOCK",
    "LONGEST_NAME",
    "UNFINISHED",
    "DiskFull",
    "as_folder",
    "as_items",
    "as_path",
    "as_paths",
    "case_key",
    "check_name",
    "folder_lock",
    "name_key",
    "open_folder",
    "remove_unfinished",
    "telling_of_a_full_disk",
    "told_apart",
    "write_array",
    "write_text",
    "writing",
]
