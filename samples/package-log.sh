# Package log: what was installed, upgraded and removed on this machine (its own dpkg log on stdin)
set -euo pipefail

log=$(cat)
[ -n "$log" ] || { echo "The package log is empty." >&2; exit 1; }

echo "$(wc -l <<<"$log") lines, $(head -n 1 <<<"$log" | cut -d' ' -f1) to $(tail -n 1 <<<"$log" | cut -d' ' -f1)"

printf '\nactions\n'
awk '$3 ~ /^(install|upgrade|remove|purge|configure|trigproc)$/ { count[$3]++ }
     END { for (action in count) printf "%-10s %6d\n", action, count[action] }' <<<"$log" | sort -k2 -rn

printf '\nbusiest minutes\n'
awk '{ count[$1 " " substr($2, 1, 5)]++ } END { for (minute in count) printf "%6d  %s\n", count[minute], minute }' <<<"$log" |
  sort -rn | head -n 5

printf '\nnewest installs\n'
awk '$3 == "install" { sub(/:.*/, "", $4); print $1, $2, $4, $6 }' <<<"$log" | tail -n 10 |
  awk '{ printf "%s %s  %-32s %s\n", $1, $2, $3, $4 }'

printf '\nlargest families (by the first word of the name)\n'
awk '$3 == "status" && $4 == "installed" { sub(/:.*/, "", $5); split($5, part, "-"); seen[part[1] SUBSEP $5] = 1 }
     END { for (key in seen) { split(key, part, SUBSEP); count[part[1]]++ } for (family in count) printf "%6d  %s\n", count[family], family }' <<<"$log" |
  sort -rn | head -n 8
