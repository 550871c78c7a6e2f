"""Reads JSON, tables and arrays that anybody may have made: what is wrong is a short line, never a traceback."""

from lungseg.files.untrusted.arrays import read_array, read_arrays, read_shape
from lungseg.files.untrusted.documents import read_json
from lungseg.files.untrusted.tables import doubt_encoding, read_number, read_table

__all__ = ["doubt_encoding", "read_array", "read_arrays", "read_json", "read_number", "read_shape", "read_table"]
