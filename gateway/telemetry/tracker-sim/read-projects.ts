import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { GatewayError, messageOf } from '../../base/gateway-error.ts';
import { trackerProject } from '../payloads.ts';
import type { ToldProject } from './generate-projects.ts';

const MOST = 10_000;
const externalId = z.string().regex(/^[^/+#\0]{1,200}$/, 'text that can be one level of a topic');
const project = z.strictObject({ externalId, ...trackerProject.shape });
const projects = z.array(project).max(MOST);

/**
 * Reads a list of projects, YAML or JSON, each with its `externalId` beside the fields of the payload. Throws `bad-request`
 * naming what is wrong and where.
 */
export async function readProjects(path: string): Promise<ToldProject[]> {
  let value: unknown;
  try {
    value = parse(await readFile(path, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    throw new GatewayError('bad-request', `${path} cannot be read as YAML or JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const result = projects.safeParse(value);
  if (!result.success) {
    const problems = result.error.issues.slice(0, 10);
    const texts = problems.map(
      (issue) => `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`,
    );
    throw new GatewayError('bad-request', `${path} is no list of projects: ${texts.join('; ')}`);
  }
  return result.data.map(({ externalId, ...body }) => ({ externalId, body }));
}
