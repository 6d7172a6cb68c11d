/**
 * Memory that samples of a stream lie in, and that is written again once nobody holds it. Who keeps a sample beyond the
 * call that brought it says so with `retain`, and later with `release`, exactly once for each `retain`. A `release`
 * that never comes costs nothing but its reuse: the memory is then collected as garbage.
 */
export interface MediaMemory {
  retain(): void;
  release(): void;
  /** It was handed to someone who does not say when he is done: it is never written again. */
  abandon(): void;
}
