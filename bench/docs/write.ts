// `npm run docs`: writes the pages that are made from the code.
import { mkdirSync, writeFileSync } from 'node:fs';
import { modelsPage } from './models-page.ts';

const root = new URL('../../../', import.meta.url);
mkdirSync(new URL('docs/', root), { recursive: true });
writeFileSync(new URL('docs/models.md', root), await modelsPage(root));
