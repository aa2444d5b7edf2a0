/**
 * The contract that every model keeps, with every app and every framing. All three are found in their registries: who
 * adds a model, an app or a framing writes no test. By default a sample runs in which each pair of model, app and framing
 * occurs, and each clause with each app and each family of models; `npm run test:full` runs all combinations.
 */
import { describe, expect, test } from 'vitest';
import { framingNames } from '../../framing/framing.ts';
import { apps } from '../../servers/app.ts';
import { models, unavailable } from '../../servers/registry.ts';
import type { Behaviour, Combination } from './behaviour.ts';
import { announcement } from './behaviours/announcement.ts';
import { chat } from './behaviours/chat.ts';
import { exhaustion } from './behaviours/exhaustion.ts';
import { footprint } from './behaviours/footprint.ts';
import { hostile } from './behaviours/hostile.ts';
import { neighbours } from './behaviours/neighbours.ts';
import { replacement } from './behaviours/replacement.ts';
import { replies } from './behaviours/replies.ts';
import { stop } from './behaviours/stop.ts';
import { covering } from './covering.ts';
import { ServerProcess } from './server-process.ts';
import { Subject } from './subject.ts';

interface Case extends Combination {
  behaviour: Behaviour;
}

const behaviours = [
  ...announcement,
  ...replies,
  ...neighbours,
  ...chat,
  ...stop,
  ...footprint,
  ...exhaustion,
  ...replacement,
  ...hostile,
];
const cases = await chosenCases();

describe.concurrent.each(await models.all())('a server of the model $name', (model) => {
  for (const { behaviour, app, framing } of cases.filter((one) => one.model === model)) {
    test(`${behaviour.sentence} (${app.name}, ${framing})`, async (context) => {
      const obstacle = unavailable(model) ?? behaviour.obstacle;
      if (obstacle !== undefined) context.skip(obstacle);
      const subject = new Subject({ model, app, framing });
      context.onTestFinished(() => subject.cleanUp());
      await behaviour.check(subject);
    });
  }
});

describe.concurrent.each(['model', 'app', 'framing'])('a server of an unknown %s', (part) => {
  test('says what there is and exits with 2', async () => {
    const server = new ServerProcess({ [part]: 'no-such-thing' });
    expect(await server.exited).toEqual({ code: 2, signal: null });
    expect(server.stderr).toContain(`E_UNKNOWN_NAME: ${part}: expected one of `);
    expect(server.stdout).toBe('');
  });
});

async function chosenCases(): Promise<Case[]> {
  const all: Case[] = [];
  for (const model of await models.all()) {
    for (const app of await apps.all()) {
      for (const framing of framingNames) {
        const fitting = behaviours.filter((behaviour) => behaviour.appliesTo?.({ model, app, framing }) ?? true);
        all.push(...fitting.map((behaviour) => ({ model, app, framing, behaviour })));
      }
    }
  }
  if (process.env['SOCKBENCH_TEST'] === 'full') return all;
  return covering(all, ({ model, app, framing, behaviour: { sentence } }) => [
    `${model.name} ${app.name}`,
    `${model.name} ${framing}`,
    `${app.name} ${framing}`,
    `${model.family} ${sentence}`, // one of those who do it with the same code
    `${app.name} ${sentence}`,
  ]);
}
