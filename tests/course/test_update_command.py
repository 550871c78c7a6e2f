"""From where the student's copies are brought up to date, and by which command."""

import http.server
import json
import os
import re
import socket
import threading
from pathlib import Path

import pytest
from jupyter_server import serverapp

import build
from lungseg.errors import InputError
from lungseg_course import __main__ as command
from lungseg_course.record import course_root
from lungseg_course.updating import copies, running
from lungseg_course.updating.copies import course_folder, update
from lungseg_course.updating.running import running_lab
from small_sources import TRAIN, change_source


def test_the_course_is_found_from_the_student_s_folder_which_is_a_course_of_its_own(built, mine, monkeypatch):
    for folder in (built.root, mine, mine / "Data_Generator"):
        monkeypatch.chdir(folder)
        assert course_folder() == built.root
        assert course_root() == (built.root if folder == built.root else mine)


@pytest.mark.parametrize("arguments", [["update"], ["update", "--from", "/nowhere"], ["lab"]])
def test_where_there_is_no_course_a_line_says_so(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    assert command.main(arguments) == 1
    assert re.fullmatch(r".*: expected the folder of .*\n", capsys.readouterr().err)


def test_lab_brings_the_notebooks_up_to_date_and_opens_jupyterlab_where_they_are(built, monkeypatch):
    started = []

    class Server:
        def __init__(self, line, cwd, env):
            started.append((line, cwd, env["PYTHONSTARTUP"], env["JUPYTER_CONFIG_PATH"]))
            self.answers = iter([KeyboardInterrupt, 3])

        def wait(self):
            answer = next(self.answers)
            if answer is KeyboardInterrupt:
                raise answer
            return answer

    monkeypatch.chdir(built.root)
    monkeypatch.setattr(copies.subprocess, "Popen", Server)
    monkeypatch.setattr(running.signal, "signal", lambda number, handler: None)  # ours, of the tests, stays
    monkeypatch.setattr(serverapp, "list_running_servers", lambda: iter([]))
    monkeypatch.delenv("PYTHONSTARTUP", raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/a/place")
    assert command.main(["lab", "--no-browser"]) == 3
    ((line, folder, startup, settings),) = started
    names = {}
    exec(Path(startup).read_text(encoding="utf-8"), names)
    assert set(names) == {"__builtins__", "__doc__"}, "it leaves no names in a notebook"
    assert line[1:] == ["-m", "jupyterlab", "--LabApp.default_url=/lab/tree/my_course/Start.md", "--no-browser"]
    assert "(Data_Generator/DataGenerator.ipynb)**, begin here." in (built.root / "my_course/Start.md").read_text(
        "utf-8"
    )
    assert folder == built.root
    others, ours = settings.split(os.pathsep)
    assert others == "/a/place"
    assert len([json.loads(path.read_text()) for path in Path(ours).glob("labconfig/*.json")]) == 2
    assert json.loads((built.root / "my_course" / TRAIN).read_text(encoding="utf-8"))["nbformat"] == 4


@pytest.mark.parametrize(
    ("user", "options", "is_told"), [(0, [], True), (0, ["--allow-root"], False), (1000, [], False)]
)
def test_root_is_told_which_option_helps(tmp_path, monkeypatch, capsys, user, options, is_told):
    class Refusing:
        def __init__(self, line, cwd, env):
            pass

        def wait(self):
            return 1

    monkeypatch.setattr(running.subprocess, "Popen", Refusing)
    monkeypatch.setattr(running.signal, "signal", lambda number, handler: None)
    monkeypatch.setattr(running.os, "geteuid", lambda: user, raising=False)
    assert running.start_lab(tmp_path, "Start.md", options) == 1
    assert ("make lab LAB_ARGS=--allow-root" in capsys.readouterr().err) is is_told


def test_update_in_a_notebook_shows_its_lines_alone(built, capsys):
    assert update(root=built.root) is None
    told = capsys.readouterr().out
    assert "Train_UNET.ipynb: new." in told
    assert "restart the kernel" in told.splitlines()[-1]


def test_without_jupyterlab_a_line_tells_what_to_install(built, monkeypatch, capsys):
    monkeypatch.chdir(built.root)
    monkeypatch.setattr(copies.importlib.util, "find_spec", lambda name: None)
    assert command.main(["lab"]) == 1
    assert "JupyterLab is not installed. Run `pip install -r requirements.txt`" in capsys.readouterr().err


def test_two_updates_in_a_second_have_their_own_backups(built, mine, monkeypatch):
    monkeypatch.setattr(copies.time, "strftime", lambda form: "now")
    for words in ("better", "still better"):
        change_source(built, "# # Counting", f"# # Counting {words}")
        build.write(built)
        update(root=built.root)
    assert sorted(path.name for path in (mine / "backups").iterdir()) == ["now", "now_1"]


def test_update_without_an_earlier_folder_refuses_one_that_is_none(built):
    with pytest.raises(InputError, match="expected the folder of an earlier copy"):
        update(built.root / "nowhere", root=built.root)


@pytest.fixture
def answering():
    """The port of a server that answers as Jupyter does, and one on which nothing answers."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"version": "2.21.1"}' if self.path == "/base/api" else b"something else")

        def log_message(self, *arguments):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server, socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, silent.getsockname()[1]
        server.shutdown()
        thread.join()


def test_a_second_lab_in_the_folder_tells_where_the_first_one_runs(built, monkeypatch, capsys, answering):
    port, silent = answering
    noted = [
        {"root_dir": str(built.root), "url": f"http://127.0.0.1:{silent}/", "token": "of one that has crashed"},
        {"root_dir": str(built.root), "url": f"http://127.0.0.1:{port}/", "token": "of another program"},
        {"root_dir": str(built.root.parent), "url": f"http://127.0.0.1:{port}/base/", "token": "of another folder"},
        {"root_dir": str(built.root), "url": f"http://127.0.0.1:{port}/base/", "token": "1a2b"},
    ]
    monkeypatch.chdir(built.root)
    monkeypatch.setattr(serverapp, "list_running_servers", lambda: iter(noted))
    monkeypatch.setattr(copies.subprocess, "Popen", None)  # none is to be started
    assert command.main(["lab"]) == 0
    address = f"http://127.0.0.1:{port}/base/lab/tree/my_course/Start.md?token=1a2b"
    assert f"JupyterLab runs in this folder already: open {address} in your browser." in capsys.readouterr().out
    assert (built.root / "my_course" / TRAIN).is_file()
    assert running_lab(built.root.parent / "elsewhere", "Start.md") is None
