/** A URL with the braces of its placeholders as they were written: some encode them when they copy it. */
export function decodedBraces(url: string): string {
  return url.replaceAll(/%7[Bb]/g, '{').replaceAll(/%7[Dd]/g, '}');
}
