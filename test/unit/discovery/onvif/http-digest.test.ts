import { describe, expect, it } from 'vitest';
import { digestAuthorization, parseChallenges } from '../../../../gateway/discovery/onvif/http-digest.ts';

/** The example of RFC 7616 section 3.9.1. */
const RFC = {
  request: {
    method: 'GET',
    uri: '/dir/index.html',
    username: 'Mufasa',
    password: 'Circle of Life',
    nonceCount: 1,
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  },
  challenge: (algorithm: string): string =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
};

describe('digestAuthorization', () => {
  const expected = {
    MD5: '8ca523f5e9506fed4657c9700eebdbec',
    'SHA-256': '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
  };
  for (const [algorithm, response] of Object.entries(expected)) {
    it(`gives the response of RFC 7616's example for ${algorithm}`, () => {
      const { digest } = parseChallenges(RFC.challenge(algorithm));
      const header = digest ? digestAuthorization(digest, RFC.request) : '';
      expect(header).toContain(`response="${response}"`);
      expect(header).toContain('qop=auth, nc=00000001');
      expect(header).toContain('opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"');
    });
  }

  it('answers the old form without qop (RFC 2069 with the erratum’s value)', () => {
    const { digest } = parseChallenges(
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
    );
    const request = { ...RFC.request, password: 'CircleOfLife' };
    expect(digest && digestAuthorization(digest, request)).toContain(
      'response="1949323746fe6a43ef61f9606e7febea"',
    );
    expect(digest && digestAuthorization(digest, request)).not.toContain('qop');
  });

  it('lets no quote or line break of a user name out of its field', () => {
    const { digest } = parseChallenges(RFC.challenge('MD5'));
    const header = digest ? digestAuthorization(digest, { ...RFC.request, username: 'a"b\\c\r\nX: y' }) : '';
    expect(header).toContain('username="a\\"b\\\\cX: y"');
    expect(header).not.toMatch(/[\r\n]/);
  });
});

describe('parseChallenges', () => {
  it('takes the first Digest it can answer, in the order of the server', () => {
    const header = [
      'Digest realm="r", nonce="1", algorithm=SHA-512-256, qop="auth"',
      RFC.challenge('SHA-256'),
      RFC.challenge('MD5'),
    ];
    expect(parseChallenges(header).digest?.algorithm).toBe('SHA-256');
  });

  it('reads several challenges in one header, and commas and quotes inside values', () => {
    const found = parseChallenges(
      'Basic realm="a, Digest b", Digest realm="x \\"y\\", z", nonce="n", stale=TRUE',
    );
    expect(found).toMatchObject({
      basic: true,
      digest: { realm: 'x "y", z', nonce: 'n', stale: true, algorithm: 'MD5' },
    });
  });

  it('finds nothing to answer in qop auth-int alone, in a missing nonce, in junk', () => {
    for (const header of [
      'Digest realm="r", nonce="n", qop="auth-int"',
      'Digest realm="r"',
      '=,"',
      '',
      undefined,
    ]) {
      expect(parseChallenges(header).digest).toBeNull();
    }
  });
});
