import type { CellResult } from '../../result.ts';

/** Colours of everything that is no data. */
export interface Theme {
  readonly name: 'light' | 'dark';
  readonly background: string;
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
}

export const themes: Readonly<Record<Theme['name'], Theme>> = {
  light: { name: 'light', background: '#ffffff', ink: '#1f2328', muted: '#59636e', rule: '#d8dee4' },
  dark: { name: 'dark', background: '#0d1117', ink: '#e6edf3', muted: '#9198a1', rule: '#30363d' },
};

export const FONT = 'system-ui, -apple-system, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif';

/** A hue a family, so that a colour says what kind of model it is; whatever has no family is grey. */
const hues: Record<string, number> = { iterative: 40, process: 14, thread: 325, loop: 214, 'multi-loop': 168, completion: 265 };
const saturations = { light: 62, dark: 58 };
/** The members of a family, in the order in which the run has them: hue is turned, lightness is moved. */
const turns = [0, 16, -16, 26, -26, 8];
const lightness = { light: [42, 55, 33, 62, 48, 27], dark: [60, 72, 48, 80, 66, 42] };

interface Hsl {
  hue: number;
  saturation: number;
  lightness: number;
}

/** A colour for each model of a run, the same in all of its pictures. */
export class Palette {
  readonly #colours = new Map<string, Hsl>();

  constructor(cells: readonly CellResult[], { name }: Theme) {
    const members = new Map<string, number>();
    for (const { model, kind, family } of cells) {
      if (this.#colours.has(model)) continue;
      const group = family ?? kind;
      const member = members.get(group) ?? 0;
      members.set(group, member + 1);
      const hue = hues[group] ?? (kind === 'command' ? 90 : 220);
      const saturation = group in hues || kind === 'command' ? saturations[name] : 9;
      const steps = lightness[name];
      this.#colours.set(model, {
        hue: (hue + turns[member % turns.length]! + 360) % 360,
        saturation,
        lightness: steps[member % steps.length]!,
      });
    }
  }

  /** @param shade of the same colour, for parts of a model: its workers */
  of(model: string, shade = 0): string {
    const { hue, saturation, lightness: base } = this.#colours.get(model) ?? { hue: 0, saturation: 0, lightness: 50 };
    const moved = [0, 24, -16, 34, 12, -8][shade % 6]!;
    return `hsl(${hue}, ${saturation}%, ${Math.min(86, Math.max(18, base + moved))}%)`;
  }
}
