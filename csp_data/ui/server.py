"""The web server: Streamlit's own, made ready before the first visitor, with security headers and the boundaries.

``streamlit run app.py`` works without it; then the first page is slower and boundaries travel inside each map.
"""

import gc
import gzip
import json
import logging
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

import anyio.to_thread
import pandas as pd
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from csp_data.analysis.results import QuestionError
from csp_data.extracts.problems import InputError
from csp_data.extracts.workspace import Workspace
from csp_data.ui import plot

ROOT = Path(__file__).resolve().parents[2]

HEADERS = {
    # Tried with every chart and widget in use: nothing may be fetched from, or sent to, another site. Streamlit's own
    # code needs 'unsafe-inline' and 'unsafe-eval'.
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' ws: wss: data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
EMBED_PARENTS = "CSP_EMBED_PARENTS"
"""Variable that names the websites that may show a single chart, such as "https://www.medway.gov.uk"."""
_FOR_A_YEAR = "public, max-age=31536000, immutable"


def serve(workspace: str, port: int = 8501, address: str = "127.0.0.1", script: Path = ROOT / "app.py") -> None:
    """Serve the dashboard of a workspace until stopped, and print where.

    Raises
    ------
    InputError
        When the workspace cannot be read, or a website that may show charts is not named as it must be: before anything
        is served.
    """
    embed_parents()
    if "://" not in workspace:
        workspace = str(Path(workspace).resolve())
    Workspace(workspace).partnerships()
    os.environ["CSP_DATA"] = workspace
    os.environ["CSP_SERVER"] = "own"
    os.chdir(ROOT)  # where Streamlit looks for .streamlit/config.toml
    # A page makes hundreds of short columns of words: as Arrow's text they take a quarter of its time.
    pd.set_option("mode.string_storage", "python")
    print(
        f"The dashboard is at http://{'localhost' if address == '127.0.0.1' else address}:{port} (Ctrl+C stops it)",
        flush=True,
    )
    make_app(script).run(config={"server.port": port, "server.address": address, "logger.hideWelcomeMessage": True})


def make_app(script: Path = ROOT / "app.py") -> st.App:
    """The dashboard as a web application. ``script`` is the page script it serves."""
    return st.App(
        script,
        lifespan=_made_ready,
        on_script_error=_tell,
        # No compressing middleware: Streamlit's own compresses all but its own files, which browsers keep for a year.
        middleware=[Middleware(Headers)],
        routes=[
            Route("/boundaries/{partnership}/{release}/{vintage}.json", _boundaries),
            Route(f"/{plot.LIBRARY_ADDRESS}", _library),
        ],
    )


class Headers:
    """Adds the security headers to every answer, and lets a page fetch plotly.js while Streamlit still starts."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if _is_embedded(scope):
                    parents = embed_parents()
                    headers["Content-Security-Policy"] = HEADERS["Content-Security-Policy"].replace(
                        "frame-ancestors 'self'", " ".join(("frame-ancestors 'self'", *parents))
                    )
                    if parents:
                        del headers["X-Frame-Options"]  # it cannot name a website
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Link"] = f"<{scope.get('root_path', '')}/{plot.LIBRARY_ADDRESS}>; rel=preload; as=script"
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def embed_parents() -> tuple[str, ...]:
    """The websites that may show single charts, besides this one.

    Raises
    ------
    InputError
        When one is not written as the start of an address.
    """
    named = tuple(os.environ.get(EMBED_PARENTS, "").split())
    for site in named:
        if not re.fullmatch(r"https?://(\*\.)?[A-Za-z0-9.-]+(:\d{1,5})?", site):
            raise InputError(
                EMBED_PARENTS,
                f"'{site}' does not name a website",
                "Write its address without a page, such as https://www.medway.gov.uk; a space between two",
            )
    return named


def _is_embedded(scope: Scope) -> bool:
    """Whether an address asks for one chart alone. Other roles' figures are for no other website."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    one_chart = asked.get("embed") == ["true"] and len(asked.get("chart", ())) == 1
    return one_chart and os.environ.get("CSP_ROLE", "public") == "public"


def _tell(error: Exception) -> bool:
    """Tell the visitor of a fault in one sentence, and the log the rest."""
    if isinstance(error, InputError | QuestionError):
        st.error(str(error))
    else:
        logging.getLogger(__name__).error("A page failed", exc_info=error)
        st.error("This page could not be made. Reload it; if that does not help, tell the people who run this site.")
    return True


@asynccontextmanager
async def _made_ready(app: st.App) -> AsyncIterator[None]:
    """Read the releases before the first visitor comes."""
    await anyio.to_thread.run_sync(_read_releases)
    yield


def _read_releases() -> None:
    # Here and not at the top: the caches take their place in the running server. And no visitor waits for the pages.
    from esda import G_Local  # noqa: F401
    from inequality.gini import Gini  # noqa: F401

    from csp_data.ui import cached, documentation, layout, show  # noqa: F401

    workspace = os.environ["CSP_DATA"]
    for _, partnership in cached.partnership_names(workspace)[:READ_AHEAD]:
        try:
            cached.subject(cached.current_edition(workspace, partnership)).prepare()
        except InputError:
            continue  # Its visitors are told; the others must not wait for it.
    # As cached.settle_memory does again after the first page, which brings in more.
    gc.collect()
    gc.freeze()


READ_AHEAD = 4
"""Partnerships that are read before the first visitor: more would hold up the start."""


async def _boundaries(request: Request) -> Response:
    return await anyio.to_thread.run_sync(_boundaries_of, dict(request.path_params))


def _boundaries_of(asked: dict[str, str]) -> Response:
    from csp_data.ui import cached

    workspace = os.environ["CSP_DATA"]
    held = Workspace(workspace)
    # Looked up, not joined into a path: a request cannot reach outside the releases.
    if asked["partnership"] in held.partnerships() and asked["release"] in held.releases(asked["partnership"]):
        edition = cached.Edition(workspace, asked["partnership"], asked["release"])
        if asked["vintage"] in {vintage.id for vintage in cached.release(edition).partnership.vintages}:
            content = json.dumps(cached.boundaries(edition, asked["vintage"]), separators=(",", ":"))
            return Response(content, media_type="application/geo+json", headers={"Cache-Control": _FOR_A_YEAR})
    return PlainTextResponse("There are no such boundaries.", status_code=404)


async def _library(request: Request) -> Response:
    """plotly.js, compressed once: Streamlit would compress its five megabytes for every visitor."""
    headers = {"Cache-Control": _FOR_A_YEAR, "Vary": "Accept-Encoding"}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(plot.LIBRARY_FILE, media_type="text/javascript", headers=headers)
    content = await anyio.to_thread.run_sync(_compressed_library)
    return Response(content, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})


@cache
def _compressed_library() -> bytes:
    return gzip.compress(plot.LIBRARY_FILE.read_bytes(), compresslevel=6, mtime=0)
