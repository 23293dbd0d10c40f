"""Plausible mistakes in the script, and the test that must notice each.

Try them all with ``python -m tests.pixinsight.try_mistakes``; it takes some minutes.
"""

from __future__ import annotations

from typing import Final

from tests.pixinsight.mistake import Mistake
from tests.pixinsight.mistakes_of_sources import OF_SOURCES


def _core(name: str) -> str:
    return f"test_script_core.py::test_core[{name}.test.mjs]"


_RUN = "script/test_script_run.py::"
_SAME = f"{_RUN}test_run_gives_what_the_command_gives"
_APPLY = f"{_RUN}test_apply_divides_and_undo_restores"
_AROUND = f"{_RUN}test_nothing_around_changes_the_result"
_TROUBLE = "script/test_script_trouble.py::"
_REVIEW = "script/test_script_review.py::"

MISTAKES: Final = (
    Mistake(
        "no engine named", "FlatBridge.js", "#engine v8\n", "", _SAME,
    ),
    Mistake(
        "the drive letter forgotten", "FlatBridge.js", "File.extractDrive(#__FILE__) + ", "",
        "script/test_script_dialog.py::test_the_help_is_found_on_a_windows_drive",
    ),
    Mistake(
        "headers before the address", "host/network.js",
        "transfer.setURL(url);\n      transfer.setCustomHTTPHeaders(headers);",
        "transfer.setCustomHTTPHeaders(headers);\n      transfer.setURL(url);", _SAME,
    ),
    Mistake(
        "a handler that returns nothing", "host/network.js",
        "received.add(data);\n            return true;", "received.add(data);", _SAME,
    ),
    Mistake(
        "a response code taken for a number", "host/network.js",
        "Number(transfer.responseCode) || 0", "transfer.responseCode",
        f"{_AROUND}[controls tell of what the script sets]",
    ),
    Mistake(
        "events not handled during a transfer", "host/network.js",
        "return !stopped() && Date.now() < deadline;", "return Date.now() < deadline;",
        f"{_TROUBLE}test_cancel_is_heard_while_an_answer_is_waited_for",
    ),
    Mistake(
        "a preference flips what is read", "host/images.js",
        '"ignore-out-of-range up-bottom ignore-roworder-keywords verbosity 0"', '""',
        f"{_AROUND}[files are bottom-up and of another range]",
    ),
    Mistake(
        "an export in another sample format", "host/images.js",
        "ieeefpSampleFormat = image.isReal", "ieeefpSampleFormat = true",
        f"{_RUN}test_a_16_bit_flat_and_light",
    ),
    Mistake(
        "the range of what is read is another", "host/images.js",
        "ignore-out-of-range up-bottom", "upper-range 2 up-bottom", _SAME,
    ),
    Mistake(
        "a selection cuts what is sent", "host/images.js",
        "      try {\n         image.resetSelections();\n         if (image.hasAlphaChannels)",
        "      try {\n         if (image.hasAlphaChannels)",
        f"{_AROUND}[a selection was left on the flat]",
    ),
    Mistake(
        "transparency sent as a color", "host/images.js",
        "if (image.hasAlphaChannels)", "if (false)",
        f"{_RUN}test_transparency_is_left_behind",
    ),
    Mistake(
        "a window never shown", "host/images.js", "         window.show();\n", "", _SAME,
    ),
    Mistake(
        "a view left locked", "host/images.js",
        "assign(image);\n         } finally {\n            view.endProcess();",
        "assign(image);\n         } finally {", _SAME,
    ),
    Mistake(
        "no undo for the user's image", "host/images.js",
        "math.executeOn(window.mainView)", "math.executeOn(window.mainView, false)", _APPLY,
    ),
    Mistake(
        "the user's mask left on", "host/images.js",
        "window.maskEnabled = false", "window.maskEnabled = true",
        f"{_RUN}test_the_targets_own_mask_is_out_of_the_way_and_comes_back",
    ),
    Mistake(
        "the user's mask not put back", "host/images.js",
        "if (masked)\n            window.maskEnabled = true;", "if (masked)\n            ;",
        f"{_RUN}test_the_targets_own_mask_is_out_of_the_way_and_comes_back",
    ),
    Mistake(
        "the asked id taken for the given", "host/images.js", "return view.id;", "return id;",
        f"{_AROUND}[an id is taken]",
    ),
    Mistake(
        "a question asked on close", "host/checks.js", "window.forceClose()", "window.close()",
        "script/test_script_icon.py::test_the_self_test_finds_all_well",
    ),
    Mistake(
        "a constant of the old engine", "host/progress.js", "StdIcon.Question", "StdIcon_Question",
        f"{_RUN}test_a_stale_flat_is_multiplied_back_if_the_user_says_so[Yes]",
    ),
    Mistake(
        "a temporary file left behind", "core/workflow.js",
        "client.upload(path, text);\n      } finally {\n         files.remove(path);",
        "client.upload(path, text);\n      } finally {", _SAME,
    ),
    Mistake(
        "fetched images never freed", "core/workflow.js",
        "loaded.forEach(([, image]) => image.free());", "", _SAME,
    ),
    Mistake(
        "one name for all temporary files", "host/files.js",
        '"/flatbridge_" + random() + random() + ".fits"', '"/flatbridge_.fits"',
        f"{_TROUBLE}test_two_programs_never_share_a_temporary_file",
    ),
    Mistake(
        "closing the dialog does not cancel", "host/dialog.js",
        "this.onHide = () => this.progress && this.progress.cancel();", "",
        f"{_TROUBLE}test_closing_the_dialog_cancels",
    ),
    Mistake(
        "PixelMath's refusal told as done", "core/workflow.js",
        "if (!images.divide(", "if (null === images.divide(", _core("workflow"),
    ),
    Mistake(
        "the factor's scale forgotten", "core/applying.js",
        "scale === 1 ? factor.id", "scale > 0 ? factor.id", _core("applying"),
    ),
    Mistake(
        "multiplied where it should be divided", "core/applying.js",
        '(multiply ? "*" : "/")', '(multiply ? "/" : "*")', _core("applying"),
    ),
    Mistake(
        "saturated pixels divided", "core/applying.js", "return saturated ?", "return !saturated ?",
        _core("applying"),
    ),
    Mistake(
        "the result rescaled", "core/applying.js", "rescale: false", "rescale: true", _APPLY,
    ),
    Mistake(
        "any size taken", "core/applying.js", "target.width !== factor.width || ", "",
        _core("applying"),
    ),
    Mistake(
        "RGB factors on gray", "core/applying.js",
        "target.channels !== factor.channels", "target.channels > factor.channels",
        _core("applying"),
    ),
    Mistake(
        "a mask that was sent grows again", "core/parameters.js", "if (withMask) {",
        "if (!withMask) {", _core("parameters"),
    ),
    Mistake(
        "money spent without a question", "core/parameters.js",
        '["detector", "inpainter"];\n   return roles.some', "[];\n   return roles.some",
        "script/test_script_gemini.py::test_the_user_is_asked_first",
    ),
    Mistake(
        "bytes after a wrong offset", "core/client.js",
        "offset: body.offset, frame", "offset, frame", _core("client"),
    ),
    Mistake(
        "a cancel that the bridge never hears", "core/client.js",
        "if (thrown instanceof Cancelled)", "if (false)", _core("client"),
    ),
    Mistake(
        "characters that a request cannot carry", "core/text.js",
        "\\u007f-\\uffff", "\\uff00-\\uffff", _core("words"),
    ),
    Mistake(
        "tags that the console eats", "core/text.js", '.replace(/</g, "&lt;")', "", _core("words"),
    ),
    Mistake(
        "a token sent to any server", "core/protocol.js",
        "(127\\.0\\.0\\.1|localhost)", "[^/]+", _core("protocol"),
    ),
    Mistake(
        "another version's bridge taken", "core/protocol.js",
        "health.api === API_VERSION", "health.api > 0", _core("protocol"),
    ),
    Mistake(
        "an id that no window takes", "core/naming.js",
        'return /^[A-Za-z_]/.test(id) ? id : "_" + id;', "return id;", _core("words"),
    ),
    Mistake(
        "a stale flat divided once more", "core/fit.js",
        '"take them out?", "multiply"]]', '"take them out?", "divide"]]', _core("fit"),
    ),
    Mistake(
        "one image that fails stops the rest", "core/targets.js",
        "ui.warn(failed[failed.length - 1]);", "throw thrown;",
        "script/test_script_several.py::test_one_that_fails_does_not_stop_the_rest",
    ),
    Mistake(
        "calibration frames ticked too", "core/targets.js",
        'isWanted: calibration === ""', "isWanted: true",
        "script/test_script_several.py::test_the_ticked_ones_are_divided_one_undo_each",
    ),
    Mistake(
        "dust that is erased is drawn", "core/painting.js", "value > 0 ?", "value === 0 ?",
        _core("painting"),
    ),
    Mistake(
        "a bias is the image to clean", "core/session.js",
        ', (view) => view.calibration === ""', "", _core("applying"),
    ),
    Mistake(
        "the factor of another roll", "core/session.js", "this[other] = partner.id;", "",
        _core("applying"),
    ),
    Mistake(
        "the same roll once more", "core/workflow.js",
        "1 + Math.max(0, ...rolls)", "Math.max(0, ...rolls)",
        "script/test_script_gemini.py::test_again_rolls_anew_and_earlier_rolls_stay",
    ),
    Mistake(
        "an environment made without consent", "core/connection.js",
        'file !== "" && ui.confirm(installQuestion(this.environment))', 'file !== ""',
        _core("client"),
    ),
    Mistake(
        "a child that waits for its output to be read", "host/progress.js",
        "      output.add(process.stdout);\n      if (ui", "      if (ui",
        "script/test_script_install.py::test_a_program_that_says_much_is_read_to_its_end",
    ),
    Mistake(
        "the usual places passed over", "core/connection.js",
        ".some((program) => begun(program, SERVE_ARGUMENTS))", ".some(() => false)",
        _core("client"),
    ),
    Mistake(
        "a soft edge left in the mask", "core/shadows.js",
        "piece.taken = piece.taken.concat(piece.rim);", "", _core("shadows"),
    ),
    Mistake(
        "dust takes part in the broad light", "core/flatten.js", "mask[i] === 0 && ", "",
        _core("preview"),
    ),
    Mistake(
        "files divided against the bridge's word", "core/batch.js", "return filesDone(clean({}));",
        "return filesDone(clean({ force: true }));", _core("batch"),
    ),
    Mistake(
        "a refusal overruled without a question", "core/batch.js",
        "if (!workflow.ask(question))", "if (false)", _core("batch"),
    ),
    Mistake(
        "a mask changed without undo", "host/pixels.js",
        "view.beginProcess();", "view.beginProcess(UndoFlag.NoSwapFile);",
        f"{_REVIEW}test_what_was_left_out_comes_back_as_it_was",
    ),
    Mistake(
        "a picture never freed", "host/pixels.js", "image.free();", "",
        f"{_REVIEW}test_the_preview_zooms_and_jumps",
    ),
    *OF_SOURCES,
)  # fmt: skip
