#!/bin/sh
# Starts Tower. Where there is no display it draws off screen and leaves a picture of its window.
set -eu

takes_picture() {
    case "${1:-}" in gateway | region | shift | replay) return 1 ;; esac
    for word in "$@"; do
        case "$word" in --screenshot* | --help | -h | --version) return 1 ;; esac
    done
}

if [ "$(uname)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
    if takes_picture "$@"; then
        picture="$PWD/screenshots/tower.png"
        mkdir -p screenshots
        echo "There is no display here, so Tower runs off screen and saves its window to"
        echo "    $picture"
        set -- --screenshot "$picture" --after 8 "$@"
    fi
fi
exec .venv/bin/tower "$@"
