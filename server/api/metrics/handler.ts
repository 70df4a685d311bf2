import { AggregatorRegistry } from "prom-client";

import { processMetrics } from "../../metrics.ts";
import { answering } from "../answer.ts";
import { createRequestContext } from "../request-context.ts";
import { createInProcessCaller } from "../routers/in-process.ts";
import { describeFacts } from "./describe-facts.ts";

/** Answers /metrics in Prometheus's text format: facts of the database, and what this process counts of itself. */
export const handleMetrics = answering(async (request, requestId) => {
  const caller = createInProcessCaller({ ...createRequestContext(request), requestId }, { signal: request.signal });
  const facts = AggregatorRegistry.aggregate([describeFacts(await caller.facts())]);
  const { registry } = processMetrics();
  const text = `${await facts.metrics()}\n${await registry.metrics()}`;
  return new Response(text, {
    headers: {
      "content-type": registry.contentType,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "corral-request-id": requestId,
    },
  });
});
