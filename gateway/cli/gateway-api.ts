import { GatewayError, messageOf } from '../base/gateway-error.ts';
import type { Page, Problem } from '../contract/common.ts';

/** Options of commands that speak to a running gateway. */
export interface ApiOptions {
  url: string;
  json?: boolean;
}

/** The API of a running gateway, with the token in GANTRY_TOKEN. */
export class GatewayApi {
  readonly #url: string;

  constructor({ url }: ApiOptions) {
    this.#url = url.replace(/\/+$/, '');
  }

  /** The body of a success; throws `bad-request` with the gateway's own words, or that it does not answer. */
  async ask<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const json = body === undefined ? undefined : JSON.stringify(body);
    return parsed<Body>(await this.#request(method, path, { type: 'application/json', body: json }));
  }

  /** Sends a file; `alsoFine` are statuses whose body is a result, too. Throws as `ask`. */
  async send<Body>(path: string, file: Uint8Array, alsoFine: readonly number[]): Promise<Body> {
    const body = new Uint8Array(file);
    const sent = { type: 'application/octet-stream', body };
    return parsed<Body>(await this.#request('POST', path, sent, alsoFine));
  }

  /** Throws as `ask`. */
  download(path: string): Promise<Buffer> {
    return this.#request('GET', path, { type: 'application/json', body: undefined });
  }

  async #request(
    method: string,
    path: string,
    sent: { type: string; body: string | Uint8Array<ArrayBuffer> | undefined },
    alsoFine: readonly number[] = [],
  ): Promise<Buffer> {
    const token = process.env['GANTRY_TOKEN'];
    if (token === undefined || token === '') {
      throw new GatewayError(
        'unauthenticated',
        'set GANTRY_TOKEN to an API token: an admin makes one with POST /api/v1/tokens',
      );
    }
    const response = await fetch(this.#url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': sent.type },
      body: sent.body,
    }).catch((error: unknown) => {
      throw new GatewayError('bad-request', `no gateway answers at ${this.#url}: ${messageOf(error)}`, {
        cause: error,
      });
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (response.ok || (alsoFine.includes(response.status) && 'rows' in parsed<object>(bytes))) return bytes;
    throw new GatewayError(
      'bad-request',
      `the gateway answered ${response.status}: ${detailOf(bytes.toString())}`,
    );
  }

  /** Every item of a list, page by page. */
  async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
      const next: Page<Item> = await this.ask<Page<Item>>('GET', path + query);
      items.push(...next.items);
      cursor = next.nextCursor;
    } while (cursor !== null);
    return items;
  }
}

function parsed<Body>(bytes: Buffer): Body {
  const text = bytes.toString();
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}

function detailOf(text: string): string {
  try {
    return (JSON.parse(text) as Problem).detail;
  } catch {
    return text.slice(0, 200);
  }
}
