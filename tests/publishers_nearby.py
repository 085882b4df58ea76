"""Publishers on this machine, for tests of fetching: they answer in the shapes that the real ones document, and fail in
the ways that the real ones do."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class File:
    """A file that can be asked for in parts."""

    content: bytes
    type: str
    etag: str = '"one"'
    breaks_after: list[int] = field(default_factory=list)
    """Bytes after which the connection breaks, an entry a request; whole once they are used up."""
    says: str | None = None
    """Length told instead of the true one."""


class Nearby:
    """What the publishers hold, and what they were asked."""

    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.services: dict[str, list[dict]] = {}
        """Feature service -> GeoJSON features."""
        self.page_limit = 2
        self.busy: Counter[str] = Counter()
        """Path -> how many times it answers that it is busy."""
        self.answers: dict[str, Callable[[dict[str, str]], object]] = {}
        """Feature service -> what it answers instead."""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.ranges: list[str] = []
        self.agents: set[str] = set()

    @contextmanager
    def open(self) -> Iterator[str]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(nearby: Nearby) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            path = unquote(parts.path)
            nearby.asked.append((path, query))
            nearby.agents.add(self.headers.get("User-Agent", ""))
            if nearby.busy[path] > 0:
                nearby.busy[path] -= 1
                self._send(503, b"busy", "text/html", {"Retry-After": "0"})
            elif path.startswith("/services/"):
                self._send(200, json.dumps(self._service(path.split("/")[2], query)).encode(), "application/json")
            elif path in nearby.files:
                self._file(nearby.files[path])
            else:
                self._send(404, b"<html>Not found</html>", "text/html")

        def _service(self, name: str, query: dict[str, str]) -> object:
            if name in nearby.answers:
                return nearby.answers[name](query)
            if name not in nearby.services:
                return {"error": {"code": 400, "message": "Invalid URL", "details": []}}
            column, _, codes = query["where"].partition(" IN ")
            wanted = {code.strip("'()") for code in codes.split(",")}
            hits = [f for f in nearby.services[name] if column == "1=1" or f["properties"][column] in wanted]
            if query.get("returnCountOnly") == "true":
                return {"count": len(hits)}
            assert query["f"] == "geojson"
            order = query["orderByFields"]
            start = int(query["resultOffset"])
            many = min(int(query["resultRecordCount"]), nearby.page_limit)
            page = sorted(hits, key=lambda f: f["properties"][order])[start : start + many]
            if query["returnGeometry"] == "false":
                page = [{**feature, "geometry": None} for feature in page]
            more = start + many < len(hits)
            return {
                "type": "FeatureCollection",
                "features": page,
                **({"properties": {"exceededTransferLimit": True}} if more else {}),
            }

        def _file(self, file: File) -> None:
            start, status, headers = 0, 200, {"ETag": file.etag, "Accept-Ranges": "bytes"}
            asked = self.headers.get("Range", "")
            if asked and self.headers.get("If-Range") == file.etag:
                nearby.ranges.append(asked)
                start = int(asked.removeprefix("bytes=").rstrip("-"))
                if start >= len(file.content):
                    self._send(416, b"", file.type, {"Content-Range": f"bytes */{len(file.content)}"})
                    return
                status = 206
                headers["Content-Range"] = f"bytes {start}-{len(file.content) - 1}/{len(file.content)}"
            body = file.content[start:]
            cut = file.breaks_after.pop(0) if file.breaks_after else None
            self._send(status, body, file.type, headers, cut, file.says)

        def _send(
            self,
            status: int,
            body: bytes,
            type: str,
            headers: dict[str, str] | None = None,
            cut: int | None = None,
            says: str | None = None,
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Type", type)
            self.send_header("Content-Length", says or str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body if cut is None else body[:cut])
            self.close_connection = True

    return Handler
