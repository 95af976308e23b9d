#!/bin/sh
# Builds and runs the checks of the convolution kernels, or with `bench` their comparison with oneDNN (needs its headers).
# usage: Tests/CKernelsChecks/run.sh [check [cases [seed]] | bench …]
set -e
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
out=${TMPDIR:-/tmp}/slicewise-kernels-$(id -u)-$(printf %s "$root" | cksum | cut -d' ' -f1)
mkdir -p "$out"
flags="-std=c11 -D_GNU_SOURCE -O3 -ffp-contract=fast -fno-math-errno -Wall -Wextra -I$root/Sources/CKernels/include"
for source in "$root"/Sources/CKernels/*.c; do
    name=$(basename "$source" .c)
    case $name in convolution* | winograd* | direct* | parallel) ${CC:-clang} $flags -c "$source" -o "$out/$name.o" & objects="$objects $out/$name.o" ;; esac
done
wait
mode=${1:-check}
[ $# -gt 0 ] && shift
libraries="-lgomp -lm"
[ "$mode" = bench ] && libraries="-ldnnl $libraries"
${CC:-clang} $flags -Wno-missing-field-initializers "$here/$mode.c" $objects $libraries -o "$out/$mode"
exec "$out/$mode" "$@"
