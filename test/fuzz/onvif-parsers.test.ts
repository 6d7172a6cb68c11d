import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readCapabilities,
  readDeviceInformation,
  readMac,
  readServices,
} from '../../gateway/discovery/onvif/device-replies.ts';
import { readDeviceTime } from '../../gateway/discovery/onvif/device-time.ts';
import { digestAuthorization, parseChallenges } from '../../gateway/discovery/onvif/http-digest.ts';
import { readImagingSettings } from '../../gateway/discovery/onvif/imaging-reply.ts';
import {
  mergeProfiles,
  readMedia1Profiles,
  readMedia2Profiles,
} from '../../gateway/discovery/onvif/media-replies.ts';
import { readPresets } from '../../gateway/discovery/onvif/ptz-operations.ts';
import { redirectOf } from '../../gateway/discovery/onvif/redirect-of.ts';
import { reachableService, reachableUri } from '../../gateway/discovery/onvif/reachable-uri.ts';
import { readScopes } from '../../gateway/discovery/onvif/scopes.ts';
import { readSoapReply } from '../../gateway/discovery/onvif/soap-reply.ts';
import { readRtspReply } from '../../gateway/discovery/rtsp-reply.ts';
import { escapeXml } from '../../gateway/discovery/soap/soap-envelope.ts';
import { readXml } from '../../gateway/discovery/soap/xml-reader.ts';
import { readAnnouncements } from '../../gateway/discovery/ws-discovery/announcement.ts';
import { toFoundDevice } from '../../gateway/discovery/ws-discovery/found-device.ts';
import { onvifFixture } from '../unit/discovery/fixture-device.ts';
import { fuzzRuns } from './support/fuzz-runs.ts';

const fixtures = [
  'hikvision_GetProfiles_media2.xml',
  'dahua_GetProfiles_media1.xml',
  'axis_GetNetworkInterfaces.xml',
  'uniview_GetServices.xml',
  'hikvision_GetPresets.xml',
  'hikvision_GetImagingSettings.xml',
  'dahua_GetCapabilities.xml',
  'tplink_NotAuthorized.xml',
  'hikvision_GetSystemDateAndTime.xml',
  'hikvision_ProbeMatches.xml',
  'ipycam_ProbeMatch.xml',
].map((name) => Buffer.from(onvifFixture(name)));

/** A fixture with some bytes overwritten, cut out or doubled, or bytes of no meaning at all. */
const damaged = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(
      fc.constantFrom(...fixtures),
      fc.array(
        fc.tuple(
          fc.nat(),
          fc.nat(40),
          fc.oneof(
            fc.string({ maxLength: 8 }),
            fc.constantFrom('<', '>', '&', '</', '"', '<!DOCTYPE', ']]>'),
          ),
        ),
      ),
    )
    .map(([fixture, edits]) =>
      edits.reduce((bytes, [at, cut, text]) => {
        const from = at % (bytes.length + 1);
        return Buffer.concat([bytes.subarray(0, from), Buffer.from(text), bytes.subarray(from + cut)]);
      }, fixture),
    ),
);

describe('readers of what devices send', () => {
  it('never throw on any HTTP body, and read only bounded things out of it', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        const reply = readSoapReply(200, bytes, 'application/soap+xml');
        if (reply.kind !== 'answer') return;
        const { body } = reply;
        const profiles = mergeProfiles(readMedia1Profiles(body), readMedia2Profiles(body));
        for (const { width, fps, gopSec } of profiles) {
          for (const value of [width, fps, gopSec])
            expect(value === null || (Number.isFinite(value) && value >= 0)).toBe(true);
        }
        const time = readDeviceTime(body);
        expect(time === null || Number.isFinite(time.utcMs)).toBe(true);
        for (const value of Object.values(readImagingSettings(body)))
          expect(typeof value !== 'number' || Number.isFinite(value)).toBe(true);
        expect(readPresets(body).every(({ token, name }) => token !== '' && name.length <= 120)).toBe(true);
        readMac(body, '10.0.0.1');
        readDeviceInformation(body);
        reachableService(readServices(body).media1 ?? readCapabilities(body).media1, 'http://10.0.0.1/x');
      }),
      fuzzRuns(500),
    );
  });

  it('never throw on any datagram and never lead away from who sent it', () => {
    fc.assert(
      fc.property(damaged, (bytes) => {
        for (const announcement of readAnnouncements(bytes)) {
          const device = toFoundDevice(announcement, '192.168.1.5', []);
          if (device) expect(new URL(device.xaddr).hostname).toBe('192.168.1.5');
          const neighbour = toFoundDevice(announcement, 'fe80::1%eth0', ['192.168.1.2/24']);
          if (neighbour) expect(neighbour.address).toMatch(/^(?:192\.168\.1\.\d+|fe80::1%eth0)$/);
        }
      }),
      fuzzRuns(500),
    );
  });

  it('tell RTSP from anything else, whole or in pieces, and never wait for more than a head', () => {
    const reply = fc.tuple(
      fc.constantFrom('RTSP/1.0 200 OK', 'RTSP/1.0 401 x', 'HTTP/1.1 200 OK', 'RTSP/1.0 9', 'SSH-2.0'),
      fc.array(fc.oneof(fc.constant('Server: a b'), fc.constant('server:'), fc.string({ maxLength: 30 }))),
    );
    fc.assert(
      fc.property(reply, fc.nat(200), ([first, lines], cut) => {
        const text = `${[first, ...lines].join('\r\n')}\r\n\r\n`;
        const whole = readRtspReply(text);
        expect(whole === undefined).toBe(false);
        if (whole === null) expect(first).not.toMatch(/^RTSP\/1.0 \d{3} /);
        else expect(whole?.server?.length ?? 0).toBeLessThanOrEqual(120);
        if (whole && cut < first.length) expect(readRtspReply(text.slice(0, cut))).toBeUndefined();
      }),
      fuzzRuns(500),
    );
  });

  it('give back any text that was escaped into XML', () => {
    const plain = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[^\P{C}]/gu, '').trim());
    fc.assert(
      fc.property(plain, plain, (text, value) => {
        const read = readXml(Buffer.from(`<a b="${escapeXml(value)}">${escapeXml(text)}</a>`));
        expect(read.ok && read.root.text).toBe(text);
        expect(read.ok && read.root.attributes.get('b')).toBe(value);
      }),
      fuzzRuns(),
    );
  });

  it('keep every stream address on the host that answered', () => {
    const uri = fc.oneof(
      fc.string(),
      fc.tuple(fc.constantFrom('rtsp://', 'http://', 'rtsp:'), fc.string()).map((parts) => parts.join('')),
      fc.webUrl(),
    );
    fc.assert(
      fc.property(uri, (text) => {
        const made = reachableUri(text, '10.0.0.5', ['rtsp', 'http']);
        if (made !== null)
          expect(new URL(made)).toMatchObject({ hostname: '10.0.0.5', username: '', password: '' });
        const service = reachableService(text, 'http://10.0.0.5/x');
        if (service !== null) expect(new URL(service).hostname).toBe('10.0.0.5');
        const moved = redirectOf({ status: 302, headers: { location: text } }, 'http://10.0.0.5/onvif/x');
        if (moved !== null) expect(new URL(moved)).toMatchObject({ hostname: '10.0.0.5', username: '' });
      }),
      fuzzRuns(1000),
    );
  });

  it('never throw on challenges, nor let one into another header', () => {
    const piece = fc.constantFrom(
      'Digest ',
      'Basic ',
      'realm="',
      '"',
      ',',
      'nonce=',
      'n',
      '\\',
      '=',
      'qop="auth"',
      '\r\n',
      'algorithm=MD5',
      ' ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (header) => {
          const { digest } = parseChallenges(header);
          if (!digest) return;
          const made = digestAuthorization(digest, {
            method: 'GET',
            uri: '/',
            username: 'u',
            password: 'p',
            nonceCount: 1,
            cnonce: 'c',
          });
          expect(made).not.toMatch(/[\r\n]/);
        },
      ),
      fuzzRuns(1000),
    );
  });

  it('never throw on scopes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string().map((text) => `onvif://www.onvif.org/name/${text}`)),
        (scopes) => void readScopes(scopes),
      ),
      fuzzRuns(),
    );
  });
});
