#!/usr/bin/env bash
# Set up what `make` needs: a Python, uv, the locked environment and, where asked for, system packages.
# Usage: scripts/setup.sh [coach|test]
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-coach}

can_apt() { command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; }
apt_install() {
    echo "Installing system packages: $*"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# 1. Python 3.11 or 3.12
python=
for name in python3.12 python3.11 python3 python; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    echo "kneeroll needs Python 3.11 or 3.12; neither was found on the PATH." >&2
    exit 2
fi

# 2. system packages
missing=() wanted=() # what nothing works without, and what only a part needs
"$python" -c 'import ensurepip, venv' 2>/dev/null || missing+=("$(basename "$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')")-venv")
if [ "$(uname -s)" = Linux ]; then
    libraries=$(ldconfig -p 2>/dev/null || true)
    if [ "$what" = test ]; then # BlazePose, to compare with
        case $libraries in *libGL.so.1*) ;; *) missing+=(libgl1) ;; esac
        case $libraries in *libglib-2.0.so.0*) ;; *) missing+=(libglib2.0-0) ;; esac
    fi
    case $libraries in *libpangoft2-1.0.so.0*) ;; *) wanted+=(libpangoft2-1.0-0) ;; esac # the report as PDF
fi
command -v espeak-ng >/dev/null || wanted+=(espeak-ng)
if [ "$what" = test ]; then
    command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
    # the tests of a journal on a server; without one they are skipped
    if can_apt && ! command -v dbus-daemon >/dev/null; then missing+=(dbus); fi # the tests of notifications, skipped without
    if can_apt && ! compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null; then missing+=(postgresql); fi
fi
lacking=$(echo ${missing[*]-} ${wanted[*]-})
if [ -n "$lacking" ]; then
    if can_apt; then
        apt_install $lacking
    else
        echo "Missing system packages: $lacking. Please install them (on Debian: sudo apt-get install $lacking)." >&2
        if [ "$what" = test ] || [ ${#missing[@]} -gt 0 ]; then exit 2; fi
    fi
fi

# 3. uv, and the environment exactly as locked
if [ ! -x .tools/bin/uv ]; then
    "$python" -m venv .tools
    .tools/bin/pip install -q --disable-pip-version-check uv==0.13.9
fi
groups=--no-dev
[ "$what" = test ] && groups=
UV_PYTHON_DOWNLOADS=never .tools/bin/uv sync -q --frozen --python "$python" $groups
