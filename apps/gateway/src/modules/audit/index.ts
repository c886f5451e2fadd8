// What the composition may know of the audit trail.
export { startAudit } from './audit.ts';
