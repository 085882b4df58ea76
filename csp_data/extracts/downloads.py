"""Getting files from publishers: politely, resumably, checked, and never half a file under its own name.

A file is written beside its place as ``NAME.part`` and takes its name only when it is whole. What has arrived is listed
in ``downloads.json`` in the same folder, so that a second run asks only for what is missing or no longer as it was.
"""

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from csp_data.extracts.problems import InputError

LEDGER = "downloads.json"
_CHUNK = 1 << 20
_BUSY = (429, 500, 502, 503, 504)
_BROKEN = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)

Progress = Callable[[str, int, int | None], None]
"""Called with a file's name, bytes so far and bytes in all (``None`` when the publisher does not say)."""


@dataclass(frozen=True)
class Downloaded:
    """A file that has arrived whole."""

    file: str
    url: str
    bytes: int
    sha256: str
    fetched: str
    """When, in UTC."""


class Publisher:
    """A polite visitor of publishers' servers: one request at a time, a pause between two to the same server, longer
    waits when it is busy, and a name by which to know us."""

    def __init__(self, agent: str, pause: float = 1.0, tries: int = 5, timeout: float = 60, wait: float = 1.0):
        self.pause, self.tries, self.timeout, self.wait = pause, tries, timeout, wait
        self._session = requests.Session()
        self._session.headers["User-Agent"] = agent
        again = Retry(
            total=tries,
            backoff_factor=wait,
            status_forcelist=_BUSY,
            respect_retry_after_header=True,
            raise_on_status=False,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=again))
        self._last: dict[str, float] = {}

    def get(self, url: str, parameters: Mapping[str, Any] | None = None, **more: Any) -> requests.Response:
        """Ask once, politely.

        Raises
        ------
        InputError
            When the publisher cannot be reached or refuses.
        """
        host = urlsplit(url).netloc
        left = self._last.get(host, 0) + self.pause - time.monotonic()
        if left > 0:
            time.sleep(left)
        try:
            response = self._session.get(url, params=parameters, timeout=self.timeout, **more)
        except requests.RequestException as error:
            raise InputError(
                url, f"the publisher could not be reached ({type(error).__name__})", "Try again later; nothing is lost"
            ) from None
        finally:
            self._last[host] = time.monotonic()
        if response.status_code >= 400 and response.status_code != 416:
            raise InputError(
                url,
                f"the publisher answered {response.status_code} {response.reason}",
                "Try again later, or correct the address in csp_data/extracts/publishers.toml",
            )
        return response

    def json(self, url: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """An answer in JSON. Raises InputError when it is something else, such as a web page."""
        response = self.get(url, parameters)
        try:
            return response.json()
        except requests.exceptions.JSONDecodeError:
            raise InputError(url, f"the publisher sent {_kind(response)} where JSON is expected", _MOVED) from None


_MOVED = "The address may have moved: correct it in csp_data/extracts/publishers.toml"


def download(
    publisher: Publisher,
    url: str,
    to: Path,
    content_types: Collection[str],
    progress: Progress | None = None,
    complete: Callable[[Path], str | None] | None = None,
) -> Downloaded:
    """Download a file to a path, going on where an earlier try stopped.

    Parameters
    ----------
    content_types : what the publisher may call it; anything else, such as a web page with an apology, is refused.
    complete : looks at the whole file before it takes its name; gives what is wrong with it, or ``None``.

    Raises
    ------
    InputError
        When it cannot be had, is not what was asked for, or does not arrive whole. What has arrived stays in
        ``NAME.part`` and the next run goes on from there, unless it was wrong.
    """
    kept = already(to, url)
    if kept:
        return kept
    part = to.with_name(f"{to.name}.part")
    note = to.with_name(f"{to.name}.part.json")
    to.parent.mkdir(parents=True, exist_ok=True)
    total: int | None = None
    for attempt in range(publisher.tries + 1):
        try:
            total = _arrive(publisher, url, part, note, content_types, progress, to.name)
        except _BROKEN as error:
            if attempt == publisher.tries:
                got = part.stat().st_size if part.exists() else 0
                raise InputError(
                    url,
                    f"the connection broke {attempt + 1} times ({type(error).__name__}); {got:,} bytes have arrived",
                    "Run the same command again: it goes on from there",
                ) from None
            time.sleep(publisher.wait * 2**attempt)
            continue
        break
    size = part.stat().st_size
    wrong = f"{size:,} of {total:,} bytes arrived" if total is not None and size != total else None
    wrong = wrong or (complete(part) if complete else None)
    if wrong:
        part.unlink()
        note.unlink(missing_ok=True)
        raise InputError(url, wrong, "Run the same command again: the file is asked for afresh")
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    os.replace(part, to)
    note.unlink(missing_ok=True)
    return _enter(to, url)


def already(to: Path, url: str) -> Downloaded | None:
    """What the ledger says of a file, when the file is there and as it was when it came from that address."""
    entry = _ledger(to.parent).get(to.name)
    if not entry or entry["url"] != url or not to.exists() or to.stat().st_size != entry["bytes"]:
        return None
    return Downloaded(**entry) if _sha256(to) == entry["sha256"] else None


def keep(to: Path, content: bytes, url: str) -> Downloaded:
    """Keep content put together from several answers of an address, in one step, and enter it in the ledger."""
    to.parent.mkdir(parents=True, exist_ok=True)
    part = to.with_name(f"{to.name}.part")
    part.write_bytes(content)
    os.replace(part, to)
    return _enter(to, url)


def _arrive(
    publisher: Publisher,
    url: str,
    part: Path,
    note: Path,
    content_types: Collection[str],
    progress: Progress | None,
    name: str,
) -> int | None:
    """Let what is still missing of a file arrive. Gives how many bytes it has in all, when the publisher says."""
    have = part.stat().st_size if part.exists() else 0
    before = json.loads(note.read_text()) if note.exists() and have else {}
    if before.get("url") != url or not before.get("validator"):
        have = 0
    headers = {"Accept-Encoding": "identity"}
    if have:
        headers |= {"Range": f"bytes={have}-", "If-Range": before["validator"]}
    with publisher.get(url, headers=headers, stream=True) as response:
        if response.status_code == 416:  # nothing after what we have: it is whole, or it has changed
            total = _total(response, 0)
            if total == have:
                return total
            part.unlink()
            return _arrive(publisher, url, part, note, content_types, progress, name)
        _expect(response, url, content_types)
        if response.status_code != 206:
            have = 0
        total = _total(response, have)
        # Strong validators only: a weak one does not promise the same bytes.
        tag = response.headers.get("ETag", "")
        validator = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")
        note.write_text(json.dumps({"url": url, "validator": validator, "total": total}))
        # Else urllib3 throws away the last piece of an answer that breaks off. What is missing is seen below.
        response.raw.enforce_content_length = False
        with part.open("ab" if have else "wb") as out:
            for chunk in response.iter_content(_CHUNK):
                out.write(chunk)
                have += len(chunk)
                if progress:
                    progress(name, have, total)
        if total is not None and have < total:
            raise requests.ConnectionError("the answer ended early")
    return total


def _expect(response: requests.Response, url: str, content_types: Collection[str]) -> None:
    found = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if found not in content_types:
        raise InputError(url, f"the publisher sent {_kind(response)}, not {next(iter(content_types))}", _MOVED)


def _kind(response: requests.Response) -> str:
    found = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    return {"text/html": "a web page", "": "something without a type"}.get(found, found)


def _total(response: requests.Response, have: int) -> int | None:
    whole = response.headers.get("Content-Range", "").rpartition("/")[2]
    if whole.isdigit():
        return int(whole)
    length = response.headers.get("Content-Length", "")
    return have + int(length) if length.isdigit() else None


def _ledger(folder: Path) -> dict[str, Any]:
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
        return json.loads((folder / LEDGER).read_text(encoding="utf-8"))
    return {}


def _enter(to: Path, url: str) -> Downloaded:
    entry = Downloaded(to.name, url, to.stat().st_size, _sha256(to), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    ledger = _ledger(to.parent) | {to.name: asdict(entry)}
    new = to.parent / f"{LEDGER}.new"
    new.write_text(json.dumps(dict(sorted(ledger.items())), indent=1), encoding="utf-8")
    os.replace(new, to.parent / LEDGER)
    return entry


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
