import type { Beginning, Mode, TimelineStore } from './timeline-store.ts';

const MODES: readonly Mode[] = ['one', 'compare', 'lapse'];

/** Where an address's query points: `?at=…&then=…&mode=…`, times in RFC 3339; what it does not say is null. */
export function beginningOf(search: string): Beginning {
  const query = new URLSearchParams(search);
  const time = (name: string): number | null => {
    const at = Date.parse(query.get(name) ?? '');
    return Number.isNaN(at) ? null : at;
  };
  return {
    atMs: time('at'),
    thenMs: time('then'),
    mode: MODES.find((mode) => mode === query.get('mode')) ?? 'one',
  };
}

/** The query that brings one back to what is shown; other parameters stay. */
export function addressOf(store: TimelineStore, search: string): string {
  const query = new URLSearchParams(search);
  for (const name of ['at', 'then', 'mode']) query.delete(name);
  const index = store.index.value;
  const at = index.timeAt(store.settled.value);
  const then = index.timeAt(store.thenAt.value);
  const mode = store.mode.value;
  if (!Number.isNaN(at) && store.settled.value < index.length - 1)
    query.set('at', new Date(at).toISOString());
  if (mode !== 'one') query.set('mode', mode);
  if (mode === 'compare' && !Number.isNaN(then)) query.set('then', new Date(then).toISOString());
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
