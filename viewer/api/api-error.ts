/** A request that did not succeed; `code` is stable, `detail` is the gateway's English sentence. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly retryAfterSec: number | null;

  constructor(code: string, status: number, detail: string, retryAfterSec: number | null = null) {
    super(`${code}: ${detail}`);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.retryAfterSec = retryAfterSec;
  }
}
