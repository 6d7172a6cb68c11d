import { z } from 'zod';
import { configSchema } from './schema.ts';

/** A node of the generated JSON Schema, as far as it is read here. */
interface SchemaNode {
  type?: string;
  description?: string;
  default?: unknown;
  properties?: Record<string, SchemaNode>;
  anyOf?: SchemaNode[];
  enum?: unknown[];
  items?: SchemaNode;
  const?: unknown;
}

/** One configuration key with all that is documented of it. */
export interface ConfigKey {
  /** As in `http.port`. */
  path: string;
  /** Environment variable, as in `GANTRY_HTTP_PORT`. */
  env: string;
  type: string;
  default: unknown;
  description: string;
}

/** JSON Schema (draft 2020-12) of the configuration file. */
export function configJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(configSchema, { io: 'input' }) as Record<string, unknown>;
}

/** Every key of the configuration, in the order of the schema. */
export function configKeys(): ConfigKey[] {
  const defaults = configSchema.parse({});
  return collect(configJsonSchema(), [], defaults);
}

/** The environment variable of a key: `GANTRY_` and the path in upper snake case. */
export function envName(path: readonly string[]): string {
  const words = path.map((part) => part.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase());
  return `GANTRY_${words.join('_')}`;
}

function collect(node: SchemaNode, path: string[], defaults: unknown): ConfigKey[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const childPath = [...path, name];
    const childDefault = (defaults as Record<string, unknown> | undefined)?.[name];
    if (child.properties) return collect(child, childPath, childDefault);
    // A key that is text or an object, as a secret's `{ file }`, can be given by its parts too.
    const parts = (child.anyOf ?? []).flatMap((branch) => collect(branch, childPath, childDefault));
    return [
      {
        path: childPath.join('.'),
        env: envName(childPath),
        type: typeName(child),
        default: childDefault,
        description: child.description ?? '',
      },
      ...parts,
    ];
  });
}

function typeName(node: SchemaNode): string {
  if (node.enum) return node.enum.map(String).join(' \\| ');
  if (node.anyOf) return node.anyOf.map(typeName).join(' or ');
  if (node.type === 'array') return `list of ${typeName(node.items ?? {})}`;
  if (node.type === 'object' && node.properties) return `{ ${Object.keys(node.properties).join(', ')} }`;
  return node.type ?? 'any';
}
