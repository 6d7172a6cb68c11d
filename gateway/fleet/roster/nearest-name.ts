/** Longer names are compared by their beginning. */
const COMPARED = 60;

/** The name most like `wanted`, or null when none shares at least half of its letters in order. */
export function nearestName(wanted: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = Infinity;
  for (const name of names) {
    const distance = editDistance(wanted, name);
    const limit = Math.max(wanted.length, name.length) / 2;
    if (distance <= limit && distance < least) {
      least = distance;
      best = name;
    }
  }
  return best;
}

/** Letters to change, add or drop (Levenshtein), ignoring case and width. */
function editDistance(first: string, second: string): number {
  const [a, b] = [lettersOf(first), lettersOf(second)];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function lettersOf(text: string): string[] {
  return Array.from(text.normalize('NFKC').toLowerCase()).slice(0, COMPARED);
}
