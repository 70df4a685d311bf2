import { rename, rm, writeFile } from "node:fs/promises";

/**
 * Writes a file that is there whole or not at all, readable by this user alone: under another name first, then renamed into place.
 * What could not be written leaves nothing behind; on a full disk half a file would take the room of the next.
 * @throws what the file system says
 */
export async function writeWhole(path: string, text: string, unfinished: string): Promise<void> {
  try {
    await writeFile(unfinished, text, { mode: 0o600 });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
