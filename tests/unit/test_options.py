import json
from dataclasses import asdict, fields

import pytest

from bridge.errors import BadOption
from bridge.options import OPTIONS, Options

NUMBERS = [option for option in OPTIONS.values() if option.low is not None]
CHOICES = [(option, word) for option in OPTIONS.values() for word in option.words]
ENGINES = {"detector", "inpainter"}


def test_the_table_and_the_options_agree():
    assert {field.name for field in fields(Options)} == set(OPTIONS) | ENGINES
    for name, option in OPTIONS.items():
        assert option.name == name
        assert getattr(Options(), name) == option.default == option.parse(option.default)


def test_nothing_given_means_the_defaults():
    assert Options.from_mapping({}) == Options()


def test_options_survive_json():
    options = Options.from_mapping(
        {"detector": "a", "inpainter": "b", "threshold": 3, "dilate": 2.5, "cfa": "2x2", "seed": 9}
    )
    assert Options.from_mapping(json.loads(json.dumps(options.to_json()))) == options
    assert options.to_json() == asdict(options)


@pytest.mark.parametrize("option", NUMBERS, ids=lambda option: option.name)
def test_both_ends_of_a_range_are_allowed_and_nothing_beyond(option):
    for end in (option.low, option.high):
        assert option.parse(end) == option.parse_text(f"{end:.0f}") == end
    for beyond in (option.low - 1, option.high + 1, float("nan"), float("inf"), -float("inf")):
        with pytest.raises(BadOption, match=option.name):
            option.parse(beyond)
        with pytest.raises(BadOption, match=option.name):
            option.parse_text(str(beyond))


@pytest.mark.parametrize("option", OPTIONS.values(), ids=lambda option: option.name)
@pytest.mark.parametrize(
    "value",
    [None, True, False, [], {}, "", "wrong", "5", b"auto", pytest.param(10**400, id="huge")],
)
def test_what_does_not_fit_is_refused_with_what_would(option, value):
    with pytest.raises(BadOption) as refused:
        option.parse(value)
    assert option.name in refused.value.detail
    assert option.allowed() in refused.value.detail


@pytest.mark.parametrize("option", OPTIONS.values(), ids=lambda option: option.name)
@pytest.mark.parametrize("text", ["", "wrong", "nan", "1e999", "9" * 400, "0x10", "1,5", "AUTO"])
def test_texts_that_do_not_fit_are_refused(option, text):
    with pytest.raises(BadOption, match=option.name):
        option.parse_text(text)


@pytest.mark.parametrize(("option", "word"), CHOICES, ids=lambda part: getattr(part, "name", part))
def test_every_word_of_a_choice_is_taken(option, word):
    assert option.parse(word) == option.parse_text(word) == word
    assert f'"{word}"' in option.allowed()


def test_whole_numbers_are_whole():
    seed = OPTIONS["seed"]
    assert type(seed.parse(7.0)) is int
    for value in (7.5, 1e-9):
        with pytest.raises(BadOption, match="whole number"):
            seed.parse(value)
    with pytest.raises(BadOption, match="whole number"):
        seed.parse_text("7.5")


def test_the_engine_stands_for_both_roles_unless_one_is_named():
    both = Options.from_mapping({"engine": "x"})
    assert (both.detector, both.inpainter) == ("x", "x")
    for mapping in ({"engine": "x", "inpainter": "y"}, {"inpainter": "y", "engine": "x"}):
        one = Options.from_mapping(mapping)
        assert (one.detector, one.inpainter) == ("x", "y")


@pytest.mark.parametrize("name", ["engine", "detector", "inpainter"])
@pytest.mark.parametrize("value", ["", None, 3, ["local"]])
def test_an_engine_is_a_name(name, value):
    with pytest.raises(BadOption, match=name):
        Options.from_mapping({name: value})


@pytest.mark.parametrize("name", ["", "Threshold", "dilation", "detectors", "options", "__class__"])
def test_unknown_options_are_refused_and_the_known_ones_named(name):
    with pytest.raises(BadOption) as refused:
        Options.from_mapping({name: 1})
    assert repr(name) in refused.value.detail
    assert all(known in refused.value.detail for known in (*OPTIONS, *ENGINES, "engine"))


@pytest.mark.parametrize("option", OPTIONS.values(), ids=lambda option: option.name)
def test_clients_are_told_what_is_allowed(option):
    entry = json.loads(json.dumps(option.to_json()))
    assert entry["name"] == option.name
    assert entry["default"] == option.default
    assert entry["help"].endswith(".")
    assert entry["type"] in ("number", "integer", "choice")
    assert ("range" in entry) == (entry["type"] != "choice")
    assert entry.get("choices", []) == list(option.words)
