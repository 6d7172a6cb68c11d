import { translate } from '../i18n/translate.ts';
import { apiTexts } from './texts.ts';
import { ApiError } from './api-error.ts';

type Filled = 'problem.bad-request' | 'problem.conflict' | 'problem.too-many-requests';

function isKnown(key: string): key is Exclude<keyof typeof apiTexts, Filled> {
  return Object.hasOwn(apiTexts, key);
}

/** A plain sentence for whatever a request threw. */
export function problemText(error: unknown): string {
  if (!(error instanceof ApiError)) return translate('problem.other');
  return codeText(error.code, error.detail, error.retryAfterSec);
}

/** A plain sentence for one of the gateway's error codes. */
export function codeText(code: string, detail = '', retryAfterSec: number | null = null): string {
  const key = `problem.${code}`;
  if (key === 'problem.bad-request' || key === 'problem.conflict') return translate(key, { detail });
  if (key === 'problem.too-many-requests') return translate(key, { seconds: retryAfterSec ?? 60 });
  return isKnown(key) ? translate(key) : translate('problem.other');
}

/** The code to show in mono beside the sentence. */
export function problemCode(error: unknown): string {
  return error instanceof ApiError ? error.code : 'internal';
}
