// What the rest of the gateway may know of Redis.
export { listenTo } from './channel.ts';
export type { RedisConfig } from './connect.ts';
export { openRedis, type RedisConnections } from './connections.ts';
export { DocumentStore } from './document-store.ts';
export type { Keyspace } from './keyspace.ts';
export { forwardNotices } from './notices.ts';
export { consume } from './rate-limit.ts';
export { Replica } from './replica.ts';
export { defineScript } from './script.ts';
export { RedisUnavailable } from './unavailable.ts';
