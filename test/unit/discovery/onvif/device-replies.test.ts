import { describe, expect, it } from 'vitest';
import { readMac, readSystemTime } from '../../../../gateway/discovery/onvif/device-replies.ts';
import { readScopes } from '../../../../gateway/discovery/onvif/scopes.ts';
import type { XmlNode } from '../../../../gateway/discovery/soap/xml-node.ts';
import { readXml } from '../../../../gateway/discovery/soap/xml-reader.ts';

function xml(text: string): XmlNode {
  const read = readXml(Buffer.from(text));
  if (!read.ok) throw new Error(read.message);
  return read.root;
}

const date = (day: number, hour: number): string =>
  `<Time><Hour>${hour}</Hour><Minute>30</Minute><Second>5</Second></Time><Date><Year>2026</Year><Month>11</Month><Day>${day}</Day></Date>`;

describe('readSystemTime', () => {
  it('takes UTC where it is given', () => {
    const body = xml(
      `<R><SystemDateAndTime><UTCDateTime>${date(23, 6)}</UTCDateTime><LocalDateTime>${date(1, 1)}</LocalDateTime></SystemDateAndTime></R>`,
    );
    expect(readSystemTime(body)).toBe(Date.UTC(2026, 10, 23, 6, 30, 5));
  });
  it('counts back from local time by its POSIX zone', () => {
    for (const zone of ['CST-8', '&lt;+08&gt;-8', 'CST-08:00:00']) {
      const body = xml(
        `<R><SystemDateAndTime><TimeZone><TZ>${zone}</TZ></TimeZone><LocalDateTime>${date(23, 14)}</LocalDateTime></SystemDateAndTime></R>`,
      );
      expect(readSystemTime(body)).toBe(Date.UTC(2026, 10, 23, 6, 30, 5));
    }
  });
  it('gives null for a time that is none', () => {
    for (const inside of [
      '',
      '<UTCDateTime/>',
      '<UTCDateTime><Date><Year>20x6</Year></Date></UTCDateTime>',
      `<LocalDateTime>${date(1, 1)}</LocalDateTime>`,
    ]) {
      expect(readSystemTime(xml(`<R><SystemDateAndTime>${inside}</SystemDateAndTime></R>`))).toBeNull();
    }
  });
});

it('takes the MAC of the interface that has the address, else of the first that has one', () => {
  const card = (mac: string, ip: string): string =>
    `<NetworkInterfaces><Info><HwAddress>${mac}</HwAddress></Info><IPv4><Config><FromDHCP><Address>${ip}</Address></FromDHCP></Config></IPv4></NetworkInterfaces>`;
  const body = xml(
    `<R>${card('00:00:00:00:00:00', '1.1.1.1')}${card('AA-BB-CC-00-00-01', '10.0.0.1')}${card('aabbcc000002', '10.0.0.2')}</R>`,
  );
  expect(readMac(body, '10.0.0.2')).toBe('aa:bb:cc:00:00:02');
  expect(readMac(body, '10.9.9.9')).toBe('aa:bb:cc:00:00:01');
  expect(readMac(xml('<R/>'), '10.0.0.1')).toBeNull();
});

it('reads scopes, decoded, whatever is wrong with some of them', () => {
  const scopes = [
    'onvif://www.onvif.org/name/%E4%B8%9C%E9%97%A8%20A',
    'onvif://www.onvif.org/hardware/X%ZZ',
    'junk',
    'onvif://www.onvif.org/location/city/hangzhou',
    'onvif://www.onvif.org/Profile/T',
  ];
  expect(readScopes(scopes)).toEqual({
    name: '东门 A',
    hardware: 'X%ZZ',
    location: 'hangzhou',
    profiles: ['T'],
  });
});
