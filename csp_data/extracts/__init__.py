"""The only code that touches files: extracts checked, releases written, read and published."""
