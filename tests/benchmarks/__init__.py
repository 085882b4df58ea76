"""How fast the dashboard is: `make bench`, or `python -m tests.benchmarks`. Never part of the test suite."""

import logging

logging.disable(logging.WARNING)  # Streamlit's caches work without its server, and say so four times in each process
