"""Seven apps that carry messages, in one line (docs/architecture.md). This package itself is no app."""
