"""The servers under measurement: each a process of its own on a free port, stopped at the end."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import psutil

from tests.browser.served import ROOT, START_WITHIN, free_port


@dataclass
class Server:
    address: str
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of processor used so far."""
        used = self.process.cpu_times()
        return used.user + used.system

    def memory(self) -> float:
        """Resident memory, MB."""
        return self.process.memory_info().rss / 1024**2


def dashboard(data: str) -> AbstractContextManager[Server]:
    """The product's own server with the benchmark's page."""
    return _running(data, "tests.benchmarks.dashboard")


def product(data: str) -> AbstractContextManager[Server]:
    """The product as users start it."""
    return _running(data, "csp_data", "run", data, "--port")


def twin(data: str, words: bool = False) -> AbstractContextManager[Server]:
    """The same page in Dash."""
    return _running(data, "tests.benchmarks.twin", CSP_WORDS="1" if words else "0")


@contextmanager
def _running(data: str, *module: str, **environment: str) -> Iterator[Server]:
    """Start ``python -m MODULE PORT`` on a workspace and wait until it answers."""
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "-m", *module, str(port)],
        cwd=ROOT,
        env=os.environ | {"CSP_DATA": data, "CSP_SERVER": "own", **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(child, address)
        yield Server(address, psutil.Process(child.pid))
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_for(child: subprocess.Popen, address: str) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        if child.poll() is not None:
            raise RuntimeError(f"{child.args[2]} ended at its start with {child.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"{child.args[2]} did not answer within {START_WITHIN} seconds")
