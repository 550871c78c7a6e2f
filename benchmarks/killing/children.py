"""Children of this process: run, or killed."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

WRITES = os.O_WRONLY | os.O_RDWR


def child(
    work: Callable[[], object], log: Path, after: float | None = None, at_file: int | None = None
) -> tuple[int, float]:
    """Run something in a child, killed after some seconds or before it touches a file; return its status and seconds.

    The number of times that it touched a file is the last line of the log.
    """
    start = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        code = 70
        touched = 0
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1)
        os.dup2(output, 2)

        def look(event: str, arguments: tuple) -> None:
            nonlocal touched
            if event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir") or (
                event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES
            ):
                touched += 1
                if touched == at_file:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(look)
        try:
            work()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.write(2, f"\n{touched}".encode())
            os._exit(code)
    if after is not None:
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), time.perf_counter() - start
