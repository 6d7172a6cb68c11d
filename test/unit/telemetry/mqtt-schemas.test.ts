import { expect, it } from 'vitest';
import { mqttSchemas } from '../../../scripts/generate-mqtt-schemas.ts';

it('has a JSON Schema for every message of the AsyncAPI document, and no other file', () => {
  const files = mqttSchemas();
  const document = JSON.stringify(files.get('asyncapi.json'));
  const named = [...document.matchAll(/\.\/([\w-]+\.schema\.json)/g)].map(([, name]) => name);
  expect([...files.keys()].toSorted()).toEqual([...named, 'asyncapi.json'].toSorted());
  expect(files.get('camera-health.schema.json')).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: { light: { enum: ['green', 'yellow', 'red', 'grey'] } },
  });
  expect(files.get('tracker-project.schema.json')).toMatchObject({ required: ['name'] });
});
