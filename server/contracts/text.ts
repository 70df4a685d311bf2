import { z } from "zod";

/** PostgreSQL keeps neither a NUL nor half of a surrogate pair; what can't be kept is refused instead of changed in silence. */
const NO_NUL = "must not contain a NUL character";
const WELL_FORMED = "must be well-formed Unicode; half of a surrogate pair is none";

/** Text that can be stored and searched for. */
export const textSchema = z
  .string()
  .refine((value) => !value.includes("\0"), NO_NUL)
  .refine((value) => value.isWellFormed(), WELL_FORMED);

/** An id as a caller gives it: opaque, and of no id's length where it is longer. */
export const idTextSchema = textSchema.max(200, "must be at most 200 characters");

/** A moment as a caller gives it. */
export const momentSchema = z.iso.datetime().refine((value) => !(Date.parse(value) < 0), "must lie in 1970 or later");
