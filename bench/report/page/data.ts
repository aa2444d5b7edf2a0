import type { PageData } from '../page-data.ts';

/** It is compressed, as the longest runs would otherwise not fit into a page. */
export async function readData(base64: string): Promise<PageData> {
  const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return (await new Response(plain).json()) as PageData;
}
