"""What docs, comments and docstrings point to is in this repository. Numbers in docs: test_doc_numbers.py."""

import re
import subprocess
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands
from django.db.models import Model

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SECTION = "\N{SECTION SIGN}"
READ = {".py", ".md", ".html", ".js", ".toml", ".yaml", ".txt", ".typ", ".scss", ".sh", ""}

# `public-api` and then one section, several, or a range of them; the pages are those of docs/reference.
_NUMBER = rf"{SECTION}\d+(?:\.\d+)*"
_REFERENCE = re.compile(rf"([a-z]+(?:-[a-z]+)*),? ({_NUMBER}(?:(?:, (?:and )?| and | to |–){_NUMBER}|–\d+(?:\.\d+)*)*)")
_APPENDIX = re.compile(r"\b([a-z]+-[a-z]+),? (Appendix [A-Z])\b")
_PAGE = re.compile(r"\b(docs/[\w/.-]+\.md)(?:, [\"“]([^\"”]+)[\"”])?")
_LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]+))?\)")
_CODE = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"(?:bin/manage|manage\.py) ([a-z_]+)")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?")
_DOTTED = re.compile(r"[a-z_]+(?:\.\w+)+")
# Made by the commands, so not in the repository.
_MADE = (".notify", ".venv", "node_modules", "notify/static_built")
# Names with a dot that are no modules: files, and the ids of the checks of settings.
_NO_MODULE = re.compile(r".*\.(py|md|js|scss|css|html|log|env|txt|jsonl|example|E\d+|W\d+)")


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository, those that are not committed yet too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stdout.splitlines()
    return tuple(name for name in names if (ROOT / name).is_file())


@cache
def texts() -> dict[str, str]:
    """Everything people write, by its name."""
    return {
        name: (ROOT / name).read_text()
        for name in tracked()
        if Path(name).suffix in READ and not name.startswith(("tests/data/", "requirements"))
    }


@cache
def pages() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.endswith(".md")}


@cache
def headings(page: Path) -> tuple[str, ...]:
    outside_code = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return tuple(re.findall(r"^#+ (.+)$", outside_code, re.MULTILINE))


def has_section(page: Path, number: str) -> bool:
    return any(re.match(rf"{re.escape(number)}(\.? |$)", heading) for heading in headings(page))


def in_one_line(text: str) -> str:
    """A comment that goes on in the next line is one sentence."""
    return re.sub(r"\s*\n[ \t]*(?:#:? ?|//+ ?)?", " ", text)


def test_every_section_that_is_referred_to_has_its_heading():
    wrong = []
    for name, text in texts().items():
        line = in_one_line(text)
        own = Path(name).stem if name.startswith("docs/reference/") else ""
        known = []
        for found in _REFERENCE.finditer(line):
            page = DOCS / "reference" / f"{found[1]}.md"
            if page.exists():
                known.append(found.span())
                numbers = re.findall(r"\d+(?:\.\d+)*", found[2])
                wrong += [f"{name}: {found[1]} {n}" for n in numbers if not has_section(page, n)]
        for found in re.finditer(rf"{SECTION}(\d+(?:\.\d+)*)", line):
            if any(start <= found.start() < end for start, end in known):
                continue
            if not (own and has_section(DOCS / "reference" / f"{own}.md", found[1])):
                wrong.append(f"{name}: …{line[max(0, found.start() - 30) : found.end()]}")
    assert wrong == []


def test_every_reference_names_a_page_and_an_appendix_that_exist():
    wrong = []
    for name, text in texts().items():
        line = in_one_line(text)
        for page in re.findall(r"\b[Rr]eference:? ([a-z]+-[a-z]+)\b", line):
            if not (DOCS / "reference" / f"{page}.md").exists():
                wrong.append(f"{name}: {page}")
        for page, appendix in _APPENDIX.findall(line):
            path = DOCS / "reference" / f"{page}.md"
            if not path.exists() or not has_section(path, appendix):
                wrong.append(f"{name}: {page} {appendix}")
    assert wrong == []


def test_every_page_of_docs_that_is_named_exists_with_its_heading():
    wrong = []
    for name, text in texts().items():
        for path, heading in _PAGE.findall(in_one_line(text)):
            page = ROOT / path
            found = [re.sub(r"^[\d.]+ ", "", each) for each in headings(page)] if page.exists() else []
            if not page.exists() or (heading and heading not in found):
                wrong.append(f"{name}: {path} {heading}".strip())
    assert wrong == []


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("name", sorted(pages()))
def test_every_link_leads_somewhere(name):
    wrong = []
    for target, anchor in _LINK.findall(pages()[name]):
        if re.match(r"[a-z]+:", target):
            continue
        path = (ROOT / name).parent / target if target else ROOT / name
        if not path.exists() or (anchor and anchor not in map(_slug, headings(path))):
            wrong.append(f"{target}#{anchor}" if anchor else target)
    assert wrong == []


def _is_path_here(token: str, page: str) -> bool:
    """From the root, beside the page, or the end of a file's path, as in `actions/keys.py`."""
    plain = token.rstrip("/")
    if plain.startswith(_MADE) or (ROOT / plain).exists() or (ROOT / page).parent.joinpath(plain).exists():
        return True
    return any(f"/{file}".endswith(f"/{plain}") or f"/{plain}/" in f"/{file}" for file in tracked())


def _looks_like_a_path(token: str) -> bool:
    first = token.split("/", maxsplit=1)[0]
    return _PATH.fullmatch(token) is not None and (
        (ROOT / first).exists() or Path(token).suffix in {".py", ".html", ".md", ".toml"}
    )


def _is_importable(token: str) -> bool:
    """A module, something in one, or a model by its app's label."""
    parts = token.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                break
            found = getattr(found, part)
        else:
            return True
        break
    models: list[type[Model]] = [m for m in apps.get_models() if m._meta.app_label == parts[0]]
    return len(parts) == 2 and parts[1] in {model.__name__ for model in models}


@pytest.mark.parametrize("name", sorted(pages()))
def test_paths_modules_and_commands_in_backticks_exist(name):
    prose = re.sub(r"^```.*?^```", "", pages()[name], flags=re.MULTILINE | re.DOTALL)
    ours = {Path(each).parts[0] for each in tracked() if each.endswith(".py")}
    wrong = []
    for word in (word.strip(",;:") for token in _CODE.findall(prose) for word in token.split()):
        if _looks_like_a_path(word) and not _is_path_here(word, name):
            wrong.append(word)
        elif _DOTTED.fullmatch(word) and not _NO_MODULE.fullmatch(word) and word.split(".")[0] in ours:
            wrong += [] if _is_importable(word) else [word]
    wrong += [command for command in _COMMAND.findall(pages()[name]) if command not in get_commands()]
    assert wrong == []


def test_commands_in_blocks_start_programs_that_exist():
    """The lines of a shell block in README, CONTRIBUTING and docs: `bin/…` and `python ….py`."""
    wrong = []
    for name, text in pages().items():
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            programs = re.findall(r"(?:^|\s)(bin/[\w/]+(?:\.py)?)|python3? (?!-)(\S+\.py)", block, re.MULTILINE)
            wrong += [f"{name}: {a or b}" for a, b in programs if not (ROOT / (a or b)).exists()]
    assert wrong == []


DECISIONS = sorted(path for path in (DOCS / "decisions").glob("*.md") if path.name != "README.md")
_FORM = re.compile(
    r"# (?P<number>\d+)\. .+\n\n"
    r"\*\*Status:\*\* (proposed|accepted|replaced by \d{4}) · \*\*Date:\*\* \d{4}-\d{2}-\d{2}\n\n"
    r"## Context\n.+\n## Options\n.+\n## Decision\n.+\n## Consequences\n.+",
    re.DOTALL,
)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_has_the_form_and_stands_in_the_index(path):
    found = _FORM.fullmatch(path.read_text())
    assert found is not None, "Status, Date, Context, Options, Decision and Consequences, in this order"
    assert int(found["number"]) == int(path.name[:4])
    assert f"({path.name})" in (DOCS / "decisions" / "README.md").read_text()
