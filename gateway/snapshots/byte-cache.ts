/** Keeps the bytes used last, up to a total size; lives as long as its owner. */
export class ByteCache {
  readonly #mostBytes: number;
  readonly #entries = new Map<string, Buffer>();
  #byteLength = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get(key: string): Buffer | undefined {
    const bytes = this.#entries.get(key);
    if (!bytes) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, bytes);
    return bytes;
  }

  set(key: string, bytes: Buffer): void {
    this.delete(key);
    this.#entries.set(key, bytes);
    this.#byteLength += bytes.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#byteLength <= this.#mostBytes) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#byteLength -= this.#entries.get(key)?.byteLength ?? 0;
    this.#entries.delete(key);
  }
}
