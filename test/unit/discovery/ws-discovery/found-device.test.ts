import { describe, expect, it } from 'vitest';
import { readAnnouncements } from '../../../../gateway/discovery/ws-discovery/announcement.ts';
import { chooseXaddr, toFoundDevice } from '../../../../gateway/discovery/ws-discovery/found-device.ts';
import { onvifFixture } from '../fixture-device.ts';

const ONLINK = ['192.168.1.10/24', 'fe80::2/64'];

function found(fixture: string, from: string): ReturnType<typeof toFoundDevice> | undefined {
  const [announcement] = readAnnouncements(Buffer.from(onvifFixture(fixture)));
  return announcement && toFoundDevice(announcement, from, ONLINK);
}

describe('a probe answer', () => {
  it('of a Hikvision gives id, name, model and the address that answered', () => {
    expect(found('hikvision_ProbeMatches.xml', '192.168.1.64')).toEqual({
      endpointId: 'urn:uuid:a0b1c2d3-e4f5-0617-2839-98df820a1b2c',
      address: '192.168.1.64',
      xaddr: 'http://192.168.1.64/onvif/device_service',
      name: 'HIKVISION DS-2CD3T46WDV3-I3',
      hardware: 'DS-2CD3T46WDV3-I3',
    });
  });
  it('of a Dahua without types and scopes and with another address keeps port and path alone', () => {
    expect(found('dahua_ProbeMatches.xml', '192.168.7.7')).toMatchObject({
      endpointId: 'urn:uuid:f1d2c3b4-0000-1000-8000-3cef8caabbcc',
      xaddr: 'http://192.168.7.7:8080/onvif/device_service',
      name: null,
    });
  });
  it('without any address and id leads to the prescribed address', () => {
    expect(found('tplink_ProbeMatches.xml', '192.168.7.8')).toMatchObject({
      endpointId: null,
      xaddr: 'http://192.168.7.8/onvif/device_service',
    });
  });
  it('over IPv6 leads to the device’s own address on that link, and to no other', () => {
    const answer = (xaddrs: string): ReturnType<typeof toFoundDevice> =>
      toFoundDevice(
        { kind: 'match', endpointId: 'urn:x', types: ['Device'], scopes: [], xaddrs: xaddrs.split(' ') },
        'fe80::5%eth1',
        ONLINK,
      );
    const link = 'http://[fe80::5]/onvif/device_service';
    expect(answer(`${link} http://10.9.9.9/onvif http://192.168.1.64:8000/onvif/d`)).toMatchObject({
      address: '192.168.1.64',
      xaddr: 'http://192.168.1.64:8000/onvif/d',
    });
    expect(answer(`${link} http://10.9.9.9/onvif`)).toMatchObject({ address: 'fe80::5%eth1' });
  });
  it('of an ipycam, which leaves out the element around its match, is read as well', () => {
    expect(found('ipycam_ProbeMatch.xml', '192.168.1.77')).toEqual({
      endpointId: 'urn:uuid:75fb0ec4-569b-4bee-8b17-909f01231008',
      address: '192.168.1.77',
      xaddr: 'http://192.168.1.77:8080/onvif/device_service',
      name: 'Virtual',
      hardware: null,
    });
  });
  it('of a printer is no device', () => {
    expect(found('printer_ProbeMatches.xml', '192.168.1.9')).toBeNull();
  });
  it('is empty for probes, junk and entity bombs', () => {
    for (const junk of [
      '',
      'hello',
      '<a/>',
      '<!DOCTYPE x [<!ENTITY a "b">]><x/>',
      '<s:Envelope xmlns:s="x"><s:Body><Probe/></s:Body></s:Envelope>',
    ]) {
      expect(readAnnouncements(Buffer.from(junk))).toEqual([]);
    }
  });
  it('is read from Hello and Bye as well', () => {
    const hello = (kind: string): string =>
      `<s:Envelope xmlns:s="x"><s:Body><d:${kind}><a:EndpointReference><a:Address>urn:uuid:a0b1c2d3-e4f5-0617-2839-98df820a1b2c</a:Address></a:EndpointReference><d:Types>dn:NetworkVideoTransmitter</d:Types></d:${kind}></s:Body></s:Envelope>`;
    expect(readAnnouncements(Buffer.from(hello('Hello')))[0]).toMatchObject({
      kind: 'hello',
      types: ['NetworkVideoTransmitter'],
    });
    expect(readAnnouncements(Buffer.from(hello('Bye')))[0]).toMatchObject({
      kind: 'bye',
      endpointId: 'urn:uuid:a0b1c2d3-e4f5-0617-2839-98df820a1b2c',
    });
  });
});

describe('chooseXaddr', () => {
  it('prefers the address that answered, then an IPv4 one', () => {
    const xaddrs = [
      'http://[fe80::1]/x',
      'http://10.0.0.1:81/a',
      'http://192.168.1.5:8000/onvif/device_service',
    ];
    expect(chooseXaddr(xaddrs, '192.168.1.5')).toBe('http://192.168.1.5:8000/onvif/device_service');
    expect(chooseXaddr(xaddrs, '192.168.1.6')).toBe('http://192.168.1.6:81/a');
  });
  it('never leads away from the address that answered', () => {
    for (const xaddr of [
      'http://169.254.169.254/latest',
      'http://user:pass@8.8.8.8:1/x',
      'gopher://1.1.1.1/',
      '::::',
    ]) {
      expect(new URL(chooseXaddr([xaddr], '192.168.1.6')).hostname).toBe('192.168.1.6');
    }
  });
});
