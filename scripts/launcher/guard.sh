#!/bin/sh
# Outlives the launcher when that was killed: stops what it left running, so that nothing is orphaned.
# Each line on standard input is "<grace seconds> <process id>...", in the order of stopping; the last line counts, and
# an empty one means that all is stopped. The end of input is the end of the launcher.
set -eu
trap '' INT TERM HUP
processes=''
grace=0
while read -r next_grace next_processes; do
  grace=${next_grace:-0}
  processes=$next_processes
done
for process in $processes; do
  kill -TERM "$process" 2>/dev/null || continue
  waited=0
  while kill -0 "$process" 2>/dev/null; do
    if [ "$waited" -ge "$grace" ]; then
      kill -KILL "$process" 2>/dev/null || true
      break
    fi
    sleep 1
    waited=$((waited + 1))
  done
done
