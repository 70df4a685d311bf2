import { handleUnknown } from "#server/api/unknown-handler.ts";

// What no other handler answers, whatever the method.
export const GET = handleUnknown;
export const HEAD = handleUnknown;
export const POST = handleUnknown;
export const PUT = handleUnknown;
export const PATCH = handleUnknown;
export const DELETE = handleUnknown;
export const OPTIONS = handleUnknown;
