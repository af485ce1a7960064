"""The image: linted, non-root, without a compiler at the end, from pinned bases and locked packages."""

import re
import shutil
import sys
import tomllib
import zipfile
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.layout import DEPLOY, DOCKERFILE, ROOT
from tests.deploy.tools import installed, judged

TEXT = DOCKERFILE.read_text()
FINAL = TEXT[TEXT.rindex("\nFROM ") :]


def _instructions(text: str, word: str) -> list[str]:
    joined = re.sub(r"\\\n\s*", " ", text)
    return [line.split(maxsplit=1)[1] for line in joined.splitlines() if line.startswith(f"{word} ")]


def _copied() -> list[str]:
    """What the first stage takes from the builder's context."""
    copies = [copy for copy in _instructions(TEXT, "COPY") if not copy.startswith("--from")]
    return [path for copy in copies for path in copy.split()[:-1]]


def test_hadolint_has_nothing_to_say() -> None:
    judged(installed("hadolint"), "--failure-threshold", "style", DOCKERFILE)


def test_the_bases_are_pinned_and_the_same() -> None:
    (version,) = [argument for argument in _instructions(TEXT, "ARG") if argument.startswith("PYTHON=")]
    assert re.fullmatch(r"PYTHON=3\.1[1-3](\.\d+)?", version)
    build, final = (base.split(" AS ")[0] for base in _instructions(TEXT, "FROM"))
    assert re.fullmatch(r"python:\$\{PYTHON\}-slim-[a-z]+", final)
    assert build == final.replace("-slim", "")


def test_the_final_stage_has_a_user_by_number_and_builds_nothing() -> None:
    (user,) = _instructions(FINAL, "USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert FINAL.index("\nUSER ") > max(FINAL.index("\nRUN "), FINAL.index("\nCOPY "))
    assert _instructions(FINAL, "RUN") == [
        f"install -d -o {user.split(':')[0]} -g {user.split(':')[1]} /assets /checkpoints"
    ]
    assert [copy.split()[0] for copy in _instructions(FINAL, "COPY")] == ["--from=build"]


def test_packages_come_by_hash() -> None:
    installs = re.findall(r"pip install ([^&\\\n]*)", TEXT)
    from_registry = [flags.split() for flags in installs if "--no-index" not in flags]
    assert {flags[-1] for flags in from_registry} == {"requirements.lock", "build.lock"}
    assert all("--require-hashes" in flags for flags in from_registry)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        ROOT / "requirements.lock": project["project"]["dependencies"],
        DEPLOY / "build.lock": project["build-system"]["requires"],
    }
    for lock, requirements in asked.items():
        found = re.findall(r"^([\w.-]+)==([\w.]+)", lock.read_text(), re.MULTILINE)
        locked = {canonicalize_name(name): version for name, version in found}
        for requirement in map(Requirement, requirements):
            version = locked.get(canonicalize_name(requirement.name))
            assert version, f"{lock.name} lacks {requirement}"
            assert requirement.specifier.contains(version), f"{lock.name} has {version}, not {requirement}"


def test_it_starts_the_program_and_asks_its_endpoint() -> None:
    assert _instructions(FINAL, "ENTRYPOINT") == ['["greenroom"]']
    (check,) = _instructions(FINAL, "HEALTHCHECK")
    (port,) = _instructions(FINAL, "EXPOSE")
    assert f"http://127.0.0.1:{port}/healthz" in check


def test_it_says_what_it_is() -> None:
    (labels,) = _instructions(FINAL, "LABEL")
    for name in ("title", "description", "licenses", "version", "revision"):
        assert f"org.opencontainers.image.{name}=" in labels


def test_the_builder_gets_all_that_is_copied_and_no_more() -> None:
    allowed = [
        line[1:].removesuffix("/**")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line[:1] == "!"
    ]
    copied = _copied()
    assert set(copied) <= set(allowed)
    assert set(allowed) - set(copied) <= {"LICENSE"}


def test_the_wheel_carries_every_file_that_the_packages_have(tmp_path: Path) -> None:
    """The image installs this wheel: data files that no pattern of the project names would be missing."""
    context = tmp_path / "context"
    for path in _copied():
        _copy(ROOT / path, context / path)
    flags = ["--wheel", "--offline", "--no-build-isolation", "--out-dir", str(tmp_path)]
    judged(installed("uv"), "build", "--python", sys.executable, *flags, context)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    sources = {
        file.relative_to(context).as_posix()
        for package in ("sim", "media_gen", "streams")
        for file in (context / package).rglob("*")
        if file.is_file()
    }
    assert len(sources) > 100
    assert not sources - packed


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
