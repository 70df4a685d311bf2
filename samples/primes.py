# Primes with progress: a long computation that says how far it is
import sys
import time

LIMIT = int(sys.argv[1]) if len(sys.argv) > 1 else 600_000_000
SEGMENT = 1_000_000
GREEN, DIM, RESET = "\033[32m", "\033[2m", "\033[0m"

root = int(LIMIT**0.5) + 1
small = bytearray([1]) * (root + 1)
small[0:2] = b"\0\0"
for number in range(2, int(root**0.5) + 1):
    if small[number]:
        small[number * number :: number] = bytes(len(range(number * number, root + 1, number)))
base = [number for number in range(root + 1) if small[number]]

began = time.monotonic()
count, largest, told = 0, 0, -1
for low in range(2, LIMIT + 1, SEGMENT):
    high = min(low + SEGMENT - 1, LIMIT)
    segment = bytearray([1]) * (high - low + 1)
    for prime in base:
        if prime * prime > high:
            break
        start = max(prime * prime, -(-low // prime) * prime)
        segment[start - low :: prime] = bytes(len(range(start, high + 1, prime)))
    count += sum(segment)
    last = segment.rfind(1)
    if last >= 0:
        largest = low + last
    percent = 100 * high // LIMIT
    if percent != told:
        told = percent
        print(f"{GREEN}{percent:3d} %{RESET}  up to {high:>11,}  {count:>9,} primes  {DIM}{time.monotonic() - began:5.1f} s{RESET}")

print(f"\n{count:,} primes up to {LIMIT:,}; the largest is {largest:,}")
