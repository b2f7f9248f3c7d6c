#!/bin/bash
# Publishes the server as one self-contained file, with its SHA-256 and a list of the packages in it.
#
#   scripts/publish.sh [--jit] [RID]
#
# RID is a runtime identifier of .NET, linux-x64 by default. The file is native code; this needs clang and zlib1g-dev, and the
# operating system of the RID. With --jit the file has the runtime instead, and can be made for any RID.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=native
if [[ ${1-} == --jit ]]; then
  kind=jit
  shift
fi
rid=${1:-linux-x64}
if [[ ! $rid =~ ^[a-z]+(-[a-z0-9]+)+$ || $# -gt 1 ]]; then
  echo "Usage: scripts/publish.sh [--jit] [RID], such as scripts/publish.sh linux-x64" >&2
  exit 2
fi
if [[ $kind == native ]] && ! command -v clang >/dev/null; then
  echo "clang is missing. Install clang and zlib1g-dev, or use --jit." >&2
  exit 1
fi

# SQLite is embedded on Linux. Elsewhere it is unpacked at the start, or is a file beside the native program.
options=("-p:EmbedSqlite=$([[ $rid == linux-* ]] && echo true || echo false)")
if [[ $kind == native ]]; then
  options+=(-p:PublishAot=true -p:OptimizationPreference=Speed)
else
  options+=(-p:PublishSingleFile=true -p:PublishReadyToRun=true)
  [[ $rid == linux-* ]] || options+=(-p:IncludeNativeLibrariesForSelfExtract=true)
fi

target=artifacts/publish/$rid-$kind
rm -rf "$target"
dotnet publish src/UniqueRandom.Server -c Release -r "$rid" --self-contained --nologo -v quiet -o "$target/all" \
  -p:ContinuousIntegrationBuild=true "${options[@]}"

for file in "$target"/all/UniqueRandom.Server{,.exe}; do
  [[ ! -f $file ]] || mv "$file" "$target/"
done
if [[ $rid != linux-* && $kind == native ]]; then
  mv "$target"/all/*e_sqlite3* "$target/"
fi
rm -rf "$target/all"
dotnet list src/UniqueRandom.Server package --include-transitive --format json >"$target/packages.json"
shopt -s nullglob
cd "$target"
files=(*e_sqlite3* UniqueRandom.Server*)
if ((${#files[@]} == 0)); then
  echo "There is no program in $target." >&2
  exit 1
fi
sha256sum -- "${files[@]}" | tee SHA256SUMS
