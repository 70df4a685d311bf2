/** What happened, in words; what is not here is shown by its own name. */
const ACTIONS: Record<string, string> = {
  "settings.update": "changed the settings",
  "lane.pause": "paused",
  "lane.resume": "resumed",
  "worker.drain": "drained the worker",
  "worker.resume": "resumed the worker",
  "run.cancel": "cancelled the run",
  "run.retry": "retried the run",
  "run.retry-now": "brought the next attempt forward of",
  "dead-letters.retry": "retried",
  "dead-letters.discard": "discarded",
  "bulk-operation.pause": "paused the",
  "bulk-operation.resume": "resumed the",
  "bulk-operation.abort": "aborted the",
  "group.ignore": "set aside the group",
  "group.resolve": "resolved the group",
  "group.reopen": "opened again the group",
  "session.sign-in": "signed in",
  "session.sign-in-failed": "could not sign in",
  "session.sign-out": "signed out",
  "session.end": "ended sessions",
  "user.invite": "invited",
  "user.accept": "accepted the invitation",
  "user.change-role": "changed the role of",
  "user.disable": "disabled",
  "user.enable": "enabled",
  "user.remove": "removed",
  "user.reset-password": "made a reset link for",
  "user.update": "changed the account of",
  "user.set-password": "set a password",
  "token.create": "made the token",
  "token.revoke": "revoked the token",
};

export const actionText = (action: string): string => ACTIONS[action] ?? action;

/** Of these the target is who did it: to name them twice says nothing. */
const ABOUT_ONESELF: ReadonlySet<string> = new Set(["session.sign-in", "session.sign-out", "session.end", "user.accept", "user.set-password"]);

export const namesTarget = (action: string): boolean => !ABOUT_ONESELF.has(action);

/** What can be asked for, by its noun. */
export const NOUNS: Record<string, string> = {
  session: "Signing in and out",
  user: "Users",
  token: "Tokens",
  settings: "Settings",
  run: "Runs",
  "dead-letters": "Dead letters",
  "bulk-operation": "Bulk operations",
  group: "Groups of dead letters",
  lane: "Lanes",
  worker: "Workers",
};

/** A value as it stood there. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return value === "" ? "nothing" : value;
  return JSON.stringify(value);
}

/** Where the thing is found; null when it has no page, or is gone. */
export function targetHref(action: string, id: string | null): string | null {
  if (id === null) return null;
  if (action.startsWith("run.")) return `/runs/${id}`;
  return action.startsWith("dead-letters.") || action.startsWith("bulk-operation.") ? `/bulk-operations/${id}` : null;
}
