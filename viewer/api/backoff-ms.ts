/** Wait before try number `attempt` (0 first): doubles from 1 s to 30 s, shortened by up to a fifth at random. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(30_000, 1000 * 2 ** Math.min(attempt, 10));
  return Math.round(full * (1 - 0.2 * random));
}
