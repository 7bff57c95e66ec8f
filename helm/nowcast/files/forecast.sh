# helm test: posts five radar frames of 64x64 and checks the status, the headers and the shape of the answer.
# forecast.sh HOST PORT SECONDS [401]; with 401 the service must refuse them, since this has no key. bash alone does it, since the service's image has no curl.
set -euo pipefail
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT
frames="$(dirname "$0")/radar.npy"

exec 3<> "/dev/tcp/$1/$2"
{
    printf 'POST /forecast?steps=2 HTTP/1.0\r\nHost: %s\r\nContent-Type: application/x-npy\r\n' "$1"
    printf 'Accept: application/x-npy\r\nContent-Length: %d\r\n\r\n' "$(stat -L -c %s "$frames")"
    cat "$frames"
} >&3
timeout "$3" cat <&3 > "$answer"

expect() { # what, pattern
    if ! grep -a -i -q -E "$2" "$answer"; then
        echo "$1: no $2 in the answer, which begins with" >&2
        head -c 1000 "$answer" | tr -cd '[:print:]\n' >&2
        exit 1
    fi
}
if [ "${4:-200}" = 401 ]; then
    expect 'status' '^HTTP/1\.[01] 401'
    echo "the service asks for a key or token, as it should"
    exit
fi
expect 'status' '^HTTP/1\.[01] 200'
expect 'content type' '^Content-Type: application/x-npy'
expect 'model' '^Nowcast-Model: .'
expect 'frames' "'shape': \(2, 64, 64\)"
length=$(grep -a -i -m 1 '^Content-Length:' "$answer" | tr -cd '0-9')
body=$(sed -n '0,/^\r$/!p' "$answer" | wc -c)
[ "$body" = "$length" ] || { echo "the body has $body bytes, Content-Length is $length" >&2; exit 1; }
echo "a forecast of 2 frames of 64x64 came: $(grep -a -i '^Nowcast-Model:' "$answer" | tr -d '\r')"
