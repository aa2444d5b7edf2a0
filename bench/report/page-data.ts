import type { RunResult } from '../result.ts';
import type { TextTable } from './text-table.ts';

/** What the page is given: the run, and what is said of it in words. */
export interface PageData {
  run: RunResult;
  /** When, where and how it was measured, a line each. */
  circumstances: string[];
  /** By title of the workload. */
  inWords: Record<string, string>;
  /** Where the run has killed processes of servers, a row a model. */
  losses?: TextTable;
  /** What each warning of the run means, and what helps. */
  warnings: { code: string; text: string }[];
}
