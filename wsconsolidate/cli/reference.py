"""The reference of the command line: what every command answers to `--help`.

After a change of a command, write the page anew:

    python -m wsconsolidate.cli.reference
"""

from pathlib import Path

from typer.testing import CliRunner

from wsconsolidate.cli.app import COMMANDS, app

PAGE = Path("docs/cli.md")
HEAD = """\
# Command line

Results go to stdout, or to the file after `-o`; everything else to stderr. Off a terminal the width is 120
and nothing is cut; `NO_COLOR` is honoured. The same input gives the same bytes.

`wsconsolidate --install-completion` installs completion of commands, options and formats for your shell
(bash, zsh, fish, PowerShell); `--show-completion` prints the script instead.

This page is what the commands answer to `--help`: `python -m wsconsolidate.cli.reference` writes it.
"""


def page() -> str:
    """The page as Markdown."""
    return "\n".join((HEAD, *(_section(command) for command in COMMANDS)))


def _section(command: str) -> str:
    variables = {"COLUMNS": "120", "NO_COLOR": "1"}
    answer = CliRunner(env=variables).invoke(app, [command, "--help"], prog_name="wsconsolidate").output
    return f"## {command}\n\n```text\n{answer.strip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
