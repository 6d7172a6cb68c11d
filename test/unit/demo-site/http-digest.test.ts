import { describe, expect, it } from 'vitest';
import {
  checkBasic,
  DigestGate,
  digestParameters,
  digestResponse,
} from '../../../scripts/demo-site/auth/http-digest.ts';

const mufasa = { username: 'Mufasa', password: 'Circle of Life' };
const header = (algorithm: string): string =>
  `Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=${algorithm}, ` +
  'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth';

/** A client's answer to a challenge. */
function answer(challenge: string, account: { username: string; password: string }, nc?: string): string {
  const parameters = digestParameters(challenge);
  parameters.set('uri', '/x');
  if (nc === undefined) parameters.delete('qop');
  else parameters.set('nc', nc).set('cnonce', 'abc').set('qop', 'auth');
  const algorithm = parameters.get('algorithm') === 'SHA-256' ? 'SHA-256' : 'MD5';
  parameters.set('username', account.username);
  parameters.set('response', digestResponse(parameters, algorithm, account, 'GET'));
  return `Digest ${[...parameters].map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}

describe('the demo site checks HTTP Digest', () => {
  it('computes the example of RFC 7616 3.9.1 with MD5 and SHA-256', () => {
    expect(digestResponse(digestParameters(header('MD5')), 'MD5', mufasa, 'GET')).toBe(
      '8ca523f5e9506fed4657c9700eebdbec',
    );
    expect(digestResponse(digestParameters(header('SHA-256')), 'SHA-256', mufasa, 'GET')).toBe(
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });

  it('lets the right password in and refuses the wrong one', () => {
    const gate = new DigestGate('cam', ['SHA-256', 'MD5'], true);
    for (const challenge of gate.challenges()) {
      expect(gate.check(answer(challenge, { ...mufasa, password: 'no' }, '00000001'), 'GET', mufasa)).toBe(
        'wrong',
      );
      expect(gate.check(undefined, 'GET', mufasa)).toBe('missing');
    }
    expect(gate.check(answer(gate.challenges()[0]!, mufasa, '00000001'), 'GET', mufasa)).toBe('ok');
  });

  it('refuses a repeated nonce count as stale', () => {
    const gate = new DigestGate('cam', ['MD5'], true);
    const first = answer(gate.challenges()[0]!, mufasa, '00000001');
    expect(gate.check(first, 'GET', mufasa)).toBe('ok');
    expect(gate.check(first, 'GET', mufasa)).toBe('stale');
  });

  it('refuses a nonce it never gave as stale', () => {
    const gate = new DigestGate('cam', ['MD5'], false);
    expect(gate.check(answer('Digest realm="cam", nonce="made-up"', mufasa), 'GET', mufasa)).toBe('stale');
  });

  it('takes the older form without qop again and again, as RTSP clients send it', () => {
    const gate = new DigestGate('cam', ['MD5'], false);
    const [challenge] = gate.challenges();
    expect(challenge).not.toContain('qop');
    expect(gate.check(answer(challenge!, mufasa), 'GET', mufasa)).toBe('ok');
    expect(gate.check(answer(challenge!, mufasa), 'GET', mufasa)).toBe('ok');
  });

  it('checks Basic', () => {
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
    expect(checkBasic(basic('Mufasa:Circle of Life'), mufasa)).toBe('ok');
    expect(checkBasic(basic('Mufasa:nothing'), mufasa)).toBe('wrong');
    expect(checkBasic('Digest x="y"', mufasa)).toBe('missing');
  });
});
