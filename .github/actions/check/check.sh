#!/usr/bin/env bash
# The check of the action: reads PATHS, BASELINE, SINCE, ARGS and SARIF, and ends as `wsconsolidate check` does.
set -euo pipefail

mapfile -t paths < <(printf '%s\n' "${PATHS:-.}" | sed '/^[[:space:]]*$/d')
mapfile -t options < <(printf '%s\n' "${ARGS:-}" | sed '/^[[:space:]]*$/d')
if [ -n "${BASELINE:-}" ]; then options+=(--baseline "$BASELINE"); fi
if [ -n "${SINCE:-}" ]; then options+=(--since "$SINCE"); fi

if [ -n "${SARIF:-}" ]; then
    code=0
    wsconsolidate check "${options[@]}" --format sarif --output "$SARIF" --quiet "${paths[@]}" 2>/dev/null || code=$?
    # 1 is told again below, with annotations; anything worse is told there, too
    if [ "$code" -gt 1 ]; then echo "::warning title=wsconsolidate::no SARIF was written to $SARIF"; fi
fi
exec wsconsolidate check "${options[@]}" --format github "${paths[@]}"
