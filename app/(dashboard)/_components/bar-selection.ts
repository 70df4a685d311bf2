/** Bars of the histogram that are taken together: from where it began to where it is now, in either direction. */
export type BarSelection = { anchor: number; active: number };

/** The first and the last bar of a selection. */
export const edgesOf = ({ anchor, active }: BarSelection) => ({ first: Math.min(anchor, active), last: Math.max(anchor, active) });

/** Where a key leads; null for one that means nothing here. Shift extends what is taken. */
export function moveSelection(selection: BarSelection, key: string, shift: boolean, bars: number): BarSelection | null {
  const targets: Record<string, number> = {
    ArrowLeft: selection.active - 1,
    ArrowRight: selection.active + 1,
    PageUp: selection.active - 6,
    PageDown: selection.active + 6,
    Home: 0,
    End: bars - 1,
  };
  const target = targets[key];
  if (target === undefined) return null;
  const active = Math.max(0, Math.min(bars - 1, target));
  return { anchor: shift ? selection.anchor : active, active };
}

/** The bar at a share of the chart's width. */
export const barAt = (share: number, bars: number) => Math.max(0, Math.min(bars - 1, Math.floor(share * bars)));
