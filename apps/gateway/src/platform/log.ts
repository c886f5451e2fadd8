// Owns the logs: JSON lines, the application's own to stdout, and with a folder four streams beside it as files that
// roll. Secrets are taken out by name wherever they sit in a line, and by shape inside texts.
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { redactFields, redactText } from './log-redaction.ts';
import { GatheredOutput } from './gathered-output.ts';
import { RollingFile } from './rolling-file.ts';

export interface LogConfig {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Folder of the four files; null: everything goes to stdout. */
  readonly dir: string | null;
}

export interface Log {
  readonly app: pino.Logger;
  readonly audit: pino.Logger;
  readonly auth: pino.Logger;
  readonly security: pino.Logger;
  readonly error: pino.Logger;
  /** A line of the application's log at level info, for what is said of every request: a tenth of the general way. */
  line(fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Writes what is buffered. */
  close(): Promise<void>;
}

const FLUSH_EVERY_MS = 1000;

/** `stdout` is a file descriptor or path; tests give a file. */
export function createLog(config: LogConfig, stdout: number | string = 1): Log {
  const out = new GatheredOutput(stdout);
  const files = config.dir === null ? null : openFiles(config.dir);
  const opened: readonly RollingFile[] =
    files === null ? [] : [files.audit, files.auth, files.security, files.error];
  const flush = (): void => {
    out.flush();
    for (const file of opened) file.flush();
  };
  const timer = setInterval(flush, FLUSH_EVERY_MS);
  timer.unref();

  const logger = (name: string, level: string, stream: pino.DestinationStream): pino.Logger =>
    pino({ ...baseOptions, name, level }, stream);
  // Acts and sign-ins are records, not chatter: LOG_LEVEL does not thin them out.
  const record = (name: 'audit' | 'auth' | 'security'): pino.Logger =>
    logger(name, 'info', files === null ? out : files[name]);
  const loggers = {
    app: logger('app', config.level, files === null ? out : withErrors(out, files.error)),
    audit: record('audit'),
    auth: record('auth'),
    security: record('security'),
    error: logger('error', 'error', files === null ? out : withErrors(out, files.error)),
  };
  return {
    ...loggers,
    line: lineWriter(loggers.app, out),
    close: async () => {
      clearInterval(timer);
      // A late line must not bring down a process that is about to go.
      for (const each of Object.values(loggers)) each.level = 'silent';
      await Promise.all([...opened, out].map(closeStream));
    },
  };
}

const baseOptions: pino.LoggerOptions = {
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }), log: redactFields },
  serializers: { err: serialiseError },
  hooks: { streamWrite: redactText },
};

/** Writes what `app.info` would, as one text instead of piece by piece. */
function lineWriter(app: pino.Logger, out: pino.DestinationStream): Log['line'] {
  const middle = `","pid":${process.pid},"hostname":${JSON.stringify(hostname())},"name":"app",`;
  return (fields, message) => {
    if (!app.isLevelEnabled('info')) return;
    const time = new Date().toISOString();
    const text = JSON.stringify({ ...redactFields(fields), msg: message });
    out.write(redactText(`{"level":"info","time":"${time}${middle}${text.slice(1)}\n`));
  };
}

interface Files {
  readonly audit: RollingFile;
  readonly auth: RollingFile;
  readonly security: RollingFile;
  readonly error: RollingFile;
}

function openFiles(dir: string): Files {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const open = (name: string): RollingFile => new RollingFile(join(dir, name));
  return { audit: open('audit'), auth: open('auth'), security: open('security'), error: open('error') };
}

/** Every line, and those of level error and above in the error file as well. */
function withErrors(out: pino.DestinationStream, errors: pino.DestinationStream): pino.DestinationStream {
  return pino.multistream([
    { level: 'trace', stream: out },
    { level: 'error', stream: errors },
  ]);
}

/** Without the other members that drivers hang on errors: a command's arguments may be secrets. */
function serialiseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return {
    type: error.name,
    message: error.message,
    ...('code' in error ? { code: error.code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: serialiseError(error.cause) }),
  };
}

function closeStream(stream: {
  end(): void;
  once(name: 'close' | 'error', listener: () => void): unknown;
}): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve);
    stream.once('error', resolve);
    stream.end();
  });
}
