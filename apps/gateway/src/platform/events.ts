// Owns the in-process bus: news travels up by it (a document changed, an account fell ill, an admin acted) without
// the teller knowing who listens.
export interface EventMap {
  /** By anybody, on any replica. */
  'key.changed': { id: string };
  'account.changed': { id: string };
  'user.changed': { id: string };
  'account.status': {
    accountId: string;
    name: string;
    kind: string;
    from: string;
    to: string;
    reason: string | null;
  };
  audit: AuditEvent;
  security: SecurityEvent;
}

export interface AuditEvent {
  readonly actor: { readonly id: string; readonly username: string } | null;
  /** `key.create`, `account.update`, … */
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string; readonly name: string | null };
  readonly before?: unknown;
  readonly after?: unknown;
  readonly requestId: string;
  readonly ip: string;
}

export interface SecurityEvent {
  readonly kind:
    | 'login.failed'
    | 'login.succeeded'
    | 'login.throttled'
    | 'session.revoked'
    | 'relay.key_refused'
    | 'key_stats.unknown_key'
    | 'origin.refused'
    | 'password.changed';
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Events {
  /** Listeners run before it returns; one that throws is reported and disturbs neither teller nor the others. */
  emit<Name extends keyof EventMap>(name: Name, payload: EventMap[Name]): void;
  /** Returns the way to stop listening. */
  on<Name extends keyof EventMap>(name: Name, listener: (payload: EventMap[Name]) => void): () => void;
}

type Listeners = { [Name in keyof EventMap]: Set<(payload: EventMap[Name]) => void> };

export function createEvents(onListenerError: (error: unknown, name: keyof EventMap) => void): Events {
  const listeners: Listeners = {
    'key.changed': new Set(),
    'account.changed': new Set(),
    'user.changed': new Set(),
    'account.status': new Set(),
    audit: new Set(),
    security: new Set(),
  };
  return {
    emit(name, payload) {
      for (const listener of listeners[name]) {
        try {
          listener(payload);
        } catch (error) {
          onListenerError(error, name);
        }
      }
    },
    on(name, listener) {
      listeners[name].add(listener);
      return () => void listeners[name].delete(listener);
    },
  };
}
