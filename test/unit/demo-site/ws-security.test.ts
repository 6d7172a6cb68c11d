import { describe, expect, it } from 'vitest';
import {
  passwordDigest,
  WsSecurityGate,
  type UsernameToken,
} from '../../../scripts/demo-site/auth/ws-security.ts';

const account = { username: 'admin', password: 'gantry-demo' };
const clockMs = Date.parse('2026-11-23T06:32:08Z');
const digestType =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest';

function token(over: Partial<UsernameToken> = {}, password = account.password): UsernameToken {
  const created = over.created ?? '2026-11-23T06:32:00Z';
  const nonce = over.nonce ?? Buffer.from('sixteen bytes ok').toString('base64');
  return {
    username: 'admin',
    nonce,
    created,
    passwordType: digestType,
    password: passwordDigest(nonce, created, password),
    ...over,
  };
}

describe('the demo site checks WS-Security', () => {
  it('computes the digest of the example in the ONVIF programmer’s guide', () => {
    expect(passwordDigest('LKqI6G/AikKCQrN0zqZFlg==', '2010-09-16T07:50:45Z', 'userpassword')).toBe(
      'tuOSpGlFlIXsozq4HFNeeGeFLEI=',
    );
  });

  it('lets a fresh digest in once', () => {
    const gate = new WsSecurityGate();
    expect(gate.check(token(), account, clockMs)).toBe('ok');
    expect(gate.check(token(), account, clockMs)).toBe('stale');
  });

  it('refuses a wrong password, a plain-text password and another user', () => {
    const gate = new WsSecurityGate();
    expect(gate.check(token({}, 'other'), account, clockMs)).toBe('wrong');
    expect(
      gate.check(
        token({ passwordType: digestType.replace('Digest', 'Text'), password: account.password }),
        account,
        clockMs,
      ),
    ).toBe('wrong');
    expect(gate.check(token({ username: 'root' }), account, clockMs)).toBe('wrong');
    expect(gate.check(undefined, account, clockMs)).toBe('missing');
  });

  it('refuses a token made more than five minutes from the camera’s own clock', () => {
    const gate = new WsSecurityGate();
    expect(gate.check(token(), account, clockMs + 3_600_000)).toBe('stale');
    expect(gate.check(token({ created: 'yesterday' }), account, clockMs)).toBe('stale');
  });
});
