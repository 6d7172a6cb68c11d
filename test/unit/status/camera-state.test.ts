import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialState, isStarting, lightChangeOf, observe } from '../../../gateway/status/camera-state.ts';
import type { CameraState, Observation, Verdict } from '../../../gateway/status/camera-state.ts';

const t0 = Date.parse('2026-11-23T06:00:00.000Z');
const on = { enabled: true, maintenanceUntilMs: null };
const fresh = () => initialState(on, null, t0);

/** Runs observations, each so many seconds after t0. */
function after(state: CameraState, ...steps: [number, Observation][]): CameraState {
  return steps.reduce((last, [sec, observation]) => observe(last, observation, t0 + sec * 1000), state);
}
const frames = (profile: 'main' | 'sub' = 'main'): Observation => ({ kind: 'frames', profile });
const fails = (
  code: Extract<Observation, { kind: 'failure' }>['code'],
  profile: 'main' | 'sub' = 'main',
): Observation => ({ kind: 'failure', profile, code, message: `it is ${code}` });
const tick: Observation = { kind: 'tick' };
const seen = (state: CameraState) => [state.verdict.light, ...state.verdict.reasons.map(({ code }) => code)];

describe('the light of a camera', () => {
  it('is grey and starting until the first verdict, then green at the first frames', () => {
    expect(seen(fresh())).toEqual(['grey', 'starting']);
    const state = after(fresh(), [3, frames()]);
    expect(seen(state)).toEqual(['green']);
    expect(state.verdict.sinceMs).toBe(t0 + 3000);
    expect(lightChangeOf(fresh(), state)).toEqual({ from: 'grey', to: 'green' });
  });

  it.each([
    ['no-frames', 1],
    ['unsupported-codec', 1],
    ['auth-failed', 1],
    ['unreachable', 4],
    ['rtsp-error', 4],
  ] as const)('turns red with %s after %i failed tries, not before', (code, tries) => {
    let state = after(fresh(), [1, frames()]);
    for (let tried = 1; tried <= tries; tried += 1) {
      expect(seen(state)).toEqual(['green']);
      state = after(state, [1 + tried, fails(code)]);
    }
    expect(seen(state)).toEqual(['red', code]);
  });

  it('turns red with unreachable ten seconds after a single failed try, and its reason holds since that try', () => {
    const failing = after(fresh(), [1, frames()], [20, fails('unreachable')], [29, tick]);
    expect(seen(failing)).toEqual(['green']);
    const red = after(failing, [30, tick]);
    expect(seen(red)).toEqual(['red', 'unreachable']);
    expect(red.verdict.sinceMs).toBe(t0 + 30_000);
    expect(red.verdict.reasons[0]?.sinceMs).toBe(t0 + 20_000);
  });

  it('does not blink when a connection is lost once and frames come again', () => {
    const state = after(fresh(), [1, frames()], [20, fails('unreachable')], [25, frames()], [60, tick]);
    expect(seen(state)).toEqual(['green']);
    expect(state.verdict.sinceMs).toBe(t0 + 1000);
  });

  it('lists auth-paused beside auth-failed while the gateway waits, with the since of the first refusal', () => {
    const state = after(
      fresh(),
      [1, fails('auth-failed')],
      [40, fails('auth-paused')],
      [50, fails('auth-paused')],
    );
    expect(seen(state)).toEqual(['red', 'auth-failed', 'auth-paused']);
    expect(state.verdict.reasons.map(({ sinceMs }) => sinceMs - t0)).toEqual([1000, 40_000]);
    expect(state.verdict.sinceMs).toBe(t0 + 1000);
  });

  it('stays red since the first fault when a restarting camera fails in another way', () => {
    const state = after(fresh(), [1, fails('no-frames')], [9, fails('unreachable')]);
    expect(seen(state)).toEqual(['red', 'unreachable']);
    expect(state.verdict.sinceMs).toBe(t0 + 1000);
  });

  it('is yellow when only one of the two streams fails', () => {
    const state = after(fresh(), [1, frames('main')], [2, fails('no-frames', 'sub')]);
    expect(seen(state)).toEqual(['yellow', 'no-frames']);
    expect(seen(after(state, [3, frames('sub')]))).toEqual(['green']);
  });

  it('takes frames of either stream as proof that the camera is reachable, but not that the other stream is well', () => {
    const unreachable = after(fresh(), [1, fails('unreachable')], [11, tick], [12, frames('sub')]);
    expect(seen(unreachable)).toEqual(['green']);
    const broken = after(fresh(), [1, fails('no-frames')], [3, frames('sub')]);
    expect(seen(broken)).toEqual(['yellow', 'no-frames']);
  });

  it('is yellow from a missed picture to the next one taken', () => {
    const missed = after(fresh(), [1, frames()], [2, { kind: 'snapshot-missed', message: 'missed' }]);
    expect(seen(missed)).toEqual(['yellow', 'snapshot-missed']);
    expect(seen(after(missed, [3, { kind: 'snapshot-taken' }]))).toEqual(['green']);
  });

  it('is grey under maintenance until its end, whatever fails meanwhile', () => {
    const until: Observation = { kind: 'settings', enabled: true, maintenanceUntilMs: t0 + 60_000 };
    const state = after(fresh(), [1, frames()], [2, until], [3, fails('no-frames')]);
    expect(seen(state)).toEqual(['grey', 'maintenance']);
    expect(seen(after(state, [61, tick]))).toEqual(['red', 'no-frames']);
  });

  it('is grey while disabled and begins anew when switched on', () => {
    const off = after(fresh(), [1, fails('no-frames')], [2, { kind: 'settings', ...on, enabled: false }]);
    expect(seen(off)).toEqual(['grey', 'disabled']);
    expect(seen(after(off, [3, { kind: 'settings', ...on }]))).toEqual(['grey', 'starting']);
  });
});

describe('a restart of the gateway', () => {
  const recorded: Verdict = {
    light: 'red',
    sinceMs: t0 - 3_600_000,
    reasons: [{ code: 'unreachable', sinceMs: t0 - 3_700_000, message: 'gone' }],
  };

  it('makes no change when the camera is as it was, and keeps since of light and reason', () => {
    const before = initialState(on, recorded, t0);
    expect(seen(before)).toEqual(['grey', 'starting']);
    const state = after(before, [1, fails('unreachable')], [11, tick]);
    expect(lightChangeOf(before, state)).toBeNull();
    expect(state.verdict.sinceMs).toBe(recorded.sinceMs);
    expect(state.verdict.reasons[0]?.sinceMs).toBe(recorded.reasons[0]?.sinceMs);
  });

  it('makes one change from the recorded light when the camera is another', () => {
    const before = initialState(on, recorded, t0);
    const state = after(before, [1, frames()]);
    expect(lightChangeOf(before, state)).toEqual({ from: 'red', to: 'green' });
    expect(state.verdict.sinceMs).toBe(t0 + 1000);
  });

  it('keeps since of a disabled camera', () => {
    const off: Verdict = {
      light: 'grey',
      sinceMs: t0 - 5000,
      reasons: [{ code: 'disabled', sinceMs: t0 - 5000, message: '' }],
    };
    const state = initialState({ ...on, enabled: false }, off, t0);
    expect(state.verdict.sinceMs).toBe(t0 - 5000);
  });
});

const anyObservation: fc.Arbitrary<Observation> = fc.oneof(
  fc.record({
    kind: fc.constant('frames' as const),
    profile: fc.constantFrom('main' as const, 'sub' as const),
  }),
  fc.record({
    kind: fc.constant('failure' as const),
    profile: fc.constantFrom('main' as const, 'sub' as const),
    code: fc.constantFrom(
      'unreachable' as const,
      'auth-failed' as const,
      'auth-paused' as const,
      'rtsp-error' as const,
      'no-frames' as const,
      'unsupported-codec' as const,
    ),
    message: fc.constant('m'),
  }),
  fc.constant<Observation>({ kind: 'snapshot-taken' }),
  fc.constant<Observation>({ kind: 'snapshot-missed', message: 'm' }),
  fc.record({
    kind: fc.constant('settings' as const),
    enabled: fc.boolean(),
    maintenanceUntilMs: fc.option(fc.integer({ min: t0, max: t0 + 1e6 })),
  }),
  fc.constant<Observation>(tick),
);

describe('any series of observations', () => {
  it('has a reason for every light but green, moves since only with the light, and recorded follows the light', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), anyObservation), { maxLength: 60 }),
        (steps) => {
          let state = fresh();
          let sec = 0;
          for (const [gap, observation] of steps) {
            sec += gap;
            const next = after(state, [sec, observation]);
            expect(next.verdict.reasons.length === 0).toBe(next.verdict.light === 'green');
            if (!isStarting(next)) expect(next.recorded).toBe(next.verdict);
            const stays =
              next.verdict.light === state.verdict.light && !isStarting(state) && !isStarting(next);
            if (stays) expect(next.verdict.sinceMs).toBe(state.verdict.sinceMs);
            state = next;
          }
        },
      ),
    );
  });
});
