/** Exit codes as a person writes them: `2, 64 75`, or `none`. Null when one can't be; empty text is an empty list. */
export function parseCodes(text: string): number[] | null {
  if (text.trim().toLowerCase() === "none") return [];
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const codes = words.map((word) => (/^\d{1,3}$/.test(word) ? Number(word) : 0));
  return codes.every((code) => code >= 1 && code <= 255) ? [...new Set(codes)] : null;
}

/** Exit codes as text that `parseCodes` reads. */
export const codesText = (codes: readonly number[]) => (codes.length === 0 ? "none" : codes.join(", "));

/** A factor as a person writes it: `1.5`, `× 2`. Null when it can't be read or is not from 1 to 10. */
export function parseFactor(text: string): number | null {
  const match = /^[×x*]?\s*(\d{1,2}(?:[.,]\d{1,3})?)\s*[×x*]?$/i.exec(text.trim());
  const value = match === null ? Number.NaN : Number(match[1]?.replace(",", "."));
  return value >= 1 && value <= 10 ? value : null;
}

export const CODES_PROBLEM = "Exit codes are numbers from 1 to 255, for example 2, 64.";
export const FACTOR_PROBLEM = "A factor is a number from 1 to 10, for example 1.5.";
export const BOTH_PROBLEM = "The same exit code can’t be both final and tried again.";
