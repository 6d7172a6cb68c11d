import { describe, expect, it } from 'vitest';
import { ChangeGate } from '../../../gateway/packaging/change-gate.ts';
import { FakeClock } from '../../support/fake-clock.ts';

describe('waiting for a change', () => {
  it('ends with what the probe finds, and leaves nothing behind', async () => {
    const clock = new FakeClock();
    const gate = new ChangeGate(clock);
    let value: number | undefined;
    const waiting = gate.until(() => value, 1000);
    gate.changed();
    expect(gate.waiting).toBe(1);
    value = 7;
    gate.changed();
    expect(await waiting).toBe(7);
    expect([gate.waiting, clock.pending]).toEqual([0, 0]);
  });

  it('ends with nothing after the time given, or when the gate closes', async () => {
    const clock = new FakeClock();
    const gate = new ChangeGate(clock);
    const timed = gate.until(() => undefined, 1000);
    await clock.advance(1000);
    expect(await timed).toBeUndefined();
    const closed = gate.until(() => undefined, 1000);
    gate.close();
    expect(await closed).toBeUndefined();
  });

  it('rejects when the probe throws', async () => {
    const gate = new ChangeGate(new FakeClock());
    await expect(gate.until(() => JSON.parse('{'), 1000)).rejects.toThrow(SyntaxError);
  });
});
