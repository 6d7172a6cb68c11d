/** A request that did not succeed; `code` is stable, `detail` is the gateway's English sentence. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly retryAfterSec: number | null;
  /** All members of the reply, those of this one error included. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    status: number,
    detail: string,
    retryAfterSec: number | null = null,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.retryAfterSec = retryAfterSec;
    this.members = members;
  }
}
