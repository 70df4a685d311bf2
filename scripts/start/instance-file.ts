/** What a started Corral leaves in its data directory, for `npm run sign-in-link` and `npm run doctor`. */
export const INSTANCE_FILE = "instance.json";
export type InstanceFile = { databaseUrl: string; publicUrl: string };
