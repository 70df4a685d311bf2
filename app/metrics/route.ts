import { handleMetrics } from "#server/api/metrics/handler.ts";

export const GET = handleMetrics;
