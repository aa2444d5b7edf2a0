import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { modelsPage } from '../../../../bench/docs/models-page.ts';
import { parseModelHeader } from '../../../../bench/docs/model-header.ts';
import { models } from '../../../../servers/registry.ts';

const root = new URL('../../../../', import.meta.url);
const MOST_LINES = 8;
const MOST_COLUMNS = 100;

test('docs/models.md says what the files in servers/models/ say of themselves', async () => {
  const current = readFileSync(new URL('docs/models.md', root), 'utf8');
  expect(current, 'it is older than they are: `npm run docs` writes it anew').toBe(await modelsPage(root));
});

test.each(await models.names())('the header of %s has its parts, and a drawing that fits', (name) => {
  const text = readFileSync(new URL(`servers/models/${name}.ts`, root), 'utf8');
  const { mechanism, drawing } = parseModelHeader(name, text);
  expect(mechanism).toMatch(/^[A-Z].*\.$/);
  expect(drawing.split('\n').length).toBeLessThanOrEqual(MOST_LINES);
  for (const line of text.split('\n').filter((each) => each.startsWith(' *     '))) {
    expect(line.length, line).toBeLessThanOrEqual(MOST_COLUMNS);
  }
});

test.each(await models.all())('what sleeps in the drawing of $name sleeps where it is declared', ({ name, evidence }) => {
  const { drawing } = parseModelHeader(name, readFileSync(new URL(`servers/models/${name}.ts`, root), 'utf8'));
  const { receivesIn, acceptsIn, idlesIn, handledBy } = evidence;
  const drawn = Array.from(drawing.matchAll(/~~> (\w+)/g), ([, call]) => call!);
  const inPool = handledBy === undefined ? [] : ['futex'];
  expect([receivesIn, acceptsIn, idlesIn, ...inPool]).toEqual(expect.arrayContaining(drawn));
  expect(drawn).toContain(receivesIn);
});
