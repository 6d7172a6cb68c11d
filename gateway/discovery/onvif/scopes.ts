/** What a device's scopes tell of it (ONVIF Core, section "Scopes"); null where they are silent. */
export interface ScopeFacts {
  name: string | null;
  hardware: string | null;
  location: string | null;
  /** `Streaming`, `G`, `T`, … */
  profiles: string[];
}

const PREFIX = /^onvif:\/\/www\.onvif\.org\/([^/]+)\/(.*)$/i;
const MOST_SCOPES = 200;

/** Reads scope URIs such as `onvif://www.onvif.org/name/DS-2CD%20(East)`; unknown and malformed ones are left out. */
export function readScopes(scopes: readonly string[]): ScopeFacts {
  const facts: ScopeFacts = { name: null, hardware: null, location: null, profiles: [] };
  for (const scope of scopes.slice(0, MOST_SCOPES)) {
    const [, kind = '', encoded = ''] = PREFIX.exec(scope.trim()) ?? [];
    const value = decode(encoded);
    if (value === '') continue;
    switch (kind.toLowerCase()) {
      case 'name':
        facts.name ??= value;
        break;
      case 'hardware':
        facts.hardware ??= value;
        break;
      case 'location':
        facts.location ??= value.replace(/^(?:country|city)\//i, '');
        break;
      case 'profile':
        facts.profiles.push(value);
        break;
      default:
    }
  }
  return facts;
}

function decode(encoded: string): string {
  let text = encoded;
  try {
    text = decodeURIComponent(encoded);
  } catch {
    // A stray percent sign (seen with old Dahua firmware): the text as it came is better than none.
  }
  return text
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 120);
}
