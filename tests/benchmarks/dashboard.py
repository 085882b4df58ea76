"""Serves the benchmark's page under the product's own server: python -m tests.benchmarks.dashboard PORT"""

import sys
from pathlib import Path

from csp_data.ui.server import make_app

if __name__ == "__main__":
    app = make_app(Path(__file__).with_name("page.py"))
    app.run(config={"server.port": int(sys.argv[1]), "server.address": "127.0.0.1", "logger.hideWelcomeMessage": True})
