import * as fc from 'fast-check';

const strange = fc.oneof(
  fc.constantFrom(
    'null',
    '-1',
    '1e999',
    '0.5',
    '1e300',
    '[]',
    '{}',
    '""',
    '"\\u001b[2J<b>|"',
    '{"__proto__":null}',
    '"__proto__"',
    'x',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)),
);

/** Where values begin and end in a text of JSON. */
const valuesIn = (text: string): { at: number; length: number }[] =>
  Array.from(text.matchAll(/(?<=[:[,])(?:"[^"]*"(?!:)|-?[\d.e+]+|true|false|null)|"\w+"(?=:)/g), ({ 0: value, index }) => ({
    at: index,
    length: value.length,
  }));

/** The JSON of `sound` with up to three keys or values replaced, sometimes cut off. */
export function changedJson(sound: unknown): fc.Arbitrary<string> {
  const text = JSON.stringify(sound);
  const places = valuesIn(text);
  const changes = fc.uniqueArray(fc.tuple(fc.nat(places.length - 1), strange), { maxLength: 3, selector: ([place]) => place });
  const change = (changed: string, [place, value]: [number, string]): string => {
    const { at, length } = places[place]!;
    return changed.slice(0, at) + value + changed.slice(at + length);
  };
  return fc.tuple(changes, fc.nat(9), fc.nat(text.length)).map(([all, rarely, end]) => {
    const changed = all.toSorted(([a], [b]) => b - a).reduce(change, text); // from the last, so that the places before stay
    return rarely === 0 ? changed.slice(0, end) : changed;
  });
}
