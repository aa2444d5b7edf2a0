/** The rules of the house, as in CONTRIBUTING.md: who may import whom, how long files are, what they are called. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { transports } from '../../loadgen/transport.ts';
import { workloads } from '../../loadgen/workload.ts';
import { apps } from '../../servers/app.ts';
import { models } from '../../servers/registry.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Each folder, and those that it may import from. */
const arrows: Record<string, readonly string[]> = {
  errors: [],
  plugins: ['errors'],
  framing: ['errors'],
  protocol: [],
  posix: ['errors'],
  servers: ['errors', 'plugins', 'framing', 'protocol', 'posix'],
  loadgen: ['errors', 'plugins', 'framing', 'protocol', 'posix'],
  bench: ['errors', 'plugins', 'framing', 'protocol', 'posix', 'servers', 'loadgen'],
};

const LONGEST_FILE = 400;
/** Beyond this a file wants to be two; those that don't stand here, to be seen. */
const LONG_FILE = 250;
const longFiles = new Set<string>();

const files = Object.keys(arrows).flatMap(typescriptBelow);
const tests = typescriptBelow('test');

function typescriptBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path).replaceAll(sep, '/'));
}

const source = (file: string): string => readFileSync(join(root, file), 'utf8');
const topFolder = (file: string): string => file.split(/[\\/]/)[0]!;

/** What a file imports, as written. */
function imports(file: string): string[] {
  return Array.from(
    source(file).matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gms),
    (match) => match[1] ?? match[2] ?? match[3]!,
  );
}

/** What a file starts or reads by its place beside it: a thread's entry, a registry's folder. */
function neighbours(file: string): string[] {
  return Array.from(source(file).matchAll(/new URL\(\s*['`](\.[^'`$]*)/g), (match) => match[1]!);
}

describe.each(files)('%s', (file) => {
  test('imports only from folders to its left', () => {
    const targets = [...imports(file), ...neighbours(file)]
      .filter((target) => target.startsWith('.'))
      .map((target) => topFolder(relative(root, join(root, dirname(file), target))))
      .filter((folder) => folder in arrows || folder === 'test');
    const allowed = new Set([topFolder(file), ...arrows[topFolder(file)]!]);
    expect(targets.filter((target) => !allowed.has(target))).toEqual([]);
  });

  test('asks the calendar when something began, never how long it took: somebody may set it meanwhile', () => {
    const asked = source(file).match(/^.*(Date\.now\(\)|new Date\(\)).*$/gm) ?? [];
    expect(asked.filter((line) => !/startedAt|savedAt|utimes/.test(line))).toEqual([]);
  });

  test('imports koffi only in posix/', () => {
    if (topFolder(file) !== 'posix') expect(source(file)).not.toMatch(/'koffi'/);
  });
});

describe.each([...files, ...tests])('%s', (file) => {
  test(`has at most ${LONGEST_FILE} lines, and says so beyond ${LONG_FILE}`, () => {
    const lines = source(file).trimEnd().split('\n').length;
    expect(lines).toBeLessThanOrEqual(longFiles.has(file) ? LONGEST_FILE : LONG_FILE);
  });

  test('is named in kebab-case by the thing', () => {
    expect(basename(file)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*(\.d|\.test)?\.ts$/);
    expect(file).not.toMatch(/\b(utils?|helpers?|common|misc|index)\b/);
  });
});

describe('shared code', async () => {
  const names = await models.names();
  /** The default of --model must be some name; it is written once. Some published figures are about certain models. */
  const sayable = new Set(['servers/service.ts', 'bench/figures.ts']);
  /** The name of a transport too: outside servers/, that is what it means. */
  const ambiguous = await transports.names();
  const withoutComments = (file: string): string => source(file).replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, '');

  test.each(names)('never says the name of the model %s', (name) => {
    const own = `servers/models/${name}.ts`;
    // These know nothing of models: in posix/ `poll` is the system call, in a page `select` is an element.
    const shared = files.filter((file) => file !== own && !sayable.has(file) && !/^(posix|bench\/report\/page)\//.test(file));
    const suspects = ambiguous.includes(name) ? shared.filter((file) => topFolder(file) === 'servers') : shared;
    const quoted = new RegExp(`(['"\`])${name}\\1`);
    expect(suspects.filter((file) => quoted.test(withoutComments(file)))).toEqual([]);
  });

  test('of apps knows nothing but the app interface and the protocol', () => {
    const own = files.filter((file) => file.startsWith('servers/apps/')).flatMap(imports);
    expect(own.filter((target) => !/^node:|^\.\.\/app\.ts$|^\.\.\/\.\.\/protocol\//.test(target))).toEqual([]);
  });
});

describe.each([
  ['model', models],
  ['app', apps],
  ['workload', workloads],
  ['transport', transports],
] as const)('every %s', async (_, registry) => {
  test.each(await registry.names())('%s is called like its file, and says what it is in a line', async (name) => {
    const entry = await registry.load(name);
    expect(entry.name).toBe(name);
    expect(entry.summary).toMatch(/^\S.{10,120}$/);
  });
});
