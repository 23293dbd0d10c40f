"""What can be typed; the options of a correction come from their table."""

from __future__ import annotations

import argparse
from pathlib import Path

from bridge import __version__
from bridge.cli.inputs import Inputs
from bridge.cli.texts import frames, metavar, natural, number_or_file, offset, size, typed
from bridge.options import OPTIONS


class _Parser(argparse.ArgumentParser):
    """A parser that takes no abbreviations: what is short today is another option tomorrow."""

    def __init__(self, **settings: object) -> None:
        super().__init__(allow_abbrev=False, **settings)  # type: ignore[arg-type]


def parser() -> argparse.ArgumentParser:
    """Return the parser; its result names the module to run as ``module``."""
    top = _Parser(
        prog="flatbridge",
        description="Finds dust in flats, and corrects it in flats and images.",
        epilog="flatbridge COMMAND --help tells more about a command.",
    )
    top.add_argument("--version", action="version", version=f"FlatBridge {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, module: str, words: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
        made.set_defaults(module=module)
        return made

    _correct(command("correct", "correct", "Find the dust in flats and write their correction."))
    _median(command("median", "median", "Make the median of a video or of frames, as a flat."))
    _apply(command("apply", "apply", "Divide frames by a correction."))
    _fit(command("fit", "fit", "Tell whether a correction's dust is in frames; change nothing."))
    _batch(command("batch", "batch", "Correct every SER video of a folder, each from its median."))
    _update_flat(
        command("update-flat", "update_flat", "Bring a stale flat's dust up to date with frames.")
    )
    _compare(command("compare", "compare", "Tell what became of a flat's dust since it was taken."))
    _serve(command("serve", "serve", "Run the bridge that the PixInsight script talks to."))
    _demo(command("demo", "demo", "Correct a made-up dusty flat and tell how much dust is gone."))
    install = command("install-script", "install_script", "Copy the PixInsight script to a folder.")
    install.add_argument(
        "folder", metavar="DIR", nargs="?", type=Path,
        help="Where to; a folder of its own. Default: ~/.flatbridge/pixinsight.",
    )  # fmt: skip
    package = command(
        "package-script", "package_script", "Make a repository from which PixInsight updates."
    )
    _output(package, "Where its files go.")
    package.add_argument("--force", action="store_true", help="Overwrite what is there.")
    package.add_argument(
        "--package", metavar="WHEEL", type=Path,
        help="FlatBridge's package file: the script offers to install the bridge from it.",
    )  # fmt: skip
    command("engines", "engines", "List what can find dust and what can fill in for it.")
    command("config", "config", "Show every setting and where its value comes from.")
    command("doctor", "doctor", "Check that everything is in place, and say what to do if not.")
    return top


def option_values(given: argparse.Namespace) -> dict[str, object]:
    """Return the options of a correction that were typed, by name."""
    names = (*OPTIONS, "engine", "detector", "inpainter")
    found = {name: getattr(given, name) for name in names}
    return {name: value for name, value in found.items() if not isinstance(value, Path | None)}


def master_bias(given: argparse.Namespace) -> Path | None:
    """Return the file that ``--bias`` names, if it names one."""
    return given.bias if isinstance(given.bias, Path) else None


def _correct(command: argparse.ArgumentParser) -> None:
    _inputs(command, "inputs", "INPUT", "A flat (FITS, TIFF, XISF, PNG or JPEG) or a SER video.")
    _output(command, "Where the files go; with several inputs, into one folder for each.")
    how = _options(command)
    how.add_argument(
        "--mask", metavar="FILE", type=Path, help="Use this dust mask; look no further."
    )
    _hdu(command)
    command.add_argument("--force", action="store_true", help="Overwrite what is there.")
    command.add_argument(
        "--json", action="store_true", help="Print report.json, and nothing else, to the output."
    )


def _batch(command: argparse.ArgumentParser) -> None:
    _input(command, "folder", "FOLDER", "Where the SER videos are, also in folders of it.")
    _output(command, "Where the results go, in folders laid out as the videos are.")
    _options(command)
    command.add_argument(
        "-j", "--jobs", metavar="N", type=natural, default=1,
        help="How many videos to work on at a time. Default: 1.",
    )  # fmt: skip
    command.add_argument(
        "--scheduler", metavar="ADDRESS",
        help="Work on a Dask cluster, such as tcp://host:8786, whose workers see the same folders.",
    )  # fmt: skip
    command.add_argument(
        "--force", action="store_true", help="Do also what an earlier run has done."
    )


def _options(command: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Add the options of a correction; return the group they are in."""
    engines = command.add_argument_group("who does it")
    engines.add_argument("--detector", metavar="NAME", help="Finds the dust.")
    engines.add_argument("--inpainter", metavar="NAME", help="Fills in what is under the dust.")
    engines.add_argument("--engine", metavar="NAME", help="Both (default: local).")
    how = command.add_argument_group("how")
    for option in OPTIONS.values():
        how.add_argument(
            f"--{option.name.replace('_', '-')}",
            metavar=metavar(option),
            type=number_or_file if option.name == "bias" else typed(option),
            help=f"{option.help} Default: {option.default}.".replace("%", "%%"),
        )
    return how


def _median(command: argparse.ArgumentParser) -> None:
    _inputs(
        command,
        "inputs",
        "INPUT",
        "One SER video, or frames that are not registered: FITS, TIFF, XISF, PNG or JPEG.",
    )
    command.add_argument(
        "-o", "--output", metavar="FILE", type=Path, required=True, help="The FITS file to write."
    )
    command.add_argument(
        "--frames", metavar="START:STOP:STEP", type=frames, default=slice(None),
        help="Which frames take part, counted from 0. Default: all.",
    )  # fmt: skip
    command.add_argument(
        "--memory", metavar="SIZE", type=size, default=10**9,
        help="How much to hold at a time, such as 128MB. Default: 1GB.",
    )  # fmt: skip
    command.add_argument(
        "--estimator", choices=("median", "iqm"), default="median",
        help="iqm, the interquartile mean, is finer for 8-bit videos. Default: median.",
    )  # fmt: skip
    command.add_argument(
        "--normalize", action="store_true", help="Bring frames to the level of the first one."
    )
    _hdu(command)
    command.add_argument(
        "--byte-order", choices=("auto", "little", "big"), default="auto",
        help="Of 16-bit samples, if it is not recognised. Default: auto.",
    )  # fmt: skip
    command.add_argument("--force", action="store_true", help="Overwrite what is there.")


def _apply(command: argparse.ArgumentParser) -> None:
    _input(command, "correction", "CORRECTION", "A correction.fits made by correct.")
    _inputs(command, "frames", "FRAME", "A FITS, TIFF or XISF image, or a SER video.")
    _output(command, "Where the corrected frames go, under their own names.")
    command.add_argument(
        "--report", metavar="FILE", type=Path,
        help="Write a page that tells direction, dust fit and what became of each file.",
    )  # fmt: skip
    command.add_argument(
        "--multiply", action="store_true", help="Multiply instead: undo a division."
    )
    command.add_argument(
        "--pedestal", metavar="auto|N|FILE", default="auto",
        help="What is not light in the frames: their PEDESTAL keyword, a number in their own units "
        "(videos take these alone), or a master bias or dark. Default: auto.",
    )  # fmt: skip
    command.add_argument(
        "--offset", metavar="DX,DY", type=offset, default=(0, 0),
        help="Move the correction right and down by whole pixels first. Default: 0,0.",
    )  # fmt: skip
    command.add_argument(
        "--bin", metavar="N", type=int, choices=(1, 2, 3, 4), default=1,
        help="For frames binned N x N against the flat: average the factor over blocks. Default: 1",
    )  # fmt: skip
    _hdu(command)
    command.add_argument(
        "--depth", type=int, choices=(16,), help="Write 8-bit videos with 16 bits."
    )
    command.add_argument(
        "-j", "--jobs", metavar="N", type=natural, default=1,
        help="How many frames to work on at a time; 0 for one per core. Default: 1.",
    )  # fmt: skip
    command.add_argument(
        "--force", action="store_true",
        help="Overwrite what is there, and apply the correction to images it does not seem to fit.",
    )  # fmt: skip


def _fit(command: argparse.ArgumentParser) -> None:
    _input(command, "correction", "CORRECTION", "A correction.fits made by correct.")
    _inputs(command, "frames", "FRAME", "A frame: FITS, TIFF or XISF.")
    _hdu(command)
    command.add_argument(
        "--json", action="store_true", help="Print a list for programs, and nothing else."
    )


def _update_flat(command: argparse.ArgumentParser) -> None:
    _input(command, "stale", "STALE_FLAT", "The flat whose dust is no longer true.")
    _inputs(
        command,
        "frames",
        "FRAME",
        "Frames of one night, dithered, calibrated with STALE_FLAT, not registered.",
    )
    _output(command, "Where the current flat and its report go.")
    _hdu(command)
    _options(command)
    command.add_argument(
        "--force", action="store_true",
        help="Overwrite what is there, and use frames that do not seem to fit.",
    )  # fmt: skip


def _compare(command: argparse.ArgumentParser) -> None:
    _input(command, "flat", "FLAT", "The flat in use.")
    _inputs(
        command, "others", "FLAT2|FRAME", "A newer flat, or frames that were not divided by FLAT."
    )
    _hdu(command)
    command.add_argument("--json", action="store_true", help="Print JSON, and nothing else.")


def _serve(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", help="The address to listen on (default: 127.0.0.1).")
    command.add_argument(
        "--port", metavar="N", type=natural, help="The port to listen on; 0 takes any free one."
    )
    command.add_argument(
        "--i-know", action="store_true",
        help="Listen on an address that other computers can reach. Nothing is encrypted.",
    )  # fmt: skip


def _demo(command: argparse.ArgumentParser) -> None:
    _output(command, "Where to keep the flat and its correction; nowhere if not given.", False)
    command.add_argument(
        "--seed", metavar="N", type=natural, default=0, help="Which flat is made up. Default: 0."
    )
    command.add_argument("--force", action="store_true", help="Overwrite what is there.")


def _hdu(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--hdu", metavar="N", type=natural,
        help="Which unit of FITS files that hold several images; 0 the first.",
    )  # fmt: skip


def _output(command: argparse.ArgumentParser, words: str, required: bool = True) -> None:
    command.add_argument("-o", "--output", metavar="DIR", type=Path, required=required, help=words)


def _input(command: argparse.ArgumentParser, name: str, metavar: str, words: str) -> None:
    command.add_argument(name, metavar=metavar, type=Path, action=Inputs, help=words)


def _inputs(command: argparse.ArgumentParser, name: str, metavar: str, words: str) -> None:
    command.add_argument(name, metavar=metavar, nargs="+", type=Path, action=Inputs, help=words)
