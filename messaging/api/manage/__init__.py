"""The management API: what teams otherwise do on pages, for their scripts and pipelines."""
