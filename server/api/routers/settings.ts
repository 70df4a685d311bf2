import { countExceedingSchema, updateSettingsSchema } from "../../contracts/settings.ts";
import { countExceeding } from "../../settings/count-exceeding.ts";
import { getSettings } from "../../settings/get-settings.ts";
import { listSettingsChanges } from "../../settings/list-settings-changes.ts";
import { updateSettings } from "../../settings/update-settings.ts";
import { input } from "../input.ts";
import { administratorProcedure, router, viewerProcedure } from "../procedures.ts";

/** The administrator's defaults and maxima. */
export const settingsRouter = router({
  get: viewerProcedure.query(({ ctx }) => getSettings(ctx)),
  update: administratorProcedure.input(input(updateSettingsSchema, { body: "values" })).mutation(({ ctx, input: change }) => updateSettings(ctx, change)),
  exceeding: viewerProcedure.input(input(countExceedingSchema)).query(({ ctx, input: wanted }) => countExceeding(ctx, wanted)),
  changes: viewerProcedure.query(({ ctx }) => listSettingsChanges(ctx)),
});
