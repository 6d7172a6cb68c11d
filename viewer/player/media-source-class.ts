interface WindowWithManaged {
  ManagedMediaSource?: typeof MediaSource;
}

/** MediaSource, or the managed kind that iPhones have; null where there is none. */
export function mediaSourceClass(): typeof MediaSource | null {
  const managed = (window as WindowWithManaged).ManagedMediaSource;
  if (typeof MediaSource === 'function') return MediaSource;
  return managed ?? null;
}
