/**
 * Arguments as text, one a line. What a line can't hold (a line break, an empty argument, spaces at its ends, a quote
 * at its start) is written as a JSON string; a line that is a JSON string is read as one. Empty lines count for nothing.
 */
export function argsToText(args: readonly string[]): string {
  return args.map((arg) => (needsQuotes(arg) ? JSON.stringify(arg) : arg)).join("\n");
}

const needsQuotes = (arg: string) => arg === "" || arg.trim() !== arg || /[\r\n\u2028\u2029]/.test(arg) || arg.startsWith('"');

/** The arguments that a text of lines means. */
export function argsFromText(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => unquoted(line) ?? line);
}

function unquoted(line: string): string | null {
  if (!line.startsWith('"')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "string" ? value : null;
  } catch (error) {
    // Not a JSON string: the line stands for itself.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
