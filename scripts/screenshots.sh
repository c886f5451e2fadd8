#!/bin/sh
# `pnpm screenshots`: makes the tools ready, then hands the process over to the making of the README's pictures.
set -eu
cd "$(dirname "$0")/.."
export STOPPED_EXIT_CODE=130
# shellcheck source=scripts/bootstrap.sh
. scripts/bootstrap.sh
exec node scripts/screenshots/run.ts "$@"
