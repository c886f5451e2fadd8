// What other modules may know of sessions.
export {
  type ActiveSession,
  createSessions,
  type NewSession,
  type Sessions,
} from './sessions.ts';
