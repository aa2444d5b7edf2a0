/** A table below the rows of a section: the first column names, the others hold figures. */
export interface TextTable {
  title: string;
  heads: readonly string[];
  rows: readonly (readonly string[])[];
  /** What the heads mean, a line each. */
  notes: readonly string[];
}

export const alignOf = ({ heads }: TextTable): ('left' | 'right')[] => heads.map((_, at) => (at === 0 ? 'left' : 'right'));
