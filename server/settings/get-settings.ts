import type { ServiceContext } from "../context.ts";
import type { Settings } from "../contracts/settings.ts";
import { readCeilings, readSettings } from "./read-settings.ts";

/** The settings in force, with their version and the host's ceilings. */
export async function getSettings(ctx: ServiceContext): Promise<Settings> {
  const [{ version, values, row }, ceilings] = await Promise.all([readSettings(ctx.database), readCeilings(ctx.database.client)]);
  return { ...values, version, updatedAt: row.createdAt.toISOString(), updatedBy: row.createdBy, ceilings };
}
