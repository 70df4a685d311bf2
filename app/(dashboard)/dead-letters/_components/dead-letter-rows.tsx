"use client";

import { useIsNarrow } from "#app/_components/use-is-narrow.ts";

import { DeadLetterCards } from "./dead-letter-cards.tsx";
import { DeadLetterTable } from "./dead-letter-table.tsx";
import type { RowsProps } from "./rows-props.ts";

/** Dead letters as a table; on narrow screens a card each. */
export function DeadLetterRows(props: RowsProps) {
  const narrow = useIsNarrow();
  const shown = { ...props, rows: props.triage.isKnown ? props.rows : undefined };
  return narrow ? <DeadLetterCards {...shown} /> : <DeadLetterTable {...shown} />;
}
