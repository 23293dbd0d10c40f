"""Plausible mistakes about where a flat comes from and where a master flat goes."""

from __future__ import annotations

from typing import Final

from tests.pixinsight.mistake import Mistake

_SOURCES = "script/test_script_sources.py::"

_LIGHTS = "script/test_script_beforeafter.py::"

OF_SOURCES: Final = (
    Mistake(
        "the scale forgotten where a light is shown without dust", "host/pixels.js",
        "(factor.scale * by[i])", "by[i]",
        f"{_LIGHTS}test_a_light_is_seen_before_and_after_in_one_scale",
    ),
    Mistake(
        "a light looked at in the light of the flat", "host/review.js",
        "= this.lights[subject] ||", "= Object.values(this.lights)[0] ||",
        f"{_LIGHTS}test_a_light_is_seen_before_and_after_in_one_scale",
    ),
    Mistake(
        "frames rescaled one by one", "core/median.js", '"ignore-out-of-range verbosity 0"', '""',
        f"{_SOURCES}test_frames_are_the_flat",
    ),
    Mistake(
        "frames turned as no window shows them", "core/median.js",
        '"ignore-out-of-range verbosity 0"', '"ignore-out-of-range ignore-roworder-keywords"',
        f"{_SOURCES}test_frames_lie_as_pixinsight_shows_them",
    ),
    Mistake(
        "a master flat in another sample format", "host/images.js",
        "[image.bitsPerSample, image.isReal];", "[32, true];",
        f"{_SOURCES}test_the_master_flat_keeps_all_that_the_flat_tells",
    ),
    Mistake(
        "a master flat that is no master by its keyword", "core/masterflat.js",
        "one.name === type.name ? type : one", "one",
        f"{_SOURCES}test_the_master_flat_keeps_all_that_the_flat_tells",
    ),
    Mistake(
        "a master flat saved over another file", "core/masterflat.js",
        "files.exists(path)", "false",
        f"{_SOURCES}test_the_master_flat_is_never_saved_over_another_file",
    ),
    Mistake(
        "a master flat saved under a name without its ending", "core/masterflat.js",
        "const path = xisfPath(chosen);", "const path = chosen;",
        f"{_SOURCES}test_the_master_flat_is_saved_with_all_it_tells",
    ),
    Mistake(
        "a master flat saved with questions", "host/images.js",
        "saveAs(path, false, false, false, false)", "saveAs(path)",
        f"{_SOURCES}test_the_master_flat_is_saved_with_all_it_tells",
    ),
    Mistake(
        "the flat saved in place of its copy", "core/masterflat.js",
        "images.saveWindow(id, path)", "images.saveWindow(source, path)",
        f"{_SOURCES}test_the_master_flat_is_saved_with_all_it_tells",
    ),
    Mistake(
        "a master flat not written that is called saved", "host/images.js",
        "false) && File.exists(path);", "false) || true;",
        f"{_SOURCES}test_the_master_flat_is_never_saved_over_another_file",
    ),
)  # fmt: skip
