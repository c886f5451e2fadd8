// Owns the address of the audit trail.
import { AuditPage } from '@/features/audit/audit-page';

export default function Page() {
  return <AuditPage />;
}
