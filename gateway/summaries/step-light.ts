import type { Milestone } from '../contract/project.ts';
import type { MilestoneRecord } from '../fleet/project-record.ts';

const DAY_MS = 86_400_000;

/** A step with its light, and why it is not green in plain words; null where there is nothing to say. */
export interface LitStep {
  step: Milestone;
  reason: string | null;
}

/**
 * A step is red past its due date, yellow within `warnDays` of it, else green; grey without a due date; done is green.
 * `today` is the site's calendar date YYYY-MM-DD. Pure.
 */
export function stepLight(step: MilestoneRecord, today: string, warnDays: number): LitStep {
  if (step.doneOn !== null) return { step: { ...step, light: 'green' }, reason: null };
  if (step.dueOn === null) return { step: { ...step, light: 'grey' }, reason: null };
  const daysLeft = Math.round((Date.parse(step.dueOn) - Date.parse(today)) / DAY_MS);
  if (daysLeft < 0) {
    const reason = `${step.name}: overdue by ${days(-daysLeft)} (due ${step.dueOn})`;
    return { step: { ...step, light: 'red' }, reason };
  }
  if (daysLeft <= warnDays) {
    const when = daysLeft === 0 ? 'today' : `in ${days(daysLeft)}`;
    return { step: { ...step, light: 'yellow' }, reason: `${step.name}: due ${when} (${step.dueOn})` };
  }
  return { step: { ...step, light: 'green' }, reason: null };
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
