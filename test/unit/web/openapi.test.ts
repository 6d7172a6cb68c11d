import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebFixture } from '../../support/web-fixture.ts';

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  security: object[];
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

const web = new WebFixture();
let document: Document;

beforeAll(async () => {
  await web.start();
  document = (await (await web.get('/api/v1/openapi.json')).json()) as Document;
});
afterAll(() => web.stop());

describe('the OpenAPI document', () => {
  it('lists every route and nothing else', () => {
    const listed = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method} ${path}`),
    );
    expect(document.openapi).toBe('3.1.0');
    expect(listed.sort()).toEqual(web.server.routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('names each path parameter once, and each operation apart', () => {
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).map((operation) => ({ path, operation })),
    );
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
      const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name).sort()).toEqual(inPath);
      expect(operation.responses['default']?.content).toHaveProperty(['application/problem+json']);
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has no reference that leads nowhere', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name ?? '',
    );
    expect(references.length).toBeGreaterThan(20);
    for (const name of references) expect(document.components.schemas).toHaveProperty(name);
    expect(document.components.schemas['Camera']).toMatchObject({
      type: 'object',
      additionalProperties: false,
    });
  });

  it('says which routes need no sign-in', () => {
    expect(document.paths['/healthz']?.['get']?.security).toEqual([]);
    expect(document.paths['/api/v1/cameras']?.['get']?.security).toEqual([{ session: [] }, { token: [] }]);
  });
});
