// Owns the periodic work: one replica is elected and runs it, each job after its own interval, never twice at once.
// When a job last ran is kept in Redis, so that neither a restart nor a new leader runs it early.
import type pino from 'pino';
import { z } from 'zod';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { defineScript, type RedisConnections, RedisUnavailable } from '../platform/redis/index.ts';

export interface Job {
  readonly name: string;
  /** From start to start; a run that takes longer delays the next one. */
  readonly everyMs: number;
  /** `signal` aborts when the replica is deposed or stops. */
  run(signal: AbortSignal): Promise<void>;
}

export interface JobRunner {
  start(): void;
  /** Aborts what runs, waits for it, and lets another replica lead at once. */
  stop(): Promise<void>;
}

export interface JobRunnerDependencies {
  readonly redis: RedisConnections;
  readonly clock: Clock;
  readonly log: pino.Logger;
  /** Leadership ends so long after its holder fell silent. */
  readonly leaseMs?: number;
}

const leadScript = defineScript(new URL('./scripts/lead.lua', import.meta.url));
const recordScript = defineScript(new URL('./scripts/record-run.lua', import.meta.url));
const resignScript = defineScript(new URL('./scripts/resign.lua', import.meta.url));

const DEFAULT_LEASE_MS = 15_000;

const runSchema = z.object({
  startedAtMs: z.int(),
  durationMs: z.int().nullable(),
  outcome: z.enum(['running', 'ok', 'failed']),
  error: z.string().nullable(),
});
/** Of a job, the last one. */
type JobRun = z.output<typeof runSchema>;

interface Leadership {
  readonly token: number;
  readonly abort: AbortController;
  /** Jobs that run now. */
  readonly running: Map<string, Promise<void>>;
  readonly lastStartMs: Map<string, number>;
}

export function createJobRunner(jobs: readonly Job[], dependencies: JobRunnerDependencies): JobRunner {
  return new Runner(jobs, dependencies);
}

class Runner implements JobRunner {
  readonly #jobs: readonly Job[];
  readonly #dependencies: JobRunnerDependencies;
  readonly #leaseMs: number;
  readonly #id = newId();
  #leadership: Leadership | undefined;
  #heldUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(jobs: readonly Job[], dependencies: JobRunnerDependencies) {
    this.#jobs = jobs;
    this.#dependencies = dependencies;
    this.#leaseMs = dependencies.leaseMs ?? DEFAULT_LEASE_MS;
  }

  start(): void {
    if (this.#jobs.length === 0 || this.#isStopped) return;
    this.#beat();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#beating;
    const leadership = this.#leadership;
    if (leadership === undefined) return;
    await this.#depose();
    const { redis } = this.#dependencies;
    await resignScript
      .run(redis.background, [redis.keyspace.jobLeader], [this.#id, leadership.token])
      .catch((error: unknown) => this.#report(error, 'leadership runs out by itself'));
  }

  #beat(): void {
    this.#beating = this.#lead().finally(() => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.#beat(), this.#nextBeatMs());
    });
  }

  /** Often enough to keep the lease, and as soon as the next job is due. */
  #nextBeatMs(): number {
    const leadership = this.#leadership;
    const renewMs = this.#leaseMs / 3;
    if (leadership === undefined) return renewMs;
    const waits = this.#jobs
      .filter((job) => !leadership.running.has(job.name))
      .map((job) => this.#dueInMs(job, leadership));
    return Math.max(1, Math.min(renewMs, ...waits));
  }

  #dueInMs(job: Job, { lastStartMs }: Leadership): number {
    const last = lastStartMs.get(job.name);
    return last === undefined ? 0 : last + job.everyMs - this.#dependencies.clock.now();
  }

  async #lead(): Promise<void> {
    const askedAtMs = performance.now();
    try {
      const { redis } = this.#dependencies;
      const { jobLeader, jobFence } = redis.keyspace;
      const reply = await leadScript.run(redis.background, [jobLeader, jobFence], [this.#id, this.#leaseMs]);
      const token = z.int().parse(reply);
      if (token !== (this.#leadership?.token ?? 0)) await this.#depose();
      if (token === 0) return;
      this.#heldUntilMs = askedAtMs + this.#leaseMs;
      this.#leadership ??= await this.#takeOver(token);
      this.#startDue(this.#leadership);
    } catch (error) {
      this.#report(error, 'election of the job runner failed');
      // Another replica may lead by now.
      if (performance.now() > this.#heldUntilMs) await this.#depose();
    }
  }

  async #takeOver(token: number): Promise<Leadership> {
    const { redis, log } = this.#dependencies;
    const runs = await redis.background.hgetall(redis.keyspace.jobRuns);
    const lastStartMs = new Map<string, number>();
    for (const { name } of this.#jobs) {
      const run = readRun(runs[name]);
      // One that was cut off is run again at once.
      if (run !== null && run.outcome !== 'running') lastStartMs.set(name, run.startedAtMs);
    }
    log.info({ token }, 'this replica runs the jobs');
    return { token, abort: new AbortController(), running: new Map(), lastStartMs };
  }

  #startDue(leadership: Leadership): void {
    for (const job of this.#jobs) {
      if (leadership.running.has(job.name) || this.#dueInMs(job, leadership) > 0) continue;
      const running = this.#run(job, leadership).finally(() => leadership.running.delete(job.name));
      leadership.running.set(job.name, running);
    }
  }

  /** Never rejects. */
  async #run(job: Job, leadership: Leadership): Promise<void> {
    const { clock, log } = this.#dependencies;
    const startedAtMs = clock.now();
    leadership.lastStartMs.set(job.name, startedAtMs);
    await this.#record(job, leadership, { startedAtMs, durationMs: null, outcome: 'running', error: null });
    let error: string | null = null;
    try {
      leadership.abort.signal.throwIfAborted();
      await job.run(leadership.abort.signal);
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause);
      if (!leadership.abort.signal.aborted) log.error({ err: cause, job: job.name }, 'job failed');
    }
    // Cut off, it stays noted as running: whoever leads next runs it again.
    if (leadership.abort.signal.aborted) return;
    const durationMs = clock.now() - startedAtMs;
    await this.#record(job, leadership, {
      startedAtMs,
      durationMs,
      outcome: error === null ? 'ok' : 'failed',
      error,
    });
  }

  async #record(job: Job, { token }: Leadership, run: JobRun): Promise<void> {
    const { redis } = this.#dependencies;
    const { jobLeader, jobRuns } = redis.keyspace;
    await recordScript
      .run(redis.background, [jobLeader, jobRuns], [this.#id, token, job.name, JSON.stringify(run)])
      .catch((error: unknown) => this.#report(error, 'run of a job not noted'));
  }

  async #depose(): Promise<void> {
    const leadership = this.#leadership;
    if (leadership === undefined) return;
    this.#leadership = undefined;
    leadership.abort.abort(new Error('this replica no longer runs the jobs'));
    await Promise.all(leadership.running.values());
  }

  #report(err: unknown, message: string): void {
    const { log } = this.#dependencies;
    if (err instanceof RedisUnavailable) log.warn({ err }, message);
    else log.error({ err }, message);
  }
}

function readRun(text: string | undefined): JobRun | null {
  if (text === undefined) return null;
  try {
    return runSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
