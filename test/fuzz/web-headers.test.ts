import { assert, constantFrom, oneof, property, string, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { newSecret } from '../../gateway/web/access/secret-token.ts';
import { isSameOrigin } from '../../gateway/web/access/same-origin.ts';
import { readSessionCookie, sessionCookie } from '../../gateway/web/access/session-cookie.ts';
import { closeReason } from '../../gateway/web/live-socket.ts';

it('readSessionCookie finds its own cookie among any others, and never anything of another form', () => {
  const secret = newSecret();
  const own = sessionCookie(secret, false).split(';')[0] ?? '';
  assert(
    property(string({ unit: 'binary' }), string(), (before, after) => {
      const found = readSessionCookie(before);
      expect(found === undefined || /^[\w-]{43}$/.test(found)).toBe(true);
      const neighbours = before.replaceAll('gantry_session', '');
      expect(readSessionCookie(`${neighbours}; ${own}; ${after}`)).toBe(secret);
    }),
  );
});

it('isSameOrigin never throws, and no origin but the host’s own passes', () => {
  const origins = oneof(
    string({ unit: 'binary' }),
    constantFrom('null', 'https://gantry.example.evil', 'http://'),
  );
  assert(
    property(tuple(origins, string()), ([origin, host]) => {
      expect(isSameOrigin({ origin }, 'gantry.example')).toBe(URL.parse(origin)?.host === 'gantry.example');
      expect(isSameOrigin({ origin, 'sec-fetch-site': 'cross-site' }, host)).toBe(false);
    }),
  );
});

it('closeReason fits into a close frame whatever the text', () => {
  assert(
    property(string({ unit: 'binary', maxLength: 400 }), (text) => {
      const reason = closeReason(text);
      expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
      expect(text.startsWith(reason)).toBe(true);
    }),
  );
});
