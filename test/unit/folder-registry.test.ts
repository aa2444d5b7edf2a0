import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FolderRegistry } from '../../plugins/folder-registry.ts';

interface Animal {
  name: string;
  legs: number;
}

const files = {
  'horse.ts': `export default { name: 'horse', legs: 4 };`,
  'ant.ts': `export default { name: 'ant', legs: 6 };`,
  'water-strider.ts': `export default { name: 'water-strider', legs: 6 };`,
  'ant.test.ts': `throw new Error('a test is no entry');`,
  'ant.d.ts': `declare const ant: object; export default ant;`,
  'ant.js.map': `{}`,
  'README.md': `# Animals`,
};

let folder = '';
let animals: FolderRegistry<Animal>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sockbench-registry-'));
  await Promise.all(Object.entries(files).map(([file, content]) => writeFile(join(folder, file), content)));
  animals = new FolderRegistry('animal', new URL(`${pathToFileURL(folder).href}/`));
});

afterAll(() => rm(folder, { recursive: true }));

describe('a folder as a registry', () => {
  test('names its modules in alphabetical order, and nothing that is not an entry', async () => {
    expect(await animals.names()).toEqual(['ant', 'horse', 'water-strider']);
  });

  test('loads the default export of the file with that name', async () => {
    expect(await animals.load('water-strider')).toEqual({ name: 'water-strider', legs: 6 });
  });

  test('loads all in the order of their names', async () => {
    expect((await animals.all()).map(({ name }) => name)).toEqual(['ant', 'horse', 'water-strider']);
  });

  test('sees a file that was added later', async () => {
    await writeFile(join(folder, 'snake.ts'), `export default { name: 'snake', legs: 0 };`);
    expect(await animals.load('snake')).toEqual({ name: 'snake', legs: 0 });
    await rm(join(folder, 'snake.ts'));
    expect(await animals.names()).not.toContain('snake');
  });

  test('a misspelt name is an error that names the nearest', async () => {
    await expect(animals.load('hores')).rejects.toMatchObject({
      code: 'E_UNKNOWN_NAME',
      message: 'animal: expected one of ant, horse, water-strider, got "hores"',
      remedy: 'nearest: horse',
    });
  });

  test.each(['', 'ant.ts', 'README', './ant', '../ant'])('%j is no entry, even where such a file exists', async (name) => {
    await expect(animals.load(name)).rejects.toMatchObject({ code: 'E_UNKNOWN_NAME' });
  });
});
