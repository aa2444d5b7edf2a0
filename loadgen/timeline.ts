/** A request as both sides saw it, for workloads whose server says who handled it. Times by the machine's monotonic clock. */
export interface Witnessed {
  /** The client's place, 0 to connections - 1: when its connection is over, the next one takes it. */
  slot: number;
  connection: number;
  sequence: number;
  sentNs: number;
  /** What the reply says; absent without one. */
  answer?: { answeredNs: number; begunNs: number; endedNs: number; pid: number; threadId: number };
}

/** Who served which connection when. Times in whole ns since the first request was sent. */
export interface Timeline {
  /** Threads of the server that handled a message, in the order in which they first did. */
  workers: { pid: number; threadId: number }[];
  /** In the order in which they were sent. */
  messages: TimelineMessage[];
}

export interface TimelineMessage {
  slot: number;
  connection: number;
  sentNs: number;
  /** Null: unanswered when the run was over. `worker` is an index into `workers`; it worked on the message from `begunNs` to `endedNs`. */
  answer: { worker: number; begunNs: number; endedNs: number; answeredNs: number } | null;
}

export function timelineOf(witnessed: readonly Witnessed[]): Timeline {
  const originNs = Math.min(...witnessed.map(({ sentNs }) => sentNs));
  const since = (atNs: number): number => Math.round(atNs - originNs);
  const answers = witnessed.flatMap(({ answer }) => answer ?? []).toSorted((a, b) => a.begunNs - b.begunNs);
  const keys = [...new Set(answers.map(keyOf))];
  const workers = keys.map((key) => answers.find((answer) => keyOf(answer) === key)!);
  return {
    workers: workers.map(({ pid, threadId }) => ({ pid, threadId })),
    messages: witnessed
      .toSorted((a, b) => a.sentNs - b.sentNs || a.slot - b.slot)
      .map(({ slot, connection, sentNs, answer }) => ({
        slot,
        connection,
        sentNs: since(sentNs),
        answer:
          answer === undefined
            ? null
            : {
                worker: keys.indexOf(keyOf(answer)),
                begunNs: since(answer.begunNs),
                endedNs: since(answer.endedNs),
                answeredNs: since(answer.answeredNs),
              },
      })),
  };
}

const keyOf = ({ pid, threadId }: { pid: number; threadId: number }): string => `${pid}/${threadId}`;
