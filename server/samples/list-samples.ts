import type { ServiceContext } from "../context.ts";
import { isReadable } from "./read-sample-file.ts";
import { SAMPLES } from "./samples.ts";

export type SampleSummary = {
  id: string;
  title: string;
  description: string;
  language: string;
  available: boolean;
  /** Why it can't be offered on this machine. */
  unavailableReason: string | null;
};

/** The scripts offered on New run. */
export async function listSamples(_ctx: ServiceContext): Promise<{ items: SampleSummary[] }> {
  const items = await Promise.all(
    SAMPLES.map(async ({ id, title, description, language, input }): Promise<SampleSummary> => {
      const available = input === undefined || (await isReadable(input));
      return { id, title, description, language, available, unavailableReason: available ? null : (input?.missing ?? null) };
    }),
  );
  return { items };
}
