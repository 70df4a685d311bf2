import type { UsageSample } from "#server/contracts/runs.ts";

export type Point = { atMs: number; value: number };

/** Memory over time. */
export function memoryPoints(samples: readonly UsageSample[]): Point[] {
  return samples.map(({ atMs, memoryBytes }) => ({ atMs, value: memoryBytes }));
}

/** CPU in thousandths of a core over time: what was used between a sample and the one before it. */
export function cpuPoints(samples: readonly UsageSample[]): Point[] {
  return samples.flatMap((sample, index) => {
    const before = samples[index - 1] ?? { atMs: 0, cpuMs: 0 };
    const span = sample.atMs - before.atMs;
    return span <= 0 ? [] : [{ atMs: sample.atMs, value: Math.max(0, ((sample.cpuMs - before.cpuMs) / span) * 1000) }];
  });
}

/** At most `most` points, each the highest of its stretch: peaks are what a limit is about. */
export function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const size = points.length / most;
  return Array.from({ length: most }, (_, index) => {
    const part = points.slice(Math.floor(index * size), Math.floor((index + 1) * size));
    return part.reduce((highest, point) => (point.value > highest.value ? point : highest));
  });
}

/** An SVG path through the points in a box of the given size. */
export function linePath(points: readonly Point[], box: { width: number; height: number; maxMs: number; maxValue: number }): string {
  return points
    .map((point, index) => {
      const x = (point.atMs / box.maxMs) * box.width;
      const y = box.height - (Math.min(point.value, box.maxValue) / box.maxValue) * box.height;
      return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join(" ");
}

/** A stretch of time, milliseconds since the start. */
export type Stretch = { fromMs: number; toMs: number };

/** When the CPU limit held the script back: stretches in which the throttled time grew, joined where they meet. */
export function throttledStretches(samples: readonly UsageSample[]): Stretch[] {
  const stretches: Stretch[] = [];
  let before = { atMs: 0, throttledMs: 0 };
  for (const sample of samples) {
    if (sample.throttledMs > before.throttledMs) {
      const last = stretches.at(-1);
      if (last?.toMs === before.atMs) last.toMs = sample.atMs;
      else stretches.push({ fromMs: before.atMs, toMs: sample.atMs });
    }
    before = sample;
  }
  return stretches;
}

/** The point that lies nearest to a moment. */
export function nearestPoint(points: readonly Point[], atMs: number): Point | undefined {
  return points.reduce<Point | undefined>(
    (nearest, point) => (nearest === undefined || Math.abs(point.atMs - atMs) < Math.abs(nearest.atMs - atMs) ? point : nearest),
    undefined,
  );
}
