import type { Fault } from "../round.ts";
import { CLIENT_FAULTS } from "./client.ts";
import { DATABASE_FAULTS } from "./database.ts";
import { HOST_FAULTS } from "./host.ts";
import { NETWORK_FAULTS } from "./network.ts";
import { QUEUE_FAULTS } from "./queue.ts";
import { SCRIPT_FAULTS } from "./script.ts";
import { WORKER_FAULTS } from "./worker.ts";

/** Every fault, by number. */
export const FAULTS: Fault[] = [
  ...WORKER_FAULTS,
  ...DATABASE_FAULTS,
  ...NETWORK_FAULTS,
  ...SCRIPT_FAULTS,
  ...HOST_FAULTS,
  ...QUEUE_FAULTS,
  ...CLIENT_FAULTS,
].toSorted((one, other) => one.number - other.number);
