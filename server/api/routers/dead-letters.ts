import { deadLetterFilterSchema, discardDeadLettersSchema, listDeadLettersSchema, retryDeadLettersSchema } from "../../contracts/dead-letters.ts";
import { countDeadLetters } from "../../dead-letters/count-dead-letters.ts";
import { discardDeadLetters } from "../../dead-letters/discard-dead-letters.ts";
import { listDeadLetters } from "../../dead-letters/list-dead-letters.ts";
import { retryDeadLetters } from "../../dead-letters/retry-dead-letters.ts";
import { input } from "../input.ts";
import { operatorProcedure, router, viewerProcedure } from "../procedures.ts";

/** Dead letters: read, and retry or discard many at once. */
export const deadLettersRouter = router({
  list: viewerProcedure.input(input(listDeadLettersSchema)).query(({ ctx, input: filter }) => listDeadLetters(ctx, filter)),
  count: viewerProcedure.input(input(deadLetterFilterSchema)).query(({ ctx, input: filter }) => countDeadLetters(ctx, filter)),
  retry: operatorProcedure.input(input(retryDeadLettersSchema)).mutation(({ ctx, input: selection }) => retryDeadLetters(ctx, selection)),
  discard: operatorProcedure.input(input(discardDeadLettersSchema)).mutation(({ ctx, input: selection }) => discardDeadLetters(ctx, selection)),
});
