#!/bin/sh
# Prints the Python that Tower is set up with: 3.11 first, then any newer one.
for name in python3.11 python3.12 python3.13 python3.14 python3; do
    found=$(command -v "$name" 2>/dev/null) || continue
    if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$found"
        exit 0
    fi
done
cat >&2 <<'TEXT'
Tower needs Python 3.11 or newer and found none on the PATH.
On Debian 12 or newer this installs it (as root, or with sudo before it):

    apt-get update && apt-get install -y --no-install-recommends python3 python3-venv

TEXT
exit 1
