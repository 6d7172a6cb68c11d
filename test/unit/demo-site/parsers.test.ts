import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFault } from '../../../scripts/demo-site/camera-fault.ts';
import { cameraDefinition } from '../../../scripts/demo-site/camera-roster.ts';
import { concerns, parseQuestion } from '../../../scripts/demo-site/discovery/discovery-message.ts';
import { parseSoapRequest } from '../../../scripts/demo-site/onvif/soap-request.ts';
import { readFront } from '../../../scripts/demo-site/rtsp/rtsp-request.ts';
import { parseTransport } from '../../../scripts/demo-site/rtsp/transport.ts';
import { siteMoment } from '../../../scripts/demo-site/site-calendar.ts';
import { parseSiteOptions } from '../../../scripts/demo-site/site-options.ts';

const device = {
  endpointId: 'urn:uuid:1',
  scopes: ['onvif://www.onvif.org/Profile/Streaming', 'onvif://www.onvif.org/location/gate%201'],
  xaddr: 'http://127.0.0.1/onvif/device_service',
};
const probe = (inner: string): string =>
  '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header><a:MessageID>urn:uuid:q</a:MessageID></s:Header>' +
  `<s:Body><Probe xmlns="http://schemas.xmlsoap.org/ws/2005/04/discovery">${inner}</Probe></s:Body></s:Envelope>`;
const answered = (inner: string): boolean => {
  const question = parseQuestion(probe(inner));
  return question !== undefined && concerns(question, device);
};

describe('the demo site reads requests', () => {
  it('answers probes for its types and scopes, and no others', () => {
    expect(answered('')).toBe(true);
    expect(answered('<Types>dn:NetworkVideoTransmitter</Types>')).toBe(true);
    expect(answered('<Types>tds:Device dn:NetworkVideoTransmitter</Types>')).toBe(true);
    expect(answered('<Types>wsdp:Printer</Types>')).toBe(false);
    expect(answered('<Scopes>onvif://www.onvif.org/Profile</Scopes>')).toBe(true);
    expect(answered('<Scopes>onvif://www.onvif.org/Profile/G</Scopes>')).toBe(false);
    expect(
      answered(
        '<Scopes MatchBy="http://schemas.xmlsoap.org/ws/2005/04/discovery/strcmp0">onvif://www.onvif.org/Profile</Scopes>',
      ),
    ).toBe(false);
  });

  it('refuses documents that declare entities', () => {
    const bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>';
    expect(parseQuestion(bomb + probe(''))).toBeUndefined();
    expect(parseSoapRequest(`${bomb}<Envelope><Body><GetProfiles/></Body></Envelope>`)).toBeUndefined();
  });

  it('reads an operation, its parameters and its token, whatever the prefixes', () => {
    const call = parseSoapRequest(
      '<e:Envelope><e:Header><w:Security><w:UsernameToken><w:Username>admin</w:Username><w:Password Type="x#PasswordDigest">abc=</w:Password><w:Nonce>bm9uY2U=</w:Nonce><u:Created>2026-01-01T00:00:00Z</u:Created></w:UsernameToken></w:Security></e:Header><e:Body><m:GetStreamUri><m:ProfileToken>profile_sub</m:ProfileToken></m:GetStreamUri></e:Body></e:Envelope>',
    );
    expect(call).toEqual({
      operation: 'GetStreamUri',
      parameters: { ProfileToken: 'profile_sub' },
      token: {
        username: 'admin',
        password: 'abc=',
        passwordType: 'x#PasswordDigest',
        nonce: 'bm9uY2U=',
        created: '2026-01-01T00:00:00Z',
      },
    });
  });

  it('reads RTSP requests and interleaved packets in turn', () => {
    const bytes = Buffer.from('OPTIONS rtsp://h/x RTSP/1.0\r\nCSeq: 2\r\n\r\n$\x01\x00\x02ab', 'latin1');
    const first = readFront(bytes);
    expect(first).toMatchObject({ kind: 'request', request: { method: 'OPTIONS', uri: 'rtsp://h/x' } });
    const rest = bytes.subarray(first.kind === 'request' ? first.bytes : 0);
    expect(readFront(rest)).toEqual({ kind: 'interleaved', channel: 1, bytes: 6 });
    expect(readFront(bytes.subarray(0, 20))).toEqual({ kind: 'incomplete' });
    expect(readFront(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toEqual({ kind: 'bad' });
  });

  it('chooses the first transport it can serve', () => {
    expect(parseTransport('RTP/AVP;multicast,RTP/AVP/TCP;unicast;interleaved=2-3')).toEqual({
      kind: 'tcp',
      channel: 2,
    });
    expect(parseTransport('RTP/AVP;unicast;client_port=5000-5001')).toEqual({
      kind: 'udp',
      rtpPort: 5000,
      rtcpPort: 5001,
    });
    expect(parseTransport('RTP/SAVP;unicast;client_port=1-2')).toEqual({ kind: 'unsupported' });
  });

  it('never throws on noise', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.uint8Array({ maxLength: 200 }),
        fc.jsonValue(),
        (text, bytes, json) => {
          parseSoapRequest(text);
          parseSoapRequest(`<Envelope><Body>${text}</Body></Envelope>`);
          parseQuestion(text);
          parseTransport(text);
          readFront(Buffer.from(bytes));
          readFront(Buffer.from(`${text}\r\n\r\n`));
          parseFault(json);
        },
      ),
    );
  });

  it('says what is wrong with a fault order', () => {
    expect(parseFault({ fault: 'explode' })).toContain('fault must be one of');
    expect(parseFault({ fault: 'drop', seconds: 'x' })).toBe('seconds must be a number');
    expect(parseFault({ fault: 'slow', ms: 50 })).toMatchObject({ kind: 'slow', delayMs: 50 });
  });

  it('gives cameras the same identity at every start, and each another', () => {
    const ids = Array.from({ length: 100 }, (_, i) => cameraDefinition(i).endpointId);
    expect(new Set(ids).size).toBe(100);
    expect(cameraDefinition(0).endpointId).toBe('urn:uuid:7d95ddc1-f292-515c-ad57-7e2a97043a18');
    expect(
      ids.every((id) => /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toBe(true);
  });

  it('takes day and light from the site’s time zone, or from the command line', () => {
    const midnight = Date.parse('2026-11-22T20:00:00Z');
    const day = Date.parse('2026-11-23') / 86_400_000;
    expect(siteMoment(midnight, 'Asia/Shanghai', undefined, undefined)).toEqual({
      dayNumber: day,
      part: 'night',
    });
    expect(siteMoment(midnight, 'UTC', undefined, undefined)).toEqual({ dayNumber: day - 1, part: 'night' });
    expect(siteMoment(midnight, 'UTC', '2026-11-24', 12)).toEqual({ dayNumber: day + 1, part: 'noon' });
    expect(() => parseSiteOptions(['--cameras', '0'])).toThrow('--cameras must be a number from 1 to 500');
  });
});
