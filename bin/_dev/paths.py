"""Where everything is."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
STATE = Path(os.environ.get("NOTIFY_STATE", ROOT / ".notify")).absolute()
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
