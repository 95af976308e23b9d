#!/bin/sh
# Compares the kernels with plain loops, for every instruction set that the processor has; with `bench`, times the
# convolutions beside oneDNN's (needs its headers). Needs clang alone.
# usage: Tests/CKernelsChecks/run.sh [check [cases [seed]] | bench …]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
kernels=$root/Sources/CKernels
out=$root/.build/kernel-checks
mkdir -p "$out"
# The flags of the target CKernels in Package.swift, and every warning an error.
flags="-std=c11 -D_GNU_SOURCE -O3 -ffp-contract=fast-honor-pragmas -fno-math-errno -Wall -Wextra -Werror -I$kernels/include"
compile="${CLANG:-clang} $flags"
jobs=$(getconf _NPROCESSORS_ONLN)

mode=${1:-check}
[ $# -gt 0 ] && shift

# What was built serves until a source changes.
if [ ! -e "$out/kernels.a" ] || [ -n "$(find "$kernels" "$here/run.sh" -newer "$out/kernels.a")" ]; then
    rm -rf "$out"
    mkdir -p "$out"
    # Every header stands on its own.
    find "$kernels" -name '*.h' -print0 |
        xargs -0 -P "$jobs" -n 1 $compile -Wno-unused-function -fsyntax-only -x c /dev/null -include
    find "$kernels" -name '*.c' -print0 |
        xargs -0 -P "$jobs" -I{} sh -c "$compile -c \"\$1\" -o \"$out/\$(basename \"\$1\" .c).o\"" sh {}
    ar rcs "$out/kernels.a" "$out"/*.o
fi

# oneDNN looks for the team among the names that the program shows.
libraries="-lm -lpthread -Wl,--export-dynamic"
[ "$mode" = bench ] && libraries="-ldnnl $libraries"
case $mode in
check) sources=$(find "$here" -name '*.c' ! -name bench.c) ;;
bench) sources="$here/bench.c" ;;
*) sed -n 's/^# usage: //p' "$0" && exit 2 ;;
esac
# shellcheck disable=SC2086
$compile $sources "$out/kernels.a" $libraries -o "$out/$mode"
exec "$out/$mode" "$@"
