import { handleExport } from "#server/api/export-handler.ts";

export const POST = handleExport;
