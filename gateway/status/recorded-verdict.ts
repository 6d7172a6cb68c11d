import type { Verdict } from './camera-state.ts';
import { isCondition, isPictureFault } from './condition-rules.ts';
import { restored } from './conditions.ts';
import type { Conditions } from './conditions.ts';
import type { RecordedChange } from './light-change-store.ts';
import type { RecordFacts } from './record-facts.ts';

/** The verdict that a recorded change of light came to. */
export function recordedVerdict({ atMs, change }: RecordedChange): Verdict {
  const reasons = change.reasons.map(({ code, since, message }) => ({
    code,
    sinceMs: Date.parse(since),
    message,
  }));
  return { light: change.to, sinceMs: atMs, reasons };
}

/** Conditions that stood before a restart and go on; one of pictures only while the last picture still shows it. */
export function standingConditions(
  recorded: Verdict | null,
  { picture }: RecordFacts,
  nowMs: number,
): Conditions {
  const before = recorded?.reasons ?? [];
  return before.flatMap(({ code, sinceMs, message }) => {
    if (!isCondition(code) || (isPictureFault(code) && picture?.verdict !== code)) return [];
    return [restored(code, sinceMs, message, nowMs)];
  });
}
