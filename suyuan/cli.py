"""The command ``suyuan``. Each of its commands is loaded when it is called, and not before."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from suyuan import __version__
from suyuan.commands.speech import spoken
from suyuan.trace.errors import SuyuanError

COMMANDS: Mapping[str, str] = {
    "backup": "Write the whole installation into one file, while it serves.",
    "demo": "Make an installation with demonstration data and serve it.",
    "doctor": "Check this installation and say what is wrong.",
    "erase": "Erase personal data for good.",
    "export": "Write data out in the formats of others.",
    "import": "Read a sheet of batches.",
    "init": "Set up an installation: database, keys, label host.",
    "jobs": "Have the labels of long print runs drawn in the background.",
    "keys": "Make, rotate, retire and revoke keys; have directories signed.",
    "labels": "Issue the codes of labels for a batch and draw them.",
    "log": "Audit logs, and prove that a record stands in one.",
    "party": "Add organisations, and see their uids.",
    "print-agent": "Feed the printers of a station with what is sent to them.",
    "printer-test": "Draw labels that tell whether a label printer is set right.",
    "report": "Tell what the records add up to.",
    "restore": "Bring an installation back from its backup.",
    "serve": "Serve the pages and the API.",
    "standards": "Judge what was tested by the standards as they are now.",
    "user": "Add people and let them in.",
    "verdict": "Tell what the standards say of a test result.",
    "verify": "Tell who issued a code, with no network.",
    "void": "Declare the code of a package, or a whole print run, void.",
    "warnings": "Look for what is to be warned of; read warnings and the outbox.",
    "witness": "Cosign the logs of others.",
    "worker": "Do what is due by the clock, and draw the labels of long print runs.",
}
"""Every command with its line of help. Its module, and the command there, have its name, with an
underscore for a hyphen, and one after it where Python keeps the word for itself."""


class LazyGroup(click.Group):
    """Loads a command's module when it is called, and tells errors of the family in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
        command = getattr(import_module(f"suyuan.commands.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SuyuanError as error:
            click.echo(spoken(error), err=True)
            ctx.exit(1)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: suyuan demo --data var/demo --port 8771",
)
@click.version_option(__version__, prog_name="suyuan")
def main() -> None:
    """Suyuan (溯源): food traceability, signed labels, and a log that anyone can audit."""
