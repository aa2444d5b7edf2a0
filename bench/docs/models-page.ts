import { readFileSync } from 'node:fs';
import { families, type Family, type ServerModel } from '../../servers/model.ts';
import { models } from '../../servers/registry.ts';
import { evidenceCells, evidenceSentences, evidenceTitles } from './evidence-words.ts';
import { parseModelHeader, type ModelHeader } from './model-header.ts';

/** What the models of a family have in common. */
const introductions: Record<Family, { title: string; text: string }> = {
  iterative: {
    title: 'One client at a time',
    text: 'The simplest server there is, and what all others are measured against.',
  },
  process: {
    title: 'Processes',
    text:
      'A process serves one client at a time, with blocking calls; more clients need more processes. What differs is when the processes are made, ' +
      'and how a connection gets to one.',
  },
  thread: {
    title: 'Threads',
    text:
      'The same with threads, which share memory: they cost less to make, and can hand things to each other. The pool is a half-way house: a loop ' +
      'reads and writes, threads compute.',
  },
  loop: {
    title: 'Loops',
    text:
      'One thread serves everybody. It never waits for one client, only for all of them at once, and asks the kernel who is ready. What differs is ' +
      'how it asks, and how the code is written down; from outside, all that ask epoll look alike.',
  },
  'multi-loop': { title: 'Several loops', text: 'A loop for each core. What differs is how connections get to the loops.' },
  completion: {
    title: 'Completions',
    text: 'The thread does not ask who is ready: it tells the kernel what to do, and is told what has been done.',
  },
};

const legend = `\
[ thread ]          who works: a thread, or a process
~~> recv(A)         sleeps in this system call, here until client A sends
──                  waits on, or holds: a listening socket, a connection
──>                 hands over, or goes on
A, B, C             clients, and their connections`;

/**
 * The page docs/models.md: made from what the files in servers/models/ say of themselves.
 * @param root the project's folder
 * @throws SockbenchError E_MODEL_HEADER
 */
export async function modelsPage(root: URL): Promise<string> {
  const all = (await models.all()).toSorted(inReadingOrder);
  const headerOf = ({ name }: ServerModel): ModelHeader => {
    const file = `servers/models/${name}.ts`;
    return parseModelHeader(file, readFileSync(new URL(file, root), 'utf8'));
  };
  const chapters = families
    .map((family) => ({ family, members: all.filter((model) => model.family === family) }))
    .filter(({ members }) => members.length > 0);
  return [
    '<!-- Made by `npm run docs` from the header comments in servers/models/: change those. -->',
    '# Server models',
    `The ${all.length} models that sockbench compares. Each serves the same apps over the same framings, to the same clients; what differs is who ` +
      'waits where, and who hands what to whom. Each is one file of a page or two: read two of them side by side to see an idea.',
    table(
      ['family', 'model', 'mechanism', 'source'],
      all.map((model) => [model.family, link(model), model.summary, model.source]),
    ),
    'UNP is Stevens, *UNIX Network Programming*, volume 1, whose chapter 30 numbers its designs 0 to 8; Bendersky is the series ' +
      '[Concurrent Servers](https://eli.thegreenplace.net/2017/concurrent-servers-part-1-introduction/).',
    '## How to read the drawings',
    fence('text', legend),
    'N is `--workers`. Chat is left out: `servers/rooms/` says how the members of a room are reached under each model.',
    '## Side by side',
    'What can be seen from outside, with strace and `/proc`, tells the models apart. A test runs every one under strace and holds it to this ' +
      '(`test/e2e/evidence/`).',
    table(
      ['model', ...evidenceTitles],
      all.map((model) => [link(model), ...evidenceCells(model.evidence)]),
    ),
    'To see it yourself, on Linux:',
    fence(
      'sh',
      [
        'npm run serve -- --model prefork --port 7000     # a server',
        'nc 127.0.0.1 7000                                # a client, in another terminal: type a line',
        'strace -f -p "$(pgrep -d, -f prefork)"           # in a third: every thread, and the call in which it sleeps',
      ].join('\n'),
    ),
    'strace calls some by names of the kernel: `accept4`, `recvfrom`, `pselect6`, `epoll_pwait`. Node.js has threads of its own besides: they sleep in ' +
      '`futex` and `epoll_pwait`.',
    ...chapters.flatMap(({ family, members }) => [
      `## ${introductions[family].title}`,
      `${introductions[family].text} (\`--models ${family}\`)`,
      ...members.flatMap((model) => section(model, headerOf(model))),
    ]),
    '',
  ].join('\n\n');
}

/** Families in their order; in each, the designs of UNP first, in theirs. */
function inReadingOrder(one: ServerModel, other: ServerModel): number {
  return placeOf(one).localeCompare(placeOf(other), 'en', { numeric: true }) || one.name.localeCompare(other.name, 'en');
}

const placeOf = ({ family, source }: ServerModel): string =>
  `${families.indexOf(family)} ${source.startsWith('UNP') ? 0 : 1} ${source}`;

function section(model: ServerModel, header: ModelHeader): string[] {
  return [
    `### ${model.name}`,
    header.mechanism,
    fence('text', header.drawing),
    `**${header.wins.replace(' ', '** ')}`,
    `**${header.loses.replace(' ', '** ')}`,
    `**Seen from outside:** ${evidenceSentences(model.evidence)}`,
    `Source: ${header.source} Code: [servers/models/${model.name}.ts](../servers/models/${model.name}.ts)`,
  ];
}

const link = ({ name }: ServerModel): string => `[\`${name}\`](#${name})`;
const fence = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``;

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
