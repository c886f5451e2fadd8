// Owns the figures of several workers as one page: whichever worker is asked, asks the primary, who asks them all.
import cluster from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';

const ANSWER_WITHIN_MS = 6000;

interface Question {
  readonly type: 'crs:metrics';
  readonly id: number;
}
interface Answer extends Question {
  /** null: the workers did not all answer. */
  readonly text: string | null;
}

/** In the primary. */
export function answerMetrics(): void {
  const aggregator = new AggregatorRegistry();
  cluster.on('message', (worker, message: unknown) => {
    if (!isQuestion(message)) return;
    void aggregate(aggregator).then((text) => {
      if (worker.isConnected()) worker.send({ type: 'crs:metrics', id: message.id, text } satisfies Answer);
      return text;
    });
  });
}

async function aggregate(aggregator: { clusterMetrics(): Promise<string> }): Promise<string | null> {
  try {
    return await aggregator.clusterMetrics();
  } catch {
    return null;
  }
}

/** In a worker: `registry` is its part, the answer the text of all. */
export function clusterMetrics(registry: Registry): () => Promise<string> {
  AggregatorRegistry.setRegistries(registry);
  // Makes this worker answer the primary.
  void new AggregatorRegistry();
  const waiting = new Map<number, (text: string | null) => void>();
  process.on('message', (message: unknown) => {
    if (isQuestion(message) && 'text' in message) waiting.get(message.id)?.(readText(message.text));
  });
  let lastId = 0;
  return async () => {
    const id = (lastId += 1);
    const text = await new Promise<string | null>((resolve) => {
      waiting.set(id, resolve);
      setTimeout(() => resolve(null), ANSWER_WITHIN_MS).unref();
      process.send?.({ type: 'crs:metrics', id } satisfies Question);
    });
    waiting.delete(id);
    if (text === null) throw new Error('the workers did not all answer with their figures');
    return text;
  };
}

function isQuestion(message: unknown): message is Question {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'crs:metrics' &&
    'id' in message &&
    typeof message.id === 'number'
  );
}

function readText(text: unknown): string | null {
  return typeof text === 'string' ? text : null;
}
