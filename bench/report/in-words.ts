import type { CostCrossing } from '../result.ts';
import type { Ranked } from './columns.ts';
import { formatCount, formatNs } from './format.ts';

/** What the rows of a section say, for somebody who reads no tables; the fastest row comes first. */
export function inWords(rows: readonly Ranked[]): string {
  return [fastest(rows), cheapest(rows), ...unserved(rows)].filter((sentence) => sentence !== undefined).join(' ');
}

function fastest(rows: readonly Ranked[]): string | undefined {
  const [first, second] = rows;
  if (first === undefined || second === undefined) return undefined;
  const leaders = rows.filter(({ rank }) => rank.place === 1).map(({ model }) => model);
  if (leaders.length === rows.length) return 'No order is sure.';
  if (leaders.length > 1) return `Fastest: ${list(leaders)}; their order is not sure.`;
  const lead = first.summary.messagesPerSecond / second.summary.messagesPerSecond;
  return `Fastest: ${first.model}, ${lead.toFixed(2)} times ${second.model}.`;
}

/** Two costs within so much of each other are called equal: CPU time has no interval here. */
const ALIKE = 1.05;

function cheapest(rows: readonly Ranked[]): string | undefined {
  const costs = rows.flatMap(({ model, summary: { cost } }) =>
    cost === undefined ? [] : [{ model, cpuNsPerMessage: cost.cpuNsPerMessage }],
  );
  if (costs.length < 2) return undefined;
  const least = Math.min(...costs.map(({ cpuNsPerMessage }) => cpuNsPerMessage));
  const models = costs.filter(({ cpuNsPerMessage }) => cpuNsPerMessage <= ALIKE * least).map(({ model }) => model);
  return `Least CPU time per message: ${list(models)}.`;
}

function unserved(rows: readonly Ranked[]): string[] {
  return rows.flatMap(({ model, summary: { connections } }) =>
    connections.served < connections.opened ? [`${model} served ${connections.served} of ${connections.opened} connections.`] : [],
  );
}

/** From which cost of a message on models that work on several CPUs beat a single loop. */
export const crossingsInWords = (crossings: readonly CostCrossing[]): string =>
  crossings
    .map(({ state, model, loop, work, cpuNsPerMessage }) => {
      const cost = `${formatNs(cpuNsPerMessage)} of CPU time a message`;
      if (state === 'always') return `${model} beats ${loop} at every cost measured, from ${cost} on.`;
      if (state === 'never') return `${model} beats ${loop} at no cost measured, up to ${cost}.`;
      return `${model} beats ${loop} from ${cost} on (work ${formatCount(work)}).`;
    })
    .join(' ');

/** "a", "a and b", "a, b and c" */
const list = (names: readonly string[]): string => new Intl.ListFormat('en-GB').format(names);
