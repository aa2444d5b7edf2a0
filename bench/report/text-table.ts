/** A table below the rows of a section: the first column names, the others hold figures. */
export interface TextTable {
  title: string;
  heads: readonly string[];
  rows: readonly (readonly string[])[];
  /** What the heads mean, a line each. */
  notes: readonly string[];
}

export const alignOf = ({ heads }: Pick<TextTable, 'heads'>): ('left' | 'right')[] =>
  heads.map((_, at) => (at === 0 ? 'left' : 'right'));

/** As one table where it fits, else as several below one another, each with the names and as many further columns as fit. */
export function fitting(table: TextTable, mostCharacters: number): Pick<TextTable, 'heads' | 'rows'>[] {
  const widths = table.heads.map((head, at) => 1 + Math.max(head.length, ...table.rows.map((cells) => cells[at]!.length)));
  const groups: number[][] = [];
  let room = 0;
  for (let at = 1; at < widths.length; at += 1) {
    if (groups.length === 0 || widths[at]! > room) {
      groups.push([0]);
      room = mostCharacters - widths[0]!;
    }
    groups.at(-1)!.push(at);
    room -= widths[at]!;
  }
  return groups.map((columns) => ({
    heads: columns.map((at) => table.heads[at]!),
    rows: table.rows.map((cells) => columns.map((at) => cells[at]!)),
  }));
}
