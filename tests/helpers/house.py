"""The apps of the project, in the line in which they stand (docs/architecture.md)."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Labels of the apps that own tables, from the floor up.
LINE = [
    *("audit", "accounts", "branding", "organisations", "services"),
    *("message_templates", "providers", "notifications", "letters", "jobs", "inbound", "sandbox"),
    *("callbacks", "dashboard"),
]
# Top-level packages of the product.
PACKAGES = ["content", "notify", *LINE[:5], "messaging", "callbacks", "dashboard"]
