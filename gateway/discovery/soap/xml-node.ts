/** One element of a parsed XML document: names without namespace prefix, entities of text decoded; immutable. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Text directly inside, joined and trimmed. */
  readonly text: string;
  readonly children: readonly XmlNode[];
}

/** The first element reached by the path of child names, or undefined. */
export function nodeAt(node: XmlNode | undefined, ...path: readonly string[]): XmlNode | undefined {
  let at = node;
  for (const name of path) at = at?.children.find((child) => child.name === name);
  return at;
}

/** All direct children with this name. */
export function nodesNamed(node: XmlNode | undefined, name: string): XmlNode[] {
  return node ? node.children.filter((child) => child.name === name) : [];
}

/** The text at the path; null when there is none or it is empty. */
export function textAt(node: XmlNode | undefined, ...path: readonly string[]): string | null {
  return nodeAt(node, ...path)?.text || null;
}

/** The finite number at the path; null when there is none. */
export function numberAt(node: XmlNode | undefined, ...path: readonly string[]): number | null {
  return toNumber(textAt(node, ...path));
}

/** A finite number out of text; null for anything else. */
export function toNumber(text: string | null | undefined): number | null {
  if (text === null || text === undefined || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** The first element with this name anywhere below `node`, itself included. */
export function findNode(node: XmlNode, name: string): XmlNode | undefined {
  const waiting: XmlNode[] = [node];
  for (let at = waiting.shift(); at; at = waiting.shift()) {
    if (at.name === name) return at;
    waiting.unshift(...at.children);
  }
  return undefined;
}
