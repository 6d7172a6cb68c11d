/** What a reply was, with its body: parsed where it is JSON, else text. */
export interface Reply<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

/** Speaks the gateway's API as an outside program does, with the session cookie of one person. */
export class ApiClient {
  readonly url: string;
  cookie = '';

  constructor(url: string) {
    this.url = url;
  }

  async signIn(username: string, password: string): Promise<void> {
    const reply = await this.call('POST', '/api/v1/session', { username, password });
    if (reply.status !== 201)
      throw new Error(`sign-in was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    this.cookie = reply.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ');
  }

  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    sent?: unknown,
  ): Promise<Reply<Body>> {
    const response = await this.fetch(path, {
      method,
      headers: sent === undefined ? {} : { 'content-type': 'application/json' },
      body: sent === undefined ? undefined : JSON.stringify(sent),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const body = isJson && text !== '' ? (JSON.parse(text) as unknown) : text;
    return { status: response.status, headers: response.headers, body: body as Body };
  }

  /** The body of a reply that must be a success. */
  async get<Body>(path: string): Promise<Body> {
    return this.must<Body>('GET', path);
  }

  async must<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const reply = await this.call<Body>(method, path, body);
    if (reply.status >= 300)
      throw new Error(`${method} ${path} was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  fetch(
    path: string,
    init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    return fetch(this.url + path, { ...init, headers: { cookie: this.cookie, ...init.headers } });
  }
}

/** Asks again each quarter second until `probe` gives a value; throws with `what` when it never does. */
export async function eventually<Value>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<Value | undefined>,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  let lastError: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
  }
  throw new Error(`${what} did not happen within ${timeoutMs} ms`, { cause: lastError });
}
