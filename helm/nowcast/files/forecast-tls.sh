# helm test of a service that speaks TLS, for an image with curl: posts five radar frames of 64x64 and checks the status, the headers and the shape of the answer.
# forecast-tls.sh NAME SERVICE PORT SECONDS EXPECTED; NAME is one that the certificate is for. EXPECTED is 200, 401 where this has no key, or refused where it has no certificate.
set -eu
name=$1 service=$2 port=$3 seconds=$4 expected=$5
folder=$(dirname "$0")
answer=$(mktemp -d)
trap 'rm -rf "$answer"' EXIT

# Trusted is the certificate of the Secret itself, whoever signed it: it is the one that the service must show.
ask() {
    curl --silent --show-error --max-time "$seconds" --cacert "$folder/tls.crt" --connect-to "::$service:$port" \
        --dump-header "$answer/headers" --output "$answer/body" "$@" "https://$name:$port/forecast?steps=2"
}

expect() { # what, pattern, file
    if ! grep -i -q -E "$2" "$answer/$3"; then
        echo "$1: no $2 in the answer, which begins with" >&2
        cat "$answer/headers" "$answer/body" | head -c 1000 | tr -cd '[:print:]\n' >&2
        exit 1
    fi
}

if [ "$expected" = refused ]; then
    if ask 2> "$answer/error"; then
        echo "the service let a client in that has no certificate" >&2
        exit 1
    fi
    grep -q 'alert.*certificate' "$answer/error" || { cat "$answer/error" >&2; exit 1; }
    echo "the service asks for a certificate, as it should"
    exit
fi
if [ -e "$folder/client.crt" ]; then
    set -- --cert "$folder/client.crt" --key "$folder/client.key"
else
    set --
fi
ask "$@" --data-binary "@$folder/radar.npy" -H 'Content-Type: application/x-npy' -H 'Accept: application/x-npy'
expect 'status' "^HTTP/[0-9.]+ $expected" headers
if [ "$expected" = 401 ]; then
    echo "the service asks for a key or token, as it should"
    exit
fi
expect 'content type' '^Content-Type: application/x-npy' headers
expect 'model' '^Nowcast-Model: .' headers
expect 'frames' "'shape': \(2, 64, 64\)" body
echo "a forecast of 2 frames of 64x64 came: $(grep -i '^Nowcast-Model:' "$answer/headers" | tr -d '\r')"
