import { expect, test } from 'vitest';
import { errorCodes } from '../../../../gateway/base/error-codes.ts';
import { reasonCode } from '../../../../gateway/contract/health.ts';
import { ApiError } from '../../../../viewer/api/api-error.ts';
import { backoffMs } from '../../../../viewer/api/backoff-ms.ts';
import { codeText, problemCode, problemText } from '../../../../viewer/api/problem-text.ts';
import { readProblem } from '../../../../viewer/api/request.ts';
import { texts } from '../../../../viewer/i18n/texts.ts';

test('every code that a person can meet has a sentence of its own', () => {
  // These end the gateway before it answers anyone, or are what `problem.other` says.
  const unseen = new Set(['config-invalid', 'port-in-use', 'internal']);
  const silent = Object.keys(errorCodes).filter(
    (code) => !unseen.has(code) && !Object.hasOwn(texts, `problem.${code}`),
  );
  expect(silent).toEqual([]);
});

test('every reason of a light has its words', () => {
  expect(reasonCode.options.filter((code) => !Object.hasOwn(texts, `reason.${code}`))).toEqual([]);
});

test('a problem says what happened and what to do, with its detail or wait', () => {
  expect(problemText(new ApiError('bad-credentials', 401, ''))).toBe('账号或密码不正确。');
  expect(problemText(new ApiError('conflict', 409, 'name taken'))).toContain('name taken');
  expect(problemText(new ApiError('too-many-requests', 429, '', 30))).toContain('30 秒');
});

test('an unknown code or a fault of the page is said plainly too', () => {
  expect(codeText('never-heard-of')).toBe('网关内部出错，请通知运维。');
  expect(codeText('toString')).toBe('网关内部出错，请通知运维。');
  expect(problemText(new TypeError('x'))).toBe('网关内部出错，请通知运维。');
  expect(problemCode(new TypeError('x'))).toBe('internal');
});

test('a problem reply is read with its code and wait, another reply becomes internal', async () => {
  const body = JSON.stringify({ code: 'camera-offline', detail: 'gone', status: 503 });
  const reply = new Response(body, { status: 503, headers: { 'retry-after': '10' } });
  expect(await readProblem(reply)).toMatchObject({ code: 'camera-offline', status: 503, retryAfterSec: 10 });
  expect(await readProblem(new Response('<html>', { status: 502 }))).toMatchObject({
    code: 'internal',
    status: 502,
  });
});

test('waits double up to half a minute and are spread', () => {
  expect([0, 1, 2, 5, 50].map((attempt) => backoffMs(attempt, 0))).toEqual([
    1000, 2000, 4000, 30_000, 30_000,
  ]);
  expect(backoffMs(0, 1)).toBe(800);
});
