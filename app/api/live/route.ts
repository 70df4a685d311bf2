import { handleLive } from "#server/api/live-handler.ts";

export const GET = handleLive;
