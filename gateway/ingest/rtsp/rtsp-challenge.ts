/** One challenge of a WWW-Authenticate header, RFC 7235; parameter names in lower case. */
export interface RtspChallenge {
  scheme: string;
  parameters: ReadonlyMap<string, string>;
}

const PARAMETER =
  /\s*,?\s*(?:([A-Za-z][A-Za-z0-9-]*)\s+)?([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/y;

/** All challenges in the values of WWW-Authenticate, several to a value allowed; what cannot be read is left out. */
export function parseChallenges(values: readonly string[]): RtspChallenge[] {
  return values.flatMap(parseValue);
}

function parseValue(value: string): RtspChallenge[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  const pattern = new RegExp(PARAMETER.source, 'y');
  for (let match = pattern.exec(value); match; match = pattern.exec(value)) {
    const [, scheme, name = '', quoted, bare] = match;
    if (scheme) found.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
    found.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '');
  }
  // Basic may come without a realm.
  if (found.length === 0 && /^\s*basic\s*$/i.test(value)) return [{ scheme: 'basic', parameters: new Map() }];
  return found;
}
