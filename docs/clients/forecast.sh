#!/usr/bin/env bash
# curl asks again by itself after 503 (as Retry-After says), timeouts and refused connections.
set -euo pipefail
service=${1:-http://localhost:8080}
sample=${2:-docs/sample}
ask="curl -sS --fail-with-body --retry 5 --retry-connrefused"

$ask -o forecast.npy -H 'Content-Type: application/x-npy' --data-binary "@$sample/radar.npy" \
    "$service/forecast?steps=3&time=2016-09-28T17:00:00Z"
$ask -o forecast.zip -H 'Content-Type: application/zip' --data-binary "@$sample/radar.zip" \
    "$service/forecast?steps=3&time=2016-09-28T17:00:00Z"
$ask -H 'Content-Type: application/x-npy' --data-binary "@$sample/radar.npy" \
    "$service/forecast?steps=1&format=json&time=2016-09-28T17:00:00Z"
echo
ls -l forecast.npy forecast.zip
