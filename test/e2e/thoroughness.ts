import type { ServerModel } from '../../servers/model.ts';
import { chooseModels } from '../../servers/registry.ts';

/** Whether everything is to be tried with everything, which takes half an hour: `npm run test:full`. */
export const full = process.env['SOCKBENCH_TEST'] === 'full';

/** For tests of code that is the same under every model: one of each family, all in the full run. */
export const sampleOfModels = (): Promise<ServerModel[]> => chooseModels(full ? ['all'] : undefined);
