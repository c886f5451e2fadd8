#!/bin/sh
# `pnpm clients`: makes the tools ready, then hands the process over to the runs of real clients.
set -eu
cd "$(dirname "$0")/.."
export STOPPED_EXIT_CODE=130
# shellcheck source=scripts/bootstrap.sh
. scripts/bootstrap.sh
exec node scripts/clients/run.ts "$@"
