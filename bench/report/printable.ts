/**
 * Without control characters, and without those that turn the direction of writing: what comes from another process, another
 * person or a file must not steer this terminal. Lines and tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, (control) => kept[control] ?? '\u{FFFD}');
}

const kept: Record<string, string> = { '\t': '\t', '\n': '\n', '\r': '' };

/** The same for every text in plain data. */
export const printableData = <Data>(data: Data): Data =>
  JSON.parse(JSON.stringify(data), (_, value: unknown) => (typeof value === 'string' ? printable(value) : value)) as Data;
