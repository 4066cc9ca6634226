"""The alert sounds, made from sine waves: `python -m ui.alerts.tones` renews them."""

import io
import math
import struct
import wave
from typing import NamedTuple

from ui.theme import RESOURCES

SOUNDS = RESOURCES / "sounds"
"""Where the sounds are kept."""

RATE_HZ = 22_050
_FADE_S = 0.012
_PEAK = 0.6


class Note(NamedTuple):
    """A tone of one pitch; 0 Hz is a pause."""

    pitch_hz: float
    length_s: float


TUNES: dict[str, tuple[Note, ...]] = {
    "critical": (
        Note(880.0, 0.13),
        Note(0.0, 0.05),
        Note(880.0, 0.13),
        Note(0.0, 0.05),
        Note(1174.7, 0.24),
    ),
    "major": (Note(659.3, 0.13), Note(0.0, 0.04), Note(880.0, 0.2)),
    "minor": (Note(587.3, 0.16),),
    "info": (Note(440.0, 0.1),),
    "escalated": (
        Note(523.3, 0.12),
        Note(659.3, 0.12),
        Note(784.0, 0.12),
        Note(1046.5, 0.26),
    ),
}
"""What sounds for each severity, and for what is escalated."""


def samples(tune: tuple[Note, ...]) -> list[int]:
    """A tune as 16-bit samples; every note fades in and out, so that nothing clicks."""
    return [sample for note in tune for sample in _note(note)]


def _note(note: Note) -> list[int]:
    count = round(note.length_s * RATE_HZ)
    return [
        round(32_767 * _PEAK * _loudness(place, count) * _timbre(note.pitch_hz, place / RATE_HZ))
        for place in range(count)
    ]


def _loudness(place: int, count: int) -> float:
    """From 0 to 1 and back to 0 at the ends, falling a little in between."""
    edge = min(place, count - 1 - place) / RATE_HZ
    return min(1.0, edge / _FADE_S) * (1.0 - 0.4 * place / count)


def _timbre(pitch_hz: float, at_s: float) -> float:
    """A sine with a soft octave above it, from -1 to 1."""
    phase = 2 * math.pi * pitch_hz * at_s
    return 0.8 * math.sin(phase) + 0.2 * math.sin(2 * phase)


def as_wav(tune: tuple[Note, ...]) -> bytes:
    """A tune as the content of a WAV file: 16 bits, one channel."""
    found, buffer = samples(tune), io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(struct.pack(f"<{len(found)}h", *found))
    return buffer.getvalue()


def write_sounds() -> None:
    """Write every tune to its file."""
    SOUNDS.mkdir(exist_ok=True)
    for name, tune in TUNES.items():
        (SOUNDS / f"{name}.wav").write_bytes(as_wav(tune))


if __name__ == "__main__":
    write_sounds()
