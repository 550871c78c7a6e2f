"""Makes `.venv`, or mends it: with what a student needs, and with those extras of pyproject.toml that are named.

    python course/set_up.py              for make lab and make demo
    python course/set_up.py dev          for make test, and all others but make test-browser
    python course/set_up.py dicom gpu    what else there is, beside what is there

`make` runs it before everything else. It needs nothing but Python, says nothing if all is well, and does only what has
to be done: when a file that tells what belongs there has changed, when the folder was moved, or when the Python that
`.venv` was made with is gone.

uv installs, since it is faster than pip; where it cannot, pip does. `LUNGSEG_INSTALLER=pip` leaves uv out.
"""

# Older Pythons run this file, too, as far as the line that says which one is needed.
import contextlib
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
FILES = ("requirements.txt", "constraints.txt", "pyproject.toml")
OLDEST, NEWEST = (3, 11), (3, 13)
# TensorFlow without what a graphics card needs is half the download. It is another package, of Linux on x86 only.
LIGHT = "tensorflow-cpu"
WITHOUT_TENSORFLOW = "tensorflow ; sys_platform == 'none'\n"
LINE_OF_A_PACKAGE = re.compile(r" [-+~] \S+==")  # " + numpy==2.3.1", of uv
DRIVER = Path("/proc/driver/nvidia")
# Python compiles what it imports first, which takes longer than the import; and TensorFlow tells whether it runs here.
FIRST_START = "import lungseg_course.grading, lungseg.report, lungseg.training, lungseg.prediction, keras, tensorflow"


class SetUpError(Exception):
    """Why there is no `.venv`. The message says what to do."""


def set_up(extras=(), venv=None):
    """Bring `.venv` to what it should hold.

    Parameters
    ----------
    extras : sequence of str
        Names of extras. Those that are there already stay.
    venv : Path, optional
        By default that of the project.

    Raises
    ------
    SetUpError
        If this Python does not fit, there is no such extra, or nothing could be installed.
    """
    venv = venv or VENV
    state = read_state(venv)
    extras = sorted({*extras, *state.get("extras", ())})
    wanted = {"extras": extras, "files": mark_of_files(), "folder": os.path.realpath(venv)}
    moved = state.get("folder", wanted["folder"]) != wanted["folder"]
    if not usable(venv) or (moved and os.name == "nt"):
        refuse_other_pythons()
        if venv.exists():
            say(f"{shown(venv)} was made elsewhere, or with a Python that is gone: it is made anew.")
            shutil.rmtree(venv)
        state = {}
    elif moved:
        say(f"The folder was {Path(state['folder']).parent} before: {shown(venv)} is told the new place.")
        mend_paths(venv, state["folder"], wanted["folder"])
        state["folder"] = wanted["folder"]
        write_state(venv, state)
    if state != wanted:
        start = time.perf_counter()
        install(venv, extras)
        write_state(venv, wanted)
        say(f"{shown(venv)} is ready, after {time.perf_counter() - start:.0f} s.")


# ---- What is there ----------------------------------------------------------------------------


def read_state(venv):
    """Return what was noted when `venv` was made; nothing, if it never was as a whole."""
    try:
        state = json.loads((venv / "ready").read_text(encoding="utf-8"))
        return state if set(state) == {"extras", "files", "folder"} else {}
    except (OSError, ValueError, TypeError):
        return {}


def write_state(venv, state):
    (venv / "ready").write_text(json.dumps(state, indent=1) + "\n", encoding="utf-8")


def mark_of_files():
    """Return a mark that changes with the files that tell what belongs into `.venv`."""
    texts = ((ROOT / name).read_bytes().replace(b"\r\n", b"\n") for name in FILES)
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def usable(venv):
    """Return whether there is a Python in `venv` that finds its packages.

    It does not if the system has a newer one now in the place that `venv` links to.
    """
    try:
        return subprocess.call([str(python_of(venv)), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    except OSError:  # there is none, or it is for another computer
        return False


def python_of(venv):
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def shown(venv):
    return os.path.relpath(str(venv), str(ROOT)) if ROOT in venv.parents else str(venv)


def refuse_other_pythons():
    """Raise unless this is a Python that there is a TensorFlow for."""
    goal = os.environ.get("GOAL")  # what `make` was asked for
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    there = next((name for name in ("python3.12", "python3.13", "python3.11") if shutil.which(name)), None)
    name = there or "python3.12"
    how = f"make PYTHON={name} {goal}" if goal else f"{name} course/set_up.py"
    raise SetUpError(
        f"Python 3.11, 3.12 or 3.13 is needed. Found: Python {platform.python_version()}. "
        f"{f'There is a {name} on this computer' if there else 'Get one from python.org, then name it'}: {how}"
    )


# ---- A folder that was moved --------------------------------------------------------------------


def mend_paths(venv, before, now):
    """Tell the programs in `venv` where they are, after the folder was moved, copied or renamed."""
    # The project, which is installed in place, lies around `venv`.
    old, new = os.path.dirname(before), os.path.dirname(now)
    python = os.fsencode(os.path.join(now, "bin", "python"))
    starter = b"#!/bin/sh\n'''exec' \"" + python + b'" "$0" "$@"\n\' \'\'\'\n'  # there may be spaces in the path
    packages = list((venv / "lib").glob("python3*/site-packages"))
    places = [venv.glob("bin/*"), [venv / "pyvenv.cfg"], *(folder.glob("*.pth") for folder in packages)]
    places += [folder.glob("lungseg-*.dist-info/direct_url.json") for folder in packages]
    for path in (path for place in places for path in place if path.is_file() and not path.is_symlink()):
        text = path.read_bytes()
        has_a_start = text.startswith(b"#!" + os.fsencode(before))
        rest = text.partition(b"\n")[2] if has_a_start else text
        as_it_is_written = quote if path.name == "direct_url.json" else str
        rest = replace_path(rest, as_it_is_written(old), as_it_is_written(new))
        mended = starter + rest if has_a_start else rest
        if mended != text:
            path.write_bytes(mended)


def replace_path(text, old, new):
    """Return a text with another folder in place of one; a folder whose name only begins alike stays."""
    return re.sub(re.escape(os.fsencode(old)) + rb"""(?=[/"'\s]|$)""", lambda _: os.fsencode(new), text)


# ---- Installing ---------------------------------------------------------------------------------


def install(venv, extras):
    """Install what belongs into `venv`; say what takes how long."""
    refuse_unknown(extras)
    say(f"Setting up {shown(venv)}, once. What was downloaded before is not downloaded again.")
    if not usable(venv):
        with timed("A Python of its own"):
            run(sys.executable, "-m", "venv", venv)
    what = ["-r", "requirements.txt", "-c", "constraints.txt"]
    if extras:
        what += ["-e", f".[{','.join(extras)}]"]
    if "gpu" in extras and distributions(venv, "tensorflow_cpu"):
        run(python_of(venv), "-m", "pip", "uninstall", "--quiet", "--yes", LIGHT)
    if not install_with_uv(venv, what, light_is_enough(venv, extras)):
        with timed("The packages, with pip"):
            run(python_of(venv), "-m", "pip", "install", *what)
    with timed("The first start of TensorFlow"):
        trial = subprocess.run([str(python_of(venv)), "-c", FIRST_START], capture_output=True)
    if trial.returncode != 0:
        say(f"It does not start. This tells why: {shown(python_of(venv))} -m lungseg doctor")


def refuse_unknown(extras):
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    table = settings.partition("[project.optional-dependencies]")[2].partition("\n[")[0]
    known = re.findall(r"^(\w+) = \[", table, re.MULTILINE)
    for name in extras:
        if name not in known:
            raise SetUpError(f"expected extras of pyproject.toml: {', '.join(known)}. Received: {name}")


def install_with_uv(venv, what, light):
    """Let uv install, and return whether it could."""
    if os.environ.get("LUNGSEG_INSTALLER") == "pip":
        return False
    try:
        with timed("uv, which installs"):
            command = find_uv(venv)
        with timed("The packages, with uv"):
            if light:
                instead = venv / "without_tensorflow.txt"
                instead.write_text(WITHOUT_TENSORFLOW, encoding="utf-8")
                what = [LIGHT, *what, "--override", str(instead)]
            run_briefly(*command, "pip", "install", "--python", python_of(venv), *what, env=for_uv(venv))
    except SetUpError as error:
        say(f"uv could not: {error} So pip does, which takes longer.")
        return False
    return True


def find_uv(venv):
    """Return how to call uv: the one of this computer, or else one that pip puts into `venv`."""
    if shutil.which("uv"):
        return ["uv"]
    python = python_of(venv)
    run(python, "-m", "pip", "install", "--quiet", "uv", "-c", "constraints.txt")
    return [python, "-m", "uv"]


def light_is_enough(venv, extras):
    """Return whether TensorFlow may be the one without graphics cards: there is such a build, and no such card."""
    there_is_one = sys.platform == "linux" and platform.machine() == "x86_64"
    card = "gpu" in extras or DRIVER.exists() or shutil.which("nvidia-smi")
    return there_is_one and not card and not distributions(venv, "tensorflow")


def distributions(venv, name):
    """Return the folders that tell which versions of a package are installed in `venv`."""
    return [*venv.glob(f"lib/python3*/site-packages/{name}-[0-9]*.dist-info")]


def for_uv(venv):
    """Return the environment for uv, which does not read what pip was told about registry, certificates and proxy."""
    told = subprocess.run([str(python_of(venv)), "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    settings = dict(re.findall(r"^[\w:]+\.([\w-]+)='(.*)'$", told, re.MULTILINE))
    names = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE", "proxy": "ALL_PROXY"}
    told_to_pip = {names[key]: value for key, value in settings.items() if key in names}
    # The certificates that the system trusts: a university may have its own. And no word on why files are copied.
    on_one_disk = os.stat(str(Path.home())).st_dev == os.stat(str(venv)).st_dev
    defaults = {"UV_SYSTEM_CERTS": "1", **({} if on_one_disk else {"UV_LINK_MODE": "copy"})}
    return {**defaults, **told_to_pip, **os.environ}


# ---- Telling ------------------------------------------------------------------------------------


@contextlib.contextmanager
def timed(what):
    """Say what is being done, and afterwards how long it took."""
    say(f"- {what} ...")
    start = time.perf_counter()
    yield
    say(f"  {time.perf_counter() - start:.1f} s")


def say(line):
    print(line, flush=True)


def run(*command, env=None):
    """Run a command in the folder of the project; what it writes is seen."""
    words = [str(word) for word in command]
    try:
        code = subprocess.call(words, cwd=str(ROOT), env=env)
    except OSError as error:
        raise SetUpError(f"`{words[0]}` cannot be run ({error.strerror}).") from error
    if code != 0:
        raise SetUpError(f"`{' '.join(words)}` ended with {code}.")


def run_briefly(*command, env=None):
    """Run uv like `run`, without the line that it writes for each package when all is done: downloads remain."""
    words = [str(word) for word in command]
    try:
        process = subprocess.Popen(
            words, cwd=str(ROOT), env=env, stderr=subprocess.PIPE, encoding="utf-8", errors="replace"
        )
    except OSError as error:
        raise SetUpError(f"`{words[0]}` cannot be run ({error.strerror}).") from error
    with process:
        for line in process.stderr or ():
            if not LINE_OF_A_PACKAGE.match(line):
                print(line, end="", file=sys.stderr, flush=True)
    if process.returncode != 0:
        raise SetUpError(f"`{' '.join(words)}` ended with {process.returncode}.")


def main(extras):
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    try:
        set_up(extras)
    except SetUpError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
