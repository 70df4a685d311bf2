/** Tailwind 4 is the only plugin; it prefixes and nests by itself. */
export default { plugins: { "@tailwindcss/postcss": {} } };
