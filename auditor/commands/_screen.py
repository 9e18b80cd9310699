"""What goes to standard output: the screen, or one format for another program."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from auditor.commands._streams import abandon

if TYPE_CHECKING:
    from auditor.model import Batch
    from auditor.renderers import Options


def shown(name: str, batch: Batch, options: Options) -> None:
    """One output, as far as its reader takes it.

    A reader that has seen enough (`| head`) changes nothing about the verdict.
    """
    from auditor.renderers import written

    try:
        if name == "terminal":
            _screen(batch, options)
        else:
            sys.stdout.buffer.writelines(written(name, batch, options))
        sys.stdout.flush()
    except BrokenPipeError:
        abandon()


def _screen(batch: Batch, options: Options) -> None:
    """The terminal renderer prints itself: it knows the width and the colours of the screen."""
    from rich.console import Console

    from auditor.renderers import terminal

    class Screen(Console):
        """Rich would end the program with a status of its own."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    terminal.show(batch, options, Screen(highlight=False, soft_wrap=False))
