"""The batch of a command: many documents in several processes, with what was kept before."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from auditor.commands._progress import progress_on
from auditor.commands._watch import INTERRUPTED
from auditor.corpus.chosen import audited
from auditor.corpus.progress import Stopped
from auditor.errors import Said
from auditor.verdict import INCOMPLETE

if TYPE_CHECKING:
    from auditor.model import Batch
    from auditor.pipeline import Input, Settings


@contextmanager
def batch_of(
    items: Sequence[Input], settings: Settings, lang: str, *, quiet: bool = False
) -> Iterator[Batch]:
    """The batch of these documents, to be looked at inside; what `auditor audit` kept is used.

    A run that is cut off is told of and ends the command: typer.Exit.
    """
    try:
        with audited(items, settings, progress=progress_on(sys.stderr, lang, quiet=quiet)) as batch:
            yield batch
    except Stopped as why:
        sys.stderr.write(cut_off(why.said, _AGAIN).inside(lang) + "\n")
        raise typer.Exit(INCOMPLETE) from None
    except KeyboardInterrupt:
        sys.stderr.write(cut_off(CTRL_C, _AGAIN).inside(lang) + "\n")
        raise typer.Exit(INTERRUPTED) from None


CTRL_C = Said("Ctrl-C", "Ctrl-C")
RESUME = Said(
    "用同样的命令加 --resume 接着做", "what is done is kept: the same command with --resume goes on"
)
_AGAIN = Said("再运行一次就会接着做", "what is done is kept: the same command goes on")


def cut_off(why: Said, then: Said) -> Said:
    """What to say of a run that was cut off: nothing that is done is lost."""
    return Said(
        f"审核中断：{why.zh}。已完成的部分都保留着，{then.zh}。",
        f"the audit was cut off: {why.en}; {then.en}",
    )
