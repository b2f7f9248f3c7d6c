#!/usr/bin/env bash
# Measures UniqueRandom over HTTP and prints the report. A whole measurement also writes it to benchmarks/README.md, and six
# figures to README.md.
# Usage: [BASELINE=e2bd04b] scripts/benchmark.sh [--quick] [--rounds 5] [--seconds 3] [--pairs 15] [--part NAME]...
# BASELINE is the commit of the earlier build in the parts builds and cpu. If it is empty, they are skipped.
# Databases are created in $TMPDIR, or in artifacts/ in the repository. They must be on a disk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  echo "$1" >&2
  exit 1
}
command -v wrk > /dev/null || fail "wrk is missing. Install it with: apt-get install wrk"
command -v dotnet > /dev/null || fail "dotnet is missing. Install the .NET 10 SDK: https://dotnet.microsoft.com/download"

scratch=$(mktemp -d)
remove_scratch() {
  [[ ! -e $scratch/source ]] || git worktree remove --force "$scratch/source"
  rm -rf "$scratch"
}
trap remove_scratch EXIT

baseline=${BASELINE-e2bd04b}
[[ " $* " == *" --part"* && " $* " != *builds* && " $* " != *cpu* ]] && baseline=
compared=()
if [[ -n $baseline ]]; then
  git worktree add --quiet --detach "$scratch/source" "$baseline" >&2 ||
    fail "The commit $baseline is missing. Fetch the whole history, or set BASELINE to another commit or to an empty string."
  earlier=$scratch/$(git rev-parse --short "$baseline")
  # Built and not published, like the present build.
  dotnet build "$scratch/source/src/UniqueRandom.Server" --configuration Release --output "$earlier" --verbosity quiet -nologo >&2
  compared=(--baseline "$earlier")
fi

project=benchmarks/UniqueRandom.Benchmarks
dotnet build "$project" --configuration Release --verbosity quiet -nologo >&2
"$project/bin/Release/net10.0/UniqueRandom.Benchmarks" measure "${compared[@]}" "$@" | tee "$scratch/report.md"

[[ " $* " == *" --quick "* || " $* " == *" --part"* || " $* " == *" --help "* ]] && exit
cp "$scratch/report.md" benchmarks/README.md

field() { sed -n "s/^| $1 | \(.*\) |\$/\1/p" "$scratch/report.md"; }
{
  echo "Measured by \`scripts/benchmark.sh\` on $(field machine), commit $(field commit). Medians and the range of the rounds:"
  echo
  echo "| figure | measured | range |"
  echo "|---|---:|---:|"
  while read -r figure; do
    grep -F "| $figure |" "$scratch/report.md" || fail "The report has no figure '$figure'."
  done << 'FIGURES'
`/random` ÷ bare endpoint, 64 connections
`/random` ÷ bare endpoint, 256 connections
`/random` ÷ generate-and-test, 99.9 % full, 64 connections
last 1 % of the pool ÷ first 1 %, 64 connections
numbers a second in draws of 1,000, 8 connections
restart to the first answered draw (s)
FIGURES
  echo
} > "$scratch/figures.md"
sed -i -e "/<!-- figures -->/,/<!-- \/figures -->/{//!d}" -e "/<!-- figures -->/{G;r $scratch/figures.md" -e "}" README.md
