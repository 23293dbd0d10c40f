import pathlib

import pytest

from bridge import config, settings
from bridge.errors import BadConfiguration


@pytest.fixture
def home(tmp_path):
    return tmp_path


def load(home, overrides=None, **variables):
    environ = {"FLATBRIDGE_HOME": str(home), **variables}
    return config.load(overrides, environ=environ)


def write(home, text):
    (home / "config.toml").write_text(text, encoding="utf-8")


def test_every_field_is_a_setting_and_every_setting_a_field():
    fields = set(config.Settings.__dataclass_fields__)
    assert fields == {setting.field for setting in settings.TABLE} | {"home", "sources"}


def test_defaults_stand_where_nothing_else_does(home):
    found = load(home)
    assert {name: getattr(found, name) for name in ("host", "port", "log_level")} == {
        "host": "127.0.0.1",
        "port": 7625,
        "log_level": "INFO",
    }
    assert found.chunk_bytes == 4 * 2**20
    assert {found.sources[setting.name] for setting in settings.TABLE} == {"default"}


def test_each_layer_wins_over_the_one_below(home):
    write(home, "port = 1001\nqueue_length = 5\nlog_level = 'ERROR'\n")
    found = load(
        home, {"port": 1003, "host": None}, FLATBRIDGE_PORT="1002", FLATBRIDGE_QUEUE_LENGTH="6"
    )
    assert (found.port, found.sources["port"]) == (1003, "command line")
    assert (found.queue_length, found.sources["queue_length"]) == (6, "environment")
    assert (found.log_level, found.sources["log_level"]) == ("ERROR", str(home / "config.toml"))
    assert (found.host, found.sources["host"]) == ("127.0.0.1", "default")


def test_the_state_folder_is_in_the_home_folder_unless_moved(monkeypatch, tmp_path):
    monkeypatch.setattr(pathlib.Path, "home", lambda: tmp_path)
    assert config.state_folder({}) == tmp_path / ".flatbridge"
    assert config.state_folder({"FLATBRIDGE_HOME": ""}) == tmp_path / ".flatbridge"
    assert config.state_folder({"FLATBRIDGE_HOME": str(tmp_path / "x")}) == tmp_path / "x"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        (7, 7),
        ("2 GB", 2 * 10**9),
        ("4MiB", 4 * 2**20),
        ("1.5 kb", 1500),
        ("3B", 3),
        ("1TiB", 2**40),
    ],
)
def test_sizes_are_read_as_people_write_them(text, number):
    assert settings.size(text) == number


@pytest.mark.parametrize(
    "value", ["", "GB", "-1", "0", 0, -5, True, 1.5, "1 parsec", "1e9", None, [], "1.GB", "٣"]
)
def test_what_is_no_size_is_refused(value):
    with pytest.raises(ValueError, match="size"):
        settings.size(value)


HOSTS = {
    "localhost": ("localhost", True),
    "127.0.0.1": ("127.0.0.1", True),
    "::1": ("::1", True),
    "0:0:0:0:0:0:0:1": ("::1", True),
    "127.0.0.2": ("127.0.0.2", True),
    "192.0.2.1": ("192.0.2.1", False),
    "2001:DB8::0:1": ("2001:db8::1", False),
}


@pytest.mark.parametrize("given", HOSTS)
def test_an_address_is_one_interfaces_own(home, given):
    expected, loopback = HOSTS[given]
    found = load(home, {"host": given}).host
    assert found == expected
    assert settings.is_loopback(found) is loopback


BAD = [
    ("port", "-1"),
    ("port", "65536"),
    ("port", "x"),
    ("port", ""),
    ("port", "80.0"),
    ("host", "0.0.0.0"),
    ("host", "example.org"),
    ("host", "::"),
    ("host", "ff02::1"),
    ("host", "fe80::1%eth0"),
    ("host", "127.1"),
    ("host", "192.0.2.1:80"),
    ("host", ""),
    ("queue_length", "0"),
    ("log_level", "LOUD"),
    ("frame_bytes", "big"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_a_bad_value_is_told_with_its_name_and_place(home, name, value):
    with pytest.raises(BadConfiguration, match=rf"{name} .*command line"):
        load(home, {name: value})
    with pytest.raises(BadConfiguration, match=rf"FLATBRIDGE_{name.upper()} .*environment"):
        load(home, **{f"FLATBRIDGE_{name.upper()}": value})
    write(home, f"{name} = '{value}'\n")
    with pytest.raises(BadConfiguration, match=rf"{name} .*config\.toml"):
        load(home)


@pytest.mark.parametrize("value", ["true", "8.5", "[1]", "{a = 1}", "2020-01-01"])
def test_a_file_value_of_another_kind_is_refused(home, value):
    write(home, f"port = {value}\n")
    with pytest.raises(BadConfiguration, match="port"):
        load(home)


def test_unknown_keys_are_errors_wherever_they_stand(home):
    with pytest.raises(BadConfiguration, match=r"'prot'.*command line"):
        load(home, {"prot": 5})
    with pytest.raises(BadConfiguration, match="FLATBRIDGE_PROT"):
        load(home, FLATBRIDGE_PROT="5")
    write(home, "[port]\nx = 1\n[extra]\n")
    with pytest.raises(BadConfiguration, match=r"config\.toml"):
        load(home)


@pytest.mark.parametrize("text", ["port = ", "port = 1\nport = 2", "\x00"])
def test_a_file_that_is_no_toml_is_named(home, text):
    write(home, text)
    with pytest.raises(BadConfiguration, match=r"config\.toml cannot be read"):
        load(home)


def test_a_file_in_another_encoding_is_named(home):
    (home / "config.toml").write_bytes(b"host = '\xe9'")
    with pytest.raises(BadConfiguration, match=r"config\.toml cannot be read"):
        load(home)


def test_rows_show_every_setting_but_no_secret(home, monkeypatch):
    assert [name for name, _, _ in load(home).rows()] == [
        "home",
        *(one.name for one in settings.TABLE),
    ]
    hushed = tuple(
        settings.Setting(one.name, one.default, one.convert, one.help, one.name == "log_level")
        for one in settings.TABLE
    )
    monkeypatch.setattr(config, "TABLE", hushed)
    rows = {name: (value, source) for name, value, source in load(home, FLATBRIDGE_PORT="1").rows()}
    assert rows["log_level"] == ("***", "default")
    assert rows["port"] == ("1", "environment")
    with pytest.raises(BadConfiguration) as told:
        load(home, FLATBRIDGE_LOG_LEVEL="a-secret")
    assert "a-secret" not in str(told.value)


def test_a_table_in_the_file_holds_the_settings_of_an_engine(home):
    write(home, "port = 1001\n[gemini]\nimage_model = 'm-1'\nmax_cost = 0.5\nfallback = false\n")
    found = load(home, FLATBRIDGE_GEMINI_MAX_CALLS="3")
    assert (found.gemini_image_model, found.gemini_max_cost) == ("m-1", 0.5)
    assert (found.gemini_fallback, found.gemini_max_calls) == (False, 3)
    with pytest.raises(BadConfiguration, match=r"no setting 'gemini\.modell'"):
        load(home, {"gemini.modell": "x"})


def test_the_key_comes_from_the_services_own_variables_too(home, monkeypatch, tmp_path):
    working = tmp_path / "working"
    working.mkdir()
    monkeypatch.chdir(working)
    assert load(home).gemini_key == ""
    (home / ".env").write_text("# mine\nexport GEMINI_API_KEY = 'home-key'\n", encoding="utf-8")
    assert load(home).gemini_key == "home-key"
    (working / ".env").write_text("GOOGLE_API_KEY=work-key\n", encoding="utf-8")
    found = load(home)
    assert (found.gemini_key, found.sources["gemini.key"]) == ("work-key", str(working / ".env"))
    assert load(home, GOOGLE_API_KEY="k1").gemini_key == "k1"
    assert load(home, GOOGLE_API_KEY="k1", GEMINI_API_KEY="k2\n").gemini_key == "k2"
    found = load(home, GEMINI_API_KEY="k2", FLATBRIDGE_GEMINI_KEY="k3")
    assert (found.gemini_key, found.sources["gemini.key"]) == ("k3", "environment")
    assert all("k3" not in row for row in found.rows())
    assert load(home, GOOGLE_GEMINI_BASE_URL="http://x/").gemini_base_url == "http://x/"
