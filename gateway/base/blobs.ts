/** Where pictures and other large files live; keys are `/`-separated lower-case paths without `..`. */
export interface Blobs {
  /** Writes whole or not at all: bytes and folder are on disk (fsync) when the promise resolves. Overwrites. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, or undefined when there is no such key. */
  get(key: string): Promise<Buffer | undefined>;
  /** Removes the key; no error when it is not there. */
  delete(key: string): Promise<void>;
  /** All keys below the prefix, in no order. */
  list(prefix: string): AsyncIterable<string>;
}
