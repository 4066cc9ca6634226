"""The sounds that travel with Tower are those its script makes."""

import io
import wave

import numpy as np

from tower.domain.words import Severity
from ui.alerts.tones import RATE_HZ, SOUNDS, TUNES, Note, as_wav, samples


def test_every_severity_and_an_escalation_have_a_sound() -> None:
    assert set(TUNES) == {*Severity, "escalated"}
    assert len({as_wav(tune) for tune in TUNES.values()}) == len(TUNES)


def test_the_files_are_those_the_script_makes() -> None:
    for name, tune in TUNES.items():
        made = (SOUNDS / f"{name}.wav").read_bytes()
        with wave.open(io.BytesIO(made)) as file:
            kept = np.frombuffer(file.readframes(file.getnframes()), "<i2")
            assert (file.getframerate(), file.getnchannels()) == (RATE_HZ, 1)
        # Sines differ in the last bit between computers.
        assert np.abs(kept.astype(int) - samples(tune)).max() <= 1, "run: python -m ui.alerts.tones"


def test_a_note_has_its_pitch_and_neither_clicks_nor_clips() -> None:
    found = np.array(samples((Note(880.0, 0.5),)), dtype=float)
    spectrum = np.abs(np.fft.rfft(found))
    assert abs(np.argmax(spectrum) / 0.5 - 880.0) < 3
    assert abs(found[0]) < 100
    assert abs(found[-1]) < 100
    assert 10_000 < np.abs(found).max() < 32_767
