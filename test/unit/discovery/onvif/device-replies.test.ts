import { expect, it } from 'vitest';
import { readMac } from '../../../../gateway/discovery/onvif/device-replies.ts';
import { readScopes } from '../../../../gateway/discovery/onvif/scopes.ts';
import type { XmlNode } from '../../../../gateway/discovery/soap/xml-node.ts';
import { readXml } from '../../../../gateway/discovery/soap/xml-reader.ts';

function xml(text: string): XmlNode {
  const read = readXml(Buffer.from(text));
  if (!read.ok) throw new Error(read.message);
  return read.root;
}

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
