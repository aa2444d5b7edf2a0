/**
 * The contract that every model keeps, with every app and every framing. All three are found in their registries: who
 * adds a model, an app or a framing writes no test. By default a sample runs: each model with each framing and each kind of
 * reply that apps give, each family of models and each framing with each app, each clause with each app and each family.
 * `npm run test:full` runs all combinations. Clauses that leave their server as it was share it.
 */
import { afterAll, describe, expect, test } from 'vitest';
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
import { covering, type Traits } from './covering.ts';
import { kindOfReply } from './expected-replies.ts';
import { ServerProcess } from './server-process.ts';
import { Subject } from './subject.ts';
import { full } from './thoroughness.ts';

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
const kinds = new Map((await apps.all()).map((app) => [app, kindOfReply(app)]));
const cases = await chosenCases();

describe.concurrent.each(await models.all())('a server of the model $name', (model) => {
  for (const [service, clauses] of byService(cases.filter((one) => one.model === model))) {
    describe.sequential(service, () => {
      const subject = new Subject(clauses[0]!);
      afterAll(() => subject.cleanUp());
      for (const { behaviour } of clauses) {
        test(behaviour.sentence, async (context) => {
          const obstacle = unavailable(model) ?? behaviour.obstacle;
          if (obstacle !== undefined) context.skip(obstacle);
          // A server in which something was wrong is not for others.
          context.onTestFailed(() => subject.cleanUp());
          await check(behaviour, subject).finally(() => subject.dismiss());
        });
      }
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
  return full ? all : covering(all, traitsOf);
}

function traitsOf({ model, app, framing, behaviour }: Case): Traits {
  const { sentence, shares } = behaviour;
  return {
    aspects: [
      `${model.name} ${kinds.get(app)!}`,
      `${model.family} ${app.name}`,
      `${model.name} ${framing}`,
      `${app.name} ${framing}`,
      `${model.family} ${sentence}`, // one of those who do it with the same code
      `${app.name} ${sentence}`,
    ],
    server: shares && JSON.stringify([model.name, app.name, framing, shares]),
    startsOne: shares === undefined || behaviour.ends === true,
  };
}

const rank = ({ behaviour }: Case): number => (behaviour.ends ? 1 : 0);

/** Cases of one model by app and framing; those that end their server come last, so that others can use it before. */
function byService(own: readonly Case[]): Map<string, Case[]> {
  const groups = new Map<string, Case[]>();
  for (const one of own.toSorted((left, right) => rank(left) - rank(right))) {
    const service = `with the app ${one.app.name} and ${one.framing} framing`;
    groups.set(service, [...(groups.get(service) ?? []), one]);
  }
  return groups;
}

async function check(behaviour: Behaviour, subject: Subject): Promise<void> {
  if (behaviour.shares === undefined) await behaviour.check(subject);
  else await behaviour.check(subject, await subject.shared(behaviour.shares));
}
