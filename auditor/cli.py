"""The program: its commands attached, and every error turned into a message and a status."""

from __future__ import annotations

import errno
import gc
import sys
from itertools import pairwise
from typing import Annotated, NoReturn

import typer

from auditor import __version__
from auditor.commands import attach
from auditor.commands._streams import abandon, settle
from auditor.errors import AuditorError, RulesError, Said, why

app = typer.Typer(
    name="auditor",
    help="按规则审核报告，每个结论都有依据 · Audit reports by declarative rules, with evidence.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="版本 · version")] = False,
) -> None:
    if version:
        typer.echo(f"auditor {__version__}")
        raise typer.Exit


def main() -> None:
    """The entry point: every error becomes a message and the right exit status."""
    gc.disable()  # nothing dies while modules load; commands that work long turn it on again
    settle()
    lang = "en" if "--lang=en" in sys.argv or _follows("--lang", "en") else "zh"
    try:
        if len(sys.argv) < 3 or "--help" in sys.argv:  # a group without a command shows its help
            from auditor.commands._help import in_both_languages

            in_both_languages()
        attach(app, next((word for word in sys.argv[1:] if not word.startswith("-")), None))
        sys.exit(app(standalone_mode=False))
    except RulesError as error:
        sys.stderr.write(error.shown(lang) + "\n")
        sys.exit(2)
    except AuditorError as error:
        sys.stderr.write(error.said.inside(lang) + "\n")
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(1)
    except typer.Abort:  # a question that nobody answers
        said = Said("没有得到回答，什么也没有做", "there was no answer: nothing was done")
        sys.stderr.write(said.inside(lang) + "\n")
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - the border of the program
        if isinstance(error, OSError) and error.errno in _FULL:
            sys.stderr.write(_unwritten(error).inside(lang) + "\n")
            abandon()
            sys.exit(2)
        if hasattr(error, "format_message"):  # typer's own
            _refuse(error, lang)
        import traceback

        traceback.print_exc()
        sys.stderr.write("\nthis is a bug in auditor · 这是 auditor 的缺陷，请报告\n")
        sys.exit(4)
    finally:
        gc.freeze()  # the program ends: nothing is looked through once more for garbage


def _refuse(error: Exception, lang: str) -> NoReturn:
    """What typer does not take, in the reader's language."""
    from auditor.commands._refusals import told

    said = told(error, lang)
    if said is None:
        error.show()  # type: ignore[attr-defined]
    else:
        sys.stderr.write(said + "\n")
    sys.exit(2)


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a disk says that takes no more: no fault of ours."""


def _unwritten(error: OSError) -> Said:
    told = why(error)
    return Said(f"输出没有写完：{told.zh}", f"the output was not written: {told.en}")


def _follows(option: str, value: str) -> bool:
    """Whether an option is followed by a value on the command line."""
    arguments = sys.argv
    return any(pair == (option, value) for pair in pairwise(arguments))
