import type { z } from "zod";

import { recordAudit } from "../audit/record-audit.ts";
import type { ServiceContext } from "../context.ts";
import type { Settings, updateSettingsSchema } from "../contracts/settings.ts";
import { settingsValuesSchema } from "../contracts/settings.ts";
import { ConflictError, InvalidInputError } from "../errors.ts";
import { publish } from "../live/notices.ts";
import { checkSettings } from "./check-settings.ts";
import { getSettings } from "./get-settings.ts";
import { readCeilings, readSettings } from "./read-settings.ts";

/**
 * Puts new settings in force. They hold for what is submitted from then on; a run keeps the policy it was given.
 * @throws ConflictError when another version is in force than the change was made from.
 * @throws InvalidInputError naming each value that can't be.
 */
export async function updateSettings(ctx: ServiceContext, input: z.output<typeof updateSettingsSchema>): Promise<Settings> {
  const { version: _version, updatedAt: _at, updatedBy: _by, ceilings: _ceilings, ...rest } = input.values;
  const values = settingsValuesSchema.parse(rest);
  await ctx.database.client.$transaction(async (tx) => {
    const current = await readSettings(tx);
    const errors = checkSettings(values, current.values, await readCeilings(tx));
    if (errors.length > 0) throw new InvalidInputError(errors);
    const version = current.version + 1;
    const conflict = () =>
      new ConflictError(
        `The settings were changed meanwhile by ${current.row.createdBy}: version ${current.version} is in force, yours was made from ${input.version}. Reload and change them again.`,
      );
    if (current.version !== input.version) throw conflict();
    // Two writers from the same version: the primary key lets one through.
    const { count } = await tx.settingsVersion.createMany({ data: { version, values, createdBy: ctx.actor.name }, skipDuplicates: true });
    if (count === 0) throw conflict();
    await recordAudit(tx, ctx, {
      action: "settings.update",
      target: { id: String(version), name: `version ${version}` },
      before: current.values,
      after: values,
    });
    await publish(tx, { kind: "settings", version });
  });
  return getSettings(ctx);
}
