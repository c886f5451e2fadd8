#!/bin/sh
# `npm start`: makes the tools ready, then hands the process over to the launcher.
set -eu
cd "$(dirname "$0")/.."
export STOPPED_EXIT_CODE=0
# shellcheck source=scripts/bootstrap.sh
. scripts/bootstrap.sh
exec node scripts/launcher/launch.ts "$@"
