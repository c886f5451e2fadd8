// What other modules may know of sessions.
export {
  type ActiveSession,
  createSessions,
  type NewSession,
  type SessionRules,
  type Sessions,
} from './sessions.ts';
