import { handleAuth } from "#server/api/auth-handler.ts";

export const GET = handleAuth;
export const POST = handleAuth;
