import type { RunResult } from '../result.ts';
import { formatShare } from './format.ts';

/** On what and under which conditions a run was measured, a line each. */
export function circumstances({ environment: machine, during, cells }: RunResult): string[] {
  const placements = new Set(cells.map(({ placement }) => placementInWords(placement)));
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, kernel ${machine.kernel}, Node ${machine.node}, ` +
      `sockbench ${machine.sockbench}${machine.commit === null ? '' : ` at ${machine.commit.slice(0, 10)}`}` +
      `${machine.cleanTree === false ? ' with uncommitted changes' : ''}.`,
    `Placement: ${[...placements].join('; ')}.`,
    `Load average ${loads(machine.loadAverage)} before, ${loads(during.loadAverage)} after` +
      `${during.steal === null ? '' : `; ${formatShare(during.steal)} of the CPU time taken by the hypervisor`}.`,
  ];
}

const loads = (averages: readonly number[]): string => averages[0]?.toFixed(2) ?? 'unknown';

function placementInWords({ serverCpus, clientCpus }: RunResult['cells'][number]['placement']): string {
  if (serverCpus === undefined || clientCpus === undefined) return 'server and client on any CPU';
  return `server on CPU ${serverCpus.join(' and ')}, client on CPU ${clientCpus.join(' and ')}`;
}
