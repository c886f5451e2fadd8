// What the composition may know of the audit trail.
export { type Audit, createAudit } from './audit.ts';
