/** Something that is fetched: not yet, there, or failed. */
export type Fetched<Value> =
  | { state: 'loading' }
  | { state: 'ready'; value: Value }
  | { state: 'failed'; error: unknown };

/** The outcome of a reading; never throws. */
export async function fetched<Value>(reading: Promise<Value>): Promise<Fetched<Value>> {
  try {
    return { state: 'ready', value: await reading };
  } catch (error) {
    return { state: 'failed', error };
  }
}
