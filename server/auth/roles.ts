import type { Role } from "../contracts/statuses.ts";
import { ROLES } from "../contracts/statuses.ts";

/** Whether one who has a role may do what another role is needed for: viewer < operator < administrator. */
export const hasRole = (has: Role, needed: Role): boolean => ROLES.indexOf(has) >= ROLES.indexOf(needed);

/** The one of two roles that may do less. */
export const lowerRole = (one: Role, other: Role): Role => (hasRole(one, other) ? other : one);
