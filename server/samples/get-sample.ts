import type { ServiceContext } from "../context.ts";
import { SUBMIT_MAXIMA } from "../contracts/runs.ts";
import type { SubmitRun } from "../contracts/runs.ts";
import { ConflictError, NotFoundError } from "../errors.ts";
import { isReadable, readEnd } from "./read-sample-file.ts";
import { SAMPLES } from "./samples.ts";

export type Sample = { id: string; title: string; description: string; run: SubmitRun };

/**
 * A sample as a submit body, with its data as stdin.
 * @throws NotFoundError; ConflictError when its data is not on this machine.
 */
export async function getSample(_ctx: ServiceContext, { id }: { id: string }): Promise<Sample> {
  const sample = SAMPLES.find((candidate) => candidate.id === id);
  if (sample === undefined) throw new NotFoundError("sample", id);
  const { title, description, language, file, input, policy } = sample;
  if (input !== undefined && !(await isReadable(input))) throw new ConflictError(input.missing);
  const source = await readEnd(`samples/${file}`, SUBMIT_MAXIMA.sourceBytes);
  const stdin = input === undefined ? undefined : await readEnd(input.path, input.maxBytes ?? SUBMIT_MAXIMA.stdinBytes);
  return { id, title, description, run: { name: title, language, source, ...(stdin === undefined ? {} : { stdin }), ...policy } };
}
