"""The dashboard. ``streamlit run app.py`` shows the workspace that CSP_DATA names, else the demonstration in data/."""

from csp_data.ui import layout

layout.run()
