/**
 * The line `{"ready":true,"host":…,"port":…}` that sockbench's own servers print, among whatever else a server says.
 * @returns undefined while there is none; a line that only looks like it is none either
 */
export function readyLine(stdout: string): { host: string; port: number } | undefined {
  for (const line of stdout.split('\n').slice(0, -1)) {
    const address = line.startsWith('{"ready":true') ? addressIn(line) : undefined;
    if (address !== undefined) return address;
  }
  return undefined;
}

function addressIn(line: string): { host: string; port: number } | undefined {
  try {
    const { host, port } = JSON.parse(line) as { host: unknown; port: unknown };
    return typeof host === 'string' && isPort(port) ? { host, port } : undefined;
  } catch {
    return undefined; // somebody else's line
  }
}

const isPort = (port: unknown): port is number => Number.isInteger(port) && Number(port) > 0 && Number(port) <= 65_535;
