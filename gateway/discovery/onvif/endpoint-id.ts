/** One form for the many ways devices write their endpoint id: `urn:uuid:` and lower case; null for an empty one. */
export function endpointId(text: string | null | undefined): string | null {
  const trimmed = (text ?? '').trim().slice(0, 200);
  const uuid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i.exec(trimmed)?.[0];
  if (uuid === '00000000-0000-0000-0000-000000000000') return null;
  return uuid ? `urn:uuid:${uuid.toLowerCase()}` : trimmed || null;
}
