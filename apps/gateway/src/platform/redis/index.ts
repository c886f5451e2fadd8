// What the rest of the gateway may know of Redis.
export type { RedisConfig } from './connect.ts';
export { openRedis, type RedisConnections, type RedisStatus } from './connections.ts';
export { DocumentStore, InvalidDocument } from './document-store.ts';
export { createKeyspace, type Keyspace } from './keyspace.ts';
export { forwardNotices } from './notices.ts';
export { Replica } from './replica.ts';
export { defineScript, type RedisScript } from './script.ts';
export { RedisUnavailable } from './unavailable.ts';
