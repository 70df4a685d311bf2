# Flaky: fails twice the way networks do, then succeeds; watch its retries
set -eu

echo "attempt $CORRAL_ATTEMPT of run $CORRAL_RUN_ID"
sleep 1
if [ "$CORRAL_ATTEMPT" -lt 3 ]; then
  echo "upstream said 503 Service Unavailable, giving up" >&2
  exit 75
fi
echo "fetched 1,024 records on the third try"
echo "done: a passing fault cost two retries and nobody's sleep"
