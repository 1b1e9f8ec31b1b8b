"""Adapters to start from: `python -m conformance init python|node DIR`.

The rule of this module: what is written runs at once, claims nothing, and shows what comes next.
"""

from __future__ import annotations

from pathlib import Path

from conformance.problems import Place, Problem, Refused

FOLDER = Path(__file__).parent
LANGUAGES = ("node", "python")
ADAPTERS = {"node": "adapter.mjs", "python": "adapter.py"}
INTERPRETERS = {"node": "node", "python": "python"}
TEMPLATE_SUFFIX = ".template"


def write(language: str, folder: Path) -> list[str]:
    """Write the adapter into a new or empty folder; the command that runs the suite against it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = "the folder exists and is not empty"
        raise Refused(Problem("init.not-empty", message, Place(str(folder)), "name a new folder"))
    command = command_for(language, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for template in sorted((FOLDER / language).glob(f"*{TEMPLATE_SUFFIX}")):
            text = template.read_text(encoding="utf-8")
            text = text.replace("{name}", folder.resolve().name).replace("{option}", command[-1])
            (folder / template.name.removesuffix(TEMPLATE_SUFFIX)).write_text(
                text, encoding="utf-8"
            )
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        message = f"the adapter cannot be written: {reason}"
        raise Refused(Problem("init.unwritable", message, Place(str(folder)))) from None
    return command


def command_for(language: str, folder: Path) -> list[str]:
    """The command that runs the suite against the adapter in a folder."""
    adapter = folder / ADAPTERS[language]
    option = f"--impl=cmd:{INTERPRETERS[language]} {adapter}"
    return ["python", "-m", "conformance", "run", option]
