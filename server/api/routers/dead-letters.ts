import { z } from "zod";

import {
  deadLetterFilterSchema,
  discardDeadLettersSchema,
  ignoreGroupSchema,
  listDeadLettersSchema,
  listGroupsSchema,
  previewLimitsSchema,
  retryDeadLettersSchema,
} from "../../contracts/dead-letters.ts";
import { textSchema } from "../../contracts/text.ts";
import { countExpiring } from "../../dead-letters/count-expiring.ts";
import { countDeadLetters } from "../../dead-letters/count-dead-letters.ts";
import { discardDeadLetters } from "../../dead-letters/discard-dead-letters.ts";
import { listDeadLetters } from "../../dead-letters/list-dead-letters.ts";
import { listGroups } from "../../dead-letters/list-groups.ts";
import { ignoreGroup, reopenGroup, resolveGroup } from "../../dead-letters/steer-group.ts";
import { previewLimits } from "../../dead-letters/preview-limits.ts";
import { retryDeadLetters } from "../../dead-letters/retry-dead-letters.ts";
import { asDead } from "../../dead-letters/select-dead-letters.ts";
import { countFacets } from "../../runs/count-runs.ts";
import { input } from "../input.ts";
import { operatorProcedure, router, viewerProcedure } from "../procedures.ts";

const group = z.strictObject({ fingerprint: textSchema.max(64) });

/** Dead letters: read, and retry or discard many at once. */
export const deadLettersRouter = router({
  list: viewerProcedure.input(input(listDeadLettersSchema)).query(({ ctx, input: filter }) => listDeadLetters(ctx, filter)),
  count: viewerProcedure.input(input(deadLetterFilterSchema)).query(({ ctx, input: filter }) => countDeadLetters(ctx, filter)),
  facets: viewerProcedure.input(input(deadLetterFilterSchema)).query(({ ctx, input: filter }) => countFacets(ctx.database.client, asDead(filter))),
  groups: viewerProcedure.input(input(listGroupsSchema)).query(({ ctx, input: filter }) => listGroups(ctx, filter)),
  ignoreGroup: operatorProcedure.input(input(ignoreGroupSchema.extend(group.shape))).mutation(({ ctx, input: wanted }) => ignoreGroup(ctx, wanted)),
  resolveGroup: operatorProcedure.input(input(group)).mutation(({ ctx, input: wanted }) => resolveGroup(ctx, wanted)),
  reopenGroup: operatorProcedure.input(input(group)).mutation(({ ctx, input: wanted }) => reopenGroup(ctx, wanted)),
  expiring: viewerProcedure.query(({ ctx }) => countExpiring(ctx)),
  // A mutation only because a selection is too large for an address; it changes nothing.
  previewLimits: operatorProcedure.input(input(previewLimitsSchema)).mutation(({ ctx, input: selection }) => previewLimits(ctx, selection)),
  retry: operatorProcedure.input(input(retryDeadLettersSchema)).mutation(({ ctx, input: selection }) => retryDeadLetters(ctx, selection)),
  discard: operatorProcedure.input(input(discardDeadLettersSchema)).mutation(({ ctx, input: selection }) => discardDeadLetters(ctx, selection)),
});
