# Weather report: statistics over four years of daily observations (CSV on stdin)
import csv
import statistics
import sys
from collections import Counter, defaultdict

rows = list(csv.DictReader(sys.stdin))
if not rows:
    sys.exit("No observations on stdin.")

by_month = defaultdict(list)
for row in rows:
    by_month[row["date"][5:7]].append(row)

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
print(f"{len(rows)} days, {rows[0]['date']} to {rows[-1]['date']}\n")
print("month    mean high   mean low     rain/day   wet days")
for month in sorted(by_month):
    days = by_month[month]
    high = statistics.fmean(float(day["temp_max"]) for day in days)
    low = statistics.fmean(float(day["temp_min"]) for day in days)
    rain = statistics.fmean(float(day["precipitation"]) for day in days)
    wet = sum(float(day["precipitation"]) > 0 for day in days) / len(days)
    print(f"{MONTHS[int(month) - 1]:<6} {high:8.1f} °C {low:8.1f} °C {rain:9.1f} mm {wet:9.0%}")

highs = sorted(float(row["temp_max"]) for row in rows)
quartiles = statistics.quantiles(highs, n=4)
print("\ndaily high, quartiles: " + " / ".join(f"{value:.1f} °C" for value in quartiles))

print("\ndistribution of the daily high")
width = 5
buckets = Counter(int(value // width) for value in highs)
tallest = max(buckets.values())
for bucket in range(min(buckets), max(buckets) + 1):
    count = buckets[bucket]
    print(f"{bucket * width:>4} to {bucket * width + width:<3} °C {'█' * round(40 * count / tallest):<40} {count}")

print("\nkind of weather")
for kind, count in Counter(row["weather"] for row in rows).most_common():
    print(f"{kind:<8} {count:>5} days {count / len(rows):>5.0%}")
