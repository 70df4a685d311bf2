import { handleLiveness } from "#server/api/health.ts";

// Asked anew each time; a build must not answer for the process.
export const dynamic = "force-dynamic";

export const GET = handleLiveness;
