import { titleOf } from '../../plan.ts';
import { unmeasured, type Drawing, type View } from './chart.ts';

/** Why there is nothing to draw for the workload that is looked at. */
export function nothing(view: View): Drawing {
  const { run, workload } = view;
  const reasons = unmeasured(view);
  if (reasons.length > 0) return { state: 'absent', reason: `Nothing was measured of ${workload}: ${reasons.join('; ')}.` };
  const known = run.cells.some((cell) => titleOf(cell) === workload);
  return known
    ? { state: 'absent', reason: 'None of the chosen models runs this workload.' }
    : { state: 'absent', reason: 'This run has no rows.', command: 'npm run bench' };
}
