import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** The part of the AsyncAPI document that tells which topic bears which message. */
interface TopicDocument {
  channels: Record<string, { address: string; messages: Record<string, unknown> }>;
}

interface TopicRule {
  kind: string;
  pattern: RegExp;
}

/** Root of the addresses in the document. */
const DOCUMENT_ROOT = 'gantry/{gatewayId}/';

/** The published documents of config/mqtt/, as a tracker uses them: which message belongs on a topic, and whether it is valid. */
export class PayloadSchemas {
  readonly #rules: readonly TopicRule[];
  readonly #validators: ReadonlyMap<string, ValidateFunction>;

  private constructor(rules: readonly TopicRule[], validators: ReadonlyMap<string, ValidateFunction>) {
    this.#rules = rules;
    this.#validators = validators;
  }

  /** Reads asyncapi.json and the schema of each message from `folder`. */
  static async load(folder: string): Promise<PayloadSchemas> {
    const document = (await readJson(join(folder, 'asyncapi.json'))) as TopicDocument;
    const ajv = new Ajv2020({ allErrors: true });
    formats.default(ajv);
    const rules: TopicRule[] = [];
    const validators = new Map<string, ValidateFunction>();
    for (const { address, messages } of Object.values(document.channels)) {
      const [kind = ''] = Object.keys(messages);
      rules.push({ kind, pattern: patternOf(address.slice(DOCUMENT_ROOT.length)) });
      validators.set(kind, ajv.compile((await readJson(join(folder, `${kind}.schema.json`))) as object));
    }
    return new PayloadSchemas(rules, validators);
  }

  /** The message that belongs on a topic below the root, as in `camera-health`; undefined for an unknown topic. */
  kindOf(topicBelowRoot: string): string | undefined {
    return this.#rules.find(({ pattern }) => pattern.test(topicBelowRoot))?.kind;
  }

  /** What is wrong with a payload, in words; null when it is valid. */
  problemOf(kind: string, value: unknown): string | null {
    const validate = this.#validators.get(kind);
    if (!validate || validate(value)) return null;
    const problems = (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath || 'the message'} ${message ?? 'is wrong'}${extraOf(params)}`,
    );
    return problems.join('; ').slice(0, 500);
  }
}

function extraOf(params: Record<string, unknown>): string {
  const extra = params['additionalProperty'];
  return typeof extra === 'string' ? ` (${extra})` : '';
}

function patternOf(address: string): RegExp {
  const parts = address.split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^/]+')}$`);
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
