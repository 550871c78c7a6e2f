"""What does all that a damaged file must not bring about: the file says what."""

import os
import pickle
import signal
import time

import numpy as np

from fuzzing.attempts import Broken, Target
from lungseg.errors import InputError


def make(folder):
    (folder / "out").mkdir()


def misbehave(folder, file):
    word = file.read_text()
    match word:
        case "refuse":
            raise InputError(f"{file}: expected an image. Received: none.")
        case "two\nlines" | "bell\a":
            return [word]
        case "long":
            raise InputError(word * 200)
        case "swallow":
            return [f"{file}: TypeError: unhashable type"]
        case "error":
            raise TypeError("unhashable type")
        case "leave":
            (folder / "out" / ".1.part").touch()
        case "outside":
            (folder / "source.txt").touch()
        case "overwrite":
            (folder.parent / "outside" / "thesis.docx").write_text("by somebody")  # as long as it was
        case "remove":
            (folder.parent / "thesis.docx").unlink()
        case "print":
            os.write(2, b"libtiff: Bad strip")
        case "suffer":
            raise Broken("a whole radiograph failed")
        case "grow":
            np.ones(70_000_000)
        case "hang":
            time.sleep(60)
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "run":
            pickle.loads(b"cos\ngetcwd\n(tR.")
        case "elsewhere":
            (folder.parents[2] / "elsewhere.txt").touch()
    return []


def nothing(folder):
    return {}


PLANTED = Target(make, nothing, misbehave, ("out",))
