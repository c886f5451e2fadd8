# shellcheck shell=sh
# Owns what must exist before any TypeScript can run: pnpm in .tools, the packages of the lockfile, Node 24 first
# in PATH. Sourced from the repository root by start.sh and test.sh, which set STOPPED_EXIT_CODE first.

PNPM_VERSION=12.21.0
INSTALLED_LOCKFILE=node_modules/.installed-lockfile.yaml
: "${STOPPED_EXIT_CODE:?}"
export NEXT_TELEMETRY_DISABLED=1 TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1
COMMAND_STARTED_AT=$(date +%s)
COMMAND_PARENT=$PPID
export COMMAND_STARTED_AT COMMAND_PARENT

say() {
  printf '[%3s s] %s\n' "$(($(date +%s) - COMMAND_STARTED_AT))" "$1"
}

give_up() {
  printf '%s\n' "$1" >&2
  exit 1
}

stop_step() {
  trap '' INT TERM HUP
  kill -TERM "$step_process" 2>/dev/null || true
  wait "$step_process" 2>/dev/null || true
  say 'Stopped.'
  exit "$STOPPED_EXIT_CODE"
}

# Runs a command with its output in a log, so that the terminal shows one line per step; says every 10 s that it still
# works; shows the end of the log when it failed. A signal stops the command and ends the script.
run_step() {
  step_label=$1
  step_log=$2
  shift 2
  say "$step_label"
  "$@" >"$step_log" 2>&1 </dev/null &
  step_process=$!
  trap stop_step INT TERM HUP
  step_seconds=0
  while kill -0 "$step_process" 2>/dev/null; do
    sleep 1
    step_seconds=$((step_seconds + 1))
    if [ $((step_seconds % 10)) -eq 0 ]; then say "  … still at it"; fi
  done
  step_status=0
  wait "$step_process" || step_status=$?
  trap - INT TERM HUP
  if [ "$step_status" -ne 0 ]; then
    tail -n 25 "$step_log" >&2
    give_up "This step failed: $step_label (whole log: $step_log)"
  fi
}

node_major() {
  "$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0
}

need_node='Node.js 20 or newer with npm is needed: https://nodejs.org'
command -v node >/dev/null 2>&1 || give_up "$need_node"
command -v npm >/dev/null 2>&1 || give_up "$need_node (node is here, npm is not)"
[ "$(node_major node)" -ge 20 ] || give_up "$need_node (here: $(node --version))"

mkdir -p .tools
[ -f .tools/package.json ] || echo '{"private":true}' >.tools/package.json
PNPM=$PWD/.tools/node_modules/.bin/pnpm
if [ ! -x "$PNPM" ] || ! grep -q "\"version\": \"$PNPM_VERSION\"" .tools/node_modules/pnpm/package.json; then
  run_step "Fetching pnpm $PNPM_VERSION" .tools/pnpm.log \
    npm install --prefix .tools --no-audit --no-fund --loglevel=error "pnpm@$PNPM_VERSION"
fi
PATH=$PWD/.tools/node_modules/.bin:$PATH

# Compared by content, and written only after success: neither a checkout's time stamps nor a broken install mislead it.
if ! cmp -s pnpm-lock.yaml "$INSTALLED_LOCKFILE"; then
  run_step 'Fetching the packages (the first time takes about half a minute)' .tools/install.log \
    pnpm install --frozen-lockfile --reporter=append-only --config.confirm-modules-purge=false
  cp pnpm-lock.yaml "$INSTALLED_LOCKFILE"
fi

# The packages bring Node 24 for Linux on x64 and arm64. Elsewhere the machine's own must do.
own_node_major=$(node_major node)
if [ "$(node_major node_modules/.bin/node)" -lt 24 ]; then
  [ "$own_node_major" -ge 24 ] || give_up \
    "There is no Node 24 package for this platform ($(uname -sm)) and the machine's own is $(node --version): install Node 24 or newer, then run this again."
  mkdir -p .tools/own-node
  ln -sf "$(command -v node)" .tools/own-node/node
  PATH=$PWD/.tools/own-node:$PWD/node_modules/.bin:$PATH
else
  PATH=$PWD/node_modules/.bin:$PATH
fi
export PATH
