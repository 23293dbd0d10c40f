"""The log: it turns over, keeps secrets to itself, and does not say where a user's files are."""

import logging

import pytest

from bridge import logs

SECRET = "a-secret-that-nobody-may-read"
log = logging.getLogger("bridge.anything")


def told(folder):
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))


def broken(path):
    """Log a failure that names ``path`` itself, and in its cause."""
    try:
        try:
            path.open("rb")
        except OSError as first:
            raise RuntimeError("the frames are gone") from first
    except RuntimeError as trouble:
        log.error("internal error 1234", exc_info=trouble)


def test_it_turns_over_and_stays_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "BYTES", 2000)
    with logs.logging_to(tmp_path / "logs", "INFO", ()):
        for number in range(500):
            log.info("line %d", number)
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "logs").iterdir()}
    assert set(sizes) == {"bridge.log", *(f"bridge.log.{n}" for n in range(1, logs.BEFORE + 1))}
    assert max(sizes.values()) <= 2000
    text = told(tmp_path / "logs")
    assert "line 499\n" in text
    assert "line 0\n" not in text


def test_a_bridge_may_log_ten_megabytes_at_most():
    assert logs.BYTES * (logs.BEFORE + 1) <= 10 * 10**6


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_secrets_appear_nowhere(tmp_path, level):
    with logs.logging_to(tmp_path, level, (SECRET, "")):
        log.warning("the token %s and %r", SECRET, {"key": SECRET})
        try:
            raise ValueError(f"{SECRET} is wrong")
        except ValueError as trouble:
            log.error("trouble", exc_info=trouble)
    text = told(tmp_path)
    assert SECRET not in text
    assert text.count("***") == 3


def test_above_debug_a_traceback_names_no_file_of_a_user(tmp_path):
    private = tmp_path / "Anna's pictures" / "sun.ser"
    with logs.logging_to(tmp_path / "logs", "INFO", ()):
        broken(private)
    text = told(tmp_path / "logs")
    assert "Anna" not in text
    assert "<file>" in text
    assert "the frames are gone" in text


def test_debug_tells_it(tmp_path):
    with logs.logging_to(tmp_path / "logs", "DEBUG", ()):
        broken(tmp_path / "Anna" / "sun.ser")
    assert "Anna" in told(tmp_path / "logs")


def test_afterwards_the_package_logs_as_before(tmp_path):
    logger = logging.getLogger("bridge")
    before = logger.level, logger.propagate, list(logger.handlers)
    with logs.logging_to(tmp_path / "logs", "INFO", ()):
        assert logger.level == logging.INFO
    assert (logger.level, logger.propagate, list(logger.handlers)) == before
