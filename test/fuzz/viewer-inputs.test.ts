import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstLanguage } from '../../viewer/i18n/first-language.ts';
import { isNetwork, readHosts } from '../../viewer/register/found-device.ts';
import { nameFaults, nameFrom } from '../../viewer/register/name-pattern.ts';
import { readDraft } from '../../viewer/register/registration-draft.ts';
import { steerToLive } from '../../viewer/player/live-edge.ts';
import { readChannelBytes, readChannelText } from '../../viewer/player/channel-message.ts';
import { readWsMessage } from '../../viewer/player/ws-message.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

test('no text on the live socket leaves the reader’s union', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(['hello', 'offline', 'other']).toContain(readWsMessage(text).kind);
      expect(['text', 'closed', 'other']).toContain(readChannelText(text).kind);
    }),
  );
});

test('no bytes on the wall’s socket throw, and none are lost', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (message) => {
      const read = readChannelBytes(message.slice().buffer);
      expect(read === null ? message.length < 4 : read.bytes.length === message.length - 4).toBe(true);
    }),
    fuzzRuns(),
  );
});

test('steering never leaves the newest range and keeps the rate near one', () => {
  const sec = fc.double({ min: 0, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(sec, sec, fc.double({ min: 0, max: 100, noNaN: true }), (currentSec, startSec, lengthSec) => {
      const endSec = startSec + lengthSec;
      const { seekToSec, rate } = steerToLive({ currentSec, ranges: [[startSec, endSec]], targetSec: 0.3 });
      if (seekToSec !== null) expect(seekToSec >= startSec && seekToSec <= endSec).toBe(true);
      expect(rate).toBeGreaterThan(0.9);
      expect(rate).toBeLessThan(1.2);
    }),
    fuzzRuns(),
  );
});

test('hosts and names are made of any text', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(50), (text, count) => {
      expect(readHosts(text).every((host) => host !== '' && !/\s/.test(host))).toBe(true);
      const facts = { project: text, vendor: '', model: text, name: '', address: text, serial: '' };
      expect(nameFrom(text, count, facts).length).toBeLessThanOrEqual(120);
      expect(nameFaults([text, text])).toHaveLength(2);
      expect(typeof isNetwork(text)).toBe('boolean');
      expect(['zh', 'en']).toContain(firstLanguage(text, null, []));
    }),
    fuzzRuns(),
  );
});

test('no stored text breaks the reading of a draft', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const shelf = { getItem: () => text, setItem: () => {}, removeItem: () => {} };
      const draft = readDraft(shelf, 'u', 0);
      expect(draft === null || draft.found.length > 0).toBe(true);
    }),
    fuzzRuns(),
  );
});
