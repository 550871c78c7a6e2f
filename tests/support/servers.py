"""A web server on this very machine, which misbehaves on request."""

import contextlib
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Page(NamedTuple):
    """What the server answers to one path."""

    body: bytes
    status: int = 200
    length: int | None = None  # that it claims
    event: threading.Event | None = None  # that it waits for
    ranges: bool = False  # whether it can begin in the middle
    cuts: tuple[int, ...] = ()  # after how many bytes the first answers break off
    location: str | None = None  # where it sends to
    pause: float = 0  # seconds between two bytes


class Server:
    """Pages by their paths; `requests` are the paths that were asked for, `begins` where the answers began."""

    def __init__(self):
        self.pages, self.requests, self.begins = {}, [], []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                page = server.pages[self.path]
                server.requests.append(self.path)
                if page.event:
                    page.event.wait(5)
                body, status = page.body, page.status
                asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
                begin = int(asked[1]) if asked and page.ranges else 0
                if begin:
                    status = 206 if begin < len(body) else 416
                server.begins.append(begin)
                self.send_response(status)
                if page.location:
                    self.send_header("Location", page.location)
                if page.ranges:
                    self.send_header("Accept-Ranges", "bytes")
                if status in (206, 416):
                    place = f"{begin}-{len(body) - 1}" if status == 206 else "*"
                    self.send_header("Content-Range", f"bytes {place}/{len(body)}")
                body = body[begin:]
                self.send_header("Content-Length", str(len(body) if page.length is None else page.length))
                self.end_headers()
                if page.cuts:
                    server.pages[self.path] = page._replace(cuts=page.cuts[1:])
                    body = body[: page.cuts[0]]
                with contextlib.suppress(ConnectionError):  # nobody has waited for it
                    for piece in [body] if not page.pause else [bytes([byte]) for byte in body]:
                        self.wfile.write(piece)
                        time.sleep(page.pause)

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def page(self, path, body, **settings):
        self.pages[path] = Page(body, **settings)
        return f"http://127.0.0.1:{self.http.server_port}{path}"

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()
