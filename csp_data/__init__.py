"""Community safety dashboard: what a partnership needs to assess crime and disorder in its area."""

__version__ = "0.1.0"
