import { expect, it } from 'vitest';
import { passwordDigest, securityHeader } from '../../../../gateway/discovery/onvif/ws-security.ts';

it('gives the digest of the example in ONVIF’s Application Programmer’s Guide', () => {
  const nonce = Buffer.from('LKqI6G/AikKCQrN0zqZFlg==', 'base64');
  expect(passwordDigest(nonce, '2010-09-16T07:50:45Z', 'userpassword')).toBe('tuOSpGlFlIXsozq4HFNeeGeFLEI=');
});

it('escapes the user name and writes whole seconds', () => {
  const header = securityHeader({
    username: 'a<b>&"管理员',
    password: 'x',
    createdMs: 1_764_000_000_999,
    nonce: Buffer.alloc(16),
  });
  expect(header).toContain('<wsse:Username>a&lt;b&gt;&amp;&quot;管理员</wsse:Username>');
  expect(header).toContain('<wsu:Created>2025-11-24T16:00:00Z</wsu:Created>');
  expect(header).not.toContain('>x<');
});
