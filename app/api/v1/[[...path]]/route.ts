import { handleRest } from "#server/api/rest-handler.ts";

// Every method comes in, so that a wrong one is answered in the API's own manner.
export const GET = handleRest;
export const HEAD = handleRest;
export const POST = handleRest;
export const PUT = handleRest;
export const PATCH = handleRest;
export const DELETE = handleRest;
export const OPTIONS = handleRest;
