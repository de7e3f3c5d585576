# Makes what a command needs and nothing twice: the virtual environment, the built assets, the catalogues.
# Sourced by the commands of bin/. After `kitestring_home` the working folder is the checkout and PYTHON is its own.
# shellcheck shell=bash

kitestring_home() {
  cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
  ROOT=$PWD
  VENV=$ROOT/.venv
  PYTHON=$VENV/bin/python
  export PYTHONPATH="$ROOT${PYTHONPATH:+:$PYTHONPATH}" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
  # Console scripts of the environment, never those of another one that happens to be active.
  export PATH="$VENV/bin:$PATH" VIRTUAL_ENV="$VENV"
  # Without its bytecode kept, each of the hundreds of processes of a suite compiles the whole product anew.
  unset PYTHONHOME DJANGO_SETTINGS_MODULE PYTHONDONTWRITEBYTECODE
  mkdir -p "$ROOT/.state" || { echo "Cannot write in $ROOT: run this as the owner of the checkout." >&2; exit 1; }
}

# The first Python that is new enough and can make environments. PYTHON_BIN chooses another.
kitestring_python() {
  local name bare=
  for name in "${PYTHON_BIN:-}" python3.11 python3.12 python3.13 python3; do
    if [ -n "$name" ] && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      # Debian splits venv off: a Python without it is of no use here.
      if "$name" -c 'import ensurepip, venv' 2>/dev/null; then
        command -v "$name"
        return
      fi
      bare=$name
    fi
  done
  if [ -n "$bare" ]; then
    echo "$bare cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv" >&2
  else
    echo "Kitestring needs Python 3.11 or newer; none was found on PATH. Set PYTHON_BIN to one." >&2
  fi
  return 1
}

# A digest of the files named on standard input (one a line, from the root), by their names and contents.
kitestring_digest() {
  local python=$PYTHON
  [ -x "$python" ] || python=$(kitestring_python) || return 1
  "$python" "$ROOT/bin/lib/digest.py" "$@"
}

# Run a function while no other command of this checkout makes things.
kitestring_alone() {
  if command -v flock >/dev/null; then
    local status=0
    exec 9>"$ROOT/.state/make.lock"
    flock 9
    "$@" 9>&- || status=$?
    exec 9>&-
    return "$status"
  fi
  "$@"
}

# kitestring_venv runtime|dev: .venv with exactly what the lock names, each file checked by its hash.
kitestring_venv() { kitestring_alone _kitestring_venv "$1"; }

_kitestring_venv() {
  local kind=$1 lock=requirements.lock stamp python want
  [ "$kind" = dev ] && lock=requirements-dev.lock
  stamp=$VENV/.made-$kind
  if [ -e "$VENV" ] && [ "$(cat "$VENV/.made-at" 2>/dev/null)" != "$ROOT" ] && [ -e "$VENV/.made-at" ]; then
    echo "The checkout has moved: making the environment anew." >&2
    rm -rf "$VENV"
  fi
  if [ -x "$PYTHON" ]; then
    want=$(printf '%s\n' requirements.lock requirements-dev.lock | kitestring_digest) || return 1
    # The development environment holds all that running needs.
    if [ "$(cat "$VENV/.made-dev" 2>/dev/null)" = "$want" ]; then return 0; fi
    if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then return 0; fi
  else
    python=$(kitestring_python) || return 1
    echo "Making .venv with $("$python" --version) ..." >&2
    "$python" -m venv "$VENV" || { rm -rf "$VENV"; return 1; }
    printf '%s' "$ROOT" >"$VENV/.made-at"
    want=$(printf '%s\n' requirements.lock requirements-dev.lock | kitestring_digest) || return 1
  fi
  echo "Installing $lock into .venv (mostly downloads, the longest step) ..." >&2
  "$PYTHON" -m pip install -qq --require-hashes --no-deps --requirement "$lock" || return 1
  "$PYTHON" "$ROOT/bin/lib/install_checkout.py" || return 1
  printf '%s' "$want" >"$stamp"
}

# Node as new as the builder asks for (20.19; of 22 from 22.12 on), with npm.
kitestring_node() {
  local found
  found=$(node --version 2>/dev/null) || found=
  if [ -n "$found" ] && command -v npm >/dev/null \
    && node -e 'const [a, b] = process.versions.node.split(".").map(Number);
      process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'; then
    return 0
  fi
  echo "Building the pages' assets needs Node 20.19 or newer (of 22: 22.12) with npm; on PATH: ${found:-no Node}$(
    command -v npm >/dev/null || printf ', no npm')." >&2
  return 1
}

# kitestring_assets: the browser's files, built when their sources have changed.
kitestring_assets() { kitestring_alone _kitestring_assets; }

_kitestring_assets() {
  local stamp=.state/assets made=kitestring/ui/static/ui/manifest.json modules want locked
  [ -f frontend/package.json ] || return 0
  want=$(kitestring_digest frontend kitestring/ui kitestring/web kitestring/domains kitestring/connectors) || return 1
  if [ -f "$made" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then return 0; fi
  kitestring_node || return 1
  modules=frontend/node_modules/.made
  locked=$(printf '%s\n' frontend/package-lock.json | kitestring_digest) || return 1
  if [ "$(cat "$modules" 2>/dev/null)" != "$locked" ]; then
    echo "Installing the browser packages ..." >&2
    (cd frontend && npm ci --no-audit --no-fund --loglevel=error) >&2 || return 1
    printf '%s' "$locked" >"$modules"
  fi
  echo "Building the assets ..." >&2
  (cd frontend && npm run --silent build) >.state/assets.log 2>&1 || { cat .state/assets.log >&2; return 1; }
  printf '%s' "$want" >"$stamp"
}

# kitestring_catalogues: the translations, compiled when they have changed.
kitestring_catalogues() { kitestring_alone _kitestring_catalogues; }

_kitestring_catalogues() {
  [ -d kitestring/locale ] || return 0
  "$PYTHON" bin/lib/translate.py compile
}
