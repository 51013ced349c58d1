#!/usr/bin/env bash
# Measures MlpGen, the FMA peak and every peer that is installed, in turns; README.md beside this file says how to get the peers.
#   --quick              few and short repetitions: shows that everything works
#   --only TEXT          only works whose section or name contains TEXT ("Training:", "2-20-1", "Other shapes")
#   --peers A,B          only these of pytorch, torchscript, sklearn, onnxruntime, fann, dlib; "none" for MlpGen alone
#   --threads N          only this number of threads, instead of 1 and 2
#   --repetitions N      default: 31
#   --output FOLDER      default: benchmarks/results/<processor>
set -euo pipefail
cd "$(dirname "$0")/../.."
workers=benchmarks/compare/workers
built=artifacts/compare

known=pytorch,torchscript,sklearn,onnxruntime,fann,dlib
wanted=$known
passed=()
while [ $# -gt 0 ]; do
    case $1 in
        --quick) passed+=("$1"); shift ;;
        --only | --threads | --repetitions | --output) passed+=("$1" "${2:?$1 needs a value}"); shift 2 ;;
        --peers) wanted=${2:?--peers needs a value}; shift 2 ;;
        *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0"; exit 2 ;;
    esac
done

for name in ${wanted//,/ }; do
    [[ ,$known,none, == *,$name,* ]] || { printf '%s is no peer; known are %s.\n' "$name" "$known" >&2; exit 2; }
done

is_wanted() { [[ ,$wanted, == *,$1,* ]]; }

# Adds a peer: peer NAME WORD...; the words are the command that starts its worker.
peer() {
    local name=$1
    shift
    passed+=(--worker "$name=$(printf '%q ' "$@")")
}

skip() { printf 'Skipped: %s (%s)\n' "$1" "$2" >&2; }

# Compiles a worker that is older than its source: compiled NAME COMPILER ARGUMENT...
compiled() {
    local name=$1
    shift
    [ "$built/$name" -nt "$workers/$name"_worker.* ] && [ "$built/$name" -nt "$workers/worker.h" ] && return
    printf 'Compiling the worker for %s …\n' "$name" >&2
    "$@" -o "$built/$name"
}

has_header() { printf '#include <%s>\n' "$1" | "${2:-cc}" -fsyntax-only -x "${3:-c}" - 2> /dev/null; }

mkdir -p "$built"
dotnet build -v q -c Release benchmarks/Mlp.Compare >&2

# BLAS with threads of its own gets in the way of PyTorch's loops, which run on OpenMP: of Debian's builds, the one that shares these threads
# makes PyTorch up to three times as fast on two of them, and none of the others slower.
for openblas in /usr/lib/*/openblas-openmp; do
    if [ -d "$openblas" ]; then
        export LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$openblas
    fi
done

# Debian's Python packages belong to Debian's Python, whatever comes first in the PATH.
python=${PYTHON:-/usr/bin/python3}
for name in pytorch torchscript; do
    if is_wanted $name; then
        if "$python" -c 'import torch' 2> /dev/null; then
            peer "$([ $name = pytorch ] && echo 'PyTorch' || echo 'TorchScript')" "$python" $workers/pytorch_worker.py $name
        else
            skip $name "$python has no module torch"
        fi
    fi
done

if is_wanted sklearn; then
    if "$python" -c 'import sklearn' 2> /dev/null; then
        peer scikit-learn "$python" $workers/sklearn_worker.py
    else
        skip sklearn "$python has no module sklearn"
    fi
fi

if is_wanted onnxruntime; then
    library=$(find -L "${ONNXRUNTIME_DIR:-/nowhere}" -name 'libonnxruntime.so*' -path "*$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')*" -print -quit 2> /dev/null || true)
    if [ -z "$library" ]; then
        skip onnxruntime "ONNXRUNTIME_DIR names no folder with libonnxruntime.so for this processor"
    elif ! command -v cc > /dev/null; then
        skip onnxruntime "there is no C compiler"
    else
        compiled onnxruntime cc -O3 -march=native $workers/onnxruntime_worker.c -ldl
        peer "ONNX Runtime" env ONNXRUNTIME_LIBRARY="$library" $built/onnxruntime
    fi
fi

if is_wanted fann; then
    if has_header floatfann.h; then
        compiled fann cc -O3 -march=native -DFANN_RELEASE="$(pkg-config --modversion fann 2> /dev/null || echo unknown)" $workers/fann_worker.c -lfloatfann -lm
        peer FANN $built/fann
    else
        skip fann "there is no C compiler, or it does not find floatfann.h"
    fi
fi

if is_wanted dlib; then
    if has_header dlib/dnn.h c++ c++; then
        compiled dlib c++ -std=c++17 -O3 -march=native $workers/dlib_worker.cpp -ldlib -lblas -llapack -lpthread
        peer dlib $built/dlib
    else
        skip dlib "there is no C++ compiler, or it does not find dlib/dnn.h"
    fi
fi

dotnet=benchmarks/Mlp.Compare/bin/Release/net10.0/Mlp.Compare
exec "$dotnet" "${passed[@]}"
