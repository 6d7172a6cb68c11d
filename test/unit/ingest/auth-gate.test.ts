import { describe, expect, test } from 'vitest';
import { AuthGate, signInKey } from '../../../gateway/ingest/auth-gate.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const source = { url: 'rtsp://10.0.0.5/main', username: 'admin', password: 'a', revision: '1' };

describe('the key of a sign-in', () => {
  test('is shared by both profiles and differs by address, user and password', () => {
    const key = signInKey(source);
    expect(signInKey({ ...source, url: 'rtsp://10.0.0.5:554/sub' })).toBe(key);
    expect(signInKey({ ...source, url: 'rtsp://10.0.0.6/main' })).not.toBe(key);
    expect(signInKey({ ...source, username: 'b' })).not.toBe(key);
    expect(signInKey({ ...source, password: 'b' })).not.toBe(key);
  });

  test('does not show the password', () => {
    expect(signInKey({ ...source, password: 'site-2026' })).not.toContain('site-2026');
  });
});

describe('the gate', () => {
  test('lets one try through at a time until the password is proven', async () => {
    const gate = new AuthGate(new FakeClock());
    expect(gate.enter('k').kind).toBe('go');
    const second = gate.enter('k');
    expect(second.kind).toBe('wait');
    gate.taken('k');
    if (second.kind === 'wait') await second.settled;
    expect([gate.enter('k').kind, gate.enter('k').kind]).toEqual(['go', 'go']);
  });

  test('stays shut for five minutes after a refusal', async () => {
    const clock = new FakeClock();
    const gate = new AuthGate(clock);
    gate.enter('k');
    const untilMs = gate.refused('k');
    expect(untilMs - clock.now()).toBe(300_000);
    expect(gate.enter('k')).toEqual({ kind: 'paused', untilMs });
    expect(gate.enter('other').kind).toBe('go');
    await clock.advance(299_999);
    expect(gate.enter('k').kind).toBe('paused');
    await clock.advance(1);
    expect(gate.enter('k').kind).toBe('go');
  });

  test('opens once when the sign-in was saved anew, for both profiles together', () => {
    const gate = new AuthGate(new FakeClock());
    gate.enter('k');
    gate.refused('k');
    gate.renew('k', 'revision 2');
    expect(gate.enter('k').kind).toBe('go');
    gate.refused('k');
    gate.renew('k', 'revision 2');
    expect(gate.enter('k').kind).toBe('paused');
  });

  test('a try that ended for another reason leaves the gate open', () => {
    const gate = new AuthGate(new FakeClock());
    gate.enter('k');
    gate.released('k');
    expect(gate.enter('k').kind).toBe('go');
  });
});
