/** A cell that begins so is taken for a formula by a spreadsheet that reads it from a CSV (OWASP: CSV injection). */
const DANGEROUS = /^[=+\-@\t\r|]/;

/** Text that no spreadsheet runs: an apostrophe stands before what would begin a formula. */
export function safeCell(text: string): string {
  return DANGEROUS.test(text) ? `'${text}` : text;
}

/** The text before `safeCell`. */
export function unsafeCell(text: string): string {
  return text.startsWith("'") && DANGEROUS.test(text.slice(1)) ? text.slice(1) : text;
}
