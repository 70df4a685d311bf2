const STEP = 4;
const HEIGHT = 24;

/** A bar an hour, the last at the right. In words for those who don't see it. */
export function Sparkline({ hourly }: { hourly: readonly number[] }) {
  const most = Math.max(...hourly, 0);
  const total = hourly.reduce((sum, count) => sum + count, 0);
  const ago = hourly.length - 1 - hourly.lastIndexOf(most);
  const words =
    total === 0
      ? `None in the last ${hourly.length} hours`
      : `${total.toLocaleString("en-US")} in the last ${hourly.length} hours, at most ${most.toLocaleString("en-US")} an hour, ${ago === 0 ? "in the last one" : `${ago} h ago`}`;
  return (
    <svg role="img" aria-label={words} viewBox={`0 0 ${hourly.length * STEP} ${HEIGHT}`} className="h-6 w-24 shrink-0">
      <title>{words}</title>
      {hourly.map((count, index) => {
        const height = count === 0 ? 1 : Math.max(3, (count / most) * HEIGHT);
        return (
          <rect
            // oxlint-disable-next-line react/no-array-index-key -- an hour's place is what it is
            key={index}
            x={index * STEP}
            y={HEIGHT - height}
            width={STEP - 1}
            height={height}
            className={count === 0 ? "fill-neutral-line" : "fill-dead-mark"}
          />
        );
      })}
    </svg>
  );
}
