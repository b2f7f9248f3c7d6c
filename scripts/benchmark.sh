#!/usr/bin/env bash
# Measures UniqueRandom over HTTP against its rivals, writes benchmarks/README.md, and prints it.
# Usage: scripts/benchmark.sh [--quick] [--rounds 5] [--seconds 3] [--report FILE]
# Databases go below $TMPDIR, or below artifacts/ in the repository; they must be on a disk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v wrk > /dev/null || { echo "wrk is missing; install it with: apt-get install wrk" >&2; exit 1; }
command -v dotnet > /dev/null || { echo "dotnet is missing; install the .NET 10 SDK: https://dotnet.microsoft.com/download" >&2; exit 1; }

dotnet build benchmarks/UniqueRandom.Benchmarks --configuration Release --verbosity quiet -nologo >&2
exec benchmarks/UniqueRandom.Benchmarks/bin/Release/net10.0/UniqueRandom.Benchmarks measure "$@"
