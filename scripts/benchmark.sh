#!/usr/bin/env bash
# Measures UniqueRandom over HTTP against its rivals, writes benchmarks/README.md, prints it, and copies its table of figures into README.md.
# Usage: [BASELINE=c75851f] scripts/benchmark.sh [--quick] [--rounds 5] [--seconds 3] [--report FILE] [--part NAME]...
# BASELINE is the commit whose build is measured beside this one; an empty one leaves that out.
# Databases go below $TMPDIR, or below artifacts/ in the repository; they must be on a disk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v wrk > /dev/null || { echo "wrk is missing; install it with: apt-get install wrk" >&2; exit 1; }
command -v dotnet > /dev/null || { echo "dotnet is missing; install the .NET 10 SDK: https://dotnet.microsoft.com/download" >&2; exit 1; }

scratch=$(mktemp -d)
remove_scratch() {
  [[ ! -e $scratch/source ]] || git worktree remove --force "$scratch/source"
  rm -rf "$scratch"
}
trap remove_scratch EXIT

baseline=${BASELINE-c75851f}
[[ " $* " == *" --part "* && " $* " != *" builds "* ]] && baseline=
compared=()
if [[ -n $baseline ]]; then
  git worktree add --quiet --detach "$scratch/source" "$baseline" >&2 ||
    { echo "The commit $baseline is not here. Fetch the whole history, name another one in BASELINE, or none." >&2; exit 1; }
  # Built and not published, as the present one is.
  dotnet build "$scratch/source/src/UniqueRandom.Server" --configuration Release --output "$scratch/server" --verbosity quiet -nologo >&2
  compared=(--baseline "$scratch/server")
fi

dotnet build benchmarks/UniqueRandom.Benchmarks --configuration Release --verbosity quiet -nologo >&2
benchmarks/UniqueRandom.Benchmarks/bin/Release/net10.0/UniqueRandom.Benchmarks measure "${compared[@]}" "$@"

# A quick run, one of a part, or one with a report of its own, is no source for the README.
[[ " $* " == *" --quick "* || " $* " == *" --part "* || " $* " == *" --report "* ]] && exit
field() { sed -n "s/^| $1 | \(.*\) |\$/\1/p" benchmarks/README.md; }
stamp="$(field machine), commit $(field commit)"
table=$(sed -n '/^| figure /,/^$/{/^$/d;p}' benchmarks/README.md)
awk -v stamp="$stamp" -v table="$table" '
  /<!-- figures -->/ { print; print ""; print "Measured by `scripts/benchmark.sh` on " stamp "; medians, with the range over the rounds:"; print ""; print table; print ""; skip = 1 }
  /<!-- \/figures -->/ { skip = 0 }
  !skip' README.md > README.md.new
mv README.md.new README.md
