import { SockbenchError } from '../../errors/sockbench-error.ts';

/** What the comment at the top of a model's file says. */
export interface ModelHeader {
  mechanism: string;
  /** Who waits where, and who hands what to whom; lines of equal indentation. */
  drawing: string;
  source: string;
  wins: string;
  loses: string;
}

const INDENTATION = '    ';

/**
 * Takes a header comment apart: the mechanism; the drawing, indented; then `Source: …`, `Wins …` and `Loses …`; an empty
 * line between the three.
 * @param file its name, for messages
 * @throws SockbenchError E_MODEL_HEADER
 */
export function parseModelHeader(file: string, text: string): ModelHeader {
  const comment = /^\/\*\*\n(.*?)\n \*\/\n/s.exec(text)?.[1] ?? '';
  const lines = comment.split('\n').map((line) => line.replace(/^ \* ?/, ''));
  const [first, last] = [lines.findIndex(isDrawn), lines.findLastIndex(isDrawn)];
  const verdict = /^Source: (?<source>.*?) (?<wins>Wins .*?) (?<loses>Loses .*)$/.exec(
    lines
      .slice(last + 1)
      .join(' ')
      .trim(),
  );
  if (first < 1 || verdict === null) {
    throw new SockbenchError(
      'E_MODEL_HEADER',
      `${file}: expected mechanism, drawing, source, when it wins and loses, got ${comment}`,
      {
        remedy: 'see any other file in servers/models/ for the form',
      },
    );
  }
  return {
    mechanism: lines.slice(0, first).join(' ').trim(),
    drawing: lines
      .slice(first, last + 1)
      .map((line) => line.slice(INDENTATION.length))
      .join('\n'),
    ...(verdict.groups as Pick<ModelHeader, 'source' | 'wins' | 'loses'>),
  };
}

const isDrawn = (line: string): boolean => line.startsWith(INDENTATION);
