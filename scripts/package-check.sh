#!/usr/bin/env bash
# Packs deploycheck, installs the tarball into an empty folder with scripts ignored, and uses it.
set -euo pipefail
work=$1
source=$PWD
node24=$source/node_modules/node/bin

npm pack --silent --pack-destination "$work" >/dev/null
mkdir "$work/use"
cd "$work/use"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error "$work"/deploycheck-*.tgz

installed=$(find node_modules -mindepth 1 -maxdepth 1 -not -name '.*' | wc -l)
[ "$installed" = 1 ] || { echo "expected deploycheck alone in node_modules, found $installed"; exit 1; }

run() { PATH="$node24:$PATH" node_modules/.bin/deploycheck "$@"; }

run --version
run --help >/dev/null
run rules list | tail -1
expect() { # code, then the command
  local wanted=$1 status=0
  shift
  run "$@" >out || status=$?
  head -1 out
  [ "$status" = "$wanted" ] || { echo "expected exit $wanted, got $status: $*"; exit 1; }
}

# The Secret of the example is made elsewhere, and the cluster is not looked at: 3.
expect 3 validate manifests "$source/examples/shop/releases/v2/manifests"
expect 1 validate manifests "$source/examples/shop/releases/v3/manifests"
run validate image "oci:$source/examples/shop/build/v2/image" | head -1

old=$(PATH="$(dirname "$(command -v node)"):$PATH" node --version)
case $old in
  v24.* | v2[5-9].*) ;;
  *)
    status=0
    node node_modules/deploycheck/bin/run.js rules list 2>refusal || status=$?
    [ "$status" = 2 ] && [ "$(wc -l <refusal)" = 1 ] || { cat refusal; exit 1; }
    cat refusal
    ;;
esac
