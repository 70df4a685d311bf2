import type { Role } from "./contracts/statuses.ts";
import type { Db } from "./db/client.ts";

/** Who is asking: a signed-in person, a program with a token, or Corral itself (a worker, the start-up). */
export type Actor = {
  kind: "user" | "token" | "system";
  id: string;
  /** Shown in audit trails and as `submittedBy`. */
  name: string;
  role: Role;
};

/** What every verb is handed besides its input. */
export type ServiceContext = {
  db: Db;
  actor: Actor;
};
