/** The one file that may write a run's or an attempt's status. */
export const STATUS_WRITER = "server/runs/transition.ts";

const WRITES = /\b(?:run|attempt)\.(?:create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert)\(/g;
const RAW_WRITES = /\bUPDATE\s+(?:"?public"?\.)?"?(?:run|attempt)"?\s+(?:AS\s+\w+\s+|\w+\s+)?SET\b[^`]*?(?=\bWHERE\b|\bRETURNING\b|\bFROM\b|`)/gi;

/** The text from an opening bracket at `start` to the one that closes it. */
function balanced(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if ("([{".includes(text.charAt(at))) depth += 1;
    if (")]}".includes(text.charAt(at))) depth -= 1;
    if (depth === 0) return text.slice(start, at + 1);
  }
  return text.slice(start);
}

/** The statements of a source that write the status of a run or an attempt. */
export function findStatusWrites(text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(WRITES)) {
    const call = balanced(text, match.index + match[0].length - 1);
    for (const written of call.matchAll(/\b(?:data|create|update):\s*(?=[[{])/g)) {
      const value = balanced(call, written.index + written[0].length);
      if (/\bstatus\b\s*[:,}]/.test(value)) found.push(`${match[0]}… ${value.replaceAll(/\s+/g, " ").slice(0, 80)}`);
    }
  }
  for (const [statement] of text.matchAll(RAW_WRITES)) if (/\bstatus"?\s*=/i.test(statement)) found.push(statement.replaceAll(/\s+/g, " "));
  return found;
}
