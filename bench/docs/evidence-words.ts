import type { Evidence } from '../../servers/model.ts';

type ServedBy = Evidence['servedBy'];

/** What can be seen of a model from outside, in sentences. */
export function evidenceSentences(evidence: Evidence): string {
  const { servedBy, handledBy } = evidence;
  const roles = servedBy === 'one thread' ? [alone(evidence)] : [serving(evidence), accepting(evidence)];
  const handling = handledBy === undefined ? [] : [`Messages are handled by ${handledBy}.`];
  return [...roles, ...handling, `A connection adds ${addedBy(servedBy)}.`].join(' ');
}

function alone({ receivesIn, acceptsIn }: Evidence): string {
  const asleep =
    receivesIn === acceptsIn
      ? `${code(receivesIn)} until a client comes or sends`
      : `${code(receivesIn)} until its client sends, and in ${code(acceptsIn)} until the next one comes`;
  return `One thread accepts and serves; it sleeps in ${asleep}.`;
}

function serving({ servedBy, receivesIn }: Evidence): string {
  const own = addedBy(servedBy);
  return own === 'nothing'
    ? `${servedBy} serve; each sleeps in ${code(receivesIn)} until a client sends.`
    : `Each connection has ${own} of its own, which sleeps in ${code(receivesIn)} until the client sends.`;
}

function accepting({ acceptedBy, acceptsFrom, acceptsIn, idlesIn }: Evidence): string {
  const others = idlesIn === undefined ? '' : `, the others in ${code(idlesIn)}`;
  if (acceptedBy === 'one') {
    return `One thread accepts for all and serves nobody; until a client comes, it sleeps in ${code(acceptsIn)}${others}.`;
  }
  const own = acceptsFrom === undefined ? '' : ', from a listening socket of its own';
  return `Each accepts what it serves${own}; until a client comes, ${others === '' ? 'all sleep' : 'one sleeps'} in ${code(acceptsIn)}${others}.`;
}

export const evidenceTitles = ['who serves', 'asleep in', 'who accepts', 'asleep in', 'a connection adds'];

/** The same as cells of a table, under `evidenceTitles`. */
export function evidenceCells(evidence: Evidence): string[] {
  const { servedBy, receivesIn, acceptedBy, acceptsFrom, acceptsIn, idlesIn, handledBy } = evidence;
  const acceptor = servedBy === 'one thread' ? 'the same' : acceptedBy === 'one' ? 'one for all' : 'each its own';
  return [
    servedBy + (handledBy === undefined ? '' : ` (${handledBy} handle messages)`),
    code(receivesIn),
    acceptor + (acceptsFrom === undefined ? '' : `, from ${acceptsFrom}`),
    code(acceptsIn) + (idlesIn === undefined ? '' : `, the others in ${code(idlesIn)}`),
    addedBy(servedBy),
  ];
}

/** "a thread each" adds a thread. */
const addedBy = (servedBy: ServedBy): string => /^(a .*) each$/.exec(servedBy)?.[1] ?? 'nothing';

const code = (call: string): string => `\`${call}\``;
