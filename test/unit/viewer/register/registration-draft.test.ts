import { describe, expect, test } from 'vitest';
import { dropDraft, readDraft, saveDraft } from '../../../../viewer/register/registration-draft.ts';
import type { Draft } from '../../../../viewer/register/registration-draft.ts';
import type { Device } from '../../../../viewer/register/found-device.ts';

const NOW = Date.parse('2026-11-24T02:00:00Z');
const DAY = 24 * 3_600_000;

class Shelf {
  readonly kept = new Map<string, string>();
  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }
  setItem(key: string, text: string): void {
    this.kept.set(key, text);
  }
  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

const device = {
  endpointId: 'urn:1',
  address: '192.168.10.64',
  xaddr: 'http://192.168.10.64/',
  auth: 'ok',
} as Device;

function draft(): Draft {
  const login = { kind: 'typed', username: 'admin', password: 'geheim-9' } as const;
  return {
    savedAtMs: NOW,
    step: 3,
    found: [
      { key: 'urn:1', device, picked: true, refusals: 0, login },
      { key: 'urn:2', device: { ...device }, picked: true, refusals: 2, login: { kind: 'set', id: 's1' } },
    ],
    target: { kind: 'new', name: '东院区', district: '', unit: '' },
    pattern: '{n}',
    schedule: null,
    rows: [{ key: 'urn:1', name: '北区裙楼', position: '', done: false }],
  };
}

describe('a draft', () => {
  test('comes back with choices, tries and names', () => {
    const shelf = new Shelf();
    saveDraft(shelf, 'u1', draft());
    const back = readDraft(shelf, 'u1', NOW + DAY);
    expect(back).toMatchObject({ step: 3, target: { name: '东院区' }, rows: [{ name: '北区裙楼' }] });
    expect(back?.found[1]).toMatchObject({ refusals: 2, login: { kind: 'set', id: 's1' } });
  });
  test('never holds a password; the device asks for it again', () => {
    const shelf = new Shelf();
    saveDraft(shelf, 'u1', draft());
    expect([...shelf.kept.values()].join()).not.toContain('geheim');
    expect(readDraft(shelf, 'u1', NOW)?.found[0]).toMatchObject({
      login: null,
      device: { auth: 'required' },
    });
  });
  test('is nobody else’s, and is forgotten after a week or when dropped', () => {
    const shelf = new Shelf();
    saveDraft(shelf, 'u1', draft());
    expect(readDraft(shelf, 'u2', NOW)).toBeNull();
    expect(readDraft(shelf, 'u1', NOW + 8 * DAY)).toBeNull();
    dropDraft(shelf, 'u1');
    expect(readDraft(shelf, 'u1', NOW)).toBeNull();
  });
  test('that cannot be read is none', () => {
    const shelf = new Shelf();
    for (const text of ['', '{', 'null', '[]', '{"version":1}', '{"version":2,"found":[1],"rows":[]}']) {
      shelf.setItem('gantry.register.draft.u1', text);
      expect(readDraft(shelf, 'u1', NOW)).toBeNull();
    }
  });
  test('is given up where the browser keeps nothing', () => {
    const full = {
      getItem: () => null,
      removeItem: () => {},
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    };
    expect(() => saveDraft(full, 'u1', draft())).not.toThrow();
  });
});
